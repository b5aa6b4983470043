// When a push button is meant and not only touched: held long enough, or pressed twice. Pure; times are elapsed ms.
import { LIMITS } from '@laba/domain/limits';

export type PressSetting = { by: 'hold'; holdMs: number } | { by: 'twice' };

export const DEFAULT_PRESS: PressSetting = { by: 'hold', holdMs: LIMITS.buttonHoldMs };

/** `down`, `up`: the contact itself. `whole`: a program says that somebody pressed, and has judged itself whether it was meant. */
export type Contact = 'down' | 'up' | 'whole';

const { buttonDebounceMs, buttonReleaseMs, buttonRepeatMs, buttonTwiceMs } = LIMITS;

export class PressRule {
  readonly #setting: PressSetting;
  #downAtMs: number | undefined;
  #upAtMs = -Infinity;
  /** The press before this one, where two are needed. */
  #firstAtMs = -Infinity;
  #wholeAtMs = -Infinity;
  /** It counted already and was not let go since. */
  #spent = false;

  constructor(setting: PressSetting) {
    this.#setting = setting;
  }

  /** True when this makes it a press that counts. */
  take(contact: Contact, atMs: number): boolean {
    if (contact === 'whole') return this.#whole(atMs);
    if (contact === 'down') return this.#down(atMs);
    if (this.#downAtMs !== undefined) this.#upAtMs = atMs;
    return false;
  }

  /** When to ask `isHeld`; undefined when there is nothing to wait for. */
  get lookAtMs(): number | undefined {
    return this.#setting.by === 'hold' && this.#isDown && !this.#spent ? this.#downAtMs! + this.#setting.holdMs : undefined;
  }

  /** True, once, when it has been held for long enough. */
  isHeld(atMs: number): boolean {
    const lookAtMs = this.lookAtMs;
    if (lookAtMs === undefined || atMs < lookAtMs) return false;
    this.#spent = true;
    return true;
  }

  get #isDown(): boolean {
    return this.#downAtMs !== undefined && this.#upAtMs < this.#downAtMs;
  }

  #down(atMs: number): boolean {
    if (this.#isDown) return this.isHeld(atMs);
    const openMs = atMs - this.#upAtMs;
    const bounces = openMs < buttonDebounceMs;
    if (this.#spent && openMs >= buttonReleaseMs) this.#spent = false;
    // A contact that bounced was down all the time.
    const since = bounces && this.#downAtMs !== undefined ? this.#downAtMs : atMs;
    this.#downAtMs = since;
    this.#upAtMs = -Infinity;
    if (this.#setting.by === 'hold') return this.isHeld(atMs);
    return !bounces && !this.#spent && this.#second(atMs);
  }

  #second(atMs: number): boolean {
    const isSecond = atMs - this.#firstAtMs <= buttonTwiceMs;
    this.#firstAtMs = isSecond ? -Infinity : atMs;
    this.#spent = isSecond;
    return isSecond;
  }

  #whole(atMs: number): boolean {
    const sinceMs = atMs - this.#wholeAtMs;
    this.#wholeAtMs = atMs;
    return sinceMs >= buttonRepeatMs;
  }
}
