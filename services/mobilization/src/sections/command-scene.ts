// Chapter 5, safety: a named commander at the scene, handed over from one to the next. Who led goes on leading until the next one says yes.
import { LabaError } from '@laba/domain/errors';
import { sharedCodes } from '@laba/domain/grid';
import { READY_ANSWERS, type ReadyAnswer } from '@laba/domain/section';
import type { Act } from '@laba/runtime/auth';
import { fact, recordFacts } from '@laba/storage/events';
import { queueMessages } from '@laba/storage/messages';
import { findAlert } from '../alert-store.ts';
import { gridNames } from '../grid-node-store.ts';
import { alertAreas, type Alert, type Call } from '../call-out/call-store.ts';
import { acknowledge, nameCommander, newestCommander, type SceneCommander } from './commander-store.ts';
import { messageTo } from './section-message.ts';
import { refuseOtherCommander } from './seen.ts';
import { findCallOf } from './section-store.ts';
import type { SectionDeps } from './settle-sections.ts';

export interface Naming {
  gridCode: string;
  memberId: string;
  words?: string | undefined;
  /** He said yes to the officer who names him. */
  acknowledged: boolean;
  /** The number of the last one who was named there, as the officer saw it; 0: none. */
  seen?: number | undefined;
}

/**
 * Names a commander; the caller has asked for the right to do so there. Named again, nothing happens.
 * @throws `not-found`, `bad-input` when he was not called, cannot come or cannot be reached, `transition-refused` when the alert is over, `changed-meanwhile`
 */
export async function nameSceneCommander(deps: SectionDeps, alertId: string, given: Naming, act: Act): Promise<SceneCommander> {
  const { gridCode, memberId, words, acknowledged, seen } = given;
  const [alert, areas, before, call] = await Promise.all([
    findAlert(deps.db, alertId),
    alertAreas(deps.db, alertId),
    newestCommander(deps.db, alertId, gridCode),
    findCallOf(deps.db, alertId, memberId),
  ]);
  if (alert === undefined) throw new LabaError('not-found', 'No alert has this id.');
  refuseWhenOver(alert);
  if (sharedCodes(areas, [gridCode]).length === 0) throw new LabaError('bad-input', 'gridCode: this alert does not cover it.', { field: 'gridCode' });
  if (call === undefined || !isReachable(call, acknowledged))
    throw new LabaError('bad-input', 'memberId: he was not called, has not said that he comes, or no channel reaches him; name somebody who answers.', {
      field: 'memberId',
    });
  if (before?.memberId === memberId) return before;
  await refuseOtherCommander(deps.db, before, seen);
  const atMs = deps.clock.now();
  const row: SceneCommander = {
    alertId,
    gridCode,
    number: (before?.number ?? 0) + 1,
    memberId,
    namedBy: act.who,
    namedAtMs: atMs,
    wordsCipher: words === undefined ? null : deps.vault.encrypt(words),
    acknowledgedBy: acknowledged ? act.who : null,
    acknowledgedAtMs: acknowledged ? atMs : null,
  };
  const [place = gridCode] = await gridNames(deps.db, [gridCode]);
  const by = { atMs, who: act.who, via: act.via, alertId, gridCode, subjectId: call.id } as const;
  const told = {
    ...{ purpose: 'section' as const, subjectId: `commander:${call.id}:${gridCode}`, step: row.number, memberId, gridCode },
    facts: { what: 'commander', place, callId: call.id },
  };
  await deps.db.atomically([
    nameCommander(row),
    ...act.once,
    ...recordFacts(deps.ids, [fact({ ...by, type: 'commander.named', data: { number: row.number, acknowledged } })]),
    ...queueMessages(acknowledged ? [] : [messageTo(deps, alert, told, atMs)]),
  ]);
  return row;
}

/** He says yes himself, or an officer heard him. @throws `not-found`, `already-done`, `transition-refused` */
export async function acknowledgeCommand(deps: SectionDeps, alertId: string, given: { gridCode: string; memberId: string }, act: Act): Promise<SceneCommander> {
  const { gridCode, memberId } = given;
  const [alert, newest, call] = await Promise.all([
    findAlert(deps.db, alertId),
    newestCommander(deps.db, alertId, gridCode),
    findCallOf(deps.db, alertId, memberId),
  ]);
  if (alert === undefined || call === undefined || newest?.memberId !== memberId)
    throw new LabaError('not-found', 'He is not the one who was named commander there last.');
  refuseWhenOver(alert);
  if (newest.acknowledgedAtMs !== null) return newest;
  const atMs = deps.clock.now();
  await deps.db.atomically([
    acknowledge(newest, act.who, atMs),
    ...act.once,
    ...recordFacts(deps.ids, [
      fact({ type: 'commander.acknowledged', atMs, who: act.who, via: act.via, alertId, gridCode, subjectId: call.id, data: { number: newest.number } }),
    ]),
  ]);
  return { ...newest, acknowledgedBy: act.who, acknowledgedAtMs: atMs };
}

function refuseWhenOver(alert: Alert): void {
  if (alert.state !== 'raised') throw new LabaError('transition-refused', `The alert is over (${alert.state}).`, { state: alert.state });
}

// Whoever answered can be reached; whoever spoke with the officer was.
function isReachable(call: Call, acknowledged: boolean): boolean {
  if (call.answer === 'cannot') return false;
  return acknowledged || (call.state === 'answered' && READY_ANSWERS.includes(call.answer as ReadyAnswer));
}
