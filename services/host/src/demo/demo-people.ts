// The demo county's people, all invented and named so: members who can be called, households and persons who must be counted.
import type { Need, Post, Skill } from '@laba/domain/member';
import { SKILLS } from '@laba/domain/member';
import type { Group, RealGrid } from './demo-grid.ts';
import type { SeededRandom } from './seeded-random.ts';

export const MEMBERS = 2_000;
export const DASUO_HOUSEHOLDS = 65;
export const DASUO_PERSONS = 199;
/** Every so many members also belong to a neighbouring group. */
const SECOND_GROUP_EVERY = 33;

const STEMS = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'] as const;
const GROUP_POSTS: readonly (Post | '')[] = [
  'party-secretary',
  'group-leader',
  'hazard-monitor',
  'forest-ranger',
  'forest-ranger',
  'river-patrol',
  'road-keeper',
  'grid-worker',
  'militia',
  'militia',
];
const VILLAGE_POSTS: readonly Post[] = ['party-secretary', 'village-doctor', 'grid-worker', 'militia'];
const SKILL_NAMES = Object.keys(SKILLS) as Skill[];
/** The only township whose every village borders Myanmar; assumed, for the posts' sake. */
const BORDER_TOWNSHIP = '533324204';

export interface Membership {
  memberId: string;
  name: string;
  phone: string;
  skills: readonly Skill[];
  available: '1' | '0';
  gridCode: string;
  post: Post | '';
}
export interface Household {
  householdId: string;
  gridCode: string;
  doorplate: string;
  headName: string;
  phone: string;
  needs: readonly Need[];
  helperMemberId: string;
  persons: Person[];
}
export interface Person {
  personId: string;
  householdId: string;
  name: string;
  needs: readonly Need[];
}

/**
 * A number that no network can route: after +86, mobile numbers begin with 13 to 19, and subscriber numbers in Beijing (area code 10)
 * have eight digits and never begin with 0. China reserves no numbers for fiction.
 */
export function demoPhone(number: number): string {
  return `+861000000${String(number).padStart(4, '0')}`;
}

interface Seat {
  gridCode: string;
  post: Post | '';
}

// Thirteen in every group, four in every village, two in every township, the rest at the county.
function seats(grid: RealGrid, groups: readonly Group[]): Seat[] {
  const inGroups = groups.flatMap((group) =>
    [...GROUP_POSTS, group.code.startsWith(BORDER_TOWNSHIP) ? ('border-guard' as const) : ('' as const), '' as const, '' as const].map((post) => ({
      gridCode: group.code,
      post,
    })),
  );
  const inVillages = grid.villages.flatMap((village) => VILLAGE_POSTS.map((post) => ({ gridCode: village.code, post })));
  const inTownships = grid.townships.flatMap((code) => [
    { gridCode: code, post: 'militia' as const },
    { gridCode: code, post: '' as const },
  ]);
  const above: Seat[] = [...inGroups, ...inVillages, ...inTownships];
  return [...above, ...Array.from({ length: MEMBERS - above.length }, (): Seat => ({ gridCode: grid.county, post: '' }))];
}

function skillsOf(seat: Seat, random: SeededRandom): Skill[] {
  const first: Skill[] = seat.post === 'village-doctor' ? ['first-aid'] : [];
  const more = Array.from({ length: random.int(0, 2) }, () => random.pick(SKILL_NAMES));
  return [...new Set([...first, ...more])];
}

/**
 * One row per membership. About one in nine is away (not available). The last member of Dasuo has moved away (搬迁): he belongs to
 * Dasuo still and to the group where he lives now, and cannot come at once.
 */
