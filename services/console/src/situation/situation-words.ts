// Chapter 6, watch: what happens to the reports upward, in words. Nobody's own words are repeated here.
import { SITUATION_KINDS, type SituationKind } from '@laba/domain/situation';
import type { Words } from '@laba/domain/reason-words';

type Say = (names: { place: string }, data: Record<string, unknown>) => Words;

function ofReport(zh: string, en: string): Say {
  return (_names, data) => {
    const kind = SITUATION_KINDS[data['kind'] as SituationKind] ?? { zh: '情况报告', en: 'report' };
    const number = String(Number(data['number'] ?? 1));
    return { zh: `${kind.zh}（第 ${number} 号）${zh}`, en: `Situation report no. ${number} (${kind.en}): ${en}` };
  };
}

export const SITUATION_EVENT_WORDS: Readonly<Record<string, Say>> = {
  'situation.filled': (names, data) =>
    (data['anew'] === true ? ofReport('已取最新数据', 'filled anew from the board') : ofReport('已起草', 'filled from the board'))(names, data),
  'situation.worded': ofReport('文字已修改', 'its words were changed'),
  'situation.sent': (names, data) =>
    (data['late'] === true ? ofReport('已签发（迟报）', 'signed and sent, late') : ofReport('已签发', 'signed and sent'))(names, data),
};
