// The clustered queue: BullMQ on Redis carries job ids to whichever process is free. What Redis loses, the relay pushes again.
import { randomUUID } from 'node:crypto';
import { Queue as BullQueue, UnrecoverableError, Worker, type Job as BullJob } from 'bullmq';
import type { Redis } from 'ioredis';
import { LabaError } from '@laba/domain/errors';
import { Permanent, type Queue, type QueueStats } from './queue.ts';
import { QUEUE_POLICY, type QueuePolicy } from './queues.ts';
import { checkRedis, impatientLine, patientLine } from './redis-line.ts';
import { RedisWatch, type QueueLog } from './redis-watch.ts';

export interface BullmqOptions {
  /** `redis://:password@host:port/0` */
  url: string;
  log: QueueLog;
  /** Begins every key in Redis; `laba` when not given. */
  prefix?: string;
  /** Told the words when Redis is lost, undefined when it is back. */
  onTrouble?: (words: string | undefined) => void;
  /** Tests stretch and shorten the waits between tries. */
  backoffMs?: (ms: number) => number;
}

type Handler = (jobId: string) => Promise<void>;

/** One BullMQ queue: a lane, or its slow half. */
interface Track {
  queue: BullQueue;
  concurrency: number;
  limiter: { max: number; duration: number } | undefined;
}

interface Lane {
  policy: QueuePolicy;
  /** Urgent jobs; all jobs where the policy knows no rate. */
  main: Track;
  /** Where a rate holds back what is not urgent. */
  slow: Track | undefined;
  handler: Handler | undefined;
}

const LONGEST_BACKOFF_MS = 5_000;
/** A push must end within this, whatever hangs. */
const PUSH_MS = 1_000;
/** A killed worker's job is free after the first and taken over after both: measured below 8 s. */
const LOCK_MS = 5_000;
const STALLED_LOOK_MS = 2_000;
/** How often a job may lose its worker before BullMQ drops it; its row in the database is pushed again anyway. */
const STALLED_AT_MOST = 3;
const RETRY_MS = 500;
const IDLE_SECONDS = 5;
/** Priority 0 goes first, in the order of coming. */
const NOT_URGENT = 10;
const EVENTS_KEPT = 100;
const FAILED_KEPT = { count: 1_000, age: 7 * 86_400 };
/** A Redis that hangs must not keep the process from ending once its handlers are done. */
const CLOSE_MS = 2_000;

export class BullmqQueue implements Queue {
  readonly outlivesProcess = true;
  readonly #options: BullmqOptions;
  readonly #lanes: ReadonlyMap<string, Lane>;
  /** For pushes and counts. */
  readonly #quick: Redis;
  /** For workers. */
  readonly #patient: Redis;
  readonly #watch: RedisWatch;
  readonly #workers: Worker<string>[] = [];
  readonly #running = new Set<Promise<void>>();
  #closing: Promise<void> | undefined;

