// Chapter 5, ladder: the proof that ladders run. It asks the ladders themselves, not the queue and not the jobs, takes the steps that are late, and has an age.
import { LabaError } from '@laba/domain/errors';
import { every } from '@laba/runtime/clock';
import type { Deps } from '@laba/runtime/service';
import { ladderLateness } from './ladder-store.ts';
import { climbOnce } from './run-ladders.ts';

const ROUND_MS = 15_000;
/** The watchdog runs jobs that are ten seconds late; what is later than this has no job that runs. */
const GRACE_MS = 20_000;
const STALE_MS = 60_000;

export class LadderProof {
  readonly #deps: Deps;
  #stop = () => {};
  #provenAtMs: number | undefined;
  #late = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  start(): void {
    this.#provenAtMs = this.#deps.clock.now();
    const failed = (error: unknown) => this.#deps.log.error({ why: String(error) }, 'it could not be proven that ladders run');
    this.#stop = every(this.#deps.clock, ROUND_MS, () => this.round(), failed);
  }

  stop(): void {
    this.#stop();
  }

  /**
   * Finds alerts whose ladders are late, or were never begun, and climbs them here and now. Proven is what was found in order, or put in order.
   * @throws what stood in the way; the others were climbed all the same, and the proof grows old
   */
  async round(): Promise<void> {
    const { db, clock } = this.#deps;
    const nowMs = clock.now();
    const due = (await ladderLateness(db)).filter(({ dueAtMs }) => dueAtMs < nowMs - GRACE_MS);
    const outcomes = await Promise.allSettled(due.map(({ alertId }) => this.#climb(alertId)));
    this.#late = outcomes.filter((outcome) => outcome.status === 'rejected' || outcome.value).length;
    const broken = outcomes.find((outcome) => outcome.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
    this.#provenAtMs = clock.now();
  }

  // Whether it was late: an alert that needs no ladders never is, and one that another process climbs at this moment goes on.
  async #climb(alertId: string): Promise<boolean> {
    const { ops = [] } = await climbOnce(this.#deps, alertId, { via: 'watchdog' });
    if (ops.length === 0) return false;
    try {
      await this.#deps.db.atomically(ops);
    } catch (error) {
      if (error instanceof LabaError && error.code === 'changed-meanwhile') return false;
      throw error;
    }
    this.#deps.log.warn({ alert: alertId }, 'ladders were late and were climbed by their proof');
    return true;
  }

  /** ms since the last proof; undefined before the start. */
  ageMs(): number | undefined {
    return this.#provenAtMs === undefined ? undefined : this.#deps.clock.now() - this.#provenAtMs;
  }

  degraded(): string[] {
    const age = this.ageMs() ?? 0;
    return [
      ...(age > STALE_MS ? [`ladders: last proven ${Math.round(age / 1000)} s ago`] : []),
      ...(this.#late > 0 ? [`late-ladders: those of ${this.#late} alerts at the last proof`] : []),
    ];
  }
}
