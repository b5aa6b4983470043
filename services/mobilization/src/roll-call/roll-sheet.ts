// Chapter 5, roll-call: the list on paper, to go from door to door with, and as a table for a spreadsheet. In one language a copy.
import { MODE_WORDS, type Mode } from '@laba/domain/alert';
import type { HouseholdView, ListedPersonView } from '@laba/domain/board-view';
import { csvOf, type Cell } from '@laba/domain/csv';
import { NEEDS, type Need } from '@laba/domain/member';
import { MARK_MEANS, PERSON_STATUSES } from '@laba/domain/rollcall';
import { escapeHtml } from '../phone/member-page.ts';

export type SheetLanguage = 'zh' | 'en';

export interface RollSheet {
  alertId: string;
  language: SheetLanguage;
  mode: Mode;
  title: string;
  asOf: string;
  round: number;
  /** Of which place; empty: of all of the alert that this officer may see. */
  code: string;
  placeName: string;
  households: readonly HouseholdView[];
  nameOf: (code: string) => string;
  pointOf: (id: string | null) => string;
}

const WORDS = {
  zh: {
    list: '清点名单',
    all: '全部区域',
    asOf: '截至',
    round: (n: number) => `第 ${n} 轮`,
    sums: (households: number, persons: number) => `${households} 户，${persons} 人`,
    place: '地点',
    code: '编码',
    door: '门牌',
    head: '户主',
    name: '姓名',
    needs: '困难情况',
    status: '情况',
    who: '谁记的',
    means: '怎么知道的',
    at: '时间',
    point: '安置点',
    said: '备注',
    now: '现在',
    onNoList: '名册外的人',
    other: 'English',
    private: '名单上有姓名，用完收回。',
    nobody: '这里的名单上没有人。',
  },
  en: {
    list: 'Roll-call list',
    all: 'whole area',
    asOf: 'As of',
    round: (n: number) => `round ${n}`,
    sums: (households: number, persons: number) => `${households} households, ${persons} people`,
    place: 'Place',
    code: 'Code',
    door: 'Door',
    head: 'Head',
    name: 'Name',
    needs: 'Needs',
    status: 'Status',
    who: 'Marked by',
    means: 'Learnt by',
    at: 'At',
    point: 'Moved to',
    said: 'Note',
    now: 'Now',
    onNoList: 'on no list',
    other: '中文',
    private: 'Names stand on it: collect it after use.',
    nobody: 'Nobody is on this list.',
  },
} as const;

export const ROLL_CSS = `@page{size:A4 landscape;margin:10mm}*{box-sizing:border-box}body{margin:0 auto;max-width:277mm;font:10.5pt/1.35 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#000;background:#fff;overflow-wrap:anywhere}
h1{font-size:15pt;margin:0 0 1mm}p{margin:0 0 2mm}.mark{border:.6mm solid #531dab;color:#531dab;font-weight:700;text-align:center;padding:1mm}.wide{overflow-x:auto}
table{width:100%;border-collapse:collapse}th,td{border:.3mm solid #000;padding:1mm 1.5mm;text-align:left;vertical-align:top}thead th{font-size:9.5pt}tr{break-inside:avoid}tr.door>*{border-top-width:.7mm}th[scope=rowgroup]{font-weight:700}
.box{white-space:nowrap;font-size:9.5pt}.write{min-width:34mm}@media screen{body{padding:4mm}}@media print{.screen{display:none}.wide{overflow:visible}}
`;

const joined = (needs: readonly Need[], language: SheetLanguage) => needs.map((need) => NEEDS[need][language]).join(language === 'zh' ? '、' : ', ');
const needsOf = (household: HouseholdView, person: ListedPersonView, language: SheetLanguage) =>
  joined([...new Set([...household.needs, ...person.needs])], language);
const timeOf = (at: string | null) => (at === null ? '' : at.slice(0, 16).replace('T', ' '));
const personsIn = (households: readonly HouseholdView[]) => households.reduce((sum, { persons }) => sum + persons.length, 0);

