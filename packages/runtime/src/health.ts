// Whether this process can do its work: it asks the database, its own event loop and the disk; what is wrong is said in words.
import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Database } from '@laba/storage/database';
import type { Clock } from './clock.ts';
import { askDatabase } from './metrics-store.ts';

interface HealthDeps {
  db: Database;
  clock: Clock;
  dataDir: string;
}

/** The database is away when it does not answer within this. */
const AWAY_MS = 2_000;
const SLOW_MS = 500;
const LAG_MS = 500;
const WINDOW_MS = 10_000;
const RESOLUTION_MS = 20;
/** One long step among a few says nothing yet. */
const FEWEST_SAMPLES = 200;
const NEARLY_FULL = 0.05;
/** A large disk is not full with so much left on it. */
const ENOUGH_BYTES = 2 * 1024 ** 3;

export class Health {
  readonly #deps: HealthDeps;
  readonly #loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #windowBeganMs = performance.now();
  #before: { p50Ms: number; p99Ms: number; samples: number } | undefined;
  #disk: { freeBytes: number; freeRatio: number } | undefined;
  #diskAskedAtMs = -Infinity;
  #slowMs: number | undefined;
  #away = false;

  constructor(deps: HealthDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#loop.enable();
    await this.#askDisk();
  }

  async stop(): Promise<void> {
    this.#loop.disable();
  }

  /** Asks the database now: false when it does not answer in 2 s, and then this process can take no work. */
  async databaseAnswers(): Promise<boolean> {
    const { db, clock } = this.#deps;
    const begun = performance.now();
    let cancel = () => {};
    const late = new Promise<false>((resolve) => {
      cancel = clock.after(AWAY_MS, () => resolve(false));
    });
    const answer = askDatabase(db).then(
      () => true,
      () => false,
    );
    const answers = await Promise.race([answer, late]);
    cancel();
    const tookMs = performance.now() - begun;
    this.#away = !answers;
    this.#slowMs = answers && tookMs > SLOW_MS ? Math.round(tookMs) : undefined;
    return answers;
  }

  /** Delays of the event loop over this window and the one before, in ms. */
  lag(): { p50Ms: number; p99Ms: number; samples: number } {
    const now = {
      p50Ms: this.#beyondResolution(this.#loop.percentile(50)),
      p99Ms: this.#beyondResolution(this.#loop.percentile(99)),
      samples: this.#loop.count,
    };
    const told =
      this.#before === undefined
        ? now
        : { p50Ms: Math.max(now.p50Ms, this.#before.p50Ms), p99Ms: Math.max(now.p99Ms, this.#before.p99Ms), samples: now.samples + this.#before.samples };
    if (performance.now() - this.#windowBeganMs > WINDOW_MS) {
      this.#before = now;
      this.#loop.reset();
      this.#windowBeganMs = performance.now();
    }
    return told;
  }

  /** 0 to 1; undefined before it was asked. */
  diskFree(): number | undefined {
    void this.#askDisk();
    return this.#disk?.freeRatio;
  }

  degraded(): string[] {
    void this.#askDisk();
    const { p99Ms, samples } = this.lag();
    const disk = this.#disk;
    return [
      ...(this.#away ? ['database: it does not answer'] : []),
      ...(this.#slowMs === undefined ? [] : [`database: slow, its last answer took ${this.#slowMs} ms`]),
      ...(p99Ms > LAG_MS && samples >= FEWEST_SAMPLES ? [`process: its event loop lags ${Math.round(p99Ms)} ms`] : []),
      ...(disk !== undefined && disk.freeRatio < NEARLY_FULL && disk.freeBytes < ENOUGH_BYTES
        ? [`disk: ${Math.round(disk.freeBytes / 1024 ** 2)} MB left under the data folder`]
        : []),
    ];
  }

  // The histogram counts whole intervals: what is above the timer's own step is lag.
  #beyondResolution(nanoseconds: number): number {
    return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  }

  // In the background: a disk that hangs must not hold up who only asks how we are.
  async #askDisk(): Promise<void> {
    if (performance.now() - this.#diskAskedAtMs < WINDOW_MS) return;
    this.#diskAskedAtMs = performance.now();
    const disk = await statfs(this.#deps.dataDir).catch(() => undefined);
    if (disk !== undefined && disk.blocks > 0) this.#disk = { freeBytes: disk.bavail * disk.bsize, freeRatio: disk.bavail / disk.blocks };
  }
}
