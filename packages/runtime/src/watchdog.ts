// The watchdog asks the database, not the queue: what is overdue is run here and now, and the age of the last round is shown.
import type { Ids } from '@laba/domain/ids';
import { LIMITS } from '@laba/domain/limits';
import { record } from '@laba/storage/events';
import { overdueCounts, overdueJobs } from '@laba/storage/jobs';
import { lateMessages } from '@laba/storage/messages';
import type { Database } from '@laba/storage/database';
import { every, type Clock } from './clock.ts';
import type { Log } from './log.ts';

const ROUND_MS = 5_000;
/** A job this far past its due time was lost by the queue, or its worker is stuck. */
const GRACE_MS = 10_000;
const STALE_MS = 60_000;
const JOBS_PER_ROUND = 500;
/** A reaction that takes longer goes on, but the round does not wait for it. */
const RUN_MS = 20_000;

interface WatchdogDeps {
  db: Database;
  clock: Clock;
  ids: Ids;
  log: Log;
  county: string;
  /** Whether this process plays the reaction; others do what is left. */
  plays: (consumer: string) => boolean;
  run: (jobId: string) => Promise<void>;
}

export class Watchdog {
  readonly #deps: WatchdogDeps;
  #stop = () => {};
  #lastRoundAtMs: number | undefined;
  #overdue: ReadonlyMap<string, number> = new Map();
  #late: { count: number; oldestDueAtMs: number | null } = { count: 0, oldestDueAtMs: null };
  #known: ReadonlySet<string> = new Set();
  readonly #running = new Set<string>();

  constructor(deps: WatchdogDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#lastRoundAtMs = this.#deps.clock.now();
    this.#stop = every(
      this.#deps.clock,
      ROUND_MS,
      () => this.round(),
      (error) => this.#deps.log.error({ why: String(error) }, 'the watchdog failed'),
    );
  }

  async stop(): Promise<void> {
    this.#stop();
  }

  /** One round: finds what is overdue and runs it past the queue. Only what was not overdue in the last round makes an event. */
  async round(): Promise<void> {
    const { db, clock, ids } = this.#deps;
    const now = clock.now();
    this.#overdue = await overdueCounts(db, now, GRACE_MS);
    this.#late = await lateMessages(db, now, LIMITS.messageLateMs);
    // What others leave undone must not fill the round.
    const played = [...this.#overdue.keys()].filter((consumer) => this.#deps.plays(consumer));
    const ours = played.length === 0 ? [] : await overdueJobs(db, now, GRACE_MS, JOBS_PER_ROUND, played);
    await Promise.all(ours.filter(({ id }) => !this.#running.has(id)).map(({ id }) => this.#run(id)));
    const fresh = ours.filter(({ id }) => !this.#known.has(id)).length;
    this.#known = new Set(ours.map(({ id }) => id));
    if (fresh > 0) {
      await db.atomically(
        record(ids, {
          type: 'watchdog.acted',
          atMs: clock.now(),
          who: 'system',
          via: 'watchdog',
          gridCode: this.#deps.county,
          subjectId: 'watchdog',
          data: { overdue: fresh },
        }),
      );
    }
    this.#lastRoundAtMs = clock.now();
  }

  // One reaction that hangs must not hang the watchdog, nor be started again beside itself.
  async #run(id: string): Promise<void> {
    const { clock, log } = this.#deps;
    this.#running.add(id);
    const work = this.#deps
      .run(id)
      .catch((error: unknown) => log.warn({ job: id, why: String(error) }, 'an overdue job failed again'))
      .finally(() => this.#running.delete(id));
    let cancel = () => {};
    const limit = new Promise<void>((resolve) => {
      cancel = clock.after(RUN_MS, resolve);
    });
    await Promise.race([work, limit]);
    cancel();
  }

  /** ms since the last finished round; undefined before the first. */
  ageMs(): number | undefined {
    return this.#lastRoundAtMs === undefined ? undefined : this.#deps.clock.now() - this.#lastRoundAtMs;
  }

  degraded(): string[] {
    const age = this.ageMs() ?? 0;
    return [...(age > STALE_MS ? [`watchdog: last round ${Math.round(age / 1000)} s ago`] : []), ...this.#overdueInWords(), ...this.#lateInWords()];
  }

  #lateInWords(): string[] {
    const { count, oldestDueAtMs } = this.#late;
    if (oldestDueAtMs === null) return [];
    return [`messages: ${count} late, oldest by ${Math.round((this.#deps.clock.now() - oldestDueAtMs) / 1000)} s`];
  }

  // A service of which no process runs is seen here: nobody else can tell an officer.
  #overdueInWords(): string[] {
    const byService = new Map<string, number>();
    for (const [consumer, n] of this.#overdue) {
      const whose = this.#deps.plays(consumer) ? '' : (consumer.split('.')[0] ?? consumer);
      byService.set(whose, (byService.get(whose) ?? 0) + n);
    }
    return [...byService].map(([whose, n]) =>
      whose === ''
        ? `queue: ${n} overdue jobs in the last round`
        : `queue: ${n} overdue jobs of ${whose}, which this process does not play: does one with SERVICES=${whose} run?`,
    );
  }
}
