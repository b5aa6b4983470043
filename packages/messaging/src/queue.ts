// The queue port: carries job ids, nothing else. At-least-once; handlers are idempotent; the job row is the truth.

export interface QueueStats {
  waiting: number;
  running: number;
  failed: number;
}

/** Thrown by a handler: do not try again. */
export class Permanent extends Error {}

export interface Queue {
  /** True when what was pushed is still carried after this process is gone. */
  readonly outlivesProcess: boolean;
  /** Carries job ids to the workers of `queue`. The same id may come twice. */
  push(queue: string, jobIds: readonly string[], options?: { urgent?: boolean }): Promise<void>;
  /** One handler per queue name. A rejection is tried again with back-off, except Permanent. */
  work(queue: string, handler: (jobId: string) => Promise<void>): void;
  stats(): Promise<QueueStats>;
  /** Stops taking work and waits for what runs. */
  close(): Promise<void>;
}
