// The relay carries due jobs to the queue and runs them; whatever is not done is pushed again.
import { LabaError } from '@laba/domain/errors';
import type { ConsumerName } from '@laba/domain/events';
import type { Ids } from '@laba/domain/ids';
import { LIMITS } from '@laba/domain/limits';
import { Permanent, type Queue } from '@laba/messaging/queue';
import { queueOf } from '@laba/messaging/queues';
import type { Database } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import {
  buryJob,
  claimDueJobs,
  dueJobs,
  finishJob,
  inTurn,
  loadJob,
  markNonePushed,
  markPushed,
  newestEventAtMs,
  nextDueAtMs,
  noteFailure,
  postponeJob,
  wakeWaiting,
  type DueJob,
  type Job,
} from '@laba/storage/jobs';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Consumer } from './service.ts';

/** After this the queue is taken to have lost the job. */
export const LEASE_MS = 30_000;
/** It looks this often when nothing wakes it. */
export const IDLE_LOOK_MS = 5_000;
/** A clock that is set right by less than this is only waited for. */
const STEP_MS = 1_000;

interface RelayDeps {
  db: Database;
  queue: Queue;
  clock: Clock;
  ids: Ids;
  log: Log;
}

export class Relay {
  readonly #deps: RelayDeps;
  readonly #consumers: ReadonlyMap<ConsumerName, Consumer>;
  #unlisten = () => {};
  #cancelTimer = () => {};
  #round: Promise<void> | undefined;
  #again = false;
  #running = false;
  #lookedAtMs = 0;

  constructor(deps: RelayDeps, consumers: ReadonlyMap<ConsumerName, Consumer>) {
    this.#deps = deps;
    this.#consumers = consumers;
  }

