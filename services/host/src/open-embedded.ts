// The embedded profile: SQLite, a queue in memory and a broker, all in this process; nothing to install.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startEmbeddedBroker, type Authenticate, type EmbeddedBroker } from '@laba/messaging/embedded-broker';
import { MemoryQueue } from '@laba/messaging/memory-queue';
import type { Mqtt } from '@laba/messaging/mqtt';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { gatewayPrincipal } from '@laba/registry/broker-auth';
import type { Config } from '@laba/runtime/config';
import type { Part } from '@laba/runtime/lifecycle';
import { sameSecret } from '@laba/runtime/vault';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { closeAll, type Engines } from './engines.ts';
import type { World } from './world.ts';
import { reachable } from './reachable.ts';

const COUNTY_CLIENT = 'county';

/** @throws one line when the folder, the file or a port cannot be used */
export async function openEmbedded(config: Config, world: World): Promise<Engines> {
  const db = SqliteDatabase.open(join(config.dataDir, 'laba.db'), HOUSE, world);
  const opened: Part[] = [{ name: 'database', stop: () => db.close() }];
  try {
    const { broker, mqtt } = await openBroker(config, world, db);
    opened.push({ name: 'broker', stop: () => broker.close() }, { name: 'mqtt', stop: () => mqtt.close() });
    return {
      db,
      queue: new MemoryQueue((ms) => world.clock.sleep(ms)),
      mqtt,
      broker,
      disconnect: (gatewayId) => broker.disconnect(gatewayId),
      degraded: () => [],
      close: () => closeAll(opened),
    };
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

async function openBroker(config: Config, world: World, db: SqliteDatabase): Promise<{ broker: EmbeddedBroker; mqtt: Mqtt }> {
  const password = randomBytes(32).toString('base64url');
  const devices = gatewayPrincipal({ db, config });
  const authenticate: Authenticate = async (clientId, username, given) => {
    if (clientId !== COUNTY_CLIENT) return devices(clientId, username, given);
    if (username !== COUNTY_CLIENT || !sameSecret(given, password)) return undefined;
    const own = (topic: string) => topic.startsWith(`laba/v1/${config.county}/`);
    return { clientId, mayPublish: (topic, retain) => !retain && own(topic), maySubscribe: own };
  };
  const broker = await startEmbeddedBroker({ host: config.host, port: config.mqttPort, authenticate, log: world.log });
  const mqtt = connectMqtt(
    { url: `mqtt://${reachable(config.host)}:${broker.port}`, clientId: COUNTY_CLIENT, username: COUNTY_CLIENT, password },
    { log: world.log },
  );
  return { broker, mqtt };
}
