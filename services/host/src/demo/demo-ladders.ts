// The demo county's ladders: who must answer for each village, township and the county, all of the invented people.
import type { Duty } from '@laba/domain/ladder';
import type { Post } from '@laba/domain/member';
import { csvLines } from './csv-lines.ts';
import type { RealGrid } from './demo-grid.ts';
import type { Membership } from './demo-people.ts';

const VILLAGE_RUNGS: readonly { post: Post; duty: Duty }[] = [
  { post: 'party-secretary', duty: 'responsible' },
  { post: 'grid-worker', duty: 'responsible' },
  { post: 'militia', duty: 'village-lead' },
];
const WIDER_DUTIES: readonly Duty[] = ['township-lead', 'work-team'];

/** Two or three rungs in every village in turn, two in every township and two at the county. */
export function laddersCsv(grid: RealGrid, members: readonly Membership[]): string {
  const at = Map.groupBy(members, ({ gridCode }) => gridCode);
  const inVillages = grid.villages.flatMap(({ code }, i) =>
    VILLAGE_RUNGS.slice(0, 2 + (i % 2)).flatMap(({ post, duty }) =>
      (at.get(code) ?? []).filter((member) => member.post === post).map(({ memberId }) => ({ code, memberId, duty })),
    ),
  );
  const above = [...grid.townships, grid.county].flatMap((code) =>
    WIDER_DUTIES.flatMap((duty, i) => {
      const member = at.get(code)?.[i];
      return member === undefined ? [] : [{ code, memberId: member.memberId, duty }];
    }),
  );
  const rungs = [...Map.groupBy([...inVillages, ...above], ({ code }) => code).values()].flatMap((of) => of.map((rung, i) => ({ ...rung, position: i + 1 })));
  return csvLines(
    ['grid_code', 'position', 'member_id', 'duty'],
    rungs.map(({ code, position, memberId, duty }) => ({ grid_code: code, position, member_id: memberId, duty })),
  );
}
