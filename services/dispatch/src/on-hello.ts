// Chapter 4, speaker: a gateway that (re)connected asks what is going on; the answer depends on nothing a broker remembered.
import type { StopReason } from '@laba/domain/alert';
import { capTime } from '@laba/domain/cap';
import { gatewayHelloSchema, type GatewayHello, type SignedSnapshot } from '@laba/domain/gateway-protocol';
import { lineage } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { sealAnswer, tellGateway } from './answer-gateway.ts';
import { stopUntilMs, commandFor } from './announce.ts';
import { activeCommands, alertsMovedAway, alertsOver, findStops, type OverAlert } from './command-store.ts';
import { hearKnowledge, heldAfterLoss } from './county-behind.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { findGateway } from './gateway-store.ts';
import { endOfRun } from './report-store.ts';
import { heldUpTo, parseJson } from './on-report.ts';

type Tombstone = SignedSnapshot['body']['tombstones'][number];

const REMEMBER_MS = 7 * 86_400_000;
const COMMANDS_PER_SNAPSHOT = 64;
const TOMBSTONES_PER_SNAPSHOT = 512;
/** Topic, MQTT header, signed head and signature around the body. */
const AROUND_BYTES = 2_048;
/** The body goes over the wire as base64url: four bytes for three. */
const BODY_BYTES = Math.floor(((LIMITS.mqttPacketBytes - AROUND_BYTES) * 3) / 4);
const TOMBSTONE_SHARE = 0.5;

export function readHello(payload: Buffer): GatewayHello | undefined {
  return payload.length > LIMITS.mqttPacketBytes ? undefined : gatewayHelloSchema.safeParse(parseJson(payload)).data;
}

/** The reaction to the hello topic: one signed snapshot; what does not fit into it goes out as the signed commands themselves. */
export async function onHello(deps: DispatchDeps, gatewayId: string, hello: GatewayHello): Promise<void> {
  const found = await findGateway(deps.db, gatewayId);
  if (found === undefined || found.gateway.status !== 'active') {
    deps.log.warn({ gatewayId }, 'a hello came from a gateway that is not in service; ignored');
    return;
  }
  const { gateway, status } = found;
  const nodes = lineage(gateway.gridCode);
  const unknown = await hearKnowledge(deps, gateway, hello);
  const held = heldUpTo(status, hello.journalId) ?? (await endOfRun(deps.db, gateway.id, hello.journalId, 0));
  const nowMs = deps.clock.now();
  const graves = [
    ...(await alertsMovedAway(deps.db, nodes, TOMBSTONES_PER_SNAPSHOT)),
    ...(await alertsOver(deps.db, nodes, nowMs - REMEMBER_MS, TOMBSTONES_PER_SNAPSHOT)),
  ];
  const tombstones = fit(
    graves.map((grave) => tombstoneOf(deps, grave, nowMs)),
    BODY_BYTES * TOMBSTONE_SHARE,
    TOMBSTONES_PER_SNAPSHOT,
  );
  const active = (await activeCommands(deps.db, nodes, nowMs)).map((command) => command.envelope);
  const room = BODY_BYTES - sizeOf(tombstones.inside);
  const commands = fit(active, room, COMMANDS_PER_SNAPSHOT);
  const body: SignedSnapshot['body'] = {
    nonce: hello.nonce,
    commands: commands.inside,
    tombstones: tombstones.inside,
    journalId: hello.journalId,
    reportsHeldUpTo: await heldAfterLoss(deps, gateway, hello, held),
    highestSeq: await deps.seqs.of(gateway.gridCode),
    ...(unknown.length === 0 ? {} : { unknown }),
  };
  if (!(await tellGateway(deps, gatewayId, await sealAnswer(deps, gateway, { type: 'snapshot', body })))) return;
  const surplus = [...(await stopsOf(deps, tombstones.outside, gateway.gridCode, nowMs)), ...commands.outside];
  for (const envelope of surplus) if (!(await tellGateway(deps, gatewayId, envelope))) return;
}

// A raised alert that moved away is over here for the revisions before its present one.
function tombstoneOf(deps: DispatchDeps, grave: OverAlert, nowMs: number): Tombstone {
  const isRaised = grave.state === 'raised';
  const until = stopUntilMs(grave.overAtMs ?? nowMs, grave.endTimeMs);
  return {
    alertId: grave.alertId,
    revision: isRaised ? grave.revision - 1 : grave.revision,
    reason: isRaised ? 'superseded' : (grave.state as StopReason),
    until: capTime(until, deps.config.utcOffsetMinutes),
  };
}

function sizeOf(items: readonly unknown[]): number {
  return Buffer.byteLength(JSON.stringify(items));
}

/** Items in their order until the bytes or the number run out. */
function fit<T>(items: readonly T[], bytes: number, most: number): { inside: T[]; outside: T[] } {
  let used = 2;
  let count = 0;
  for (const item of items.slice(0, most)) {
    used += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (used > bytes) break;
    count += 1;
  }
  return { inside: items.slice(0, count), outside: items.slice(count) };
}

/** The stored stops that say the same as tombstones for which there was no room. */
async function stopsOf(deps: DispatchDeps, tombstones: readonly Tombstone[], gridCode: string, nowMs: number): Promise<string[]> {
  const envelopes: string[] = [];
  for (const tombstone of tombstones) {
    const stops = (await findStops(deps.db, tombstone.alertId)).filter((stop) => stop.expiresAtMs > nowMs && stop.revision >= tombstone.revision);
    const stop = commandFor(stops, gridCode);
    if (stop !== undefined) envelopes.push(stop.envelope);
  }
  return envelopes;
}
