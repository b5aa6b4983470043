// Chapter 3, dispatch: a county out of a backup hears from its devices what it does not know. A device's word never ends or raises
// anything: it is shown, and what the county itself has signed is taken up again.
import type { GatewayHello, TrustedKey } from '@laba/domain/gateway-protocol';
import { isWithin, lineage } from '@laba/domain/grid';
import { LabaError } from '@laba/domain/errors';
import { open } from '@laba/messaging/envelope';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { trustedKeys } from '@laba/storage/keys';
import type { DispatchDeps } from './dispatch-deps.ts';
import { findAlert } from './alert-store.ts';
import { findCommands, insertCommand } from './command-store.ts';
import { writeHeldUpTo, type GatewayFound } from './gateway-store.ts';
import { holdAlert, lastSeq, liftSeq, noteOverElsewhere } from './hold-store.ts';
import { endOfRun } from './report-store.ts';

type Gateway = GatewayFound['gateway'];
type Known = { alertId: string; revision: number };

/** A device that claims more than this is not believed: the numbers could be used up. */
const FARTHEST_SEQ = 100_000_000;

/**
 * Everything a hello says that the county did not know.
 * @returns what the gateway has in force and the county does not hold: to be asked for
 */
export async function hearKnowledge(deps: DispatchDeps, gateway: Gateway, hello: GatewayHello): Promise<Known[]> {
  await followSeq(deps, gateway, hello);
  for (const wire of hello.commands ?? []) await takeUp(deps, gateway, wire);
  for (const over of hello.over ?? []) await hearOver(deps, gateway, over);
  const unknown: Known[] = [];
  for (const { alertId, revision } of hello.inForce ?? []) if (!(await holdsCommand(deps, gateway, alertId, revision))) unknown.push({ alertId, revision });
  return unknown;
}

/** Up to where the reports are held; those the county held once, and lost, are named and not waited for. */
export async function heldAfterLoss(deps: DispatchDeps, gateway: Gateway, hello: GatewayHello, held: number): Promise<number> {
  const told = hello.reportsHeldUpTo ?? 0;
  if (told <= held) return held;
  const nowMs = deps.clock.now();
  const upTo = await endOfRun(deps.db, gateway.id, hello.journalId, told);
  deps.log.warn({ gatewayId: gateway.id, from: held + 1, to: told }, 'reports that the county held once are lost: it is older than this gateway');
  await deps.db.atomically([
    writeHeldUpTo(gateway, hello.journalId, upTo, nowMs),
    ...record(deps.ids, {
      type: 'reports.lost',
      atMs: nowMs,
      who: 'system',
      via: 'mqtt',
      gridCode: gateway.gridCode,
      subjectId: gateway.id,
      data: { journalId: hello.journalId, from: held + 1, to: told },
    }),
  ]);
  return upTo;
}

// Numbers below what devices have heard would hide every gap until they have caught up.
async function followSeq(deps: DispatchDeps, gateway: Gateway, hello: GatewayHello): Promise<void> {
  const { county } = deps.config;
  // What was published is no news: no look at the counter for every gateway of a county that comes back at once.
  if (hello.highestSeq <= (await deps.seqs.of(gateway.gridCode))) return;
  const known = await lastSeq(deps.db, county);
  if (hello.highestSeq <= known) return;
  if (hello.highestSeq > known + FARTHEST_SEQ) {
    deps.log.warn({ gatewayId: gateway.id, highestSeq: hello.highestSeq }, 'a gateway claims a command number that cannot be; ignored');
    return;
  }
  const told = record(deps.ids, {
    type: 'county.behind',
    atMs: deps.clock.now(),
    who: `gateway:${gateway.id}`,
    via: 'mqtt',
    gridCode: gateway.gridCode,
    subjectId: county,
    data: { known, told: hello.highestSeq },
  });
  await deps.db.atomically([liftSeq(county, hello.highestSeq), ...told]);
}

async function hearOver(deps: DispatchDeps, gateway: Gateway, over: NonNullable<GatewayHello['over']>[number]): Promise<void> {
  if (over.reason === 'superseded' || over.reason === 'quietened' || over.reason === 'pre-empted') return;
  const alert = await findAlert(deps.db, over.alertId);
  if (alert?.state !== 'raised' || alert.revision > over.revision) return;
  await once(deps, [
    noteOverElsewhere(over.alertId, over.revision),
    ...record(deps.ids, {
      type: 'alert.over-elsewhere',
      atMs: deps.clock.now(),
      who: `gateway:${gateway.id}`,
      via: 'mqtt',
      gridCode: gateway.gridCode,
      alertId: over.alertId,
      subjectId: over.alertId,
      data: { revision: over.revision, reason: over.reason },
    }),
  ]);
}

async function holdsCommand(deps: DispatchDeps, gateway: Gateway, alertId: string, revision: number): Promise<boolean> {
  const nodes = lineage(gateway.gridCode);
  const commands = await findCommands(deps.db, { alertId, revision, purpose: 'alert', action: 'play' });
  return commands.some((command) => nodes.includes(command.areaCode));
}

/** A command that this county signed and does not hold any more: it is the proof of the alert, which alerting then takes up from it. */
async function takeUp(deps: DispatchDeps, gateway: Gateway, wire: string): Promise<void> {
  const keys: TrustedKey[] = await trustedKeys(deps.db);
  const opened = open(wire, keys, deps.config.county);
  const command = 'refused' in opened || opened.payload.type !== 'command' ? undefined : opened.payload;
  const [areaCode] = command?.body.areaCode ?? [];
  if (command === undefined || areaCode === undefined || command.body.action !== 'play' || command.body.purpose !== 'alert') {
    deps.log.warn({ gatewayId: gateway.id }, 'a gateway showed a command that this county did not sign; ignored');
    return;
  }
  const { alertId, revision, seq } = command;
  const alert = await findAlert(deps.db, alertId);
  if (command.exp * 1000 <= deps.clock.now() || !isWithin(areaCode, gateway.gridCode) || (alert !== undefined && alert.revision > revision)) return;
  if (await holdsCommand(deps, gateway, alertId, revision)) return;
  const nowMs = deps.clock.now();
  await once(deps, [
    insertCommand({
      id: command.commandId,
      alertId,
      revision,
      purpose: 'alert',
      action: 'play',
      areaCode,
      seq,
      envelope: wire,
      notAfterMs: Date.parse(command.body.notAfter),
      expiresAtMs: command.exp * 1000,
      publishedAtMs: command.iat * 1000,
    }),
    holdAlert(alertId, revision),
    ...record(deps.ids, {
      type: 'command.recovered',
      atMs: nowMs,
      who: `gateway:${gateway.id}`,
      via: 'mqtt',
      gridCode: areaCode,
      alertId,
      subjectId: command.commandId,
      data: { revision, areaCode },
      urgent: command.mode === 'live',
    }),
  ]);
}

// Many gateways tell the same; the first one is written down.
async function once(deps: DispatchDeps, ops: readonly Op[]): Promise<void> {
  await deps.db.atomically(ops).catch((error: unknown) => {
    if (!(error instanceof LabaError) || error.code !== 'changed-meanwhile') throw error;
  });
}
