// A village's own time: kept by its machine, told by the house above, confirmed by an officer; and counted on from where it stood while nobody has told it.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { LIMITS } from '@laba/domain/limits';
import type { Clock, ClockDoubt } from './clock.ts';
import { writeDurably } from './durable-file.ts';
import type { Log } from './log.ts';

/** The computer below the house, as far as it knows of time. */
export interface Machine {
  /** Names this run of the computer since it was switched on; undefined where nobody can tell. */
  readonly bootId: string | undefined;
  /** ms since 1970, right or wrong. */
  wallMs(): number;
  /** ms since it was switched on, the same count for all its processes; no step of the wall clock changes it. */
  monotonicMs(): number;
  /** Whether a battery kept its wall clock while it was off, or a network has told it the time since. */
  isKept(): Promise<boolean>;
}

export const TELLERS = ['machine', 'above', 'officer', 'nobody'] as const;
export type Teller = (typeof TELLERS)[number];

const keptSchema = z.object({
  /** Proven: it cannot be earlier than this. */
  floorMs: z.number(),
  /** What the clock said, however it knew. */
  countedMs: z.number(),
  monotonicMs: z.number(),
  bootId: z.string().optional(),
  by: z.enum(TELLERS),
  sinceMs: z.number(),
});

interface Anchor {
  ms: number;
  atMs: number;
}

export interface HouseClockOptions {
  /** Moves timers. */
  timers: Clock;
  machine: Machine;
  /** Where it keeps what it knows over a power cut. */
  file: string;
  /** ms: the newest time that this house has written into its database. */
  newestMs: number;
  log: Pick<Log, 'warn'>;
}

/**
 * While nobody has told the time it goes on from the last time that this house knew, and so is never ahead of the truth: no deadline falls due
 * too early. An officer's word is not proof: it may be corrected, by him or by the house above, also backwards, but not below what is proven.
 */
export class HouseClock implements Clock {
  readonly #options: HouseClockOptions;
  #by: Teller;
  #anchor: Anchor;
  #proven: Anchor;
  #sinceMs: number;

  private constructor(options: HouseClockOptions, begin: { by: Teller; anchor: Anchor; proven: Anchor; sinceMs: number }) {
    this.#options = options;
    this.#by = begin.by;
    this.#anchor = begin.anchor;
    this.#proven = begin.proven;
    this.#sinceMs = begin.sinceMs;
  }

  static async open(options: HouseClockOptions): Promise<HouseClock> {
    const { machine, newestMs } = options;
    const kept = read(options.file);
    const atMs = machine.monotonicMs();
    if (kept !== undefined && kept.bootId !== undefined && kept.bootId === machine.bootId) {
      // The computer was on all the time: only this process was away.
      const { by, countedMs, floorMs, monotonicMs, sinceMs } = kept;
      return new HouseClock(options, { by, sinceMs, anchor: { ms: countedMs, atMs: monotonicMs }, proven: { ms: floorMs, atMs: monotonicMs } });
    }
    const proven = { ms: kept?.floorMs ?? newestMs, atMs };
    const sinceMs = Math.max(kept?.countedMs ?? 0, newestMs);
    const clock = new HouseClock(options, { by: 'nobody', sinceMs, anchor: { ms: sinceMs + 1, atMs }, proven });
    // A house in which nothing was ever written has nothing that could wait.
    const wallMs = sinceMs === 0 ? machine.wallMs() : await clock.askMachine();
    if (wallMs === undefined) clock.keep();
    else clock.set('machine', wallMs);
    return clock;
  }

  get by(): Teller {
    return this.#by;
  }

  get doubt(): ClockDoubt | undefined {
    if (this.#by === 'nobody') return { state: 'unknown', sinceMs: this.#sinceMs };
    return this.#by === 'officer' ? { state: 'by-hand', sinceMs: this.#sinceMs } : undefined;
  }

  now(): number {
    return this.#by === 'machine' ? this.#options.machine.wallMs() : this.#counted(this.#anchor);
  }

  /** What an officer may confirm, ms since 1970: nothing before the time that is proven, and no longer after it than a box is ever switched off. */
  get confirmable(): { fromMs: number; toMs: number } {
    const fromMs = this.#provenMs();
    return { fromMs, toMs: fromMs + LIMITS.clockConfirmAheadMs };
  }

  /** The machine's time, where something kept it or told it and it is possible. */
  async askMachine(): Promise<number | undefined> {
    const { machine } = this.#options;
    const isPossible = () => machine.wallMs() >= this.confirmable.fromMs && machine.wallMs() <= this.confirmable.toMs;
    return isPossible() && (await machine.isKept()) && isPossible() ? machine.wallMs() : undefined;
  }

  /** From now on it is `ms`. What the house above, or the machine, says is proven. */
  set(by: Exclude<Teller, 'nobody'>, ms: number): void {
    const proven = { ms: this.#provenMs(), atMs: this.#monotonicMs() };
    this.#by = by;
    this.#anchor = { ms, atMs: this.#monotonicMs() };
    this.#proven = by === 'officer' ? proven : this.#anchor;
    this.keep();
  }

  /** Writes down what it knows, for the start after the next power cut. Time goes on also where that fails. */
  keep(): void {
    const { machine, file, log } = this.#options;
    const kept: z.infer<typeof keptSchema> = {
      ...{ floorMs: this.#provenMs(), countedMs: this.now(), monotonicMs: this.#monotonicMs(), by: this.#by, sinceMs: this.#sinceMs },
      ...(machine.bootId === undefined ? {} : { bootId: machine.bootId }),
    };
    try {
      writeDurably(file, `${JSON.stringify(kept)}\n`);
    } catch (error) {
      log.warn({ file, why: String(error) }, 'the time could not be written down');
    }
  }

  after(ms: number, callback: () => void): () => void {
    return this.#options.timers.after(ms, callback);
  }

  sleep(ms: number): Promise<void> {
    return this.#options.timers.sleep(ms);
  }

  #provenMs(): number {
    return this.doubt === undefined ? this.now() : this.#counted(this.#proven);
  }

  #counted({ ms, atMs }: Anchor): number {
    return ms + this.#monotonicMs() - atMs;
  }

  #monotonicMs(): number {
    return Math.floor(this.#options.machine.monotonicMs());
  }
}

// A damaged file is as good as none: then the database tells how late it was.
function read(file: string): z.infer<typeof keptSchema> | undefined {
  try {
    return keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
