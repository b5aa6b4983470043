// The demo county's grid below the real villages: groups with their party branches, activity rooms, speakers.
import { csvRows } from './csv-lines.ts';

export const GROUPS = 144;
export const ROOMS = 211;
/** Assumed: our sources name the group and the county, not the village. */
export const DASUO_VILLAGE = '533324101205';

/** Assumed: languages beside Mandarin by township; whoever knows better changes the groups file. `lis` Lisu, `duu` Derung, `bo` Tibetan. */
const LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  '533324101': ['lis'],
  '533324102': ['lis', 'duu', 'bo'],
  '533324202': ['lis'],
  '533324203': ['lis'],
  '533324204': ['duu'],
};

const NUMERALS = ['一', '二', '三', '四', '五', '六', '七', '八', '九'] as const;

export interface Village {
  code: string;
  name: string;
  township: string;
}
/** `label`: short and unique, for fictional names. */
export interface Group {
  code: string;
  name: string;
  parentCode: string;
  partyBranch: string;
  languages: readonly string[];
  label: string;
}
export interface Room {
  siteId: string;
  name: string;
  gridCode: string;
  placedBy: string;
  speakerId: string;
  speakerName: string;
}

const shortName = (name: string) => name.replace(/(居)?委会$/, '');

export interface RealGrid {
  county: string;
  townships: string[];
  villages: Village[];
}

/** @throws when the file is not Gongshan's: the demo's assumptions are about that county alone. */
export function readRealGrid(divisionsCsv: string): RealGrid {
  const rows = csvRows(divisionsCsv);
  const codes = (level: string) =>
    rows
      .filter((row) => row['level'] === level)
      .map((row) => row['code'] ?? '')
      .sort();
  const villages = rows
    .filter((row) => row['level'] === 'village')
    .map((row) => ({ code: row['code'] ?? '', name: shortName(row['name'] ?? ''), township: row['parent_code'] ?? '' }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  const county = codes('county')[0];
  if (county === undefined || !villages.some(({ code }) => code === DASUO_VILLAGE)) {
    throw new Error('The demo county needs the divisions of 533324 (Gongshan).');
  }
  return { county, townships: codes('township'), villages };
}

/** The 144 groups over the villages as evenly as whole numbers allow, the earlier codes first; Dasuo is group 01 of its village. */
export function layGroups(villages: readonly Village[]): Group[] {
  const each = Math.floor(GROUPS / villages.length);
  const oneMore = GROUPS - each * villages.length;
  return villages.flatMap((village, i) =>
    Array.from({ length: i < oneMore ? each + 1 : each }, (_, n): Group => {
      const isDasuo = village.code === DASUO_VILLAGE && n === 0;
      const numeral = NUMERALS[n] ?? String(n + 1);
      const label = isDasuo ? '打所' : `${village.name}${numeral}组`;
      const name = isDasuo ? '打所小组' : `${village.name}第${numeral}小组`;
      return {
        code: `${village.code}${String(n + 1).padStart(2, '0')}`,
        name,
        parentCode: village.code,
        partyBranch: `${name}党支部`,
        languages: LANGUAGES[village.township] ?? [],
        label,
      };
    }),
  );
}

/** Rooms: one in every group, one at every village committee, the rest as second rooms of the groups with the most households. */
export function placeRooms(groups: readonly Group[], villages: readonly Village[], householdsOf: ReadonlyMap<string, number>): Room[] {
  const dasuo = groups.find((group) => group.label === '打所');
  const bySize = groups
    .filter((group) => group !== dasuo)
    .sort((a, b) => (householdsOf.get(b.code) ?? 0) - (householdsOf.get(a.code) ?? 0) || (a.code < b.code ? -1 : 1));
  const places = [
    ...groups.map((group) => ({ code: group.code, name: `${group.name}活动室`, placedBy: '规则一：每个小组一间' })),
    ...villages.map((village) => ({ code: village.code, name: `${village.name}活动室`, placedBy: '规则二：每个村（社区）一间' })),
    ...bySize
      .slice(0, ROOMS - groups.length - villages.length)
      .map((group) => ({ code: group.code, name: `${group.name}第二活动室`, placedBy: '规则三：户数最多的小组第二间' })),
  ];
  return places.map(({ code, name, placedBy }, i): Room => {
    const isDasuo = code === dasuo?.code;
    const number = String(i + 1).padStart(3, '0');
    return {
      siteId: isDasuo ? 'dasuo' : `site-${number}`,
      name,
      gridCode: code,
      placedBy,
      speakerId: isDasuo ? 'dasuo-1' : `speaker-${number}`,
      speakerName: `${name}喇叭`,
    };
  });
}
