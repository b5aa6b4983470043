// The clustered profile on one machine: the engines, two copies of every service, one origin. The same topology as docker-compose.yml.
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findMosquitto, startMosquitto, type MosquittoServer } from '@laba/engines/mosquitto-server';
import { findPostgres, startPostgres, type PostgresServer } from '@laba/engines/postgres-server';
import { findProxy, startProxy } from '@laba/engines/proxy-server';
import { findRedis, startRedis, type RedisServer } from '@laba/engines/redis-server';
import { stopLeftover } from '@laba/engines/leftover';
import { freeLocalPort, isFreePort, type ServerProcess } from '@laba/engines/server-process';
import { ENVIRONMENT, type Config, type ServiceName } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { accountsBefore, accountsFileOf } from '../broker-accounts-file.ts';
import { readHouseFile } from '../house-file.ts';
import { reachable } from '../reachable.ts';
import { openClusterFile, type ClusterFile } from './cluster-file.ts';
import { MemberProcess } from './member-process.ts';
import { proxyConf, type OwnedRoute } from './proxy-conf.ts';
import { TOPOLOGY, upstreamsOf, type Member } from './topology.ts';

export interface ClusterPlan {
  /** The profile is `clustered`; `port` is the origin's, `mqttPort` the broker's (0 takes a free one). The engines' addresses are made here. */
  config: Config;
  /** What every process inherits: PATH and the like. */
  env: Readonly<Record<string, string | undefined>>;
  /** False for tests that kill processes and want them to stay dead. */
  supervised?: boolean;
  /** Told in words what an operator should know: a process that died, engines that were still there. */
  say?: (words: string) => void;
  topology?: readonly Member[];
}

export interface ClusterEngines {
  postgres: PostgresServer;
  redis: RedisServer;
  mosquitto: MosquittoServer;
}

/** Engines that run, and how a house reaches them. */
export class Cluster {
  /** For every process of the house; `services` and `port` are each one's own. */
  readonly config: Config;
  readonly engines: ClusterEngines;
  readonly members = new Map<string, MemberProcess>();
  readonly #plan: ClusterPlan;
  #proxy: ServerProcess | undefined;
  #stopped = false;

  constructor(plan: ClusterPlan, config: Config, engines: ClusterEngines) {
    this.#plan = plan;
    this.config = config;
    this.engines = engines;
  }

  /** Starts every copy and the proxy; returns when all answer. The county must be set up. */
  async start(routes: readonly OwnedRoute[]): Promise<void> {
    const { topology = TOPOLOGY } = this.#plan;
    if (this.#stopped) throw new Error('The cluster was stopped before its processes were started.');
    for (const { name, service } of topology) this.members.set(name, this.#member(name, service, await freeLocalPort()));
    for (const member of this.members.values()) member.start();
    await Promise.all([...this.members.values()].map((member) => member.untilReady()));
    const { host, port, dataDir } = this.config;
    const dir = join(dataDir, 'engines', 'proxy');
    const upstreams = upstreamsOf(topology, (name) => `127.0.0.1:${this.members.get(name)?.plan.port}`);
    this.#proxy = await startProxy({
      dir,
      conf: proxyConf({ listen: `${host}:${port}`, routes, upstreams, dir }),
      url: `http://${reachable(host)}:${port}/livez`,
    });
  }

  get proxy(): ServerProcess | undefined {
    return this.#proxy;
  }

