// A small county on real processes: the host and the gateways as they run in the field, killed as they die in the field.
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeIds } from '@laba/domain/ids';
import { Client } from '@laba/host/cli/client';
import { openCluster, type Cluster } from '@laba/host/cluster/start-cluster';
import { compose, type House } from '@laba/host/compose';
import { freeLocalPort } from '@laba/engines/server-process';
import { writeHouseFile } from '@laba/host/house-file';
import { newKeyPair } from '@laba/messaging/envelope';
import type { DemoIdentity } from '@laba/host/demo/seed-demo';
import { systemClock } from '@laba/runtime/clock';
import { configSchema, type Config } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { PostgresDatabase } from '@laba/storage/postgres';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import type { Database } from '@laba/storage/database';
import { ChaosProxy } from './chaos-proxy.ts';
import type { Death } from './crashing-host.ts';
import type { History, Trouble } from './invariants.ts';
import { forgetFakeTimeOf } from './fake-time.ts';
import { populate } from './populate.ts';
import { COUNTY, type Pole, type Username } from './small-county.ts';

export const PASSWORD = 'a password for stories only';
const MAIN = fileURLToPath(import.meta.resolve('@laba/host/main'));
const CRASHING = fileURLToPath(new URL('./crashing-host.ts', import.meta.url));
const FLEET = fileURLToPath(import.meta.resolve('@laba/gateway/fleet-process'));
/** Long, for machines that run more than this test. */
/** As long as a slow machine takes; who expects a failure says less. */
const READY_MS = Number(process.env['LABA_TEST_PATIENCE_MS'] ?? 120_000);

export interface PlayLogLine {
  event: 'started' | 'ended';
  speakerId: string;
  alertId: string;
  revision: number;
  purpose: string;
  repeat: number;
  mode: string;
  wav: string;
  startedAt: string;
  outcome?: string;
}

export interface StartOptions {
  /** The host kills itself (SIGKILL) in place of its n-th publish on an area topic, or when its n-th commit is durable and nobody was told. */
  death?: Death;
  /** Put before the host's own command, as strace is. */
  command?: readonly string[];
  env?: Record<string, string>;
  /** False: somebody else waits, because it may die before it answers. */
  waitReady?: boolean;
}

export interface TownOptions {
  /** `clustered`: engines of its own, two copies of every service behind one origin; started by `startCluster`, not by `startHost`. */
  profile?: Config['profile'];
  /** Where the county's data lie, when not in the town's own folder: on a disk with faults. */
  dataDir?: string;
  /** The county's providers of messages. */
  channelsFile?: string;
}

export class RealTown {
  readonly dir = mkdtempSync(join(tmpdir(), 'laba-real-'));
  /** What the county confirmed to this test's own clients. */
  readonly acknowledged: { type: string; subjectId: string }[] = [];
  readonly asked: History['asked'] = [];
  readonly troubles: Trouble[] = [];
  readonly #options: TownOptions;
  readonly #children = new Set<ChildProcess>();
  #isClosed = false;
  #config: Config | undefined;
  #identities: DemoIdentity[] = [];
  #line: ChaosProxy | undefined;
  #cluster: Cluster | undefined;
  #routes: House['routes'] = [];
  #reader: PostgresDatabase | undefined;

  constructor(options: TownOptions = {}) {
    this.#options = options;
  }

