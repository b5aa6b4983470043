// The demo county: Gongshan's real grid, invented people. The same files that a real county would import.
import type { Role } from '@laba/domain/officer';
import { csvLines } from './csv-lines.ts';
import { DASUO_VILLAGE, GROUPS, layGroups, placeRooms, readRealGrid, ROOMS, type Group } from './demo-grid.ts';
import { hazardPointsCsv } from './demo-hazard-points.ts';
import { laddersCsv } from './demo-ladders.ts';
import { DASUO_HOUSEHOLDS, DASUO_PERSONS, demoPhone, inventHouseholds, inventMembers, MEMBERS } from './demo-people.ts';
import { seededRandom } from './seeded-random.ts';

export interface DemoCounty {
  groupsCsv: string;
  sitesCsv: string;
  membersCsv: string;
  householdsCsv: string;
  personsCsv: string;
  placesCsv: string;
  laddersCsv: string;
  hazardPointsCsv: string;
  officers: { username: string; name: string; role: Role; scopes: string[] }[];
  dasuo: { groupCode: string; siteId: string; speakerId: string; villageCode: string };
  /** Chinese, then English: what no source told us and the demo made up. */
  assumptions: string[];
}

/**
 * Everything the demo imports, from the divisions of 533324 and a seed.
 * @throws when the divisions are another county's
 */
export function demoCounty(divisionsCsv: string, seed: number): DemoCounty {
  const random = seededRandom(seed);
  const grid = readRealGrid(divisionsCsv);
  const groups = layGroups(grid.villages);
  const dasuo = groups.find((group) => group.label === '打所')!;
  const members = inventMembers(grid, groups, dasuo.code, random);
  const households = inventHouseholds(groups, dasuo.code, members, random);
  const householdsOf = new Map([...Map.groupBy(households, (one) => one.gridCode)].map(([code, all]) => [code, all.length]));
  const rooms = placeRooms(groups, grid.villages, householdsOf);
  const dasuoRoom = rooms.find((room) => room.gridCode === dasuo.code)!;
  return {
    groupsCsv: csvLines(
      ['code', 'name', 'parent_code', 'party_branch', 'languages'],
      groups.map(({ code, name, parentCode, partyBranch, languages }) => ({ code, name, parent_code: parentCode, party_branch: partyBranch, languages })),
    ),
    sitesCsv: csvLines(
      ['site_id', 'name', 'grid_code', 'placed_by', 'speaker_id', 'speaker_name'],
      rooms.map((room) => ({
        ...room,
        site_id: room.siteId,
        grid_code: room.gridCode,
        placed_by: room.placedBy,
        speaker_id: room.speakerId,
        speaker_name: room.speakerName,
      })),
    ),
    membersCsv: csvLines(
      ['member_id', 'name', 'phone', 'skills', 'available', 'grid_code', 'post'],
      members.map((one) => ({ ...one, member_id: one.memberId, grid_code: one.gridCode })),
    ),
    householdsCsv: csvLines(
      ['household_id', 'grid_code', 'doorplate', 'head_name', 'phone', 'needs', 'helper_member_id'],
      households.map((one) => ({
        ...one,
        household_id: one.householdId,
        grid_code: one.gridCode,
        head_name: one.headName,
        helper_member_id: one.helperMemberId,
      })),
    ),
    personsCsv: csvLines(
      ['person_id', 'household_id', 'name', 'needs'],
      households.flatMap((home) => home.persons).map((one) => ({ ...one, person_id: one.personId, household_id: one.householdId })),
    ),
    placesCsv: placesCsv(groups, dasuo),
    laddersCsv: laddersCsv(grid, members),
    hazardPointsCsv: hazardPointsCsv(groups, dasuo, members),
    officers: officers(grid.county, dasuo),
    dasuo: { groupCode: dasuo.code, siteId: dasuoRoom.siteId, speakerId: dasuoRoom.speakerId, villageCode: dasuo.parentCode },
    assumptions: assumptions(grid.villages.find((village) => village.code === DASUO_VILLAGE)?.name ?? ''),
  };
}

