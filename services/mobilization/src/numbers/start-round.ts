// Chapter 5, numbers: the standing check of the county begins by itself; an officer starts a round over a grid node now.
import { LabaError } from '@laba/domain/errors';
import { isWithin } from '@laba/domain/grid';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { findPolicy } from '@laba/storage/policy';
import { wantedBy } from './check-numbers.ts';
import { countOpen, findRound, insertRound, openRounds, type Round } from './number-store.ts';

type RoundDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>;

const DAY_MS = 86_400_000;
const STANDING = 'standing';

/** The first day of a house belongs to its lists: they are imported, and read once more, before anybody’s telephone rings. */
export async function startStandingCheck(deps: RoundDeps): Promise<void> {
  if ((await findRound(deps.db, STANDING)) !== undefined) return;
  const nowMs = deps.clock.now();
  const round = { id: STANDING, gridCode: deps.config.county, provenSinceMs: null, startedBy: 'system', startedAtMs: nowMs };
  await deps.db.atomically(opsOf(deps, round, { who: 'system', via: 'cli', once: [] }, nowMs + DAY_MS)).catch((error: unknown) => {
    // Another process that starts in this moment has put down the same one.
    if (!(error instanceof LabaError) || error.code !== 'already-done') throw error;
  });
}

/**
 * Asks everybody of the grid node who was not proven within so many days; 0: everybody, undefined: as the policy says. Dead numbers are asked
 * too, as the standing check does only when they change.
 * @throws `transition-refused` while a round over it goes on
 */
export async function startRound(
  deps: RoundDeps,
  given: { gridCode: string; olderThanDays?: number | undefined },
  _permit: Permit<'number.check'>,
  act: Act,
): Promise<{ round: Round; people: number; numbers: number }> {
  const { gridCode, olderThanDays } = given;
  const [open] = (await openRounds(deps.db, [gridCode.slice(0, 6)])).filter((round) => isWithin(round.gridCode, gridCode));
  if (open !== undefined) throw new LabaError('transition-refused', `A round over ${open.gridCode} goes on already.`, { id: open.id });
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const nowMs = deps.clock.now();
  const provenSinceMs = nowMs - (olderThanDays ?? policy.numbers.provenForDays) * DAY_MS;
  const round = { id: deps.ids(), gridCode, provenSinceMs, startedBy: act.who, startedAtMs: nowMs };
  const wanted = await countOpen(deps.db, wantedBy(round, policy.numbers, nowMs));
  await deps.db.atomically([...opsOf(deps, round, act, nowMs), ...act.once]);
  return { round: { ...round, endedAtMs: null }, ...wanted };
}

function opsOf(deps: RoundDeps, round: Omit<Round, 'endedAtMs'>, act: Act, dueAtMs: number): Op[] {
  const { id: subjectId, gridCode, startedAtMs: atMs } = round;
  const told = { type: 'numbers.round-started', atMs, who: act.who, via: act.via, gridCode, subjectId, data: {} } as const;
  return [insertRound(round), ...record(deps.ids, { ...told, due: { 'mobilization.check-numbers': dueAtMs } })];
}
