// THE WIRING: the only place that knows which adapter stands behind which port.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assertEveryEventHasConsumers, type ConsumerName } from '@laba/domain/events';
import type { Ids } from '@laba/domain/ids';
import { alertingService } from '@laba/alerting/service';
import { consoleService } from '@laba/console/service';
import { dispatchService } from '@laba/dispatch/service';
import { intakeService } from '@laba/intake/service';
import { startEmbeddedBroker, type Authenticate, type EmbeddedBroker } from '@laba/messaging/embedded-broker';
import { MemoryQueue } from '@laba/messaging/memory-queue';
import type { Mqtt } from '@laba/messaging/mqtt';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { mobilizationService } from '@laba/mobilization/service';
import { gatewayPrincipal } from '@laba/registry/broker-auth';
import { registryService } from '@laba/registry/service';
import { registrySessions } from '@laba/registry/sessions';
import type { Clock } from '@laba/runtime/clock';
import type { Config } from '@laba/runtime/config';
import { createApp, type App } from '@laba/runtime/http';
import { Lifecycle, type Part } from '@laba/runtime/lifecycle';
import type { Log } from '@laba/runtime/log';
import { Relay } from '@laba/runtime/relay';
import type { Consumer, Deps, Service } from '@laba/runtime/service';
import { sameSecret, Vault } from '@laba/runtime/vault';
import { Watchdog } from '@laba/runtime/watchdog';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { asyncApiRoute } from './asyncapi-route.ts';
import { reachable } from './reachable.ts';

/** What the house takes from outside: time, identifiers, a place to log. Tests bring their own. */
export interface World {
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Stands between the house and its line to the broker; failure tests cut it at exact moments. */
  line?: (mqtt: Mqtt) => Mqtt;
}

export interface House {
  readonly deps: Deps;
  readonly app: App;
  readonly relay: Relay;
  readonly watchdog: Watchdog;
  readonly broker: EmbeddedBroker;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** `http://host:port`, after start. */
  url(): string;
}

const COUNTY_CLIENT = 'county';

/** Opens the database, the broker and the line to it, and builds every service. Nothing serves before `start`. */
export async function compose(config: Config, world: World): Promise<House> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const vault = Vault.open(join(config.dataDir, 'secret.key'));
  const db = SqliteDatabase.open(join(config.dataDir, 'laba.db'), HOUSE);
  const opened: Part[] = [{ name: 'database', stop: () => db.close() }];
  try {
    const { broker, mqtt } = await openBroker(config, world, db);
    opened.push({ name: 'broker', stop: () => broker.close() }, { name: 'mqtt', stop: () => mqtt.close() });
    const { clock, ids, log, line } = world;
    return await build({ config, db, mqtt: line?.(mqtt) ?? mqtt, vault, clock, ids, log }, broker, opened);
  } catch (error) {
    await close(opened);
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

async function build(deps: Deps, broker: EmbeddedBroker, opened: readonly Part[]): Promise<House> {
  const { config, db, clock, ids, log } = deps;
  const degraded = () => [...services.flatMap((service) => service.degraded?.() ?? []), ...watchdog.degraded()];
  const services: Service[] = [
    registryService(deps, { disconnect: (gatewayId) => broker.disconnect(gatewayId) }),
    intakeService(deps),
    alertingService(deps),
    dispatchService(deps),
    mobilizationService(deps),
    consoleService(deps, { degraded }),
  ];
  const consumers = consumersOf(services);
  const queue = new MemoryQueue((ms) => clock.sleep(ms));
  const relay = new Relay({ db, queue, clock, ids, log }, consumers);
  const watchdog = new Watchdog({ db, clock, ids, log, county: config.county, run: (id) => relay.run(id) });
  const app = await createApp({ config, db, clock, log, sessions: registrySessions({ db, clock }), degraded });
  for (const service of services) service.routes?.(app);
  asyncApiRoute(app);
  const lifecycle = new Lifecycle([
    { name: 'queue', stop: () => queue.close() },
    { name: 'relay', start: () => relay.start(), stop: () => relay.stop() },
    ...services,
    { name: 'watchdog', start: () => watchdog.start(), stop: () => watchdog.stop() },
    { name: 'http', start: () => listen(app, config), stop: () => app.close() },
  ]);
  // What `compose` opened is closed also when the house never started.
  const stop = async () => {
    await lifecycle.stop();
    await close(opened);
  };
  return { deps, app, relay, watchdog, broker, start: () => lifecycle.start(), stop, url: () => addressOf(app, config) };
}

async function close(opened: readonly Part[]): Promise<void> {
  for (const part of opened.toReversed()) await part.stop?.();
}

function consumersOf(services: readonly Service[]): Map<ConsumerName, Consumer> {
  const consumers = new Map<ConsumerName, Consumer>();
  for (const service of services) {
    for (const [name, consumer] of Object.entries(service.consumers ?? {}) as [ConsumerName, Consumer][]) {
      if (consumers.has(name)) throw new Error(`Two services play ${name}.`);
      consumers.set(name, consumer);
    }
  }
  assertEveryEventHasConsumers(new Set(consumers.keys()));
  return consumers;
}

async function listen(app: App, config: Config): Promise<void> {
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw new Error(`Port ${config.port} is busy: stop the other program or set LABA_PORT.`);
    if (code === 'EACCES') throw new Error(`No right to listen on port ${config.port}: choose one above 1023 with LABA_PORT.`);
    throw error;
  }
}

function addressOf(app: App, config: Config): string {
  const address = app.server.address();
  const port = address !== null && typeof address === 'object' ? address.port : config.port;
  return config.publicUrl ?? `http://${reachable(config.host)}:${port}`;
}
