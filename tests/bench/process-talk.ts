// How the bench talks with the processes it measures: one question, one answer, over Node's own channel.
import { fork, type ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { BenchGateway } from './bench-county.ts';

export type SimulatorTask =
  | { do: 'connect'; port: number; county: string; gateways: BenchGateway[]; greets: boolean }
  | { do: 'reconnect' }
  | { do: 'disconnect' };

/** ms since 1970 with fractions; the same clock in every process of one machine. */
export const now = () => performance.timeOrigin + performance.now();

/** In a measured process: answers each task, errors included. */
export function answerTo<T>(handle: (task: T) => Promise<unknown>): void {
  process.on('message', (asked: { id: number; task: T }) => {
    handle(asked.task).then(
      (answer) => process.send?.({ id: asked.id, answer }),
      (error: unknown) => process.send?.({ id: asked.id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}

interface Answer {
  id: number;
  answer?: unknown;
  error?: string;
}

/** A process that the bench started. */
export class Measured {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  #next = 1;

  /** `file`: beside this one. */
  constructor(file: string, execArgv: readonly string[] = []) {
    this.#child = fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: [...execArgv], serialization: 'advanced' });
    this.#child.on('message', ({ id, answer, error }: Answer) => {
      const one = this.#open.get(id);
      this.#open.delete(id);
      if (error === undefined) one?.resolve(answer as never);
      else one?.reject(new Error(error));
    });
    this.#child.on('exit', (code, signal) => {
      for (const one of this.#open.values()) one.reject(new Error(`${file} ended (${code ?? signal})`));
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  ask<A>(task: object): Promise<A> {
    const id = this.#next++;
    return new Promise<A>((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#child.send({ id, task });
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
  }
}
