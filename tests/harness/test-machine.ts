// The computer that a village's house stands on, in a test's hands: its battery may be flat, its wall clock wrong.
import type { Machine } from '@laba/runtime/house-clock';
import type { TownClock } from './town-clock.ts';

export class TestMachine implements Machine {
  readonly #clock: TownClock;
  #boots = 1;
  #wrongMs = 0;
  /** A battery keeps its clock, or a network has told it the time. */
  isTold = true;

  constructor(clock: TownClock) {
    this.#clock = clock;
  }

  get bootId(): string {
    return `boot-${this.#boots}`;
  }

  wallMs(): number {
    return this.#clock.now() + this.#wrongMs;
  }

  monotonicMs(): number {
    return this.#clock.elapsedMs;
  }

  isKept(): Promise<boolean> {
    return Promise.resolve(this.isTold);
  }

  /** Switched on again, its clock showing `wallMs` since 1970. */
  switchOn(wallMs: number): void {
    this.#boots += 1;
    this.#wrongMs = wallMs - this.#clock.now();
  }
}
