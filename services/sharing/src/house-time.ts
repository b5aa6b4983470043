// A village's house after a power cut: who tells it the time, what is written down of that, and what an officer may confirm.
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import type { Act, Permit } from '@laba/runtime/auth';
import { every } from '@laba/runtime/clock';
import { houseCode } from '@laba/runtime/config';
import type { HouseClock, Teller } from '@laba/runtime/house-clock';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';

/** A power cut loses no more of the time than this. */
const KEEP_MS = 60_000;
/** A difference that no device minds. */
const SKEW_MS = 5 * 60_000;

export type SetOn = (sinceMs: number, byMs: number) => Promise<readonly Op[]>;

export class HouseTime {
  readonly clock: HouseClock;
  readonly #deps: Deps;
  readonly #setOn: SetOn;
  #turn: Promise<unknown> = Promise.resolve();
  #stop = () => {};

  constructor(deps: Deps, clock: HouseClock, setOn: SetOn) {
    this.#deps = deps;
    this.clock = clock;
    this.#setOn = setOn;
  }

  async start(): Promise<void> {
    const { log } = this.#deps;
    const { doubt } = this.clock;
    if (doubt?.state === 'unknown') await this.#tellUnknown(doubt.sinceMs);
    const onError = (error: unknown) => log.error({ why: String(error) }, 'the time could not be looked after');
    this.#stop = every(this.clock, KEEP_MS, () => this.look(), onError);
  }

  stop(): void {
    this.#stop();
    this.clock.keep();
  }

  degraded(): string[] {
    const { doubt } = this.clock;
    if (doubt === undefined) return [];
    const since = new Date(doubt.sinceMs).toISOString();
    return [
      doubt.state === 'unknown'
        ? `clock: unknown since a power cut after ${since}: what was in force then waits until an officer confirms the time`
        : `clock: confirmed by hand after a power cut at ${since}: the house above has not said what time it is`,
    ];
  }

  /** A network may have told the machine the time meanwhile. */
  async look(): Promise<void> {
    if (this.clock.doubt !== undefined) {
      const wallMs = await this.clock.askMachine();
      if (wallMs !== undefined) return this.#tell('machine', () => wallMs, { who: 'system', via: 'job', once: [] });
    }
    this.clock.keep();
  }

  /** The house above says what time it is. */
  async hear(ms: number): Promise<void> {
    if (this.clock.doubt === undefined && Math.abs(this.clock.now() - ms) <= SKEW_MS) return;
    await this.#tell('above', () => ms, { who: 'system', via: 'mqtt', once: [] });
  }

  /** @throws `transition-refused` (the time is known), `wrong-time` */
  async confirm(_permit: Permit<'clock.confirm'>, ms: number, act: Act): Promise<void> {
    const decide = () => {
      if (this.clock.doubt === undefined) throw new LabaError('transition-refused', 'This house knows the time: nobody need confirm it.', { state: 'known' });
      const { fromMs, toMs } = this.clock.confirmable;
      // He types whole minutes, and telephones differ a little.
      if (ms < fromMs - SKEW_MS || ms > toMs) {
        const iso = (at: number) => new Date(at).toISOString();
        throw new LabaError('wrong-time', `time: between ${iso(fromMs)} and ${iso(toMs)}.`, { field: 'time' });
      }
      return Math.max(ms, fromMs);
    };
    await this.#tell('officer', decide, act);
  }

  // Written down first, and by the new time; the clock is set as soon as that is committed, so that nothing ends in between.
  #tell(by: Exclude<Teller, 'nobody'>, decide: () => number, act: Act): Promise<void> {
    const turn = this.#turn.then(async () => {
      const { db, ids, config } = this.#deps;
      const ms = decide();
      const { doubt } = this.clock;
      const wasMs = this.clock.now();
      const at = (atMs: number) => capTime(atMs, config.utcOffsetMinutes);
      const told = { type: 'clock.told', atMs: ms, who: act.who, via: act.via, gridCode: houseCode(config), subjectId: houseCode(config) } as const;
      await db.atomically([
        ...act.once,
        ...(doubt === undefined ? [] : await this.#setOn(doubt.sinceMs, ms - wasMs)),
        ...record(ids, { ...told, data: { by, time: at(ms), was: at(wasMs) } }),
      ]);
      this.clock.set(by, ms);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #tellUnknown(sinceMs: number): Promise<void> {
    const { db, ids, config } = this.#deps;
    const told = {
      type: 'clock.unknown',
      atMs: this.clock.now(),
      who: 'system',
      via: 'job',
      gridCode: houseCode(config),
      subjectId: houseCode(config),
    } as const;
    await db.atomically(record(ids, { ...told, data: { sinceMs } }));
  }
}
