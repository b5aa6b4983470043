// Many gateways in one process: each its own identity, line and rules; one spool file, one voice, one group commit for all.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayIdentity } from '@laba/domain/gateway-protocol';
import type { Ids } from '@laba/domain/ids';
import type { Mqtt, MqttConnection } from '@laba/messaging/mqtt';
import type { Clock } from '@laba/runtime/clock';
import type { Log } from '@laba/runtime/log';
import { SqliteDatabase } from '@laba/storage/sqlite';
import { clipsOver } from './clips.ts';
import { createGateway, type Gateway, type GatewayDeps } from './gateway.ts';
import { makeVoice } from './make-voice.ts';
import type { Player } from './player.ts';
import { SPOOL } from './spool-tables.ts';

/** A broker lets only so many strangers in at once from one address; a few fleets must fit beside each other. */
const CONNECTING_AT_ONCE = 3;
const CONNECT_MS = 10_000;

export interface FleetDeps {
  identities: readonly GatewayIdentity[];
  /** Holds `spool.db`. */
  dataDir: string;
  audioCacheDir: string;
  player: Player;
  connect: (connection: MqttConnection) => Mqtt;
  clock: Clock;
  clockKnown?: boolean;
  /** As of a gateway. */
  monotonicMs?: (() => number) | undefined;
  /** As of a gateway. */
  readPower?: GatewayDeps['readPower'];
  ids: Ids;
  log: Log;
  software: string;
  /** How long a gateway's line is waited for before the next one begins; a box of its own does not wait at all. */
  connectMs?: number;
}

export interface Fleet {
  readonly gateways: readonly Gateway[];
  stop(): Promise<void>;
}

/** Resolves when every gateway was started and given time to connect; those that could not go on trying. */
export async function runFleet(deps: FleetDeps): Promise<Fleet> {
  mkdirSync(deps.dataDir, { recursive: true, mode: 0o700 });
  const spool = SqliteDatabase.open(join(deps.dataDir, 'spool.db'), SPOOL);
  const voices = new Map<string, ReturnType<typeof makeVoice>>();
  const voiceOf = (audioUrl: string) => {
    const voice =
      voices.get(audioUrl) ??
      makeVoice({ cacheDir: deps.audioCacheDir, fetchClip: clipsOver(audioUrl, deps.clock), clock: deps.clock, ids: deps.ids, log: deps.log });
    voices.set(audioUrl, voice);
    return voice;
  };
  const keys = shared();
  const gateways = deps.identities.map((identity) =>
    createGateway({ ...deps, identity: { ...identity, keys: keys(identity.keys) }, spool, voice: voiceOf(identity.audioUrl) }),
  );
  const waiting = [...gateways];
  const startSome = async () => {
    for (let gateway = waiting.shift(); gateway !== undefined; gateway = waiting.shift()) {
      await gateway.start();
      await online(gateway, deps.clock, deps.connectMs ?? CONNECT_MS);
    }
  };
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, startSome));
  return {
    gateways,
    stop: async () => {
      await Promise.all(gateways.map((gateway) => gateway.stop()));
      await spool.close();
    },
  };
}

// The same keys in memory once, not once per gateway.
function shared(): (keys: GatewayIdentity['keys']) => GatewayIdentity['keys'] {
  const known = new Map<string, GatewayIdentity['keys']>();
  return (keys) => {
    const name = JSON.stringify(keys);
    const same = known.get(name) ?? keys;
    known.set(name, same);
    return same;
  };
}

function online(gateway: Gateway, clock: Clock, mostMs: number): Promise<void> {
  if (gateway.online) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      forget();
      resolve();
    };
    const cancel = clock.after(mostMs, done);
    const forget = gateway.onLine((up) => (up ? done() : undefined));
  });
}
