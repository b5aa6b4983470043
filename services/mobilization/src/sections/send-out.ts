// Chapter 5, safety: a pair is sent out, or everybody is called back; from then on a clock runs until they are heard of.
import { LabaError } from '@laba/domain/errors';
import type { SafetyKind } from '@laba/domain/safety';
import type { Act } from '@laba/runtime/auth';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { queueMessages } from '@laba/storage/messages';
import { findPolicy } from '@laba/storage/policy';
import { findAlert } from '../alert-store.ts';
import type { Alert, Call } from '../call-out/call-store.ts';
import { decidedAgain } from '../decided-again.ts';
import { holdSafety, insertWatch, listAtScene, listWatches, refuseWhoIsOut, writeWatch, type SafetyWatch } from './safety-store.ts';
import { messageTo } from './section-message.ts';
import { findCallOf, findSeat } from './section-store.ts';
import type { SectionDeps } from './settle-sections.ts';

/** @throws what says that this actor may not order anything there */
export type AllowThere = (gridCode: string) => Promise<void> | void;

/** Two people who are at the scene. @throws `bad-input`, `not-found`, `transition-refused` when one of them is out already */
export async function sendPair(
  deps: SectionDeps,
  alertId: string,
  given: { memberIds: readonly string[]; words?: string | undefined },
  allow: AllowThere,
  act: Act,
): Promise<SafetyWatch> {
  const [first, second] = given.memberIds;
  if (given.memberIds.length !== 2 || first === second)
    throw new LabaError('bad-input', 'memberIds: nobody goes alone and nobody is two; name two different people.', { field: 'memberIds' });
  const alert = await findAlert(deps.db, alertId);
  if (alert === undefined) throw new LabaError('not-found', 'No alert has this id.');
  if (alert.state !== 'raised') throw new LabaError('transition-refused', `The alert is over (${alert.state}).`, { state: alert.state });
  const calls = await Promise.all(given.memberIds.map((memberId) => calledOne(deps, alertId, memberId)));
  const places = await Promise.all(calls.map(async (call) => (await findSeat(deps.db, alertId, call.memberId))?.gridCode ?? call.gridCode));
  // Nobody sends out whom he does not lead, nor learns whether such a one is there.
  for (const place of places) await allow(place);
  calls.forEach(refuseWhoIsNotThere);
  const gridCode = places[0]!;
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const minutes = policy.sections.checkInMinutes;
  const watch = newWatch(deps, { alertId, gridCode, kind: 'pair', words: given.words, minutes }, act);
  await deps.db.atomically([
    holdSafety(alertId),
    refuseWhoIsOut(given.memberIds),
    ...insertWatch(watch, given.memberIds),
    ...act.once,
    ...record(deps.ids, {
      ...about(watch, act),
      type: 'pair.sent',
      data: { members: [...given.memberIds] },
      due: { 'mobilization.watch-safety': watch.dueAtMs },
    }),
    ...queueMessages(calls.map((call) => safetyMessage(deps, alert, watch, call, { what: 'sent-out', minutes }))),
  ]);
  return watch;
}

/** Everybody who is at the scene, on his way there or out in a pair under this grid node; the pairs are taken over. @throws `not-found`, `transition-refused` */
export function withdrawAll(
  deps: SectionDeps,
  alertId: string,
  given: { gridCode: string; words?: string | undefined },
  act: Act,
): Promise<{ watch: SafetyWatch; memberIds: string[] }> {
  const { gridCode, words } = given;
  return decidedAgain(async () => {
    const alert = await findAlert(deps.db, alertId);
    if (alert === undefined) throw new LabaError('not-found', 'No alert has this id.');
    const [atScene, watches, { policy }] = await Promise.all([
      listAtScene(deps.db, alertId, [gridCode]),
      listWatches(deps.db, alertId, [gridCode]),
      findPolicy(deps.db, deps.config.county),
    ]);
    const open = watches.filter(({ state }) => state === 'out');
    const out = open.flatMap(({ members }) => members.filter(({ backAtMs }) => backAtMs === null).map(({ memberId }) => memberId));
    const memberIds = [...new Set([...atScene, ...out])].toSorted();
    if (memberIds.length === 0) throw new LabaError('transition-refused', `Nobody is known to be out under ${gridCode}.`, { gridCode });
    const minutes = policy.sections.backWithinMinutes;
    const watch = newWatch(deps, { alertId, gridCode, kind: 'withdrawal', words, minutes }, act);
    const calls = await Promise.all(memberIds.map((memberId) => findCallOf(deps.db, alertId, memberId)));
    const due = { 'mobilization.watch-safety': watch.dueAtMs };
    await deps.db.atomically([
      holdSafety(alertId),
      ...open.map((one): Op => writeWatch(one, { state: 'withdrawn' })),
      ...insertWatch(watch, memberIds),
      ...act.once,
      ...record(deps.ids, { ...about(watch, act), type: 'withdrawal.ordered', data: { people: memberIds.length, takenOver: open.length }, due }),
      ...queueMessages(calls.flatMap((call) => (call === undefined ? [] : [safetyMessage(deps, alert, watch, call, { what: 'withdraw', minutes })]))),
    ]);
    return { watch, memberIds };
  });
}

/** A message about a watch to one of its people, or to who leads them. `alarms` counts its steps. */
export function safetyMessage(deps: SectionDeps, alert: Alert, watch: SafetyWatch, call: Call, facts: { what: string; minutes: number }) {
  const { memberId, id: callId } = call;
  const told = { purpose: 'safety' as const, subjectId: `safety:${watch.id}:${callId}`, step: watch.alarms + 1, memberId, gridCode: watch.gridCode };
  const atMs = deps.clock.now();
  return messageTo(deps, alert, { ...told, facts: { ...facts, watch: watch.id, callId } }, atMs, atMs + 12 * 3_600_000);
}

function newWatch(
  deps: SectionDeps,
  of: { alertId: string; gridCode: string; kind: SafetyKind; words: string | undefined; minutes: number },
  act: Act,
): SafetyWatch {
  const { alertId, gridCode, kind, words, minutes } = of;
  const orderedAtMs = deps.clock.now();
  return {
    ...{ id: deps.ids(), alertId, gridCode, kind, state: 'out', alarms: 0, version: 1 },
    wordsCipher: words === undefined ? null : deps.vault.encrypt(words),
    orderedBy: act.who,
    orderedAtMs,
    dueAtMs: orderedAtMs + minutes * 60_000,
    heardAtMs: null,
    heardBy: null,
  };
}

function about(watch: SafetyWatch, act: Act) {
  const { id: subjectId, alertId, gridCode, orderedAtMs: atMs } = watch;
  return { atMs, who: act.who, via: act.via, alertId, gridCode, subjectId, urgent: true } as const;
}

function notThere(memberId: string): LabaError {
  return new LabaError('bad-input', `memberIds: ${memberId} is not there; record his arrival first.`, { field: 'memberIds' });
}

async function calledOne(deps: SectionDeps, alertId: string, memberId: string): Promise<Call> {
  const call = await findCallOf(deps.db, alertId, memberId);
  if (call === undefined) throw notThere(memberId);
  return call;
}

function refuseWhoIsNotThere({ memberId, state, answer }: Call): void {
  if (state !== 'answered' || answer !== 'arrived') throw notThere(memberId);
}