  get config(): Config {
    if (this.#config === undefined) throw new Error('The town is not laid out.');
    return this.#config;
  }

  get dataDir(): string {
    return this.#options.dataDir ?? join(this.dir, 'county');
  }

  /** The line between the activity rooms and the county's broker, once `startLine` was called. */
  get line(): ChaosProxy {
    if (this.#line === undefined) throw new Error('The town has no bad line.');
    return this.#line;
  }

  /** From now on gateways that are started reach the broker over a line that can go bad. */
  async startLine(): Promise<ChaosProxy> {
    this.#line = await ChaosProxy.start(this.config.mqttPort);
    return this.#line;
  }

  /** Looks into the county's database as it is on the disk; only while its host runs, or a crash would be mended by the look. */
  async read<R>(look: (db: Database) => Promise<R>): Promise<R> {
    if (this.profile === 'clustered') {
      this.#reader ??= await PostgresDatabase.open(this.config.databaseUrl ?? '');
      return look(this.#reader);
    }
    const db = SqliteDatabase.open(join(this.dataDir, 'laba.db'), HOUSE);
    try {
      return await look(db);
    } finally {
      await db.close();
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.config.port}`;
  }

  get profile(): Config['profile'] {
    return this.#options.profile ?? 'embedded';
  }

  /** The engines and processes of the clustered profile. */
  get cluster(): Cluster {
    if (this.#cluster === undefined) throw new Error('This town is not clustered.');
    return this.#cluster;
  }

  /** Lays out the small county; of its house nothing runs afterwards, of a clustered one its engines do. */
  async layOut(): Promise<this> {
    const [port, mqttPort] = [await freeLocalPort(), await freeLocalPort()];
    this.#config = configSchema.parse({ port, mqttPort, dataDir: this.dataDir, county: COUNTY, logLevel: 'silent', channelsFile: this.#options.channelsFile });
    if (this.profile === 'clustered') {
      // The engines have users of their own, who walk through here.
      chmodSync(this.dir, 0o711);
      this.#cluster = await openCluster({ config: { ...this.#config, profile: 'clustered', logLevel: 'warn' }, env: process.env });
      this.#config = this.#cluster.config;
    }
    const house = await compose(this.#config, { clock: systemClock, ids: makeIds(() => Date.now(), randomBytes), log: silentLog });
    const keys = new Map<string, string>();
    const identities = await populate(house.deps, PASSWORD, (siteId) => {
      const pair = newKeyPair();
      keys.set(siteId, pair.privateKey);
      return pair.publicKey;
    });
    this.#routes = house.routes;
    this.#identities = identities.map((identity) => ({ ...identity, privateKey: keys.get(identity.siteId) ?? '' }));
    await house.stop();
    writeHouseFile(this.dataDir, { county: COUNTY, demo: false, ready: true });
    return this;
  }

  identity(pole: Pole): DemoIdentity {
    const found = this.#identities.find((identity) => identity.speakers.some((speaker) => speaker.speakerId === pole));
    if (found === undefined) throw new Error(`No gateway for ${pole}.`);
    return found;
  }

  get identities(): readonly DemoIdentity[] {
    return this.#identities;
  }

  /** Every copy of every service, and the origin; each is started again when it dies. */
  async startCluster(): Promise<Cluster> {
    await this.cluster.start(this.#routes);
    return this.cluster;
  }

  async startHost(options: StartOptions = {}): Promise<ChildProcess> {
    const env = {
      ...process.env,
      LABA_PORT: String(this.config.port),
      LABA_MQTT_PORT: String(this.config.mqttPort),
      LABA_DATA: this.dataDir,
      LABA_LOG_LEVEL: 'warn',
      ...options.env,
      LABA_TEST_DEATH: JSON.stringify(options.death ?? {}),
      LABA_TEST_DEATH_FILE: this.#deathFile,
    };
    const dies = options.death !== undefined;
    const [command = '', ...args] = [...(options.command ?? []), process.execPath, ...(dies ? [CRASHING] : [MAIN, 'start'])];
    const child = this.#keep(spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }), 'host');
    if (options.waitReady ?? true) await this.untilHostAnswers(child);
    return child;
  }

  /** Tells a host that was started with a `death` when to die, counted from now. */
  decree(host: ChildProcess, death: Death): void {
    writeFileSync(this.#deathFile, JSON.stringify(death));
    host.kill('SIGUSR2');
  }

  get #deathFile(): string {
    return join(this.dir, 'death.json');
  }

  async untilHostAnswers(child: ChildProcess): Promise<void> {
    await this.until('the host answers', async () => {
      if (!isRunning(child)) throw new Error(`The host ended with ${child.exitCode ?? child.signalCode}; ${this.#lastWords()}`);
      return this.answers();
    });
  }

  /** Whether the host says that it is alive. */
  answers(): Promise<boolean> {
    return fetch(`${this.url}/livez`, { signal: AbortSignal.timeout(1_000) }).then(
      (response) => response.ok,
      () => false,
    );
  }

  /** Real gateway code in one process of its own, by the file player; returns when every gateway is connected. */
  async startGateways(
    name: string,
    poles: readonly Pole[],
    options: { command?: readonly string[]; env?: Record<string, string>; deadSpeakers?: string[]; waitReady?: boolean } = {},
  ): Promise<ChildProcess> {
    const plan = {
      identities: poles.map((pole) => ({
        ...this.identity(pole),
        mqttUrl: `mqtt://127.0.0.1:${this.#line?.port ?? this.config.mqttPort}`,
        audioUrl: `${this.url}/audio`,
      })),
      dataDir: join(this.dir, name),
      audioCacheDir: join(this.dir, 'audio'),
      player: 'wav',
      faults: { deadSpeakers: options.deadSpeakers ?? [] },
      parentPid: process.pid,
    };
    const file = join(this.dir, `${name}.plan.json`);
    mkdirSync(join(this.dir, name), { recursive: true });
    writeFileSync(file, JSON.stringify(plan), { mode: 0o600 });
    const env = { ...process.env, ...options.env };
    const child =
      options.command === undefined
        ? fork(FLEET, [file], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
        : spawn(options.command[0]!, [...options.command.slice(1), process.execPath, FLEET, file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    this.#keep(child, name);
    if (options.waitReady ?? true) await this.until(`${name} is ready`, async () => said.includes('"ready"'));
    return child;
  }

  #keep(child: ChildProcess, name: string): ChildProcess {
    if (this.#isClosed) {
      child.kill('SIGKILL');
      throw new Error(`${name} was started after its town was closed: the test ran out of time.`);
    }
    this.#children.add(child);
    const log = createWriteStream(join(this.dir, `${name}.log`), { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.once('exit', () => {
      this.#children.delete(child);
      forgetFakeTimeOf(child.pid);
    });
    return child;
  }

  /** Dies as by power loss. */
  async kill(child: ChildProcess): Promise<void> {
    if (!isRunning(child)) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async officer(username: Username): Promise<Client> {
    const client = new Client(this.url);
    await client.signIn(username, PASSWORD);
    return client;
  }

  /** What the poles wrote down: one line when a sound starts, one when it ends. */
  playLog(name: string): PlayLogLine[] {
    const dir = join(this.dir, name);
    if (!existsSync(dir)) return [];
    const logs = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('play-log.jsonl'));
    return logs.flatMap((file) =>
      readFileSync(join(dir, file), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as PlayLogLine),
    );
  }

  async until(what: string, look: () => Promise<boolean> | boolean, patienceMs = READY_MS): Promise<void> {
    const giveUpAt = performance.now() + patienceMs;
    while (!(await look())) {
      if (performance.now() > giveUpAt) throw new Error(`Waited in vain: ${what}. Logs in ${this.dir}: ${this.#lastWords()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #lastWords(): string {
    return readdirSync(this.dir)
      .filter((name) => name.endsWith('.log'))
      .map((name) => `${name}: ${readFileSync(join(this.dir, name), 'utf8').slice(-600)}`)
      .join('\n');
  }

  /** Ends every process and keeps the folder. */
  async stop(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.kill(child)));
    await this.#line?.close();
    await this.#reader?.close().catch(() => {});
    await this.#cluster?.stop();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
