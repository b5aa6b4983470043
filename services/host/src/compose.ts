// THE WIRING: the only place that knows which adapter stands behind which port.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assertEveryEventHasConsumers, type ConsumerName } from '@laba/domain/events';
import { alertingService } from '@laba/alerting/service';
import { consoleService } from '@laba/console/service';
import { openChannels } from '@laba/dispatch/channels/open-channels';
import { dispatchService } from '@laba/dispatch/service';
import { intakeService } from '@laba/intake/service';
import { mobilizationService } from '@laba/mobilization/service';
import { assertSameCounty, houseId } from '@laba/registry/assert-same-county';
import { registryService } from '@laba/registry/service';
import { registrySessions } from '@laba/registry/sessions';
import { sharingService } from '@laba/sharing/service';
import type { Connect } from '@laba/sharing/letters-line';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import type { Channel } from '@laba/runtime/channel';
import { systemClock } from '@laba/runtime/clock';
import { onlyWatches, type Config } from '@laba/runtime/config';
import type { App } from '@laba/runtime/http';
import { Health } from '@laba/runtime/health';
import { HouseClock } from '@laba/runtime/house-clock';
import { Lifecycle } from '@laba/runtime/lifecycle';
import { addGauges } from '@laba/runtime/metrics-gauges';
import { Relay } from '@laba/runtime/relay';
import type { Consumer, Deps, Service, TakenRows } from '@laba/runtime/service';
import { Vault } from '@laba/runtime/vault';
import type { Op } from '@laba/storage/database';
import { databaseIdentity } from '@laba/storage/database-identity';
import { latestEventAtMs } from '@laba/storage/jobs';
import { Watchdog } from '@laba/runtime/watchdog';
import type { OwnedRoute } from './cluster/proxy-conf.ts';
import type { Engines } from './engines.ts';
import { openObserver, type Observer } from './observe.ts';
import { notReacting, onlyWatching } from './only-watch.ts';
import { HouseWatch } from './watch-houses.ts';
import type { World } from './world.ts';
import { addressOf, listen, openApp } from './serve.ts';

export interface House {
  readonly deps: Deps;
  readonly app: App;
  readonly relay: Relay;
  readonly watchdog: Watchdog;
  readonly broker: Engines['broker'];
  /** Every route of this process, and whose it is: what the proxy in front must know. */
  readonly routes: readonly OwnedRoute[];
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The clock of a village's house on a machine of its own. */
  readonly time: HouseClock | undefined;
  /** `http://host:port`, after start. */
  url(): string;
}

/** Opens the engines of the profile and builds every service of this process. Nothing serves before `start`. */
export async function compose(config: Config, world: World): Promise<House> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const vault = Vault.open(config.secretFile ?? join(config.dataDir, 'secret.key'));
  const observer = await openObserver(config);
  const engines = observer.engines(watched(await OPEN[config.profile](config, world), world));
  try {
    const { ids, log } = world;
    const time = await houseClock(config, world, engines);
    const deps = { config, db: engines.db, mqtt: engines.mqtt, vault, clock: time ?? world.clock, ids, log };
    await assertSameCounty(deps);
    const channels = world.channels ?? (await openChannels(config.channelsFile, deps));
    return await build(deps, engines, observer, { ...world, channels }, time);
  } catch (error) {
    await engines.close();
    throw error;
  }
}

// Only a village's house may have been away for hours without a clock; others stand where the time is known.
async function houseClock(config: Config, { clock, machine, log }: World, { db }: Engines): Promise<HouseClock | undefined> {
  if (machine === undefined) return undefined;
  return HouseClock.open({ timers: clock, machine, file: join(config.dataDir, 'clock.json'), newestMs: await latestEventAtMs(db), log });
}

// A house loads the engines of its own profile only: the others cost start-up time and memory.
const OPEN: Record<Config['profile'], (config: Config, world: World) => Promise<Engines>> = {
  embedded: async (config, world) => (await import('./open-embedded.ts')).openEmbedded(config, world),
  clustered: async (config, world) => (await import('./open-clustered.ts')).openClustered(config, world),
  edge: async (config, world) => (await import('./open-embedded.ts')).openEmbedded(config, world),
};

function watched(engines: Engines, { database, queue, line }: World): Engines {
  return {
    ...engines,
    db: database?.(engines.db) ?? engines.db,
    queue: queue?.(engines.queue) ?? engines.queue,
    mqtt: line?.(engines.mqtt) ?? engines.mqtt,
  };
}

