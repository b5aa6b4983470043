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
}

/** How the queue waits between tries; tests bring their own clock. */
export type Sleep = (ms: number) => Promise<void>;

export class MemoryQueue implements Queue {
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
    if (lane.work.size + jobIds.length > LIMITS.memoryQueueJobs) throw new LabaError('overloaded', `Queue ${queue} is full.`);
    for (const id of jobIds) void lane.work.add(() => this.#attempt(lane, id, 1), { priority: options.urgent ? 1 : 0 });
  }

  work(queue: string, handler: (jobId: string) => Promise<void>): void {
    const lane = this.#lane(queue);
    lane.handler = handler;
    lane.work.start();
  }

  async stats(): Promise<QueueStats> {
    const lanes = [...this.#lanes.values()];
    return {
      waiting: lanes.reduce((sum, lane) => sum + lane.work.size, 0),
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
      lane = { policy, work: new PQueue({ concurrency: policy.concurrency, autoStart: false }), handler: undefined };
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  async #attempt(lane: Lane, id: string, attempt: number): Promise<void> {
    try {
      await lane.handler?.(id);
    } catch (error) {
      if (error instanceof Permanent || attempt >= lane.policy.attempts || this.#closed) {
        this.#failed += 1;
        return;
      }
      const waitMs = lane.policy.backoffMs[attempt - 1] ?? 5_000;
      // The wait does not hold a worker: a failing job must not stand in the way of a good one.
      void this.#sleep(waitMs).then(() => {
        if (!this.#closed) void lane.work.add(() => this.#attempt(lane, id, attempt + 1), { priority: 1 });
      });
    }
  }
}
