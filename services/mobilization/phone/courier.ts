// The phone page: carries what is kept to the county, one after the other, until it is held or refused. Sent again, it is the same answer.
import type { Kept, Outbox } from './outbox.ts';

/** What the county does not take by its state or form: to send it again would change nothing. */
const FINAL = [400, 403, 404, 409, 413, 415, 422];
const GIVE_UP_MS = 15_000;
const AGAIN_MS = [2_000, 5_000, 10_000, 20_000];

export class Courier {
  readonly #base: string;
  readonly #outbox: Outbox;
  readonly #onChange: (answer?: unknown) => void;
  #isUnderWay = false;
  #isAsked = false;
  #failures = 0;
  #timer = 0;

  /** `base`: the personal link's own path. `onChange`: something left the outbox, with what the county answered, or was refused. */
  constructor(base: string, outbox: Outbox, onChange: (answer?: unknown) => void) {
    this.#base = base;
    this.#outbox = outbox;
    this.#onChange = onChange;
  }

  /** Something was kept, or the line is back. */
  go(): void {
    clearTimeout(this.#timer);
    // Said while the last one was on its way: looked for once more.
    this.#isAsked = this.#isUnderWay;
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    void this.#carry()
      .then((done) => {
        this.#failures = done ? 0 : this.#failures + 1;
        if (!done) this.#timer = setTimeout(() => this.go(), AGAIN_MS[Math.min(this.#failures, AGAIN_MS.length) - 1]);
      })
      .finally(() => {
        this.#isUnderWay = false;
        if (this.#isAsked) this.go();
      });
  }

  /** Whether everything was carried. Stops at the first that does not get through, so that the order is kept. */
  async #carry(): Promise<boolean> {
    for (;;) {
      const next = (await this.#outbox.list()).find((kept) => kept.refused === null);
      if (next === undefined) return true;
      const outcome = await this.#send(next);
      if (outcome === 'later') return false;
      if (outcome.refused === undefined) await this.#outbox.remove(next);
      else await this.#outbox.refuse(next, outcome.refused);
      this.#onChange(outcome.answer);
    }
  }

  async #send(kept: Kept): Promise<'later' | { refused?: string; answer?: unknown }> {
    const gone = new AbortController();
    const timer = setTimeout(() => gone.abort(), GIVE_UP_MS);
    try {
      const response = await fetch(`${this.#base}/${kept.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': kept.id },
        body: JSON.stringify({ ...kept.body, ...(kept.photo === undefined ? {} : { photo: kept.photo }), saidAt: kept.saidAtMs }),
        signal: gone.signal,
      });
      if (response.ok) return { answer: await response.json() };
      if (FINAL.indexOf(response.status) < 0) return 'later';
      const { code = 'bad-input' } = (await response.json().catch(() => ({}))) as { code?: string };
      // Its first sending was recorded, only the word of it was lost.
      return code === 'already-done' ? {} : { refused: code };
    } catch {
      return 'later';
    } finally {
      clearTimeout(timer);
    }
  }
}
