// Routine broadcasts on the wire: signed with the key for drills and tests, without a number, to each gateway that knows of them alone.
import type { PlayCommand } from '@laba/domain/gateway-protocol';
import { capTime } from '@laba/domain/cap';
import { findPolicy } from '@laba/storage/policy';
import { areasHere } from './announce.ts';
import { groupOf } from './bulletin-delivery-store.ts';
import type { Bulletin, BulletinTime } from './bulletin-store.ts';
import { findCommands, insertCommand, type Command } from './command-store.ts';
import type { DispatchDeps } from './dispatch-deps.ts';

/** A box asks again so soon for a recording that it could not fetch. */
const RETRY_SECONDS = 60;

type Approval = { officerId: string; at: string; means: string };

/** The commands of one time, one per area: those stored before as they are, the missing ones signed and stored now. */
export async function issueBulletin(deps: DispatchDeps, time: BulletinTime, bulletin: Bulletin | undefined): Promise<Command[]> {
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const offset = deps.config.utcOffsetMinutes;
  const quietHours = { ...policy.quietHours, utcOffsetMinutes: offset };
  const approvals = bulletin?.approvedBy == null ? [] : [{ officerId: bulletin.approvedBy, at: capTime(bulletin.changedAtMs, offset), means: 'screen' }];
  const untilMs = time.endMs;
  return issue(deps, time, 'play', approvals, (areaCode) => ({
    ...shared(time, areaCode, offset),
    action: 'play',
    texts: time.texts,
    playTimes: 1,
    intervalSeconds: RETRY_SECONDS,
    volume: time.volume,
    endTime: capTime(untilMs, offset),
    notAfter: capTime(time.startMs + LATE_MS, offset),
    resumeUntil: capTime(time.notAfterMs, offset),
    quietHours,
    stopReason: null,
  }));
}

/** After this it is late, and a late one is dropped. */
export const LATE_MS = 60_000;

/** That the time is taken back. */
export function issueBulletinStop(deps: DispatchDeps, time: BulletinTime): Promise<Command[]> {
  const until = capTime(time.endMs, deps.config.utcOffsetMinutes);
  return issue(deps, time, 'stop', [], (areaCode) => ({
    ...shared(time, areaCode, deps.config.utcOffsetMinutes),
    action: 'stop',
    texts: [],
    playTimes: 0,
    intervalSeconds: RETRY_SECONDS,
    volume: 0,
    endTime: until,
    notAfter: until,
    quietHours: null,
    stopReason: 'cancelled',
  }));
}

type Shared = 'purpose' | 'kind' | 'level' | 'order' | 'eventCode' | 'siren' | 'startTime' | 'areaCode';

function shared({ startMs }: BulletinTime, areaCode: string, utcOffsetMinutes: number): Pick<PlayCommand, Shared> {
  return {
    purpose: 'bulletin',
    kind: 'warning',
    level: null,
    order: null,
    eventCode: 'bulletin',
    siren: false,
    startTime: capTime(startMs, utcOffsetMinutes),
    areaCode: [areaCode],
  };
}

async function issue(
  deps: DispatchDeps,
  time: BulletinTime,
  action: 'play' | 'stop',
  approvals: Approval[],
  bodyOf: (areaCode: string) => PlayCommand,
): Promise<Command[]> {
  const key = { ...groupOf(time.id), action };
  const stored = await findCommands(deps.db, key);
  const missing = areasHere(deps, time.areaCodes).filter((code) => !stored.some(({ areaCode }) => areaCode === code));
  if (missing.length === 0) return stored;
  const nowMs = deps.clock.now();
  const signed = missing.map(async (areaCode) => {
    const body = bodyOf(areaCode);
    const id = deps.ids();
    const envelope = await deps.signer.seal({
      aud: deps.config.county,
      mode: 'drill',
      type: 'command',
      commandId: id,
      alertId: time.id,
      revision: 1,
      // Numbers show gaps in what everybody must hear; who does not know of bulletins is told none.
      seq: 0,
      iat: nowMs / 1000,
      exp: time.endMs / 1000,
      scope: [areaCode],
      body,
      ...(approvals.length > 0 ? { approvals } : {}),
    });
    return {
      id,
      ...key,
      areaCode,
      seq: 0,
      envelope,
      notAfterMs: action === 'play' ? time.startMs + LATE_MS : time.endMs,
      expiresAtMs: time.endMs,
      publishedAtMs: nowMs,
    };
  });
  await deps.db.atomically((await Promise.all(signed)).map((row) => insertCommand(row)));
  return findCommands(deps.db, key);
}
