// Audit as a table for a spreadsheet, in which nothing becomes a formula.
import { csvOf } from '@laba/domain/csv';
import type { EventView } from '@laba/domain/measures-view';

type Language = 'zh' | 'en';

const COLUMNS: readonly (readonly [zh: string, en: string])[] = [
  ['时间', 'Time'],
  ['谁', 'Who'],
  ['谁的编号', 'Id of who'],
  ['从哪里', 'From where'],
  ['地点编码', 'Code of the place'],
  ['地点', 'Place'],
  ['做了什么', 'What'],
  ['事件', 'Event'],
  ['对象', 'Subject'],
  ['预警', 'Alert'],
  ['序号', 'Number'],
];

/** `isCut`: there was more, and the last row says so. */
export function auditCsv(events: readonly EventView[], language: Language, isCut: boolean): string {
  const at = language === 'zh' ? 0 : 1;
  const rows = events.map((one) => [
    one.at,
    one.whoName,
    one.who,
    one.via,
    one.gridCode,
    one.gridName,
    one[language],
    one.type,
    one.subjectName,
    one.alertId,
    one.seq,
  ]);
  const cut = language === 'zh' ? '还有更早的：缩小查找范围再导出' : 'There is more before this: search for less, and export again';
  return csvOf([COLUMNS.map((words) => words[at]), ...rows, ...(isCut ? [[cut]] : [])]);
}
