// Chapter 4, speaker: a gateway says that it is there, or its last will says that it is not.
import { gatewayStateSchema, type GatewayState } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { cleanText } from '@laba/domain/text';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { answerHeld } from './answer-gateway.ts';
import { findGateway, writeHeartbeat, writeOffline, type GatewayStatus } from './gateway-store.ts';
import { endOfRun } from './report-store.ts';
import { speakersOf, writeSpeakerStatus, type SpeakerOfGateway, type SpeakerStatus } from './speaker-store.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { heldUpTo, parseJson, recordPlayerChange } from './on-report.ts';

/** Undefined: not a state message. */
export function readState(payload: Buffer): GatewayState | undefined {
  return payload.length > LIMITS.mqttPacketBytes ? undefined : gatewayStateSchema.safeParse(parseJson(payload)).data;
}

/** The reaction to the state topic: the gateway's row, silence or return, its players; an online gateway is told what is held. */
export async function onHeartbeat(deps: DispatchDeps, gatewayId: string, state: GatewayState): Promise<void> {
  const found = await findGateway(deps.db, gatewayId);
  if (found === undefined || found.gateway.status !== 'active') {
    deps.log.warn({ gatewayId }, 'a heartbeat came from a gateway that is not in service; ignored');
    return;
  }
  const { gateway, status } = found;
  if (state.state !== 'online') return onLastWill(deps, status, state);
  const nowMs = deps.clock.now();
  const held = heldUpTo(status, state.journalId) ?? (await endOfRun(deps.db, gatewayId, state.journalId, 0));
  const ops: Op[] = [writeHeartbeat(gateway, state, held, nowMs)];
  // A site heard for the first time was never silent.
  if (status?.online === false) {
    ops.push(
      ...record(deps.ids, {
        type: 'site.back',
        atMs: nowMs,
        who: `gateway:${gatewayId}`,
        via: 'mqtt',
        gridCode: gateway.gridCode,
        subjectId: gatewayId,
        data: { siteId: gateway.siteId, bootCounter: state.bootCounter },
      }),
    );
  }
  for (const speaker of await speakersOf(deps.db, gatewayId)) ops.push(...playerOps(deps, nowMs, gatewayId, speaker, state));
  await deps.db.atomically(ops);
  await answerHeld(deps, gateway, state.journalId, held);
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

function playerOps(deps: DispatchDeps, nowMs: number, gatewayId: string, speaker: SpeakerOfGateway, state: GatewayState): Op[] {
  const said = state.speakers.find((one) => one.speakerId === speaker.id);
  const before = speaker.status;
  if (said === undefined || (before !== null && before.player === said.player)) return [];
  const reason = said.player === 'failed' ? cleanText(said.reason ?? '') : null;
  const after: SpeakerStatus = {
    ...(before ?? { speakerId: speaker.id, lastReceivedAtMs: null, lastPlayedAtMs: null, lastSoundedAtMs: null }),
    player: said.player,
    reason,
  };
  return [writeSpeakerStatus(after), ...recordPlayerChange(deps, nowMs, gatewayId, speaker, before, after)];
}
