// What each column of a list means, in the words of who fills it in: shown beside the import, and written into the file to begin with.
import { csvOf } from '@laba/domain/csv';
import type { ImportColumn } from '@laba/domain/import-view';
import { DUTIES } from '@laba/domain/ladder';
import { NEEDS, POSTS, SKILLS } from '@laba/domain/member';
import { PLACE_KINDS } from '@laba/domain/place';
import { PLACE_HAZARDS } from './import-hazard-points.ts';
import { importColumns, optionalColumns, type ImportKind } from './import-csv.ts';
import { REMARK } from './import-table.ts';

type Words = { zh: string; en: string };
type Vocabulary = Readonly<Record<string, Words>>;

const oneOf = (vocabulary: Vocabulary, zh: string, en: string): Words => ({
  zh: `${zh}：${Object.entries(vocabulary)
    .map(([key, words]) => `${key}=${words.zh}`)
    .join('，')}`,
  en: `${en}: ${Object.entries(vocabulary)
    .map(([key, words]) => `${key} = ${words.en}`)
    .join(', ')}`,
});
const several = (vocabulary: Vocabulary, zh: string, en: string) =>
  oneOf(vocabulary, `${zh}，多个用 | 分开，可空`, `${en}, several separated by |, may be empty`);

const MEMBER_ID: Words = { zh: '成员编号，自己定，以后不变', en: 'the member’s id: yours to choose, the same ever after' };
const OWN_ID: Words = { zh: '编号，自己定，以后不变；再次导入时按它更新', en: 'an id of your own, the same ever after: by it a later import changes the row' };
const GRID: Words = {
  zh: '网格编码：县 6 位、乡镇 9 位、村 12 位、小组 14 位，全是数字；在表格里设为“文本”',
  en: 'grid code: county 6, township 9, village 12, group 14 digits; format it as text in a spreadsheet',
};
const PHONE: Words = { zh: '电话，可空', en: 'telephone, may be empty' };

const COLUMNS: Record<string, Words> = {
  code: GRID,
  grid_code: GRID,
  neighbour_code: { zh: '邻近的村或小组的网格编码；一对写一行', en: 'grid code of the neighbouring village or group; one row per pair' },
  parent_code: { zh: '上级的网格编码；县的这一格空着', en: 'grid code of what lies above it; empty for the county' },
  level: { zh: '级别：county=县，township=乡镇，village=村', en: 'level: county, township or village' },
  name: { zh: '名称或姓名', en: 'its, or his, name' },
  party_branch: { zh: '党支部名称，可空', en: 'party branch, may be empty' },
  languages: {
    zh: '普通话以外说的语言，如 lis=傈僳语、duu=独龙语；多个用 | 分开，空着同上级',
    en: 'languages spoken beside Mandarin, as lis or duu, separated by |; empty: as the parent',
  },
  site_id: { zh: '活动室编号；有几个喇叭就写几行', en: 'id of the activity room; one row for each of its speakers' },
  placed_by: { zh: '建设单位，可空', en: 'who put it there, may be empty' },
  speaker_id: { zh: '喇叭编号；没有喇叭就空着', en: 'id of the speaker; empty when there is none' },
  speaker_name: { zh: '喇叭名称，如“村口”', en: 'name of the speaker, as “village gate”' },
  member_id: MEMBER_ID,
  phone: PHONE,
  email: { zh: '电子邮箱，可空；没有这一列就保持不变', en: 'e-mail, may be empty; without the column it stays as it is' },
  skills: several(SKILLS, '技能', 'skills'),
  available: { zh: '能不能来：1=能，0=不能', en: 'whether he can be called: 1 or 0' },
  off_duty: {
    zh: '不在班（只有重大预警才叫醒）：1 或 0；没有这一列就保持不变',
    en: 'off duty, woken by grave alerts only: 1 or 0; without the column it stays as it is',
  },
  post: oneOf(POSTS, '岗位，可空', 'post, may be empty'),
  household_id: { zh: '户编号，自己定，以后不变', en: 'the household’s id: yours to choose, the same ever after' },
  doorplate: { zh: '门牌，可空；“1-2”这样的请设为“文本”，否则会变成日期', en: 'doorplate, may be empty; format “1-2” as text, or it becomes a date' },
  head_name: { zh: '户主姓名', en: 'name of the head of the household' },
  needs: several(NEEDS, '需要照顾的情况', 'needs'),
  helper_member_id: { zh: '帮扶人的成员编号，可空', en: 'member id of the helper, may be empty' },
  person_id: OWN_ID,
  place_id: OWN_ID,
  kind: oneOf(PLACE_KINDS, '场所种类', 'kind of place'),
  contact_name: { zh: '联系人，可空', en: 'whom to telephone, may be empty' },
  head_count: { zh: '今晚人数', en: 'people there tonight' },
  muster_point_id: OWN_ID,
  capacity: { zh: '能容纳的人数', en: 'how many find room' },
  point_id: OWN_ID,
  hazard: oneOf(PLACE_HAZARDS, '险情种类', 'hazard'),
  patrol_name: { zh: '谁巡查；巡查人是成员时可空', en: 'who patrols it; may be empty when a member does' },
  patrol_member_id: { zh: '巡查人的成员编号，可空；没有这一列就保持不变', en: 'member id of who patrols, may be empty; without the column it stays as it is' },
  position: { zh: '叫应顺序，从 1 开始', en: 'the order in which they are asked, from 1' },
  duty: oneOf(DUTIES, '身份', 'duty'),
};

export function columnWords(kind: ImportKind): ImportColumn[] {
  const told = (name: string, isOptional: boolean): ImportColumn => ({ name, isOptional, ...(COLUMNS[name] ?? { zh: name, en: name }) });
  return [...importColumns(kind).map((name) => told(name, false)), ...optionalColumns(kind).map((name) => told(name, true))];
}

/** The header, and under it what each column means. */
export function formCsv(kind: ImportKind, language: 'zh' | 'en'): string {
  const columns = columnWords(kind);
  return csvOf([columns.map(({ name }) => name), columns.map((column, i) => `${i === 0 ? REMARK : ''}${column[language]}`)]);
}
