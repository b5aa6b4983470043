// Several machines, one timeline: due times and ends are compared across them, so clocks that differ are said to be.
import { every, type Clock } from '@laba/runtime/clock';
import type { Log } from '@laba/runtime/log';

const LOOK_MS = 20_000;
/** More than this, and ends, expiries and freshness differ by process. */
const APART_MS = 5_000;
/** An answer that took so long proves nothing about the time. */
const SLOW_MS = 2_000;

interface ClockDeps {
  clock: Clock;
  log: Log;
  /** The database's own clock, ms since 1970. */
  databaseNowMs: () => Promise<number>;
}

export class ClockWatch {
  readonly #deps: ClockDeps;
  #apartMs = 0;
  #stop = () => {};

  constructor(deps: ClockDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const look = () => this.look().catch((error: unknown) => this.#deps.log.debug({ why: String(error) }, "the database's clock was not told"));
    await look();
    this.#stop = every(this.#deps.clock, LOOK_MS, look, () => {});
  }

  stop(): void {
    this.#stop();
  }

  async look(): Promise<void> {
    const { clock, log, databaseNowMs } = this.#deps;
    const askedAtMs = clock.now();
    const theirs = await databaseNowMs();
    const tookMs = clock.now() - askedAtMs;
    if (tookMs < 0 || tookMs > SLOW_MS) return;
    const wasApart = Math.abs(this.#apartMs) > APART_MS;
    this.#apartMs = Math.round(askedAtMs + tookMs / 2 - theirs);
    if (!wasApart && Math.abs(this.#apartMs) > APART_MS)
      log.warn({ apartMs: this.#apartMs }, "this machine's clock and the database's are apart: set both by NTP");
  }

  degraded(): string[] {
    if (Math.abs(this.#apartMs) <= APART_MS) return [];
    const seconds = Math.round(Math.abs(this.#apartMs) / 1000);
    return [`clock: this machine is ${seconds} s ${this.#apartMs > 0 ? 'ahead of' : 'behind'} the database's; set both by NTP`];
  }
}
