// PostgreSQL as a child process: a fresh cluster in its own folder, reached by password on this machine only.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { stopLeftover } from './leftover.ts';
import { findServer, freeLocalPort, handOver, accountWhenRoot, startServer, type ServerProcess } from './server-process.ts';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';
const SERVER_USER = 'postgres';
const TEST_PASSWORD = 'laba-on-this-machine';

export interface PostgresPlan {
  /** Its own folder; a cluster that is there already is started as it is. */
  dir: string;
  port?: number;
  /** Of the role `laba`, set when the cluster is made; one that is in the source when not given, for tests. */
  password?: string;
  /** False: does not wait for the disk. Only for tests that cut no power. */
  durable?: boolean;
  /** True: it goes also when its starter is killed outright. */
  endsWithStarter?: boolean;
}

export interface PostgresServer extends Pick<ServerProcess, 'logFile' | 'running' | 'stop' | 'signal'> {
  /** `postgres://laba:…@127.0.0.1:PORT/laba`: the role owns the database and may make others. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Stops it at once, if it runs, and starts it on the same port and data. */
  restart(): Promise<void>;
}

/** The folder of PostgreSQL's programs, or undefined. The newest version that this machine has. */
export function findPostgres(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  const program = findServer(
    'initdb',
    versions.map((version) => join(DEBIAN, version, 'bin')),
  );
  return program === undefined ? undefined : dirname(program);
}

/** Makes the cluster when it is not there, and returns when it answers. @throws one line when PostgreSQL is not installed or does not start */
export async function startPostgres(plan: PostgresPlan): Promise<PostgresServer> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  const data = join(plan.dir, 'data');
  const port = plan.port ?? (await freeLocalPort());
  const password = plan.password ?? TEST_PASSWORD;
  await stopLeftover(plan.dir);
  if (!existsSync(join(data, 'PG_VERSION'))) await makeCluster(bin, plan.dir, data, password);
  const start = () => startServer(planOf(bin, plan, data, port));
  let server = await start();
  await makeDatabase(bin, plan.dir, urlOf(port, password, 'postgres'));
  return {
    url: urlOf(port, password, 'laba'),
    port,
    get pid() {
      return server.pid;
    },
    get logFile() {
      return server.logFile;
    },
    get running() {
      return server.running;
    },
    stop: () => server.stop(),
    signal: (signal) => server.signal(signal),
    restart: async () => {
      await server.stop();
      server = await start();
    },
  };
}

const urlOf = (port: number, password: string, database: string) => `postgres://laba:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

async function makeCluster(bin: string, dir: string, data: string, password: string): Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const passwordFile = join(dir, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  // Whole or not at all: one that was cut short is made again.
  const unfinished = `${data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const user = accountWhenRoot(SERVER_USER);
  if (user !== undefined) handOver(dir, user);
  const settings = ['--encoding', 'UTF8', '--locale', 'C', '--username', 'laba', '--pwfile', passwordFile, '--auth', 'scram-sha-256', '--no-sync'];
  await run(join(bin, 'initdb'), ['--pgdata', unfinished, ...settings], { cwd: dir, ...user });
  rmSync(passwordFile);
  renameSync(unfinished, data);
}

async function makeDatabase(bin: string, dir: string, address: string): Promise<void> {
  const made = join(dir, 'made');
  if (existsSync(made)) return;
  const create = run(join(bin, 'createdb'), ['--maintenance-db', address, '--owner', 'laba', 'laba'], { cwd: dir });
  await create.catch((error: unknown) => {
    // A start before this one was killed here.
    if (!String(error).includes('already exists')) throw error;
  });
  writeFileSync(made, '');
}

function planOf(bin: string, plan: PostgresPlan, data: string, port: number) {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    // A socket's path has room for 107 letters only: nothing needs one.
    unix_socket_directories: '',
    max_connections: 200,
    log_min_messages: 'warning',
    ...(plan.durable === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : { fsync: 'on', synchronous_commit: 'on' }),
  };
  return {
    name: 'postgres',
    command: join(bin, 'postgres'),
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    dir: plan.dir,
    port,
    endsWithStarter: plan.endsWithStarter ?? false,
    answers: () => answers(bin, port),
    userWhenRoot: SERVER_USER,
    // Fast: ends its connections and writes everything out.
    stopSignal: 'SIGINT' as const,
  };
}

async function answers(bin: string, port: number): Promise<boolean> {
  if (!(await isOpen(port))) return false;
  await run(join(bin, 'pg_isready'), ['--host', '127.0.0.1', '--port', String(port), '--quiet']);
  return true;
}

function isOpen(port: number): Promise<boolean> {
  const socket = new Socket();
  return new Promise((resolve) => {
    socket.once('error', () => resolve(false));
    socket.connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
