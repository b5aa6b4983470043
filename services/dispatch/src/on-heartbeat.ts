// Chapter 4, speaker: a gateway says that it is there, or its last will says that it is not.
import { gatewayStateSchema, type GatewayState } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { cleanText } from '@laba/domain/text';
import type { Op } from '@laba/storage/database';
import { fact, record, recordFacts, type NewFact } from '@laba/storage/events';
import { newestBooks } from '@laba/storage/keys';
import { answerHeld } from './answer-gateway.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { playerChange } from './fold-reports.ts';
import { findGateways, writeHeartbeats, writeOffline, type GatewayFound, type GatewayStatus, type Heard } from './gateway-store.ts';
import { heldUpTo, parseJson, type NotTaken } from './on-report.ts';
import { endOfRun } from './report-store.ts';
import { speakersOf, writeSpeakerStatuses, type SpeakerOfGateway, type SpeakerStatus } from './speaker-store.ts';
import { tellKeys } from './tell-keys.ts';

/** Undefined: not a state message. */
export function readState(payload: Buffer): GatewayState | undefined {
  return payload.length > LIMITS.mqttPacketBytes ? undefined : gatewayStateSchema.safeParse(parseJson(payload)).data;
}

/** A gateway's state, as it says it. */
export interface GatewayHeard {
  gatewayId: string;
  state: GatewayState;
}

/**
 * The reaction to the state topic, each gateway once: the gateways' rows, silence or return, their players; who is online is told what
 * is held.
 */
export async function onHeartbeats(deps: DispatchDeps, all: readonly GatewayHeard[]): Promise<NotTaken[]> {
  if (all.length === 0) return [];
  try {
    await takeHeartbeats(deps, all);
    return [];
  } catch (error) {
    if (all.length === 1) return [{ gatewayId: all[0]!.gatewayId, error }];
    const troubles: NotTaken[] = [];
    for (const one of all) troubles.push(...(await onHeartbeats(deps, [one])));
    return troubles;
  }
}

async function takeHeartbeats(deps: DispatchDeps, all: readonly GatewayHeard[]): Promise<void> {
  const ids = all.map((one) => one.gatewayId);
  const found = await findGateways(deps.db, ids);
  const inService = all.flatMap(({ gatewayId, state }) => {
    const known = found.get(gatewayId);
    if (known?.gateway.status === 'active') return [{ ...known, state }];
    deps.log.warn({ gatewayId }, 'a heartbeat came from a gateway that is not in service; ignored');
    return [];
  });
  const gone = inService.filter(({ state }) => state.state !== 'online');
  const online = inService.filter(({ state }) => state.state === 'online');
  await Promise.all([...gone.map(({ status, state }) => onLastWill(deps, status, state)), takeOnline(deps, online)]);
}

async function takeOnline(deps: DispatchDeps, online: readonly (GatewayFound & { state: GatewayState })[]): Promise<void> {
  if (online.length === 0) return;
  const nowMs = deps.clock.now();
  const heard: (Heard & { state: GatewayState })[] = [];
  for (const { gateway, status, state } of online) {
    const reportsHeldUpTo = heldUpTo(status, state.journalId) ?? (await endOfRun(deps.db, gateway.id, state.journalId, 0));
    heard.push({ gateway, journalId: state.journalId, reportsHeldUpTo, state });
    deps.twins.heard(gateway.id, state.run);
  }
  const states = new Map(online.map(({ gateway, state }) => [gateway.id, state]));
  const speakers = await speakersOf(deps.db, [...states.keys()]);
  const players = speakers.flatMap((speaker) => playerOf(nowMs, speaker, states.get(speaker.gatewayId)!));
  const facts = [...online.flatMap((one) => backAgain(nowMs, one)), ...players.flatMap((one) => one.facts)];
  await deps.db.atomically([...writeHeartbeats(heard, nowMs), ...writeSpeakerStatuses(players.map((one) => one.status)), ...recordFacts(deps.ids, facts)]);
  const books = await newestBooks(deps.db);
  await Promise.all(
    heard.map(async (one) => {
      if (await tellKeys(deps, one.gateway.id, one.state.keyBook, books?.for(one.gateway.gridCode)))
        await answerHeld(deps, one.gateway, one.journalId, one.reportsHeldUpTo);
    }),
  );
}

// A site heard for the first time was never silent.
function backAgain(atMs: number, { gateway, status, state }: GatewayFound & { state: GatewayState }): NewFact[] {
  if (status?.online !== false) return [];
  const { id, siteId, gridCode } = gateway;
  return [fact({ type: 'site.back', atMs, who: `gateway:${id}`, via: 'mqtt', gridCode, subjectId: id, data: { siteId, bootCounter: state.bootCounter } })];
}

// A will older than the present boot speaks of a connection that is long gone.
async function onLastWill(deps: DispatchDeps, status: GatewayStatus | null, state: GatewayState): Promise<void> {
  if (status === null || !status.online || state.bootCounter < status.bootCounter) return;
  await deps.db.atomically(silenceOps(deps, status, 'last-will', 'mqtt'));
}

/** The row goes offline with its event, or the commit breaks with `changed-meanwhile` when the gateway was heard since. */
export function silenceOps(
  deps: Pick<DispatchDeps, 'ids' | 'clock'>,
  status: GatewayStatus,
  how: 'last-will' | 'no-heartbeat',
  via: 'mqtt' | 'watchdog',
): Op[] {
  return [
    writeOffline(status),
    ...record(deps.ids, {
      type: 'site.silent',
      atMs: deps.clock.now(),
      who: 'system',
      via,
      gridCode: status.gridCode,
      subjectId: status.gatewayId,
      data: { siteId: status.siteId, how, lastSeenMs: status.lastSeenAtMs },
    }),
  ];
}

function playerOf(nowMs: number, speaker: SpeakerOfGateway, state: GatewayState): { status: SpeakerStatus; facts: NewFact[] }[] {
  const said = state.speakers.find((one) => one.speakerId === speaker.id);
  const before = speaker.status;
  if (said === undefined || (before !== null && before.player === said.player)) return [];
  const reason = said.player === 'failed' ? cleanText(said.reason ?? '') : null;
  const status: SpeakerStatus = {
    ...(before ?? { speakerId: speaker.id, lastReceivedAtMs: null, lastPlayedAtMs: null, lastSoundedAtMs: null }),
    player: said.player,
    reason,
  };
  return [{ status, facts: playerChange(nowMs, speaker.gatewayId, speaker, before, status) }];
}
