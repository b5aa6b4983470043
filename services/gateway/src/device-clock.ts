// The gateway's own time. A box may have no battery behind its clock; then only a signed, fresh word of the county tells the time.
import type { Clock } from '@laba/runtime/clock';

/** How far a device's clock may be off before it is not believed. */
export const CLOCK_SKEW_MS = 5 * 60_000;

export interface DeviceClockOptions {
  clock: Clock;
  /** Elapsed ms that no step of the wall clock changes. */
  monotonicMs: () => number;
  /** False: this box keeps no time of its own over a power cut (no battery, no network time). */
  known: boolean;
}

/** A time, the elapsed time at which it was true, and who said so. */
interface Anchor {
  ms: number;
  atMs: number;
  from: 'own' | 'county' | 'hand';
}

/**
 * Once known, time is an anchor plus elapsed time: a wall clock that steps back while running changes nothing.
 * It is never before the floor, the latest time that a signed message proved. Where nobody has told the time, a hand at the box starts it:
 * such a time is good for what that hand asked for, and for nothing that was stored.
 */
export class DeviceClock {
  readonly clock: Clock;
  readonly #monotonicMs: () => number;
  readonly #known: boolean;
  #floorMs = 0;
  #anchor: Anchor | undefined;

  constructor(options: DeviceClockOptions) {
    this.clock = options.clock;
    this.#monotonicMs = options.monotonicMs;
    this.#known = options.known;
  }

  /** ms since 1970, or undefined while the time is unknown. */
  now(): number | undefined {
    const running = this.#running();
    return running === undefined ? undefined : Math.max(running, this.#floorMs);
  }

  /** Whether the time is known, and not only counted since somebody pressed. */
  get isTold(): boolean {
    return this.now() !== undefined && this.#anchor?.from !== 'hand';
  }

  /** Time begins to count, where it does not yet: from this house's own word, never before the floor. @returns how far it is ahead of that word */
  startByHand(houseMs: number): number {
    if (this.now() === undefined) this.#anchor = { ms: Math.max(houseMs, this.#floorMs), atMs: this.#monotonicMs(), from: 'hand' };
    return Math.max(0, this.now()! - houseMs);
  }

  get floorMs(): number {
    return this.#floorMs;
  }

  monotonic(): number {
    return this.#monotonicMs();
  }

  /** The floor never goes back. */
  liftFloor(ms: number): void {
    // Time goes on from there: it must not stand still until a slow clock has caught up.
    if (this.#anchor !== undefined && ms > this.now()!) this.#anchor = { ...this.#anchor, ms, atMs: this.#monotonicMs() };
    this.#floorMs = Math.max(this.#floorMs, Math.floor(ms));
  }

  /**
   * The county's signed answer to this device's own fresh question: true within that answer's travel time. `isProven`: false where an
   * officer has told the house the time, which lifts no floor: he may have been wrong.
   * @returns by how much a time that was counted by hand was set on
   */
  anchor(ms: number, isProven = true): number {
    const counted = this.isTold ? undefined : this.now();
    this.#anchorSigned(ms, isProven);
    return counted === undefined ? 0 : this.now()! - counted;
  }

  #anchorSigned(ms: number, isProven: boolean): void {
    // The running clock and not the floor is asked: a floor stands still, and time must not stand still with it.
    const own = this.#running();
    if (isProven) this.liftFloor(ms);
    // Below the floor it would stand still at the floor until it caught up: it runs on from there.
    if (own === undefined || this.#anchor?.from === 'hand' || Math.abs(own - ms) > CLOCK_SKEW_MS)
      this.#anchor = { ms: Math.max(ms, this.#floorMs), atMs: this.#monotonicMs(), from: 'county' };
  }

  #running(): number | undefined {
    this.#anchor ??= this.#ownAnchor();
    if (this.#anchor === undefined) return undefined;
    const elapsed = this.#anchor.ms + this.#monotonicMs() - this.#anchor.atMs;
    const wall = this.#anchor.from === 'own' && this.#known ? this.clock.now() : 0;
    return Math.max(elapsed, wall);
  }

  // A wall clock before the signed floor is wrong: the box woke up without its battery.
  #ownAnchor(): Anchor | undefined {
    const wall = this.clock.now();
    if (!this.#known || wall < this.#floorMs - CLOCK_SKEW_MS) return undefined;
    return { ms: wall, atMs: this.#monotonicMs(), from: 'own' };
  }
}

/** For messages: ISO 8601, UTC. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
