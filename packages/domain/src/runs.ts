// Two that speak as one: a house or a box whose data somebody copied, or brought back from an old copy beside it.

/** A process that was followed by another, and speaks again, is no restart; letters of an ended one may come late, but not so often. */
const RETURNS = 3;
const BEFORE = 8;
/** As long as nothing of the second is heard, it may be switched off. */
const ONE_AGAIN_MS = 10 * 60_000;

/** Which processes speak as one house or box, in the order in which they were heard. */
export class Runs {
  #now: string | undefined;
  #before: string[] = [];
  #returnsAtMs: number[] = [];
  #wereTwo = false;

  hear(run: string, nowMs: number): void {
    if (run === this.#now) return;
    if (this.#before.includes(run)) this.#returnsAtMs = [...this.#returnsAtMs, nowMs].slice(-RETURNS);
    if (this.#now !== undefined) this.#before = [...this.#before.filter((one) => one !== run), this.#now].slice(-BEFORE);
    this.#now = run;
    this.#wereTwo ||= this.areTwo(nowMs);
  }

  areTwo(nowMs: number): boolean {
    return this.#returnsAtMs.length === RETURNS && Math.abs(nowMs - this.#returnsAtMs[0]!) < ONE_AGAIN_MS;
  }

  /** Once, after they were two and are one again: what the one told was confirmed to the other. */
  isOneAgain(nowMs: number): boolean {
    if (!this.#wereTwo || this.areTwo(nowMs)) return false;
    this.#wereTwo = false;
    this.#returnsAtMs = [];
    return true;
  }
}
