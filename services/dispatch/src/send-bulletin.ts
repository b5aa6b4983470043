// Routine broadcasts: one time of one is told to its boxes ahead, said again to who has not answered, taken back when it is cancelled, and counted when it is over.
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import type { EventData } from '@laba/domain/events';
import type { Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { commandFor, publishTo } from './announce.ts';
import { issueBulletin, issueBulletinStop, LATE_MS } from './bulletin-command.ts';
import { countOf, countTimes, freezeBulletin, gatewaysToStop, groupOf } from './bulletin-delivery-store.ts';
import { endTime, findBulletin, findTime, type BulletinTime } from './bulletin-store.ts';
import { countGroups, markExpired, markSent } from './delivery-store.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { playAgain, settle } from './retry-unreported.ts';
import { BROKER_AWAY_MS, LEFT_OVER_MS } from './retry-rounds.ts';

const ROUND_MS = 60_000;
/** So long after its slot a box may still say how it went. */
const LAST_WORD_MS = 5 * 60_000;
const STOP_ROUND_MS = 20_000;

/** The reaction to `bulletin.time-planned`. @throws nothing for a broker that is away: it comes back soon */
export async function sendBulletin(deps: DispatchDeps, job: Job): Promise<Reaction> {
  const time = await findTime(deps.db, job.event.subjectId);
  if (time === undefined || time.state !== 'planned') return {};
  const nowMs = deps.clock.now();
  if (nowMs > time.startMs + LATE_MS) return follow(deps, job, time, nowMs);
  await freezeBulletin(deps.db, deps.ids, time.id, time.areaCodes, nowMs);
  if ((await countOf(deps.db, time.id)) === 0) return { ops: drop(deps, job, time, nowMs) };
  await issueBulletin(deps, time, await findBulletin(deps.db, time.bulletinId));
  const group = groupOf(time.id);
  const round = await playAgain(deps, group);
  const waitMs = round.again === 'left-over' ? LEFT_OVER_MS : round.again === 'broker-away' ? BROKER_AWAY_MS : ROUND_MS;
  return { ops: round.tried.length > 0 ? markSent(deps.ids, group, nowMs, round.tried) : [], againAtMs: nowMs + waitMs };
}

/** It sounds now, or has: nothing more is sent, each box says how it went. */
async function follow(deps: DispatchDeps, job: Job, time: BulletinTime, nowMs: number): Promise<Reaction> {
  const group = groupOf(time.id);
  const count = (await countGroups(deps.db, time.id)).find(({ purpose }) => purpose === 'bulletin');
  if (count === undefined) return { ops: drop(deps, job, time, nowMs, 'late') };
  if (nowMs < time.endMs) return { againAtMs: time.endMs };
  const lastWordMs = time.endMs + LAST_WORD_MS;
  const settled = settle(deps, group, count, { unreportedAtMs: lastWordMs, unfinishedAtMs: lastWordMs });
  if (!settled.done) return { ops: settled.ops, againAtMs: Math.min(nowMs + ROUND_MS, settled.nextAtMs) };
  const [counts] = await countTimes(deps.db, [time.id], [deps.config.county]);
  const { bulletinId } = job.event.data as EventData<'bulletin.time-planned'>;
  const data = { bulletinId, startTime: capTime(time.startMs, deps.config.utcOffsetMinutes), played: counts?.played ?? 0, speakers: counts?.speakers ?? 0 };
  const told = record(deps.ids, { ...ofJob(job, nowMs), gridCode: time.gridCode, type: 'bulletin.time-over', data });
  return { ops: [...settled.ops, endTime(time.id, 'over', nowMs), ...told] };
}

function drop(deps: DispatchDeps, job: Job, time: BulletinTime, nowMs: number, reason: 'empty' | 'late' = 'empty') {
  const data = { bulletinId: time.bulletinId, startTime: capTime(time.startMs, deps.config.utcOffsetMinutes), reason };
  return [
    endTime(time.id, 'dropped', nowMs, reason),
    ...record(deps.ids, { ...ofJob(job, nowMs), gridCode: time.gridCode, type: 'bulletin.time-dropped', data }),
  ];
}

const ofJob = (job: Job, atMs: number) => ({ atMs, who: 'system', via: 'job', subjectId: job.event.subjectId }) as const;

/** The reaction to `bulletin.time-cancelled`: who may have it is told until he says that it is over there, or its slot has passed. */
export async function stopBulletin(deps: DispatchDeps, job: Job): Promise<Reaction> {
  const time = await findTime(deps.db, job.event.subjectId);
  if (time === undefined) return {};
  const nowMs = deps.clock.now();
  const group = groupOf(time.id);
  const targets = await gatewaysToStop(deps.db, time.id);
  if (targets.length === 0) return {};
  if (nowMs >= time.endMs) return { ops: [...markExpired(deps.ids, group, 'never-received', nowMs), ...markExpired(deps.ids, group, 'no-word', nowMs)] };
  const stops = await issueBulletinStop(deps, time);
  for (const { gatewayId, gridCode } of targets) {
    const stop = commandFor(stops, gridCode);
    if (stop === undefined) continue;
    try {
      await publishTo(deps, gatewayId, stop);
    } catch (error) {
      if (error instanceof LabaError && error.code === 'broker-offline') return { againAtMs: nowMs + BROKER_AWAY_MS };
      throw error;
    }
  }
  return { againAtMs: Math.min(nowMs + STOP_ROUND_MS, Math.max(time.endMs, nowMs + 1)) };
}
