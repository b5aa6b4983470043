// Chapter 5, tasks: whose a new task is. By post, then by who answers for the village; nobody is never hidden.
import { isWithin } from './grid.ts';
import type { Post } from './member.ts';

/** An available member's membership. */
export interface PostHolder {
  memberId: string;
  gridCode: string;
  post: Post;
}

/** Who answers for a village or group whatever the work is. */
const RESPONSIBLE: readonly Post[] = ['group-leader', 'party-secretary'];

/**
 * The holder of one of these posts, in their order: of the node itself, then of what lies around it, then of what lies under it; whoever has the
 * fewest tasks goes first. Then who answers for the place. `tasksOf`: how many a member has already; counted on here.
 */
export function choosePostHolder(gridCode: string, posts: readonly Post[], holders: readonly PostHolder[], tasksOf: Map<string, number>): string | undefined {
  const near = holders.filter((one) => isWithin(one.gridCode, gridCode) || isWithin(gridCode, one.gridCode));
  for (const post of [...posts, ...RESPONSIBLE]) {
    const [first] = near
      .filter((one) => one.post === post)
      .sort(
        (a, b) =>
          distance(gridCode, a.gridCode) - distance(gridCode, b.gridCode) ||
          (tasksOf.get(a.memberId) ?? 0) - (tasksOf.get(b.memberId) ?? 0) ||
          (a.memberId < b.memberId ? -1 : 1),
      );
    if (first === undefined) continue;
    tasksOf.set(first.memberId, (tasksOf.get(first.memberId) ?? 0) + 1);
    return first.memberId;
  }
  return undefined;
}

function distance(gridCode: string, of: string): number {
  if (of === gridCode) return 0;
  return isWithin(of, gridCode) ? 1 : 2;
}
