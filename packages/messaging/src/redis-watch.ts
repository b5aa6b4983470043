// Whether Redis answers now: asked every 2 s, told once when it goes and once when it is back, however many commands fail between.
import type { Redis } from 'ioredis';
import { addressOf } from './redis-line.ts';

/** What the queue needs of a logger; told ids, counts and reasons. */
export interface QueueLog {
  error(facts: Record<string, unknown>, words: string): void;
  warn(facts: Record<string, unknown>, words: string): void;
  info(facts: Record<string, unknown>, words: string): void;
}

interface WatchOptions {
  log: QueueLog;
  /** Told the words when trouble begins, undefined when it has ended. */
  onTrouble?: ((words: string | undefined) => void) | undefined;
}

const LOOK_EVERY_MS = 2_000;
/** The same complaint of a library is told again after this. */
const REPEAT_MS = 60_000;

export class RedisWatch {
  readonly #line: Redis;
  readonly #at: string;
  readonly #options: WatchOptions;
  readonly #toldAtMs = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #trouble: string | undefined;
  #sinceMs = 0;
  #closed = false;

  /** `line`: an impatient one, which is asked. */
  constructor(line: Redis, url: string, options: WatchOptions) {
    this.#line = line;
    this.#at = addressOf(url);
    this.#options = options;
  }

  start(): void {
    this.#line.on('close', () => this.#lost(`queue: Redis at ${this.#at} is away`));
    this.#line.on('ready', () => void this.#look());
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
  }

  stop(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  degraded(): string[] {
    return this.#trouble === undefined ? [] : [this.#trouble];
  }

  /** An error that a library only mentions. While Redis is away it is no news. */
  mentioned(error: Error): void {
    if (this.#closed || this.#trouble !== undefined) return;
    const kind = error.message.replace(/\S*\d\S*/g, '…');
    const now = performance.now();
    const before = this.#toldAtMs.get(kind);
    if (before !== undefined && now - before < REPEAT_MS) return;
    this.#toldAtMs.set(kind, now);
    this.#options.log.warn({ why: error.message }, 'the queue complains');
  }

  // A question that changes something: a Redis that is full or has become a replica answers all others.
  async #look(): Promise<void> {
    try {
      await this.#line.set(`laba:watch:${process.pid}`, '1', 'PX', REPEAT_MS);
      this.#found();
    } catch (error) {
      const away = this.#line.status !== 'ready';
      const hangs = /timed? ?out/i.test((error as Error).message);
      this.#lost(`queue: Redis at ${this.#at} ${away ? 'is away' : hangs ? 'does not answer' : `refuses writes: ${(error as Error).message}`}`);
    }
  }

  #lost(words: string): void {
    if (this.#closed) return;
    const isNew = this.#trouble === undefined;
    this.#trouble = words;
    if (!isNew) return;
    this.#sinceMs = performance.now();
    this.#options.log.error({ why: words }, 'the queue has lost its engine; jobs stay in the database');
    this.#options.onTrouble?.(words);
  }

  #found(): void {
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#options.log.info({ awaySeconds: Math.round((performance.now() - this.#sinceMs) / 1000) }, 'the queue has its engine back');
    this.#options.onTrouble?.(undefined);
  }
}
