// Why a box asks its house again. An answer that changes nothing would lead to the same question at once, and so on without end.

/** The same reason is good for one question in so long. */
const AGAIN_MS = 60_000;
const KEPT = 256;

export class Reasons {
  readonly #monotonicMs: () => number;
  readonly #usedAtMs = new Map<string, number>();

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** Whether one of them was not a reason lately. They are from now on. */
  areNew(reasons: readonly string[]): boolean {
    const now = this.#monotonicMs();
    const fresh = reasons.filter((reason) => now - (this.#usedAtMs.get(reason) ?? -Infinity) >= AGAIN_MS);
    for (const reason of fresh) this.#use(reason, now);
    return fresh.length > 0;
  }

  /** On a new line everything is asked anew. */
  forget(): void {
    this.#usedAtMs.clear();
  }

  #use(reason: string, now: number): void {
    this.#usedAtMs.delete(reason);
    this.#usedAtMs.set(reason, now);
    const [oldest] = this.#usedAtMs.keys();
    if (this.#usedAtMs.size > KEPT) this.#usedAtMs.delete(oldest!);
  }
}
