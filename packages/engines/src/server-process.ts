// The engines of the clustered profile as child processes of one machine: started until they answer, stopped in good order, killed for tests.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { accessSync, chmodSync, chownSync, closeSync, constants, mkdirSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { noteProcess, stopLeftover } from './leftover.ts';

/** How to run one server. */
export interface ServerPlan {
  /** Names the log file and the messages. */
  name: string;
  command: string;
  args: readonly string[];
  /** Its folder: data, configuration and log live here. */
  dir: string;
  /** True once it answers. Asked again and again. */
  answers: () => Promise<boolean>;
  /** A server that refuses to run as root is run as this user when we are root; nothing otherwise. */
  userWhenRoot?: string;
  /** What tells it to stop in good order; SIGTERM when not given. */
  stopSignal?: NodeJS.Signals;
  /** Where it will listen: refused when somebody else does, whose answers would be taken for its own. */
  port?: number;
  /** True: it is told to stop also when the starter is killed outright. Not for what outlives its starter. */
  endsWithStarter?: boolean;
  patienceMs?: number;
}

export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  readonly running: boolean;
  /** Stops it in good order, by force after 10 s. */
  stop(): Promise<void>;
  /** SIGSTOP, SIGCONT, SIGKILL … ; after SIGKILL it resolves when the process is gone. */
  signal(signal: NodeJS.Signals): Promise<void>;
}

const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 25;
const STOP_MS = 10_000;
/** Where servers lie; Debian keeps half of these out of a plain user's PATH. */
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];

/** Starts the server and returns when it answers. @throws one line with the last words of its log when it ends or stays silent */
export async function startServer(plan: ServerPlan): Promise<ServerProcess> {
  mkdirSync(plan.dir, { recursive: true, mode: 0o700 });
  await stopLeftover(plan.dir);
  if (plan.port !== undefined && !(await isFreePort(plan.port))) throw new Error(`${plan.name} did not start: port ${plan.port} is busy.`);
  const user = plan.userWhenRoot === undefined ? undefined : accountWhenRoot(plan.userWhenRoot);
  if (user !== undefined) handOver(plan.dir, user);
  const logFile = join(plan.dir, `${plan.name}.log`);
  const log = openSync(logFile, 'a', 0o600);
  const [command, args] = commandOf(plan);
  // In a session of its own when its starter stops it: Ctrl-C then reaches the starter alone, who knows the order.
  const child = spawn(command, args, { cwd: plan.dir, stdio: ['ignore', log, log], detached: plan.endsWithStarter ?? false, ...user });
  closeSync(log);
  if (child.pid !== undefined) noteProcess(plan.dir, child.pid, plan.stopSignal ?? 'SIGTERM');
  // The starter may end before the server: a test file that started it for the whole run does.
  child.unref();
  const server = new ChildServer(plan, child, logFile);
  try {
    await server.untilItAnswers();
  } catch (error) {
    await server.signal('SIGKILL');
    throw error;
  }
  return server;
}

// The kernel tells it: a starter that is killed outright cannot. A machine without the program (util-linux) is left with what `stopLeftover` does.
function commandOf({ command, args, stopSignal = 'SIGTERM', endsWithStarter = false }: ServerPlan): [string, readonly string[]] {
  const setpriv = endsWithStarter ? findServer('setpriv') : undefined;
  return setpriv === undefined ? [command, args] : [setpriv, ['--pdeathsig', stopSignal.replace('SIG', ''), '--', command, ...args]];
}

class ChildServer implements ServerProcess {
  readonly #plan: ServerPlan;
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly logFile: string;
  #failure: Error | undefined;

  constructor(plan: ServerPlan, child: ChildProcess, logFile: string) {
    this.#plan = plan;
    this.#child = child;
    this.logFile = logFile;
    this.#gone = new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', (error) => {
        this.#failure = error;
        resolve();
      });
    });
  }

  get name(): string {
    return this.#plan.name;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get running(): boolean {
    return this.#failure === undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async untilItAnswers(): Promise<void> {
    const giveUpAt = performance.now() + (this.#plan.patienceMs ?? PATIENCE_MS);
    for (;;) {
      if (!this.running) throw new Error(`${this.name} did not start: ${this.#failure?.message ?? this.#lastWords()}`);
      if (await this.#plan.answers().catch(() => false)) return;
      if (performance.now() > giveUpAt) throw new Error(`${this.name} does not answer: ${this.#lastWords()}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async stop(): Promise<void> {
    // Whoever waits for its end must live to see it.
    this.#child.ref();
    if (this.running) {
      this.#child.kill('SIGCONT');
      this.#child.kill(this.#plan.stopSignal ?? 'SIGTERM');
    }
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.#gone;
    clearTimeout(timer);
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    if (this.running) this.#child.kill(signal);
    if (signal === 'SIGKILL') await this.#gone;
  }

  #lastWords(): string {
    return readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-3).join(' | ') || 'it said nothing';
  }
}

/**
 * Its user must be able to walk down to its folder, also under a parent that was made for us alone.
 * @throws one line when a folder further up is closed, as root's home is
 */
export function handOver(dir: string, user: { uid: number; gid: number }): void {
  for (const path of [dir, ...readdirSync(dir).map((name) => join(dir, name))]) chownSync(path, user.uid, user.gid);
  letThrough(dirname(dir), user);
  for (let above = dirname(dir); above !== dirname(above); above = dirname(above)) {
    if (canWalkThrough(above, user)) continue;
    throw new Error(
      `The engines of a cluster that root starts run as users of their own, and ${above} is closed to them: ` +
        `name a folder elsewhere with LABA_DATA (/var/lib/laba), or start as another user than root.`,
    );
  }
}

// Only what is closed, and only the right to walk: a parent may be anybody's, as the machine's folder for temporary files.
function letThrough(parent: string, user: { uid: number; gid: number }): void {
  if (!canWalkThrough(parent, user)) chmodSync(parent, (statSync(parent).mode & 0o7777) | 0o011);
}

function canWalkThrough(path: string, { uid, gid }: { uid: number; gid: number }): boolean {
  const found = statSync(path);
  const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
  return (found.mode & bit) !== 0;
}

/** The numbers of a user of this machine when we are root; undefined otherwise. */
export function accountWhenRoot(name: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Where the server's program is, or undefined. `folders`: looked through first. */
export function findServer(name: string, folders: readonly string[] = []): string | undefined {
  return [...folders, ...FOLDERS].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether nobody listens there now. */
export function isFreePort(port: number, host = '127.0.0.1'): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

/** Linux takes outgoing ports from 32768 on: a client that calls a dead server's port up there may end up talking to itself, and hold it. */
const PORTS = [12_000, 32_000] as const;
const TRIES = 50;

/** A port of this machine that nobody listens on now. @throws when fifty tries found none */
export async function freeLocalPort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(...PORTS);
    if (await isFreePort(port)) return port;
  }
  throw new Error('No free port was found.');
}
