// Chapter 6, watch: the villages of a board, worst first, and what of the roll-call lies under each. Rules only.
import type { CountedNode, LadderView, RollCallView } from '@laba/domain/board-view';
import { PERSON_STATUS_NAMES, type PersonStatus } from '@laba/domain/rollcall';

/** The roll-call of one place and everything under it. */
export interface Counted {
  persons: number;
  accounted: number;
  households: { total: number; accounted: number };
  places: { total: number; open: number };
  byStatus: Record<PersonStatus, number>;
}

export interface Village {
  node: CountedNode;
  groups: CountedNode[];
}

function nobody(): Counted {
  const byStatus = Object.fromEntries(PERSON_STATUS_NAMES.map((status) => [status, 0])) as Record<PersonStatus, number>;
  return { persons: 0, accounted: 0, households: { total: 0, accounted: 0 }, places: { total: 0, open: 0 }, byStatus };
}

/** By the code of every village and group. */
export function countedByCode(rollCall: Pick<RollCallView, 'groups'> | undefined): ReadonlyMap<string, Counted> {
  const sums = new Map<string, Counted>();
  for (const group of rollCall?.groups ?? [])
    for (const code of new Set([group.code.slice(0, 12), group.code])) {
      const sum = sums.get(code) ?? nobody();
      sums.set(code, sum);
      sum.persons += group.persons.total;
      sum.accounted += group.persons.accounted;
      sum.households.total += group.households.total;
      sum.households.accounted += group.households.accounted;
      sum.places.total += group.places.total;
      sum.places.open += group.places.open;
      for (const status of PERSON_STATUS_NAMES) sum.byStatus[status] += group.persons.byStatus[status];
    }
  return sums;
}

const GRAVE: readonly PersonStatus[] = ['missing', 'injured', 'dead', 'needs-help', 'returned'];

/** People first, then who has not answered, then what is silent; then where somebody is still unreached. The greater is the worse. */
function trouble({ code, speakers, sites }: CountedNode, counted: Counted | undefined, overdue: ReadonlySet<string>): readonly number[] {
  const { failed = 0, refused = 0, expired = 0 } = speakers.states;
  return [
    GRAVE.reduce((sum, status) => sum + (counted?.byStatus[status] ?? 0), 0),
    overdue.has(code) ? 1 : 0,
    failed + refused + expired + sites.silent,
    // Only whether: how many changes with every mark, and rows that jump cannot be pressed.
    (counted?.accounted ?? 0) < (counted?.persons ?? 0) ? 1 : 0,
  ];
}

/** Villages with their groups; a group whose village is not in view, and whatever else stands alone, is a village of its own. */
export function villagesOf(nodes: readonly CountedNode[]): Village[] {
  const isVillage = ({ tier, parentCode }: CountedNode) => tier === 'village' || (tier === 'group' && (parentCode === null || parentCode.length < 12));
  const groups = Map.groupBy(
    nodes.filter((node) => node.tier === 'group'),
    ({ parentCode }) => parentCode ?? '',
  );
  const villages = nodes.filter(isVillage).map((node) => ({ node, groups: groups.get(node.code) ?? [] }));
  // Speakers that stand on a township or the county itself would otherwise be nowhere.
  return villages.length > 0 ? villages : nodes.filter(({ parentCode }) => parentCode === null).map((node) => ({ node, groups: [] }));
}

export function inOrder(villages: readonly Village[], counted: ReadonlyMap<string, Counted>, ladders: readonly LadderView[]): Village[] {
  const overdue = new Set(ladders.filter((one) => one.overdue).map(({ gridCode }) => gridCode));
  const troubles = new Map(villages.map(({ node }) => [node.code, trouble(node, counted.get(node.code), overdue)]));
  const worse = (a: Village, b: Village) => {
    const [of, than] = [troubles.get(a.node.code)!, troubles.get(b.node.code)!];
    const at = of.findIndex((n, i) => n !== than[i]);
    return at === -1 ? a.node.code.localeCompare(b.node.code) : than[at]! - of[at]!;
  };
  return villages.toSorted(worse);
}
