// Redis for one machine: memory only, behind a password, never evicting; the queue's engine of the clustered profile.
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findServer, freeLocalPort, startServer, type ServerProcess } from './server-process.ts';

export interface RedisPlan {
  dir: string;
  /** A free one when not given. */
  port?: number;
  /** A random one when not given. */
  password?: string;
  /** Lines of redis.conf that take the place of ours, by name. */
  settings?: Readonly<Record<string, string>>;
  /** True: it goes also when its starter is killed outright. */
  endsWithStarter?: boolean;
}

export interface RedisServer {
  /** `redis://:password@127.0.0.1:port/0` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly running: boolean;
  stop(): Promise<void>;
  /** SIGSTOP, SIGCONT, SIGKILL … */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Ended in good order and started again at the same address. It comes back empty. */
  restart(): Promise<void>;
}

const ANSWER_MS = 1_000;

// Jobs are rows of the database: what Redis forgets is pushed again, so it writes nothing to the disk.
const SETTINGS: Readonly<Record<string, string>> = {
  bind: '127.0.0.1',
  'protected-mode': 'yes',
  save: '""',
  appendonly: 'no',
  'maxmemory-policy': 'noeviction',
  'tcp-keepalive': '60',
};

/** The program, or undefined where it is not installed. */
export function findRedis(): string | undefined {
  return findServer('redis-server');
}

/** @throws one line when it is not installed or does not start */
export async function startRedis(plan: RedisPlan): Promise<RedisServer> {
  const command = findRedis();
  if (command === undefined) throw new Error('redis-server is not installed: install the package redis-server.');
  const port = plan.port ?? (await freeLocalPort());
  const password = plan.password ?? randomBytes(16).toString('hex');
  mkdirSync(plan.dir, { recursive: true, mode: 0o700 });
  // A file and not arguments: those could be read by every user of the machine.
  const file = join(plan.dir, 'redis.conf');
  const lines = Object.entries({ port: String(port), dir: plan.dir, requirepass: password, ...SETTINGS, ...plan.settings });
  writeFileSync(file, lines.map(([name, value]) => `${name} ${value}\n`).join(''), { mode: 0o600 });
  const { dir, endsWithStarter = false } = plan;
  const start = () => startServer({ name: 'redis', command, args: [file], dir, port, endsWithStarter, answers: () => answersAt(port) });
  return new LocalRedis(port, password, await start(), start);
}

class LocalRedis implements RedisServer {
  readonly url: string;
  readonly port: number;
  readonly #start: () => Promise<ServerProcess>;
  #server: ServerProcess;

  constructor(port: number, password: string, server: ServerProcess, start: () => Promise<ServerProcess>) {
    this.port = port;
    this.url = `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}/0`;
    this.#server = server;
    this.#start = start;
  }

  get pid(): number {
    return this.#server.pid;
  }

  get running(): boolean {
    return this.#server.running;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  signal(signal: NodeJS.Signals): Promise<void> {
    return this.#server.signal(signal);
  }

  async restart(): Promise<void> {
    await this.#server.stop();
    this.#server = await this.#start();
  }
}

// Any answer will do, also the one that a password is missing.
function answersAt(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(ANSWER_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('data', () => end(true));
    socket.once('connect', () => socket.write('PING\r\n'));
  });
}