async function build(
  deps: Deps,
  engines: Engines,
  observer: Observer,
  world: World & { channels: readonly Channel[] },
  time: HouseClock | undefined,
): Promise<House> {
  const { config, db, clock, ids, log } = deps;
  const { queue } = engines;
  const health = new Health({ db, clock, dataDir: config.dataDir });
  const degraded = () => [
    ...health.degraded(),
    ...engines.degraded(),
    ...(houses?.degraded() ?? []),
    ...services.flatMap((service) => service.degraded?.() ?? []),
    ...watchdog.degraded(),
  ];
  const proofAges = () => Object.assign({}, ...services.map((service) => service.proofAges?.() ?? {})) as Record<string, number | undefined>;
  const houses = watchHouses(deps);
  const sharing = sharingService(deps, {
    connect: linesOf(deps, world),
    onTaken: (rows) => eachHears(services, rows),
    time,
    onSetOn: (sinceMs, byMs) => allSetOn(services, sinceMs, byMs),
  });
  const all: Service[] = [
    registryService(deps, engines.book === undefined ? { disconnect: (gatewayId) => engines.disconnect(gatewayId) } : { book: engines.book }),
    intakeService(deps),
    alertingService(deps),
    dispatchService(deps, { channels: world.channels }),
    mobilizationService(deps),
    sharing,
    consoleService(deps, { degraded, proofAges }),
  ];
  assertEveryEventHasConsumers(new Set(consumersOf(all).keys()));
  const here = all.filter((service) => config.services.some((name) => name === service.name));
  const services = onlyWatches(config) ? here.map(onlyWatching) : here;
  const played = onlyWhileAlone(consumersOf(services), () => sharing.isAlone);
  const consumers = observer.consumers(onlyWatches(config) ? notReacting(played) : played);
  const relay = new Relay({ db, queue, clock, ids, log }, consumers);
  const watchdog = new Watchdog({ db, clock, ids, log, county: config.county, plays: (consumer) => relay.plays(consumer), run: (id) => relay.run(id) });
  const watch = (app: App) => observer.watch(app, engines.boards);
  addGauges(observer.metrics, { db, queue, mqtt: engines.mqtt, watchdog, health, clock, degraded, proofAges });
  const http = { config, db, clock, log, sessions: registrySessions({ db, clock }), degraded, proofAges, ready: () => health.databaseAnswers(), watch };
  const { app, routes } = await openApp(http, services, all);
  const lifecycle = new Lifecycle([
    { name: 'health', start: () => health.start(), stop: () => health.stop() },
    { name: 'queue', stop: () => queue.close() },
    { name: 'relay', start: () => relay.start(), stop: () => relay.stop() },
    ...services,
    ...(houses === undefined ? [] : [{ name: 'houses', start: () => houses.start(), stop: () => houses.stop() }]),
    { name: 'watchdog', start: () => watchdog.start(), stop: () => watchdog.stop() },
    { name: 'http', start: () => listen(app, config), stop: () => app.close() },
  ]);
  // What `compose` opened is closed also when the house never started.
  const stop = async () => {
    await lifecycle.stop();
    await app.close();
    await engines.close();
    await observer.stop();
  };
  return { deps, app, relay, watchdog, broker: engines.broker, routes, time, start: () => lifecycle.start(), stop, url: () => addressOf(app, config) };
}

// The county's own brokers, by which a village's house calls.
function linesOf({ log }: Deps, { line }: World): Connect {
  return (connection) => {
    const mqtt = connectMqtt(connection, { log });
    return line?.(mqtt) ?? mqtt;
  };
}

async function eachHears(services: readonly Service[], rows: TakenRows): Promise<void> {
  for (const service of services) await service.heard?.(rows);
}

async function allSetOn(services: readonly Service[], sinceMs: number, byMs: number): Promise<Op[]> {
  return (await Promise.all(services.map(async (service) => (await service.setOn?.(sinceMs, byMs)) ?? []))).flat();
}

// What a village took over it gives back: the house above runs its own clocks again.
function onlyWhileAlone(consumers: ReadonlyMap<ConsumerName, Consumer>, isAlone: () => boolean): Map<ConsumerName, Consumer> {
  const guarded =
    (consumer: Consumer): Consumer =>
    (job) =>
      job.event.type === 'alert.taken-over' && !isAlone() ? Promise.resolve({}) : consumer(job);
  return new Map([...consumers].map(([name, consumer]) => [name, guarded(consumer)]));
}

// At the embedded broker nobody else can be the county: its account is made by each start. Tests own the time: they beat by hand.
function watchHouses(deps: Deps): HouseWatch | undefined {
  if (deps.config.profile !== 'clustered' || deps.clock !== systemClock) return undefined;
  const self = async () => `${await houseId(deps)}.${await databaseIdentity(deps.db)}`;
  return new HouseWatch({ ...deps, county: deps.config.county, self });
}

function consumersOf(services: readonly Service[]): Map<ConsumerName, Consumer> {
  const consumers = new Map<ConsumerName, Consumer>();
  for (const service of services) {
    for (const [name, consumer] of Object.entries(service.consumers ?? {}) as [ConsumerName, Consumer][]) {
      if (consumers.has(name)) throw new Error(`Two services play ${name}.`);
      consumers.set(name, consumer);
    }
  }
  return consumers;
}
