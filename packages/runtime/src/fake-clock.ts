// Time in the tests' hands: nothing that waits goes on until a test moves the clock.
import type { Clock } from './clock.ts';

interface Timer {
  /** On the monotonic time that `advance` moves; stepping the wall clock leaves it alone. */
  atMs: number;
  order: number;
  callback: () => void;
}

export interface FakeClockOptions {
  /** ms since 1970; 2026-07-01T00:00:00Z when not given. */
  startMs?: number;
  /** Turns of the real event loop that work gets between two timers: a commit, a hop over the queue, a packet on loopback. */
  turns?: number;
}

const DEFAULT_START_MS = Date.UTC(2026, 6, 1);
const DEFAULT_TURNS = 12;

export class FakeClock implements Clock {
  readonly #turns: number;
  readonly #timers = new Set<Timer>();
  #wallMs: number;
  #elapsedMs = 0;
  #order = 0;

  constructor(options: FakeClockOptions = {}) {
    this.#wallMs = options.startMs ?? DEFAULT_START_MS;
    this.#turns = options.turns ?? DEFAULT_TURNS;
  }

  /** Whole ms, as every real clock tells them, whatever fraction a timer asked for. */
  now(): number {
    return Math.floor(this.#wallMs);
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#elapsedMs + Math.max(0, ms), order: this.#order++, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** ms that `advance` has moved; stepping the wall clock leaves it alone. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves time by `ms`: runs what falls due in its order, also what those runs set up, and lets real work settle after each. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#elapsedMs + ms;
    await this.settle();
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#timers.delete(next);
      this.#moveTo(next.atMs);
      next.callback();
      await this.settle();
    }
    this.#moveTo(endMs);
  }

  /** Steps the wall clock to `ms` since 1970, as an operator or NTP does: no timer runs, each keeps the time it has left. */
  set(ms: number): void {
    this.#wallMs = ms;
  }

  /** Lets work that does not wait for time go on. */
  async settle(turns: number = this.#turns): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  #next(endMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.atMs > endMs) continue;
      if (first === undefined || timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order)) first = timer;
    }
    return first;
  }

  #moveTo(elapsedMs: number): void {
    const stepMs = Math.max(0, elapsedMs - this.#elapsedMs);
    this.#elapsedMs += stepMs;
    this.#wallMs += stepMs;
  }
}
