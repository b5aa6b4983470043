// Routine broadcasts: when the next time of one is due to be told to its boxes, it is put down, once. A late one is dropped, and says so.
import { nextTimeMs, type BulletinPolicy, type DropReason } from '@laba/domain/bulletin';
import { capTime } from '@laba/domain/cap';
import type { EventData } from '@laba/domain/events';
import { quietUntilMs } from '@laba/domain/quiet-hours';
import type { Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import { LATE_MS } from './bulletin-command.ts';
import { changeBulletin, findBulletin, insertTime, movePlanned, restoredAtMs, type Bulletin, type BulletinTime } from './bulletin-store.ts';
import type { DispatchDeps } from './dispatch-deps.ts';

const MINUTE_MS = 60_000;
/** Of a house that was away for long, each dropped time of so many days is named. */
const NAMED_MS = 7 * 86_400_000;
/** The chime, the words before it, the pauses; and for a box whose player is slow. */
const AROUND_MS = 30_000;

/** The reaction to `bulletin.made`, `changed` and `approved`; open as long as this version goes on. Its own commit moves the mark: no time is planned twice. */
export async function planBulletin(deps: DispatchDeps, job: Job): Promise<Reaction> {
  const { version } = job.event.data as EventData<'bulletin.made'>;
  const bulletin = await findBulletin(deps.db, job.event.subjectId);
  if (bulletin === undefined || bulletin.version !== version || bulletin.state !== 'on') return {};
  const nowMs = deps.clock.now();
  if ((await restoredAtMs(deps.db, deps.config.county)) > bulletin.changedAtMs) return { ops: hold(deps, bulletin, nowMs) };
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const plannedToMs = Math.max(bulletin.plannedToMs, nowMs - NAMED_MS);
  const startMs = nextTimeMs(bulletin.times, deps.config.utcOffsetMinutes, plannedToMs);
  if (startMs === undefined) return {};
  const dueMs = startMs - policy.bulletins.aheadMinutes * MINUTE_MS;
  if (dueMs > nowMs) return { againAtMs: dueMs };
  const quiet = { ...policy.quietHours, utcOffsetMinutes: deps.config.utcOffsetMinutes };
  const reason = nowMs > startMs + LATE_MS ? 'late' : quietUntilMs(quiet, startMs) === undefined ? null : 'quiet-hours';
  return { ops: [movePlanned(bulletin, startMs), ...timeOps(deps, bulletin, policy.bulletins, startMs, reason)], againAtMs: nowMs };
}

function timeOps(deps: DispatchDeps, bulletin: Bulletin, policy: BulletinPolicy, startMs: number, reason: DropReason | null): Op[] {
  const nowMs = deps.clock.now();
  const notAfterMs = startMs + Math.max(LATE_MS, policy.resumeMinutes * MINUTE_MS);
  const { id: bulletinId, version, title, texts, areaCodes, gridCode, volume, seconds } = bulletin;
  const time: BulletinTime = {
    ...{ id: deps.ids(), bulletinId, version, startMs, notAfterMs, endMs: notAfterMs + seconds * 1_000 + AROUND_MS },
    ...{ title, texts, areaCodes, gridCode, volume, changedAtMs: nowMs, reason, state: reason === null ? ('planned' as const) : ('dropped' as const) },
  };
  const told = { atMs: nowMs, who: 'system', via: 'job', gridCode, subjectId: time.id } as const;
  const data = { bulletinId, startTime: capTime(startMs, deps.config.utcOffsetMinutes) };
  return [
    insertTime(time),
    ...(reason === null
      ? record(deps.ids, { ...told, type: 'bulletin.time-planned', data })
      : record(deps.ids, { ...told, type: 'bulletin.time-dropped', data: { ...data, reason } })),
  ];
}

// Out of a backup: what was decided after it, to stop this one perhaps, is not known here. An officer agrees once more before it speaks.
function hold(deps: DispatchDeps, bulletin: Bulletin, nowMs: number): Op[] {
  const { id, version, gridCode } = bulletin;
  return [
    changeBulletin(bulletin, { state: 'waiting', changedBy: 'system', changedAtMs: nowMs, approvedBy: null, version: version + 1 }),
    ...record(deps.ids, { type: 'bulletin.held', atMs: nowMs, who: 'system', via: 'job', gridCode, subjectId: id, data: { version: version + 1 } }),
  ];
}
