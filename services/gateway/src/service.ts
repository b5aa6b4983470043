// One gateway from its data folder: the box in the activity room.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { makeIds } from '@laba/domain/ids';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { systemClock, type Clock } from '@laba/runtime/clock';
import type { Log } from '@laba/runtime/log';
import { runFleet } from './fleet.ts';
import { readIdentity } from './identity-file.ts';
import { playerOf } from './players.ts';
import { readPower } from './power-supply.ts';
import { SOFTWARE } from './software.ts';

export interface BoxConfig {
  /** Holds `identity.json`, the spool, the clips and, without a sound card, the sounds. */
  dir: string;
  /** ALSA device; without one, sounds are written as WAV files in real time. */
  device?: string | undefined;
  /** Whether this box keeps the time over a power cut. Default: yes. */
  clockKnown?: boolean | undefined;
  clock?: Clock;
  log: Log;
}

export interface RunningBox {
  readonly gatewayId: string;
  /** `wav` or `aplay:DEVICE`. */
  readonly player: string;
  /** Where sounds and play log are written when the player is `wav`. */
  readonly soundDir: string;
  readonly online: boolean;
  stop(): Promise<void>;
}

/** Resolves when it runs; it connects, and connects again, by itself. @throws when the folder holds no identity */
export async function runGateway(config: BoxConfig): Promise<RunningBox> {
  const clock = config.clock ?? systemClock;
  const soundDir = join(config.dir, 'sounds');
  const player = playerOf(config.device === undefined ? 'wav' : `aplay:${config.device}`, soundDir, clock);
  const fleet = await runFleet({
    identities: [readIdentity(config.dir)],
    dataDir: config.dir,
    audioCacheDir: join(config.dir, 'audio'),
    player,
    clock,
    clockKnown: config.clockKnown ?? true,
    monotonicMs: config.clock === undefined ? () => performance.now() : undefined,
    readPower: () => readPower(),
    ids: makeIds(() => clock.now(), randomBytes),
    log: config.log,
    software: SOFTWARE,
    connect: (connection) => connectMqtt(connection, { log: config.log }),
  });
  const gateway = fleet.gateways[0]!;
  return {
    gatewayId: gateway.id,
    player: player.name,
    soundDir,
    get online() {
      return gateway.online;
    },
    stop: () => fleet.stop(),
  };
}
