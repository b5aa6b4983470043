// The clustered profile: PostgreSQL, BullMQ on Redis and an MQTT 5 broker, each a server of its own that may come and go.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BullmqQueue } from '@laba/messaging/bullmq-queue';
import { DynamicSecurity } from '@laba/messaging/dynamic-security';
import { MemoryQueue } from '@laba/messaging/memory-queue';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { SpareQueue } from '@laba/messaging/spare-queue';
import { systemClock } from '@laba/runtime/clock';
import { SERVICES, type Config } from '@laba/runtime/config';
import type { Part } from '@laba/runtime/lifecycle';
import { databaseNowMs } from '@laba/storage/database-clock';
import { PostgresDatabase } from '@laba/storage/postgres';
import { whenThere } from './wait-for-engine.ts';
import { ClockWatch } from './watch-clocks.ts';
import { closeAll, type Engines } from './engines.ts';
import type { World } from './world.ts';

const MQTT_PORT = 1883;

/** @throws one line that names the engine and what to do: absent, wrong password, too old, wrongly set */
export async function openClustered(config: Config, { clock, log, mayLoseCommits = false }: World): Promise<Engines> {
  const { databaseUrl = '', redisUrl = '', brokerUrl = '' } = config;
  const db = await whenThere(clock, log, () => PostgresDatabase.open(databaseUrl, undefined, { log, mayLoseCommits }));
  const opened: Part[] = [{ name: 'database', stop: () => db.close() }];
  try {
    const bullmq = await whenThere(clock, log, () => BullmqQueue.open({ url: redisUrl, log, prefix: `laba-${config.county}` }));
    const queue = new SpareQueue(bullmq, new MemoryQueue((ms) => clock.sleep(ms)));
    // The queue is closed by the house's own lifecycle, before what its handlers need; here for a house that never started.
    opened.push({ name: 'queue', stop: () => queue.close() });
    const broker = new URL(brokerUrl);
    const clientId = lineName(config);
    const mqtt = connectMqtt(
      {
        url: `${broker.protocol}//${broker.host}`,
        clientId,
        ...(config.brokerCa === undefined ? {} : { ca: readCa(config.brokerCa) }),
        username: decodeURIComponent(broker.username),
        password: decodeURIComponent(broker.password),
        version: 5,
      },
      { log },
    );
    opened.push({ name: 'mqtt', stop: () => mqtt.close() });
    const clocks = new ClockWatch({ clock, log, databaseNowMs: () => databaseNowMs(db) });
    opened.push({ name: 'clocks', stop: async () => clocks.stop() });
    // Tests own the time; the database's is the machine's.
    if (clock === systemClock) await clocks.start();
    return {
      db,
      queue,
      mqtt,
      broker: { port: Number(broker.port || MQTT_PORT), connections: undefined },
      disconnect: async () => {},
      // A broker that asks us over HTTP has no accounts of its own.
      ...(config.brokerHookSecret === undefined ? { book: new DynamicSecurity(mqtt, clientId) } : {}),
      boards: bullmq.boards,
      degraded: () => [...bullmq.degraded(), ...clocks.degraded()],
      close: () => closeAll(opened),
    };
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

// No two processes share a name at the broker: each would push the other out.
function lineName({ services }: Config): string {
  const plays = services.length === SERVICES.length ? 'house' : services.join('-').slice(0, 40);
  return `county-${plays}-${randomBytes(6).toString('hex')}`;
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`LABA_BROKER_CA: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error });
  }
}
