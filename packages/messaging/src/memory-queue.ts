// The embedded queue: p-queue in memory over the job table. A lost process loses nothing but the order of work.
import PQueue from 'p-queue';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { Permanent, type Queue, type QueueStats } from './queue.ts';
import { QUEUE_POLICY, type QueuePolicy } from './queues.ts';

interface Lane {
  policy: QueuePolicy;
  work: PQueue;
  handler: ((jobId: string) => Promise<void>) | undefined;
  /** Failed tries that wait for the next one. */
  sleeping: number;
}

interface Try {
  id: string;
  urgent: boolean;
  attempt: number;
}

/** How the queue waits between tries; tests bring their own clock. */
export type Sleep = (ms: number) => Promise<void>;

const LONGEST_BACKOFF_MS = 5_000;

export class MemoryQueue implements Queue {
  readonly outlivesProcess = false;
  readonly #lanes = new Map<string, Lane>();
  readonly #sleep: Sleep;
  #failed = 0;
  #closed = false;

  constructor(sleep: Sleep) {
    this.#sleep = sleep;
  }

  async push(queue: string, jobIds: readonly string[], options: { urgent?: boolean } = {}): Promise<void> {
    if (this.#closed) throw new LabaError('draining', 'The queue is closed.');
    const lane = this.#lane(queue);
    if (lane.work.size + lane.sleeping + jobIds.length > LIMITS.memoryQueueJobs) throw new LabaError('overloaded', `Queue ${queue} is full.`);
    for (const id of jobIds) this.#add(lane, { id, urgent: options.urgent ?? false, attempt: 1 });
  }

  work(queue: string, handler: (jobId: string) => Promise<void>): void {
    const lane = this.#lane(queue);
    if (lane.handler !== undefined) throw new Error(`Queue ${queue} has a handler already.`);
    lane.handler = handler;
    lane.work.start();
  }

  async stats(): Promise<QueueStats> {
    const lanes = [...this.#lanes.values()];
    return {
      waiting: lanes.reduce((sum, lane) => sum + lane.work.size + lane.sleeping, 0),
      running: lanes.reduce((sum, lane) => sum + lane.work.pending, 0),
      failed: this.#failed,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const lanes = [...this.#lanes.values()];
    for (const lane of lanes) lane.work.clear();
    await Promise.all(lanes.map((lane) => lane.work.onIdle()));
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      const policy = QUEUE_POLICY[name];
      if (policy === undefined) throw new Error(`No policy for queue ${name}; add it to queues.ts.`);
      lane = { policy, work: new PQueue({ concurrency: policy.concurrency, autoStart: false }), handler: undefined, sleeping: 0 };
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  // A job that is tried again keeps its place: after what is urgent, before what is new.
  #add(lane: Lane, one: Try): void {
    const priority = (one.urgent ? 2 : 0) + (one.attempt > 1 ? 1 : 0);
    void lane.work.add(() => this.#attempt(lane, one), { priority });
  }

  async #attempt(lane: Lane, one: Try): Promise<void> {
    try {
      await lane.handler?.(one.id);
    } catch (error) {
      if (error instanceof Permanent || one.attempt >= lane.policy.attempts) this.#failed += 1;
      else if (!this.#closed) void this.#again(lane, one);
    }
  }

  // The wait does not hold a worker: a failing job must not stand in the way of a good one.
  async #again(lane: Lane, { id, urgent, attempt }: Try): Promise<void> {
    lane.sleeping += 1;
    await this.#sleep(Math.min(lane.policy.backoffMs[attempt - 1] ?? LONGEST_BACKOFF_MS, LONGEST_BACKOFF_MS));
    lane.sleeping -= 1;
    if (!this.#closed) this.#add(lane, { id, urgent, attempt: attempt + 1 });
  }
}
