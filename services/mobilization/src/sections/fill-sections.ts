// Chapter 5, sections: somebody answered, so the groups that he may come to, or that lose him, look at their seats.
import { LabaError } from '@laba/domain/errors';
import { isWithin, VILLAGE_DIGITS, villageOf } from '@laba/domain/grid';
import type { Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { findCall } from '../call-out/call-store.ts';
import { memberCodes } from '../call-out/member-store.ts';
import { findSeat, listGroupsFor, type SectionGroup } from './section-store.ts';
import { settleGroup, type SectionDeps } from './settle-sections.ts';

/** The reaction to `call.answered`. It decides by how everything stands now: late, early or twice is the same. */
export async function fillSectionsOf(deps: SectionDeps, job: Job): Promise<Reaction> {
  const found = await findCall(deps.db, job.event.subjectId);
  if (found === undefined) throw new LabaError('not-found', 'The call that was answered is gone.');
  const { call, alert } = found;
  if (alert.state !== 'raised') return {};
  const [codes, before] = await Promise.all([memberCodes(deps.db, call.memberId), findSeat(deps.db, alert.id, call.memberId)]);
  const [cameFor = ''] = (call.widening ?? '').split(' ');
  const loses = before?.state === 'held' ? before.gridCode : '';
  const villages = codes.filter((code) => code.length >= VILLAGE_DIGITS).map(villageOf);
  const groups = await listGroupsFor(deps.db, alert.id, [...new Set([...villages, cameFor, loses].filter((code) => code !== ''))]);
  for (const group of inTurn(groups, [loses, cameFor, ...codes])) {
    await settleGroup(deps, alert.id, group.gridCode);
    if ((await findSeat(deps.db, alert.id, call.memberId))?.state === 'held') break;
  }
  return {};
}

// The nearest first; of those farther away only who has too few.
function inTurn(groups: readonly SectionGroup[], codes: readonly string[]): SectionGroup[] {
  const near = (group: SectionGroup) => {
    const at = codes.findIndex((code) => code !== '' && isWithin(code, group.gridCode));
    if (at >= 0) return at;
    const shared = Math.max(0, ...codes.map((code) => [12, 9, 6].find((digits) => code.slice(0, digits) === group.gridCode.slice(0, digits)) ?? 0));
    return codes.length + 20 - shared;
  };
  return groups
    .filter((group) => group.shortSinceMs !== null || codes.some((code) => villageOf(code) === villageOf(group.gridCode)))
    .toSorted((a, b) => near(a) - near(b) || (a.gridCode < b.gridCode ? -1 : 1));
}