  /** The proxy first, so that nobody is answered half; the engines last. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#proxy?.stop();
    await Promise.all([...this.members.values()].map((member) => member.stop()));
    const { postgres, redis, mosquitto } = this.engines;
    await Promise.all([postgres.stop(), redis.stop(), mosquitto.stop()]);
  }

  #member(name: string, service: ServiceName, port: number): MemberProcess {
    // Twelve processes load the same files: compiled once for all of them.
    const shared = { NODE_COMPILE_CACHE: join(this.config.dataDir, 'compiled') };
    const env = { ...inherited(this.#plan.env), ...shared, ...environmentOf(this.config), SERVICES: service, LABA_PORT: String(port) };
    return new MemberProcess({
      name,
      port,
      env,
      logFile: join(this.config.dataDir, 'logs', `${name}.log`),
      supervised: this.#plan.supervised ?? true,
      say: this.#plan.say ?? (() => {}),
    });
  }
}

/** @throws one line that names the Debian packages when an engine is not installed */
export async function openCluster(plan: ClusterPlan): Promise<Cluster> {
  requireEngines();
  const { dataDir } = plan.config;
  const dir = (name: string) => join(dataDir, 'engines', name);
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  mkdirSync(join(dataDir, 'engines'), { recursive: true });
  // The engines run as users of their own: they may walk through, and read nothing.
  for (const folder of [dataDir, join(dataDir, 'engines')]) chmodSync(folder, 0o711);
  const left = await Promise.all(ENGINES.map((name) => stopLeftover(dir(name))));
  if (left.includes(true)) plan.say?.('the engines of a start that was killed still ran here: stopped');
  const file = await openClusterFile(dataDir, plan.config.mqttPort);
  await refuseBusyPort(plan.config.host, plan.config.port, 'LABA_PORT');
  await refuseBusyPort(plan.config.host, file.brokerPort, 'LABA_MQTT_PORT');
  const started: { stop(): Promise<void> }[] = [];
  const keep = async <E extends { stop(): Promise<void> }>(engine: Promise<E>): Promise<E> => {
    started.push(await engine);
    return engine;
  };
  try {
    const postgres = await keep(startPostgres({ dir: dir('postgres'), port: file.postgresPort, password: file.postgresPassword, endsWithStarter: true }));
    const redis = await keep(startRedis({ dir: dir('redis'), port: file.redisPort, password: file.redisPassword, endsWithStarter: true }));
    const mosquitto = await keep(openBroker({ ...plan.config, databaseUrl: postgres.url }, dir('mosquitto'), file));
    return new Cluster(plan, addressed(plan.config, file, { postgres, redis, mosquitto }), { postgres, redis, mosquitto });
  } catch (error) {
    for (const engine of started.toReversed()) await engine.stop();
    throw error;
  }
}

// A broker that has none of a county's thousand accounts would need minutes to be told them one by one.
async function openBroker(config: Config, dir: string, { brokerPort, brokerPassword }: ClusterFile): Promise<MosquittoServer> {
  const house = readHouseFile(config.dataDir);
  const county = house?.county ?? config.county;
  const broker = { dir, host: config.host, port: brokerPort, county, adminPassword: brokerPassword, endsWithStarter: true };
  if (house?.ready !== true) return startMosquitto(broker);
  const known = { ...config, county, brokerUrl: `mqtt://county:${brokerPassword}@localhost` };
  const { text } = await accountsFileOf(known, silentLog, whole(join(dir, 'dynamic-security.json')));
  return startMosquitto({ ...broker, accounts: text });
}

// What a crash left half would keep Mosquitto from starting: it is made anew.
function whole(file: string): string | undefined {
  try {
    return accountsBefore(file);
  } catch {
    return undefined;
  }
}

function addressed(config: Config, file: ClusterFile, { postgres, redis, mosquitto }: ClusterEngines): Config {
  const host = reachable(config.host);
  // The broker that is started here is told who may connect, and speaks plainly.
  const { brokerHookSecret: _hook, brokerCa: _ca, ...rest } = config;
  return {
    ...rest,
    profile: 'clustered',
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    brokerUrl: mosquitto.url,
    mqttPort: file.brokerPort,
    publicBrokerUrl: config.publicBrokerUrl ?? `mqtt://${host}:${file.brokerPort}`,
    publicUrl: config.publicUrl ?? `http://${host}:${config.port}`,
    trustedProxies: ['127.0.0.1'],
  };
}

/** Their folders under `engines/`, the proxy's too. */
const ENGINES = ['proxy', 'mosquitto', 'redis', 'postgres'] as const;

async function refuseBusyPort(host: string, port: number, name: string): Promise<void> {
  if (!(await isFreePort(port, host))) throw new Error(`Port ${port} is busy: stop the other program or set ${name}.`);
}

const PROGRAMS = [
  [findPostgres, 'postgresql'],
  [findRedis, 'redis-server'],
  [findMosquitto, 'mosquitto'],
  [findProxy, 'nginx'],
] as const;

function requireEngines(): void {
  const missing = PROGRAMS.filter(([find]) => find() === undefined).map(([, debian]) => debian);
  if (missing.length > 0) throw new Error(`The clustered profile needs programs that are not installed here: apt-get install ${missing.join(' ')}`);
}

/** What each process of one machine is told otherwise than the cluster. */
const OWN = { LABA_PROFILE: 'clustered', LABA_HOST: '127.0.0.1' } as const;

/** The environment by which a process of this cluster is told its configuration: every setting there is, so that none can be forgotten. */
export function environmentOf(config: Config): Record<string, string> {
  const given = Object.entries(ENVIRONMENT).flatMap(([name, key]) => {
    const value = config[key];
    return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : String(value)] as const];
  });
  return { ...Object.fromEntries(given), ...OWN };
}

const INHERITED = ['PATH', 'HOME', 'TZ', 'LANG', 'NODE_OPTIONS'];

const inherited = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
