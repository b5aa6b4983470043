// Peacetime: a list as a table for a spreadsheet, in which nothing becomes a formula.
import { capTime } from '@laba/domain/cap';
import { csvOf, type Cell } from '@laba/domain/csv';
import { ROUND_KINDS, ROUND_MEANS, ROUND_RESULTS, type RoundKind } from '@laba/domain/round';
import type { RoomItem } from '@laba/domain/round-policy';
import type { RoundRow } from '@laba/domain/round-view';

export type CsvLanguage = 'zh-CN' | 'en';
type Words = readonly [zh: string, en: string];

const COLUMNS: readonly Words[] = [
  ['网格编码', 'Grid code'],
  ['村', 'Village'],
  ['小组', 'Group'],
  ['编号', 'Id'],
  ['名称', 'Name'],
  ['灾种', 'Hazard'],
  ['责任人', 'Who goes there'],
  ['最近一次', 'Last round'],
  ['结果', 'Result'],
  ['方式', 'Told by'],
  ['下次截止', 'Next due'],
  ['漏查次数', 'Missed'],
  ['缺项', 'Missing items'],
  ['整改期限', 'To be mended by'],
];

interface Sheet {
  kind: RoundKind;
  rows: readonly RoundRow[];
  items: readonly RoomItem[];
  asOf: string;
  utcOffsetMinutes: number;
}

export function roundsCsv({ kind, rows, items, asOf, utcOffsetMinutes }: Sheet, language: CsvLanguage): string {
  const say = ([zh, en]: Words) => (language === 'en' ? en : zh);
  const name = (words: { zh: string; en: string } | undefined) => (words === undefined ? '' : say([words.zh, words.en]));
  const time = (ms: number | null | undefined) => (ms === null || ms === undefined ? '' : capTime(ms, utcOffsetMinutes).slice(0, 16).replace('T', ' '));
  const cells = (row: RoundRow): Cell[] => [
    ...[row.gridCode, row.villageName, row.gridName, row.subjectId, row.name, name(row.hazardWords ?? undefined), row.walker ?? ''],
    ...[time(row.last?.atMs), row.last === null ? '' : name(ROUND_RESULTS[row.last.result]), row.last === null ? '' : name(ROUND_MEANS[row.last.means])],
    ...[time(row.dueAtMs), row.missed],
    (row.room?.lacking ?? []).map((id) => name(items.find((item) => item.id === id)) || id).join(say(['、', ', '])),
    time(row.room?.mendByMs),
  ];
  return csvOf([[name(ROUND_KINDS[kind])], [say(['数据截至', 'Figures as of']), asOf], COLUMNS.map(say), ...rows.map(cells)]);
}
