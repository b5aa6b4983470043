// Refusals are said, but an attacker must not make the device talk without end.

const REMEMBERED = 512;
const UNTRUSTED_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

export class Refusals {
  readonly #monotonicMs: () => number;
  readonly #said = new Set<string>();
  #minuteFromMs = Number.NEGATIVE_INFINITY;
  #inMinute = 0;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** One report per reason and command. */
  maySay(commandId: string, reason: string): boolean {
    const key = `${commandId} ${reason}`;
    if (this.#said.has(key)) return false;
    this.#said.add(key);
    if (this.#said.size > REMEMBERED) this.#said.delete(this.#said.values().next().value!);
    return true;
  }

  /** Bytes that nobody we know has signed: at most ten reports a minute. */
  maySayUntrusted(): boolean {
    const now = this.#monotonicMs();
    if (now - this.#minuteFromMs >= MINUTE_MS) {
      this.#minuteFromMs = now;
      this.#inMinute = 0;
    }
    this.#inMinute += 1;
    return this.#inMinute <= UNTRUSTED_PER_MINUTE;
  }
}
