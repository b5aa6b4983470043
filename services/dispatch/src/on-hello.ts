// Chapter 4, speaker: a gateway that (re)connected asks what is going on; the answer depends on nothing a broker remembered.
import type { StopReason } from '@laba/domain/alert';
import { capTime } from '@laba/domain/cap';
import { gatewayHelloSchema, type GatewayHello, type SignedSnapshot } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { waitsUpToMs } from '@laba/runtime/clock';
import { newestBooks, type Book } from '@laba/storage/keys';
import { sealAnswer, tellGateway } from './answer-gateway.ts';
import { stopUntilMs, commandFor } from './announce.ts';
import { findStops, waitingWords, type OverAlert } from './command-store.ts';
import { hearKnowledge, heldAfterLoss } from './county-behind.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { findGateways, type GatewayFound } from './gateway-store.ts';
import { lookAround, type GoingOn } from './going-on.ts';
import { heldUpTo, parseJson, type NotTaken } from './on-report.ts';
import { endOfRun } from './report-store.ts';
import { bookProof, tellKeys } from './tell-keys.ts';

type Tombstone = SignedSnapshot['body']['tombstones'][number];

const COMMANDS_PER_SNAPSHOT = 64;
const TOMBSTONES_PER_SNAPSHOT = 512;
/** What has no room in the snapshot is told by the stored stops. */
const GRAVES_TOLD = 1_024;
/** Topic, MQTT header, signed head and signature around the body. */
const AROUND_BYTES = 2_048;
/** The body goes over the wire as base64url: four bytes for three. */
const BODY_BYTES = Math.floor(((LIMITS.mqttPacketBytes - AROUND_BYTES) * 3) / 4);
const TOMBSTONE_SHARE = 0.5;

export function readHello(payload: Buffer): GatewayHello | undefined {
  return payload.length > LIMITS.mqttPacketBytes ? undefined : gatewayHelloSchema.safeParse(parseJson(payload)).data;
}

/** What one gateway asks. */
export interface GatewayAsks {
  gatewayId: string;
  hello: GatewayHello;
}

interface Asking extends GatewayAsks, GatewayFound {
  unknown: Awaited<ReturnType<typeof hearKnowledge>>;
}

/** The reaction to the hello topic, each gateway once: one signed snapshot for each. What they know is heard before anything is told. */
export async function onHellos(deps: DispatchDeps, all: readonly GatewayAsks[]): Promise<NotTaken[]> {
  if (all.length === 0) return [];
  const troubles: NotTaken[] = [];
  const asking = await each(await inService(deps, all), troubles, async (one) => ({ ...one, unknown: await hearKnowledge(deps, one.gateway, one.hello) }));
  const nowMs = deps.clock.now();
  const [goingOn, words] = await Promise.all([
    lookAround(
      deps.db,
      asking.map(({ gateway }) => gateway.gridCode),
      { nowMs, waitsUpToMs: waitsUpToMs(deps.clock) },
    ),
    waitingWords(
      deps.db,
      asking.map(({ gateway }) => gateway.id),
      nowMs,
    ),
  ]);
  // After everything else that is told: no key that a newer book revokes is vouched for.
  const books = await newestBooks(deps.db);
  await each(asking, troubles, (one) => answerHello(deps, one, goingOn(one.gateway.gridCode), books?.for(one.gateway.gridCode), words.get(one.gateway.id)));
  return troubles;
}

async function inService(deps: DispatchDeps, all: readonly GatewayAsks[]): Promise<(GatewayAsks & GatewayFound)[]> {
  const found = await findGateways(
    deps.db,
    all.map((one) => one.gatewayId),
  );
  return all.flatMap((one) => {
    const known = found.get(one.gatewayId);
    if (known?.gateway.status === 'active') return [{ ...one, ...known }];
    deps.log.warn({ gatewayId: one.gatewayId }, 'a hello came from a gateway that is not in service; ignored');
    return [];
  });
}

// One gateway's trouble is not another's.
async function each<T extends { gatewayId: string }, R>(all: readonly T[], troubles: NotTaken[], act: (one: T) => Promise<R>): Promise<R[]> {
  const done = all.map(async (one) => {
    try {
      return [await act(one)];
    } catch (error) {
      troubles.push({ gatewayId: one.gatewayId, error });
      return [];
    }
  });
  return (await Promise.all(done)).flat();
}

/** The keys, then one snapshot; what does not fit into it goes out as the signed commands themselves. */
async function answerHello(
  deps: DispatchDeps,
  { gateway, status, hello, unknown }: Asking,
  { active, graves }: GoingOn,
  book: Book | undefined,
  words: readonly string[] = [],
): Promise<void> {
  if (!(await tellKeys(deps, gateway.id, hello.keyBook, book))) return;
  const held = heldUpTo(status, hello.journalId) ?? (await endOfRun(deps.db, gateway.id, hello.journalId, 0));
  const nowMs = deps.clock.now();
  const tombstones = fit(
    graves.slice(0, GRAVES_TOLD).map((grave) => tombstoneOf(deps, grave, nowMs)),
    BODY_BYTES * TOMBSTONE_SHARE,
    TOMBSTONES_PER_SNAPSHOT,
  );
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
    ...bookProof(deps, gateway.id, hello, book),
  };
  if (!(await tellGateway(deps, gateway.id, await sealAnswer(deps, gateway, { type: 'snapshot', body })))) return;
  // A village's word does not end what a wider key signed: there the county's own stops are told again.
  const byStops = deps.config.node === undefined ? tombstones.outside : [...tombstones.inside, ...tombstones.outside];
  const surplus = [...(await stopsOf(deps, byStops, gateway.gridCode, nowMs)), ...commands.outside, ...words];
  for (const envelope of surplus) if (!(await tellGateway(deps, gateway.id, envelope))) return;
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
