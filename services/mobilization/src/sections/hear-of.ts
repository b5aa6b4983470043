// Chapter 5, safety: a pair says that it is well; everybody says for himself that he is back.
import { LabaError } from '@laba/domain/errors';
import type { SafetyMeans } from '@laba/domain/safety';
import type { Act } from '@laba/runtime/auth';
import { fact, recordFacts } from '@laba/storage/events';
import { findPolicy } from '@laba/storage/policy';
import { decidedAgain } from '../decided-again.ts';
import { findWatch, watchesOf, writeBack, writeWatch, type SafetyWatch, type Watch } from './safety-store.ts';
import { findCallOf, findSeat } from './section-store.ts';
import type { SectionDeps } from './settle-sections.ts';
import type { AllowThere } from './send-out.ts';

/**
 * The pair was heard of: its clock starts anew, from when it was said: `saidAtMs`, when that waited on a phone for a line.
 * @throws `not-found`, `transition-refused` when it is not out any more
 */
export function checkIn(deps: SectionDeps, watchId: string, means: SafetyMeans, allow: AllowThere, act: Act, saidAtMs?: number): Promise<SafetyWatch> {
  return decidedAgain(async () => {
    const watch = await findWatch(deps.db, watchId);
    if (watch?.kind !== 'pair') throw new LabaError('not-found', 'No pair has this id.');
    await allow(watch.gridCode);
    if (watch.state !== 'out') throw new LabaError('transition-refused', 'This pair is not out any more.', { state: watch.state });
    const { policy } = await findPolicy(deps.db, deps.config.county);
    const atMs = deps.clock.now();
    const heardAtMs = Math.max(watch.heardAtMs ?? watch.orderedAtMs, Math.min(saidAtMs ?? atMs, atMs));
    const change = { dueAtMs: heardAtMs + policy.sections.checkInMinutes * 60_000, heardAtMs, heardBy: act.who };
    const { id: subjectId, alertId, gridCode } = watch;
    await deps.db.atomically([
      writeWatch(watch, change),
      ...act.once,
      ...recordFacts(deps.ids, [fact({ type: 'pair.checked-in', atMs, who: act.who, via: act.via, alertId, gridCode, subjectId, data: { means } })]),
    ]);
    return { ...watch, ...change, version: watch.version + 1 };
  });
}

/** He is back, from all that he was out in; the last one of each ends it. Said again, nothing happens. @throws `not-found` */
export function markBack(deps: SectionDeps, alertId: string, memberId: string, means: SafetyMeans, allow: AllowThere, act: Act): Promise<{ ended: number }> {
  return decidedAgain(async () => {
    const [watches, call] = await Promise.all([watchesOf(deps.db, alertId, memberId), findCallOf(deps.db, alertId, memberId)]);
    if (call === undefined) throw new LabaError('not-found', 'This member was not called for this alert.');
    const places = watches.length > 0 ? watches.map(({ gridCode }) => gridCode) : [(await findSeat(deps.db, alertId, memberId))?.gridCode ?? call.gridCode];
    for (const place of places) await allow(place);
    if (watches.length === 0) return { ended: 0 };
    const atMs = deps.clock.now();
    const ends = (watch: Watch) => watch.members.every((one) => one.memberId === memberId || one.backAtMs !== null);
    await deps.db.atomically([
      ...watches.flatMap((watch) => [
        writeWatch(watch, { heardAtMs: atMs, heardBy: act.who, ...(ends(watch) ? { state: 'back' as const } : {}) }),
        writeBack(watch.id, memberId, act.who, atMs),
      ]),
      ...act.once,
      ...recordFacts(
        deps.ids,
        watches.map((watch) =>
          fact({
            ...{ type: 'member.back', atMs, who: act.who, via: act.via, alertId, gridCode: watch.gridCode, subjectId: call.id },
            data: { means, watch: watch.id, kind: watch.kind, last: ends(watch) },
          }),
        ),
      ),
    ]);
    return { ended: watches.filter(ends).length };
  });
}
