// One process of the clustered profile: started, started again when it dies, stopped in good order.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const AGAIN_MS = 500;
const STOP_MS = 15_000;
const READY_MS = 120_000;
const LOOK_EVERY_MS = 50;
const DEATHS_AT_START = 3;

export interface MemberPlan {
  name: string;
  /** Its HTTP port on this machine. */
  port: number;
  env: Readonly<Record<string, string>>;
  logFile: string;
  /** Whether a death is answered by a new start, as an operator's supervisor does. */
  supervised: boolean;
  /** Told in words when it ended without being told to. */
  say?: (words: string) => void;
}

export class MemberProcess {
  readonly plan: MemberPlan;
  #child: ChildProcess | undefined;
  #stopping = false;
  #again: NodeJS.Timeout | undefined;
  #deaths = 0;

  constructor(plan: MemberPlan) {
    this.plan = plan;
  }

  get name(): string {
    return this.plan.name;
  }

  get pid(): number | undefined {
    return this.running ? this.#child?.pid : undefined;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** How often it ended without being told to. */
  get deaths(): number {
    return this.#deaths;
  }

  start(): void {
    this.#stopping = false;
    const log = openSync(this.plan.logFile, 'a', 0o600);
    const child = spawn(process.execPath, [MAIN, 'start'], {
      env: { ...this.plan.env },
      // It goes when the line to its starter is cut. Its session is its own: Ctrl-C reaches the starter alone, who knows the order.
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    child.once('exit', (code, signal) => this.#ended(child, signal ?? `code ${code}`));
  }

  /** @throws one line when it ends or does not answer in time */
  async untilReady(): Promise<void> {
    const giveUpAt = performance.now() + READY_MS;
    while (!(await this.#answers())) {
      if (this.#stopping) throw new Error(`${this.name} was stopped before it was ready.`);
      const given = this.plan.supervised ? DEATHS_AT_START : 1;
      if (!this.running && this.#deaths >= given) throw new Error(`${this.name} did not start (${this.#lastWords()}): see ${this.plan.logFile}`);
      if (performance.now() > giveUpAt) throw new Error(`${this.name} does not answer: see ${this.plan.logFile}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  signal(signal: NodeJS.Signals): void {
    if (this.running) this.#child?.kill(signal);
  }

  /** SIGTERM, and by force when it does not go. It is not started again. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#again);
    const child = this.#child;
    if (child === undefined || !this.running) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(timer);
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#stopping || child !== this.#child) return;
    this.#deaths += 1;
    this.plan.say?.(`${this.name} ended (${how})${this.plan.supervised ? ' and is started again' : ''}: see ${this.plan.logFile}`);
    if (this.plan.supervised) this.#again = setTimeout(() => this.start(), AGAIN_MS);
  }

  #lastWords(): string {
    return readFileSync(this.plan.logFile, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.plan.port}/livez`, { signal: AbortSignal.timeout(1_000) })).ok;
    } catch {
      return false;
    }
  }
}
