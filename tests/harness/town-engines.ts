// What a town's house stands on: nothing but a folder, or PostgreSQL, Redis and Mosquitto of its own. The stories are the same.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMosquitto } from '@laba/engines/mosquitto-server';
import { startRedis } from '@laba/engines/redis-server';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import type { Config } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { freshDatabaseUrl } from '@laba/storage/postgres.test-kit';
import { COUNTY } from './small-county.ts';

export type Profile = Config['profile'];

/** The profile this test run tells its stories on: the environment of the vitest project says so. */
export const PROFILE: Profile = process.env['LABA_TEST_PROFILE'] === 'clustered' ? 'clustered' : 'embedded';

export interface TownEngines {
  /** What the house is told of them. */
  readonly settings: Partial<Config>;
  /** Resolves when everything that brokers had taken before has been handed on; undefined when that needs no waiting. */
  readonly barrier: (() => Promise<void>) | undefined;
  /** The broker dies and comes back knowing nothing, where it is a server of its own. */
  emptyBroker(): Promise<void>;
  stop(): Promise<void>;
}

const EMBEDDED: TownEngines = { settings: {}, barrier: undefined, emptyBroker: async () => {}, stop: async () => {} };

export async function startTownEngines(): Promise<TownEngines> {
  if (PROFILE === 'embedded') return EMBEDDED;
  const dir = mkdtempSync(join(tmpdir(), 'laba-town-engines-'));
  // Mosquitto runs as a user of its own: it must be able to walk through.
  chmodSync(dir, 0o711);
  const [postgres, redis, mosquitto] = await Promise.all([
    freshDatabaseUrl(),
    startRedis({ dir: join(dir, 'redis') }),
    startMosquitto({ dir: join(dir, 'mosquitto'), county: COUNTY, adminPassword: randomBytes(12).toString('hex') }),
  ]);
  const echo = new BrokerEcho(mosquitto.url);
  return {
    settings: {
      profile: 'clustered',
      databaseUrl: postgres.url,
      redisUrl: redis.url,
      brokerUrl: mosquitto.url,
      publicBrokerUrl: `mqtt://127.0.0.1:${mosquitto.port}`,
      mqttPort: mosquitto.port,
    },
    barrier: () => echo.comesBack(),
    emptyBroker: () => mosquitto.restart({ kill: true, empty: true }),
    async stop() {
      await echo.close();
      await Promise.all([redis.stop(), mosquitto.stop(), postgres.drop()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const PATIENCE_MS = 500;

/** The broker hands messages on in the order it took them: when our own comes back, those before it are in their sockets. */
class BrokerEcho {
  readonly #line: ReturnType<typeof connectMqtt>;
  readonly #topic = `laba/v1/${COUNTY}/echo`;
  readonly #waiting = new Map<string, () => void>();
  #count = 0;

  constructor(url: string) {
    const { username, password, host } = new URL(url);
    this.#line = connectMqtt(
      { url: `mqtt://${host}`, clientId: 'echo', username: decodeURIComponent(username), password: decodeURIComponent(password) },
      { log: silentLog, reconnectMs: 20 },
    );
    void this.#line.subscribe(this.#topic, (_topic, payload) => this.#waiting.get(payload.toString())?.());
  }

  async comesBack(): Promise<void> {
    if (!this.#line.online) return;
    const word = String((this.#count += 1));
    const back = new Promise<void>((resolve) => this.#waiting.set(word, resolve));
    let timer: NodeJS.Timeout | undefined;
    // A broker that dies meanwhile says nothing any more.
    const tired = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
    await Promise.race([
      this.#line.publish(this.#topic, word).then(
        () => back,
        () => {},
      ),
      tired,
    ]);
    clearTimeout(timer);
    this.#waiting.delete(word);
  }

  close(): Promise<void> {
    return this.#line.close();
  }
}