export function inventMembers(grid: RealGrid, groups: readonly Group[], dasuoCode: string, random: SeededRandom): Membership[] {
  const all = seats(grid, groups).map((seat, i): Membership => ({
    memberId: `m${String(i + 1).padStart(4, '0')}`,
    name: `演示${STEMS[Math.floor(i / 200)] ?? '外'}${String((i % 200) + 1).padStart(3, '0')}`,
    phone: demoPhone(i + 1),
    skills: skillsOf(seat, random),
    available: random.oneIn(9) ? '0' : '1',
    ...seat,
  }));
  const lastOfDasuo = all.findLast((member) => member.gridCode === dasuoCode);
  return all.flatMap((member, i): Membership[] => {
    if (member === lastOfDasuo)
      return [
        { ...member, available: '0' },
        { ...member, available: '0', gridCode: groups[0]!.code },
      ];
    const home = groups.findIndex((group) => group.code === member.gridCode);
    const neighbour = groups[home + 1];
    const isDouble = i % SECOND_GROUP_EVERY === SECOND_GROUP_EVERY - 1 && neighbour?.parentCode === groups[home]?.parentCode;
    return isDouble && neighbour !== undefined ? [member, { ...member, gridCode: neighbour.code, post: '' }] : [member];
  });
}

function sizesOfDasuo(random: SeededRandom): number[] {
  const sizes = Array.from({ length: DASUO_HOUSEHOLDS }, (_, i) => 3 + (i < DASUO_PERSONS - 3 * DASUO_HOUSEHOLDS ? 1 : 0));
  for (let moves = 0; moves < DASUO_HOUSEHOLDS; moves++) {
    const from = random.int(0, sizes.length - 1);
    const to = random.int(0, sizes.length - 1);
    if (sizes[from]! <= 1 || sizes[to]! >= 6) continue;
    sizes[from] = sizes[from]! - 1;
    sizes[to] = sizes[to]! + 1;
  }
  return sizes;
}

function needsOf(index: number, size: number, random: SeededRandom): Need[] {
  const needs: Need[] = [];
  if (random.oneIn(8)) needs.push('elderly');
  else if (index > 0 && random.oneIn(25)) needs.push('infant');
  if (random.oneIn(needs.includes('elderly') ? 12 : 150)) needs.push('bedridden');
  if (random.oneIn(60)) needs.push('disabled');
  if (size === 1) needs.push('alone');
  return needs;
}

interface Telephones {
  next(): string;
}

interface Home {
  group: Group;
  number: number;
  size: number;
  helpers: readonly string[];
  hasBedridden: boolean;
}

function inventHousehold({ group, number, size, helpers, hasBedridden }: Home, phones: Telephones, random: SeededRandom): Household {
  const householdId = `h-${group.code}-${String(number).padStart(2, '0')}`;
  const headName = `演示户${group.label}-${String(number).padStart(2, '0')}`;
  const persons = Array.from({ length: size }, (_, i): Person => ({
    personId: `${householdId}-${i + 1}`,
    householdId,
    name: i === 0 ? headName : `${headName}-${i + 1}`,
    needs: hasBedridden && i === size - 1 ? ['elderly', 'bedridden'] : needsOf(i, size, random),
  }));
  const needs = [...new Set(persons.flatMap((person) => person.needs))];
  const helperMemberId = needs.length > 0 ? random.pick(helpers) : '';
  return { householdId, gridCode: group.code, doorplate: `${group.label}${number}号`, headName, phone: phones.next(), needs, helperMemberId, persons };
}

/** 9 to 12 households of 1 to 6 in every group; in Dasuo exactly 65 with 199 persons. Who has needs has a helper of the same group who is there. */
export function inventHouseholds(groups: readonly Group[], dasuoCode: string, members: readonly Membership[], random: SeededRandom): Household[] {
  let number = 3_000;
  const phones: Telephones = { next: () => demoPhone((number += 1)) };
  const present = Map.groupBy(
    members.filter((member) => member.available === '1'),
    (member) => member.gridCode,
  );
  return groups.flatMap((group) => {
    const sizes = group.code === dasuoCode ? sizesOfDasuo(random) : Array.from({ length: random.int(9, 12) }, () => random.pick([1, 2, 3, 3, 3, 4, 4, 5, 6]));
    const helpers = (present.get(group.code) ?? []).map((member) => member.memberId);
    if (helpers.length === 0) throw new Error(`No member of ${group.code} is available as a helper; take another seed.`);
    // The night's hardest door is there whatever the seed: somebody bedridden in one household of each group.
    const hardest = sizes.findIndex((size) => size >= 2);
    return sizes.map((size, i) => inventHousehold({ group, number: i + 1, size, helpers, hasBedridden: i === hardest }, phones, random));
  });
}
