// Chapter 6, watch: what happens to the shift log, in words. Who took over is who did it; what he wrote stands beside it, in the log alone.
import type { Words } from '@laba/domain/reason-words';

type Say = (names: object, data: Record<string, unknown>) => Words;

function ofShift(zh: string, en: string): Say {
  return (_names, data) => {
    const [number, open] = [String(Number(data['number'] ?? 1)), String(Number(data['open'] ?? 0))];
    return { zh: zh.replace('{n}', number).replace('{open}', open), en: en.replace('{n}', number).replace('{open}', open) };
  };
}

export const SHIFT_EVENT_WORDS: Readonly<Record<string, Say>> = {
  'shift.begun': ofShift('第 {n} 班开始值班', 'Shift {n} began'),
  'shift.remarked': ofShift('值班记事', 'A remark was written down'),
  'shift.offered': (names, data) =>
    (data['anew'] === true
      ? ofShift('第 {n} 班重新交班，未了事项 {open} 件，等待接班', 'Shift {n} was handed over anew with {open} open matters: somebody must take over')
      : ofShift('第 {n} 班已交班，未了事项 {open} 件，等待接班', 'Shift {n} was handed over with {open} open matters: somebody must take over'))(names, data),
  'shift.withdrawn': ofShift('第 {n} 班收回交班，继续值班', 'The hand-over of shift {n} was taken back: it goes on'),
  'shift.taken-over': (names, data) =>
    (data['offered'] === true
      ? ofShift('第 {n} 班已接班签字', 'Shift {n} was taken over and signed for')
      : ofShift('第 {n} 班没有交班，已被接班签字', 'Shift {n} was taken over and signed for; nobody had handed it over'))(names, data),
};
