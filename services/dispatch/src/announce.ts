// Chapter 3, dispatch: one signed command per area reaches a whole county; the broker fans out.
import { LabaError } from '@laba/domain/errors';
import { topics } from '@laba/domain/gateway-protocol';
import type { EventData } from '@laba/domain/events';
import { isWithin, sharedCodes } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { slices } from '@laba/storage/group';
import type { Job } from '@laba/storage/jobs';
import { areasUpTo, findAlert, findRevision, quietHoursOf, type Revision } from './alert-store.ts';
import type { Command } from './command-store.ts';
import { gridCodesOf, markTheseSent, queuedDeliveries, type DeliveryGroup } from './delivery-store.ts';
import { issueCommands, publishCommands, publishedOps } from './issue-commands.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { isHeldBack } from './hold-store.ts';
import { leftOut, playBody, silenceBody, type Sending } from './play-command.ts';

/** How often work for a held alert looks whether an officer has decided. */
const HELD_LOOK_MS = 5_000;

/** A village's keys reach no further than its own ground. */
export function areasHere({ config }: Pick<DispatchDeps, 'config'>, codes: readonly string[]): string[] {
  return config.node === undefined ? [...codes] : sharedCodes(codes, [config.node]);
}

/** A stop is remembered by the devices until the alert could not sound any more, and a day at least. */
export function stopUntilMs(nowMs: number, endTimeMs: number): number {
  return Math.max(endTimeMs, nowMs + LIMITS.tombstoneFloorMs);
}

export async function sendingOf(deps: DispatchDeps, revision: Revision): Promise<Sending> {
  const quietHours = await quietHoursOf(deps.db, deps.config.county);
  return { revision, nowMs: deps.clock.now(), utcOffsetMinutes: deps.config.utcOffsetMinutes, quietHours };
}

/** Whoever answers sooner needs no mark that it was sent to him; to a large county the marks cost as much as the answers. */
const SENT_AFTER_MS = 1_000;

/**
 * The reaction to `audience.frozen`: publishes, and comes back to mark who has not answered. Nothing goes out for an alert that is over or
 * updated again meanwhile. @throws `broker-offline`
 */
export async function announce(deps: DispatchDeps, job: Job): Promise<Reaction> {
  const { revision } = job.event.data as EventData<'audience.frozen'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  const alert = await findAlert(deps.db, alertId);
  const decided = await findRevision(deps.db, alertId, revision);
  if (decided === undefined || alert?.state !== 'raised' || alert.revision !== revision) return {};
  if (await isHeldBack(deps.db, alertId, revision)) return { againAtMs: deps.clock.now() + HELD_LOOK_MS };
  const plays = await issuePlays(deps, decided);
  const stops = revision > 1 ? await issueSuperseded(deps, decided) : [];
  const waiting = [...plays, ...stops].filter((command) => command.publishedAtMs === null);
  if (waiting.length > 0) {
    await publishCommands(deps, waiting);
    await noteOnce(deps, publishedOps(deps, waiting));
    return { againAtMs: deps.clock.now() + SENT_AFTER_MS };
  }
  await markAllSent(deps, { alertId, revision, purpose: 'alert' });
  return {};
}

// Another run of the same job may have said it meanwhile.
async function noteOnce(deps: DispatchDeps, ops: readonly Op[]): Promise<void> {
  await deps.db.atomically(ops).catch((error: unknown) => {
    if (!(error instanceof LabaError && error.code === 'changed-meanwhile')) throw error;
  });
}

// In steps, which other work comes between.
async function markAllSent(deps: DispatchDeps, group: DeliveryGroup): Promise<void> {
  const queued = await queuedDeliveries(deps.db, group);
  for (const some of slices(queued, LIMITS.deliveriesPerStep)) await deps.db.atomically(markTheseSent(deps.ids, group, deps.clock.now(), some));
}

async function issuePlays(deps: DispatchDeps, decided: Revision): Promise<Command[]> {
  const sending = await sendingOf(deps, decided);
  const key = { alertId: decided.alertId, revision: decided.revision, purpose: 'alert', action: 'play' } as const;
  const until = { expiresAtMs: decided.endTimeMs, notAfterMs: decided.endTimeMs };
  return issueCommands(
    deps,
    key,
    decided,
    areasHere(deps, decided.areaCodes).map((areaCode) => ({ areaCode, body: playBody(sending, areaCode), ...until })),
  );
}

// The stop speaks of the revisions before this one: where it overtakes the new play, or a place hears both, the new one still sounds.
async function issueSuperseded(deps: DispatchDeps, decided: Revision): Promise<Command[]> {
  const { alertId } = decided;
  const before = (await areasUpTo(deps.db, alertId, decided.revision - 1)).flatMap((one) => one.codes);
  const codes = leftOut(before, decided.areaCodes, await gridCodesOf(deps.db, alertId, decided.revision));
  const sending = await sendingOf(deps, decided);
  const untilMs = stopUntilMs(sending.nowMs, decided.endTimeMs);
  const key = { alertId, revision: decided.revision - 1, purpose: 'alert', action: 'stop' } as const;
  return issueCommands(
    deps,
    key,
    decided,
    codes.map((areaCode) => ({ areaCode, body: silenceBody(sending, areaCode, 'stop', 'superseded', untilMs), expiresAtMs: untilMs, notAfterMs: untilMs })),
  );
}

/** The stored command that speaks to a place; the first that fits. */
export function commandFor(commands: readonly Command[], gridCode: string): Command | undefined {
  return commands.find((command) => isWithin(command.areaCode, gridCode));
}

/** To one gateway alone. @throws `broker-offline` */
export async function publishTo(deps: DispatchDeps, gatewayId: string, command: Command): Promise<void> {
  await deps.mqtt.publish(topics.gatewayCommand(deps.config.county, gatewayId), command.envelope);
}
