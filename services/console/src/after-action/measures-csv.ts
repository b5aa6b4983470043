// Chapter 6, look back: the figures of an alert place by place, as a table for a spreadsheet.
import { csvOf, type Cell } from '@laba/domain/csv';
import type { Measured, MeasuredPlace, MeasuredVillage, MeasuresView } from '@laba/domain/measures-view';

type Language = 'zh-CN' | 'en';
const MINUTE_MS = 60_000;

const COLUMNS: readonly (readonly [zh: string, en: string])[] = [
  ['编码', 'Code'],
  ['地点', 'Place'],
  ['喇叭总数', 'Loudspeakers'],
  ['响起', 'Sounded'],
  ['首次响起（秒）', 'First sound (s)'],
  ['集结成员', 'Members called'],
  ['应答', 'Answered'],
  ['应答中位（分钟）', 'Median answer (min)'],
  ['总户数', 'Households'],
  ['已核实户数', 'Households accounted for'],
  ['总人数', 'People'],
  ['已核实人数', 'People accounted for'],
  ['责任人应答（分钟）', 'Ladder answered (min)'],
  ['组织转移（分钟）', 'Ladder set out (min)'],
  ['演练得分', 'Drill score'],
];

const minutes = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : Math.round((ms / MINUTE_MS) * 10) / 10);

function rowOf(code: string, name: string, { firstSound, answers, rollCall, score }: Measured, ladder: MeasuredVillage['ladder']): Cell[] {
  const { households, persons } = rollCall;
  return [
    ...[code, name, firstSound.speakers, firstSound.count, firstSound.firstMs === null ? null : Math.round(firstSound.firstMs / 1_000)],
    ...[answers.members, answers.count, minutes(answers.medianMs), households.total, households.accounted, persons.total, persons.accounted],
    ...[minutes(ladder?.answeredMs), minutes(ladder?.movingMs), score?.points ?? null],
  ];
}

export function measuresCsv(view: MeasuresView, language: Language): string {
  const say = ([zh, en]: readonly [string, string]) => (language === 'en' ? en : zh);
  const mark = view.mode === 'live' ? '' : say(view.mode === 'drill' ? ['【演练】', '[DRILL] '] : ['【测试】', '[TEST] ']);
  const ofGroups = (village: MeasuredPlace) =>
    view.groups.filter(({ code }) => code.startsWith(village.code)).map((group) => rowOf(group.code, group.name, group, null));
  return csvOf([
    [say(['事件', 'Event']), `${mark}${view.title}`],
    [say(['发布时间', 'Raised at']), view.raisedAt],
    [say(['数据截至', 'Figures as of']), view.asOf],
    COLUMNS.map(say),
    rowOf('', say(['合计', 'All']), view, null),
    ...view.villages.flatMap((village) => [rowOf(village.code, village.name, village, village.ladder), ...ofGroups(village)]),
  ]);
}