  async start(): Promise<void> {
    this.#running = true;
    // A queue in memory died with its process: what was on it must not wait for the lease.
    if (!this.#deps.queue.outlivesProcess) await this.#deps.db.atomically([markNonePushed()]);
    this.#lookedAtMs = await newestEventAtMs(this.#deps.db);
    for (const name of new Set([...this.#consumers.keys()].map(queueOf))) this.#deps.queue.work(name, (id) => this.run(id));
    this.#unlisten = this.#deps.db.onCommit(() => this.#wake());
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#unlisten();
    await this.#round;
    this.#cancelTimer();
  }

  plays(consumer: string): boolean {
    return this.#consumers.has(consumer as ConsumerName);
  }

  /**
   * Runs one job now, when it is open and due; the watchdog calls this too, past the queue.
   * @throws what the consumer threw, Permanent when it must not be tried again
   */
  async run(id: string): Promise<void> {
    const job = await loadJob(this.#deps.db, id);
    // A job that waits for its time may still be on the queue from an earlier round.
    if (job === undefined || job.doneAtMs !== null || job.dueAtMs > this.#deps.clock.now()) return;
    const consumer = this.#consumers.get(job.consumer);
    if (consumer === undefined) return;
    try {
      await this.#react(job, consumer);
    } catch (error) {
      await this.#failed(job, error);
    }
  }

  async #react(job: Job, consumer: Consumer): Promise<void> {
    const { ops = [], againAtMs } = await consumer(job);
    const now = this.#deps.clock.now();
    // Each round of a waiting job has a due time of its own: two runs of the same round then commit once.
    const last = againAtMs === undefined ? finishJob(job.id, now) : postponeJob(job.id, Math.max(againAtMs, job.dueAtMs + 1), job.dueAtMs);
    await this.#deps.db.atomically([last, ...ops]);
    this.#deps.log.debug({ job: job.id, consumer: job.consumer, event: job.event.type, alert: job.event.alertId, againAtMs }, 'a reaction ended');
  }

  async #failed(job: Job, error: unknown): Promise<void> {
    if (error instanceof LabaError && error.code === 'already-done' && (await this.#wasDone(job))) return;
    const { db, clock, ids, log } = this.#deps;
    const why = error instanceof Error ? error.message : String(error);
    const about = { job: job.id, consumer: job.consumer, alert: job.event.alertId, why };
    if (!(error instanceof Permanent) && !(error instanceof LabaError && error.permanent)) {
      log.warn(about, 'a reaction failed and will be tried again');
      await db.atomically([noteFailure(job.id, why)]);
      throw error;
    }
    log.error(about, 'a reaction was buried');
    const buried = record(ids, {
      type: 'job.buried',
      atMs: clock.now(),
      who: 'system',
      via: 'job',
      gridCode: job.event.gridCode,
      alertId: job.event.alertId,
      subjectId: job.id,
      data: { consumer: job.consumer, error: why },
    });
    await db.atomically([buryJob(job.id, clock.now(), why), ...buried]);
    throw new Permanent(why);
  }

  // Another run of the same round ended it first; the refusal may as well come from the reaction's own statements.
  async #wasDone(job: Job): Promise<boolean> {
    const now = await loadJob(this.#deps.db, job.id);
    return now === undefined || now.doneAtMs !== null || now.dueAtMs !== job.dueAtMs;
  }

  #wake(): void {
    if (!this.#running) return;
    if (this.#round !== undefined) {
      this.#again = true;
      return;
    }
    this.#round = this.#push()
      .catch((error: unknown) => this.#deps.log.error({ why: String(error) }, 'the relay could not push'))
      .finally(() => {
        this.#round = undefined;
        if (this.#again) {
          this.#again = false;
          this.#wake();
        }
      });
  }

  async #push(): Promise<void> {
    const { db, queue, clock, log } = this.#deps;
    const now = clock.now();
    // Before anything can fail: a relay that did not look again would be silent.
    this.#lookAfter(IDLE_LOOK_MS);
    const wentBackMs = this.#lookedAtMs - now;
    this.#lookedAtMs = now;
    if (wentBackMs > STEP_MS) {
      log.warn({ wentBackMs }, 'the clock went back: what waits is looked at now');
      await db.atomically([wakeWaiting(now)]);
    }
    const ours = [...this.#consumers.keys()];
    await (queue.outlivesProcess ? this.#claim(now, ours) : this.#handOver(now, ours));
    const next = await nextDueAtMs(db, now);
    if (next !== undefined && next - now < IDLE_LOOK_MS) this.#lookAfter(Math.max(1, next - now));
  }

  async #claim(now: number, ours: readonly ConsumerName[]): Promise<void> {
    const { db } = this.#deps;
    // Looked at first: a claim is a commit, and every commit wakes the relay.
    if ((await dueJobs(db, now, LEASE_MS, 1, ours)).length === 0) return;
    const [claimed] = await db.atomically([claimDueJobs(now, LEASE_MS, LIMITS.jobsPerPush, ours)]);
    // That commit wakes the relay once more: what did not fit into this push goes with the next.
    await this.#carry(inTurn(claimed));
  }

  // Nobody else takes from a queue in this process's own memory: the mark keeps only this relay from pushing twice, so the work need not
  // wait for it. It is asked for first, and so written first: a reaction's own commit comes with it or after it.
  async #handOver(now: number, ours: readonly ConsumerName[]): Promise<void> {
    const { db } = this.#deps;
    const due = await dueJobs(db, now, LEASE_MS, LIMITS.jobsPerPush, ours);
    if (due.length === 0) return;
    const ids = due.map((job) => job.id);
    await Promise.all([db.atomically([markPushed(ids, now)]), this.#carry(due)]);
  }

  #lookAfter(ms: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#deps.clock.after(ms, () => this.#wake());
  }

  async #carry(due: readonly DueJob[]): Promise<void> {
    const { queue, log } = this.#deps;
    for (const urgent of [true, false]) {
      const byQueue = Map.groupBy(
        due.filter((job) => job.urgent === urgent),
        (job) => queueOf(job.consumer),
      );
      for (const [name, jobs] of byQueue) {
        const ids = jobs.map((job) => job.id);
        // One full queue must not keep work from the others; its own comes again after the lease, or by the watchdog.
        await queue
          .push(name, ids, { urgent })
          .catch((error: unknown) => log.error({ queue: name, jobs: ids.length, why: String(error) }, 'a queue did not take its jobs'));
      }
    }
  }
}
