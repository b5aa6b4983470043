// The policy table of the queues: how often, how fast, how many at once. Longer waits are a job's due time, never a back-off.

export interface QueuePolicy {
  attempts: number;
  concurrency: number;
  backoffMs: readonly number[];
  /** How many jobs that are not urgent may begin in a second, in all processes of a cluster together. An urgent one never waits for it. */
  othersPerSecond?: number;
}

export const QUEUE_POLICY: Record<string, QueuePolicy> = {
  // The broker takes one change of its accounts after the other.
  registry: { attempts: 5, concurrency: 1, backoffMs: [200, 1_000, 5_000, 5_000] },
  intake: { attempts: 5, concurrency: 4, backoffMs: [50, 200, 1_000, 5_000] },
  alerting: { attempts: 5, concurrency: 4, backoffMs: [50, 200, 1_000, 5_000] },
  dispatch: { attempts: 5, concurrency: 16, backoffMs: [20, 100, 500, 2_000] },
  // A county-wide drill asks its people at a pace that leaves the database and the channels to whoever is in danger meanwhile.
  mobilization: { attempts: 5, concurrency: 8, backoffMs: [50, 200, 1_000, 5_000], othersPerSecond: 200 },
};

/** `dispatch.announce` is carried by the queue `dispatch`. */
export function queueOf(consumer: string): string {
  return consumer.slice(0, consumer.indexOf('.'));
}