/** What is ticked by hand, in the order in which it is said most. */
const TICKED = ['moved', 'safe', 'needs-help', 'refused', 'missing', 'away'] as const;

function personRow(sheet: RollSheet, household: HouseholdView, person: ListedPersonView, i: number): string {
  const { language } = sheet;
  const words = WORDS[language];
  const { doorplate, headName, householdId, gridCode, persons } = household;
  const door = householdId === null ? words.onNoList : [doorplate, headName].filter(Boolean).join(' ');
  const head = `<th scope="rowgroup" rowspan="${persons.length}">${escapeHtml(door)}<br><small>${escapeHtml(sheet.nameOf(gridCode))}</small></th>`;
  const said = person.status === 'unreached' ? '' : [PERSON_STATUSES[person.status][language], person.markedByName, timeOf(person.markedAt).slice(11)];
  const boxes = TICKED.map((status) => `<span class="box">☐ ${PERSON_STATUSES[status][language]}</span>`).join(' ');
  const cells = [person.name ?? '', needsOf(household, person, language), said === '' ? '' : said.filter(Boolean).join(' ')];
  return `<tr${i === 0 ? ' class="door"' : ''}>${i === 0 ? head : ''}${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}<td>${boxes}</td><td class="write"></td></tr>`;
}

export function rollSheet(sheet: RollSheet): string {
  const { alertId, language, mode, title, asOf, round, code, placeName, households } = sheet;
  const words = WORDS[language];
  const other = language === 'zh' ? 'en' : 'zh';
  const query = new URLSearchParams({ ...(code === '' ? {} : { group: code }), lang: other }).toString();
  const toOther = `<a lang="${other === 'zh' ? 'zh-CN' : 'en'}" href="/api/v1/alerts/${encodeURIComponent(alertId)}/rollcall/sheet?${escapeHtml(query)}">${words.other}</a>`;
  const name = escapeHtml(placeName === '' ? words.all : placeName);
  const mark = mode === 'live' ? '' : `<p class="mark">${MODE_WORDS[mode][language]}</p>`;
  const head = [words.door, words.name, words.needs, words.now, words.status, words.said].map((word) => `<th scope="col">${word}</th>`).join('');
  const rows = households.flatMap((household) => household.persons.map((person, i) => personRow(sheet, household, person, i)));
  const table = `<div class="wide" role="region" aria-label="${words.list}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${name} ${words.list}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/roll-sheet.css"></head><body><main>${mark}<h1>${name} ${words.list}</h1>
<p>${escapeHtml(title)} · ${words.round(round)} · ${words.asOf} ${timeOf(asOf)} · ${words.sums(households.length, personsIn(households))}</p><p>${words.private} <span class="screen">${toOther}</span></p>
${rows.length === 0 ? `<p>${words.nobody}</p>` : table}</main></body></html>`;
}

/** One line for each person; a cell never becomes a formula. */
export function rollCsv(sheet: RollSheet): string {
  const { language, mode, title, asOf, round, households } = sheet;
  const words = WORDS[language];
  const mark = mode === 'live' ? '' : `【${MODE_WORDS[mode][language]}】`;
  const columns = [
    words.code,
    words.place,
    words.door,
    words.head,
    words.name,
    words.needs,
    words.status,
    words.at,
    words.who,
    words.means,
    words.point,
    words.said,
  ];
  const line = (household: HouseholdView, person: ListedPersonView): Cell[] => [
    ...[
      household.gridCode,
      sheet.nameOf(household.gridCode),
      household.doorplate ?? (household.householdId === null ? words.onNoList : ''),
      household.headName,
    ],
    ...[person.name, needsOf(household, person, language), PERSON_STATUSES[person.status][language], timeOf(person.markedAt), person.markedByName],
    ...[person.means === null ? '' : MARK_MEANS[person.means][language], sheet.pointOf(person.musterPointId), person.words],
  ];
  return csvOf([
    [words.list, `${mark}${title}`],
    [words.asOf, asOf, words.round(round), words.sums(households.length, personsIn(households))],
    columns,
    ...households.flatMap((household) => household.persons.map((person) => line(household, person))),
  ]);
}