  private constructor(options: BullmqOptions) {
    this.#options = options;
    this.#quick = impatientLine(options.url);
    this.#patient = patientLine(options.url);
    this.#watch = new RedisWatch(this.#quick, options.url, options);
    for (const line of [this.#quick, this.#patient]) line.on('error', (error: Error) => this.#watch.mentioned(error));
    this.#lanes = new Map(Object.entries(QUEUE_POLICY).map(([name, policy]) => [name, this.#layLane(name, policy)]));
  }

  /** Asks Redis whether it may carry the queue, and connects. @throws one line that says what to do, see `checkRedis` */
  static async open(options: BullmqOptions): Promise<BullmqQueue> {
    await checkRedis(options.url);
    const queue = new BullmqQueue(options);
    for (const { main, slow } of queue.#lanes.values()) for (const track of [main, slow]) await track?.queue.waitUntilReady();
    queue.#watch.start();
    return queue;
  }

  async push(queue: string, jobIds: readonly string[], options: { urgent?: boolean } = {}): Promise<void> {
    if (this.#closing !== undefined) throw new LabaError('draining', 'The queue is closed.');
    const { main, slow, policy } = this.#lane(queue);
    const urgent = options.urgent ?? false;
    const track = urgent ? main : (slow ?? main);
    const how = { attempts: policy.attempts, backoff: { type: 'policy' }, ...(urgent ? {} : { priority: NOT_URGENT }) };
    // An id of its own each time: BullMQ's counter begins anew on an emptied Redis, and a custom id would be carried only once.
    const jobs = jobIds.map((id) => ({ name: queue, data: id, opts: { ...how, jobId: randomUUID() } }));
    if (jobs.length > 0) await within(PUSH_MS, track.queue.addBulk(jobs), queue);
  }

  work(queue: string, handler: Handler): void {
    const lane = this.#lane(queue);
    if (lane.handler !== undefined) throw new Error(`Queue ${queue} has a handler already.`);
    lane.handler = handler;
    for (const track of [lane.main, lane.slow]) if (track !== undefined) this.#workers.push(this.#employ(lane, track, handler));
  }

  /** Counts of all processes. @throws when Redis is away */
  async stats(): Promise<QueueStats> {
    const tracks = [...this.#lanes.values()].flatMap(({ main, slow }) => (slow === undefined ? [main] : [main, slow]));
    const counts = await Promise.all(tracks.map(({ queue }) => queue.getJobCounts('wait', 'prioritized', 'delayed', 'active', 'failed')));
    const sum = (...states: string[]) => counts.reduce((all, count) => all + states.reduce((one, state) => one + (count[state] ?? 0), 0), 0);
    return { waiting: sum('wait', 'prioritized', 'delayed'), running: sum('active'), failed: sum('failed') };
  }

  /** What is wrong with Redis now, in words for `/readyz`. */
  degraded(): string[] {
    return this.#watch.degraded();
  }

  /** BullMQ's own queues, for who looks at them. */
  get boards(): readonly BullQueue[] {
    return [...this.#lanes.values()].flatMap(({ main, slow }) => (slow === undefined ? [main.queue] : [main.queue, slow.queue]));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#watch.stop();
    const closed = Promise.all(this.#workers.map((worker) => worker.close()));
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    await within(CLOSE_MS, closed, 'close').catch(() => {});
    for (const { main, slow } of this.#lanes.values()) for (const track of [main, slow]) await track?.queue.close();
    for (const worker of this.#workers) void worker.getBackend().blockingClient?.then((line) => line.disconnect());
    this.#quick.disconnect();
    this.#patient.disconnect();
  }

  #lane(name: string): Lane {
    const lane = this.#lanes.get(name);
    if (lane === undefined) throw new Error(`No policy for queue ${name}; add it to queues.ts.`);
    return lane;
  }

  #layLane(name: string, policy: QueuePolicy): Lane {
    const { concurrency, othersPerSecond } = policy;
    if (othersPerSecond === undefined) return { policy, main: this.#lay(name, concurrency), slow: undefined, handler: undefined };
    // BullMQ's rate stops a whole queue: what must not wait for it is on another, with seats of its own.
    const seats = Math.ceil(concurrency / 4);
    const slow = this.#lay(`${name}-others`, seats, { max: othersPerSecond, duration: 1_000 });
    return { policy, main: this.#lay(name, concurrency - seats), slow, handler: undefined };
  }

  #lay(name: string, concurrency: number, limiter?: Track['limiter']): Track {
    const queue = new BullQueue(name, {
      connection: this.#quick,
      prefix: this.#options.prefix ?? 'laba',
      // Nobody reads BullMQ's own stream of events.
      streams: { events: { maxLen: EVENTS_KEPT } },
      defaultJobOptions: { removeOnComplete: true, removeOnFail: FAILED_KEPT, stackTraceLimit: 0 },
    });
    queue.on('error', (error) => this.#watch.mentioned(error));
    return { queue, concurrency, limiter };
  }

  #employ(lane: Lane, { queue, concurrency, limiter }: Track, handler: Handler): Worker<string> {
    const stretch = this.#options.backoffMs ?? ((ms: number) => ms);
    const waitMs = (attempt: number) => stretch(Math.min(lane.policy.backoffMs[attempt - 1] ?? LONGEST_BACKOFF_MS, LONGEST_BACKOFF_MS));
    const worker = new Worker<string>(queue.name, (job) => this.#carry(job, handler), {
      connection: this.#patient,
      prefix: this.#options.prefix ?? 'laba',
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_LOOK_MS,
      maxStalledCount: STALLED_AT_MOST,
      runRetryDelay: RETRY_MS,
      drainDelay: IDLE_SECONDS,
      settings: { backoffStrategy: waitMs },
      ...(limiter === undefined ? {} : { limiter }),
    });
    worker.on('error', (error) => this.#watch.mentioned(error));
    return worker;
  }

  async #carry(job: BullJob<string>, handler: Handler): Promise<void> {
    const run = handler(job.data);
    const settled = run.catch(() => {});
    this.#running.add(settled);
    try {
      await run;
    } catch (error) {
      // Redis keeps the words of failed jobs: only a code goes there, the reason is in the job's row.
      throw error instanceof Permanent ? new UnrecoverableError('permanent') : new Error(error instanceof LabaError ? error.code : 'failed');
    } finally {
      this.#running.delete(settled);
    }
  }
}

async function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LabaError('overloaded', `Redis did not take it within ${ms} ms (${what}).`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
