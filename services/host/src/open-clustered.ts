// The clustered profile: PostgreSQL, BullMQ on Redis and an MQTT 5 broker, each a server of its own that may come and go.
import { randomBytes } from 'node:crypto';
import { BullmqQueue } from '@laba/messaging/bullmq-queue';
import { MemoryQueue } from '@laba/messaging/memory-queue';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { SpareQueue } from '@laba/messaging/spare-queue';
import { systemClock } from '@laba/runtime/clock';
import type { Config } from '@laba/runtime/config';
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
    const mqtt = connectMqtt(
      {
        url: `${broker.protocol}//${broker.host}`,
        clientId: `county-${randomBytes(6).toString('hex')}`,
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
      boards: bullmq.boards,
      degraded: () => [...bullmq.degraded(), ...clocks.degraded()],
      close: () => closeAll(opened),
    };
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}
