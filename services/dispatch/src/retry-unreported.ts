// Chapter 3, dispatch: who did not report is tried again, one by one, until every delivery has a named end.
import { LabaError } from '@laba/domain/errors';
import type { EventData } from '@laba/domain/events';
import type { Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import type { Job } from '@laba/storage/jobs';
import { findAlert, supersededAtMs, type Alert } from './alert-store.ts';
import { commandFor, publishTo } from './announce.ts';
import { findCommands, findStops, type Command } from './command-store.ts';
import {
  countGroups,
  markExpired,
  markSent,
  unfinishedGateways,
  unreportedGateways,
  type DeliveryGroup,
  type GroupCount,
  type Target,
} from './delivery-store.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { isHeldBack } from './hold-store.ts';
import { BROKER_AWAY_MS, GATEWAYS_PER_ROUND, LEFT_OVER_MS, NEVER_RECEIVED_AFTER_MS, NO_WORD_AFTER_MS, nextRoundAtMs } from './retry-rounds.ts';

/** What one round did: whom it reached, and whether it must go on before its time. */
export interface Round {
  tried: string[];
  again: 'in-time' | 'left-over' | 'broker-away';
}

/** The job stays open until nothing of this sending is queued, sent or unfinished. */
export async function retryUnreported(deps: DispatchDeps, job: Job): Promise<Reaction> {
  const { revision } = job.event.data as EventData<'audience.frozen'>;
  const group: DeliveryGroup = { alertId: job.event.alertId ?? job.event.subjectId, revision, purpose: 'alert' };
  const alert = await findAlert(deps.db, group.alertId);
  const count = (await countGroups(deps.db, group.alertId)).find((one) => one.revision === revision && one.purpose === 'alert');
  if (alert === undefined || count === undefined || isSettled(count)) return {};
  const overAtMs = await overSinceMs(deps, alert, revision);
  const nowMs = deps.clock.now();
  if (overAtMs === undefined) {
    const round = await playAgain(deps, group);
    return { ops: round.tried.length > 0 ? markSent(deps.ids, group, nowMs, round.tried) : [], againAtMs: roundAfter(round, job.event.atMs, nowMs) };
  }
  // Only a superseded alert is stopped again from here; one that is over is, by the end's own job.
  const round = alert.state === 'raised' ? await stopAgain(deps, group) : undefined;
  const settled = settle(deps, group, count, { unreportedAtMs: overAtMs + NEVER_RECEIVED_AFTER_MS, unfinishedAtMs: overAtMs + NO_WORD_AFTER_MS });
  if (settled.done) return { ops: settled.ops };
  const next = round === undefined ? nextRoundAtMs(overAtMs, nowMs) : roundAfter(round, overAtMs, nowMs);
  return { ops: settled.ops, againAtMs: Math.min(next, settled.nextAtMs) };
}

function isSettled(count: GroupCount): boolean {
  return count.unreported + count.unfinished === 0;
}

async function overSinceMs(deps: DispatchDeps, alert: Alert, revision: number): Promise<number | undefined> {
  if (alert.state !== 'raised') return alert.overAtMs ?? deps.clock.now();
  return alert.revision > revision ? supersededAtMs(deps.db, alert.id, revision) : undefined;
}

export function roundAfter(round: Round, sinceMs: number, nowMs: number): number {
  if (round.again === 'left-over') return nowMs + LEFT_OVER_MS;
  return round.again === 'broker-away' ? nowMs + BROKER_AWAY_MS : nextRoundAtMs(sinceMs, nowMs);
}

/**
 * The stored play again to each gateway that has not reported; what has run out is not sent any more. What was quietened meanwhile is
 * said to be so first: a device remembers that also of a play it does not have yet.
 */
export async function playAgain(deps: DispatchDeps, group: DeliveryGroup): Promise<Round> {
  const nowMs = deps.clock.now();
  const plays = (await findCommands(deps.db, { ...group, action: 'play' })).filter((command) => command.notAfterMs > nowMs);
  const commands = plays.length === 0 || (await isHeldBack(deps.db, group.alertId, group.revision)) ? [] : plays;
  const targets = commands.length === 0 ? [] : await unreportedGateways(deps.db, group, GATEWAYS_PER_ROUND + 1);
  const hushes = targets.length === 0 ? [] : await findCommands(deps.db, { ...group, action: 'quieten' });
  return tryEach(deps, targets, commands, hushes);
}

/** The latest stop again to each gateway that began this sending and has not said that it fell silent. */
export async function stopAgain(deps: DispatchDeps, group: DeliveryGroup): Promise<Round> {
  const stops = (await findStops(deps.db, group.alertId)).filter((stop) => stop.revision >= group.revision && stop.expiresAtMs > deps.clock.now());
  const targets = stops.length === 0 ? [] : await unfinishedGateways(deps.db, group, GATEWAYS_PER_ROUND + 1);
  return tryEach(deps, targets, stops);
}

async function tryEach(deps: DispatchDeps, targets: readonly Target[], commands: readonly Command[], before: readonly Command[] = []): Promise<Round> {
  const tried: string[] = [];
  for (const target of targets.slice(0, GATEWAYS_PER_ROUND)) {
    const command = commandFor(commands, target.gridCode);
    if (command === undefined) continue;
    const hush = commandFor(before, target.gridCode);
    try {
      if (hush !== undefined) await publishTo(deps, target.gatewayId, hush);
      await publishTo(deps, target.gatewayId, command);
    } catch (error) {
      if (error instanceof LabaError && error.code === 'broker-offline') return { tried, again: 'broker-away' };
      throw error;
    }
    tried.push(target.gatewayId);
  }
  return { tried, again: targets.length > GATEWAYS_PER_ROUND ? 'left-over' : 'in-time' };
}

export interface Deadlines {
  unreportedAtMs: number;
  unfinishedAtMs: number;
}

/** Names the end of what will not be heard of any more. `done`: this sending needs nobody any longer. */
export function settle(deps: DispatchDeps, group: DeliveryGroup, count: GroupCount, deadlines: Deadlines): { ops: Op[]; done: boolean; nextAtMs: number } {
  const nowMs = deps.clock.now();
  const kinds = [
    { left: count.unreported, atMs: deadlines.unreportedAtMs, reason: 'never-received' },
    { left: count.unfinished, atMs: deadlines.unfinishedAtMs, reason: 'no-word' },
  ] as const;
  const open = kinds.filter((kind) => kind.left > 0);
  const waiting = open.filter((kind) => kind.atMs > nowMs);
  const ops = open.filter((kind) => kind.atMs <= nowMs).flatMap((kind) => markExpired(deps.ids, group, kind.reason, nowMs));
  return { ops, done: waiting.length === 0, nextAtMs: Math.min(...waiting.map((kind) => kind.atMs)) };
}