/** Who is on no household list tonight: a guesthouse and a work camp in Dasuo, one of each kind elsewhere in turn. */
function placesCsv(groups: readonly Group[], dasuo: Group): string {
  const first = new Map([...groups].reverse().map((group) => [group.parentCode.slice(0, 9), group]));
  const planned: [Group, string, string, number][] = [
    [dasuo, 'guesthouse', '演示客栈打所', 37],
    [dasuo, 'work-camp', '演示筑路工棚打所', 18],
    ...[...first.values()]
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .flatMap((group): [Group, string, string, number][] => [
        [group, 'school', `演示小学${group.label}`, 120],
        [group, 'day-care', `演示日间照料点${group.label}`, 15],
        [group, 'guesthouse', `演示客栈${group.label}`, 24],
      ]),
  ];
  return csvLines(
    ['place_id', 'grid_code', 'kind', 'name', 'contact_name', 'phone', 'head_count'],
    planned.map(([group, kind, name, heads], i) => {
      const number = String(i + 1).padStart(2, '0');
      return {
        place_id: `place-${number}`,
        grid_code: group.code,
        kind,
        name,
        contact_name: `演示联系人${number}`,
        phone: demoPhone(9_001 + i),
        head_count: heads,
      };
    }),
  );
}

function officers(county: string, dasuo: Group): DemoCounty['officers'] {
  return [
    { username: 'admin', name: '演示管理员', role: 'county-admin', scopes: [county] },
    { username: 'duty1', name: '演示值班员甲', role: 'county-officer', scopes: [county] },
    { username: 'duty2', name: '演示值班员乙', role: 'county-officer', scopes: [county] },
    { username: 'town1', name: '演示乡镇值班员', role: 'township-officer', scopes: [dasuo.parentCode.slice(0, 9)] },
    { username: 'cadre1', name: '演示村干部', role: 'village-cadre', scopes: [dasuo.parentCode] },
  ];
}

function assumptions(dasuoVillage: string): string[] {
  return [
    `乡镇和村是国家统计局编码的真实名称；小组、活动室、人员、住户、场所、隐患点全部是虚构的。` +
      ` Townships and villages are real (national codes); groups, rooms, people, households, places and hazard points are invented.`,
    `打所小组属于哪个村，资料没有说；演示把它放在茨开镇${dasuoVillage}，作为该村第一个小组。` +
      ` Our sources do not tell Dasuo's village; the demo makes it the first group of ${dasuoVillage} in Cikai town.`,
    `${GROUPS} 个小组按编码顺序尽量平均分到 29 个村（社区），每组一个党支部；小组名称是编的。` +
      ` The ${GROUPS} groups are spread over the 29 villages as evenly as possible, one party branch each; their names are made up.`,
    `${ROOMS} 间活动室：每组一间，每村一间，其余给户数最多的小组各加一间（打所除外）；每间一只喇叭。` +
      ` The ${ROOMS} activity rooms: one per group, one per village, the rest as second rooms of the largest groups (not Dasuo); one speaker each.`,
    `打所小组 ${DASUO_HOUSEHOLDS} 户 ${DASUO_PERSONS} 人是真实数字；其他小组 9 到 12 户，是为演示编的，合计不等于全县人口。` +
      ` Dasuo's ${DASUO_HOUSEHOLDS} households and ${DASUO_PERSONS} persons are real figures; other groups have 9 to 12 invented households,` +
      ` not the county's population.`,
    `${MEMBERS} 名成员的岗位、特长和在岗情况是编的。` + ` Posts, skills and availability of the ${MEMBERS} members are made up.`,
    `各地通行的民族语言只按乡镇粗略假定：独龙江乡独龙语，丙中洛镇傈僳语、独龙语、藏语，其他乡镇傈僳语；贡山怒族所说的怒江方言按独龙语计。` +
      ` Local languages are only assumed by township: Derung in Dulongjiang, Lisu, Derung and Tibetan in Bingzhongluo, Lisu elsewhere;` +
      ` the Nu River speech of Gongshan's Nu people counts as Derung.`,
    `还没有人为我们录过民族语言：傈僳语、独龙语只有占位录音，藏语没有录音。` +
      ` Nobody has recorded local languages for us: Lisu and Derung have placeholder clips, Tibetan has none.`,
    `电话号码以 +86 10 0000 开头，任何网络都接不通。` + ` Telephone numbers begin with +86 10 0000 and cannot be reached on any network.`,
  ];
}
