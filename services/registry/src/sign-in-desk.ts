// Tries of one line come one after the other; names that do not exist lock like known ones, so that no answer tells which exist.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';

interface Failures {
  count: number;
  lockedUntilMs: number;
}

interface Line {
  last: Promise<unknown>;
  waiting: number;
}

export class SignInDesk {
  readonly #strangers = new Map<string, Failures>();
  readonly #lines = new Map<string, Line>();

  /** Five right passwords at once must all be let in, and five wrong ones all be counted. @throws `too-many-requests` when the line is long */
  async inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(name) ?? { last: Promise.resolve(), waiting: 0 };
    if (line.waiting >= LIMITS.signInsPerMinute) throw new LabaError('too-many-requests');
    line.waiting += 1;
    this.#lines.set(name, line);
    const turn = line.last.then(work);
    line.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) this.#lines.delete(name);
    }
  }

  /** Counts one try of an unknown name; true when the name is locked and the try must not be made. The oldest name is forgotten first. */
  isLocked(name: string, nowMs: number, { mostFailures, lockMs }: { mostFailures: number; lockMs: number }): boolean {
    let known = this.#strangers.get(name);
    if (known === undefined || (known.lockedUntilMs > 0 && known.lockedUntilMs <= nowMs)) known = { count: 0, lockedUntilMs: 0 };
    if (known.lockedUntilMs > nowMs) {
      known.lockedUntilMs = Math.min(known.lockedUntilMs, nowMs + lockMs);
      return true;
    }
    known.count += 1;
    if (known.count >= mostFailures) known.lockedUntilMs = nowMs + lockMs;
    this.#strangers.delete(name);
    this.#strangers.set(name, known);
    const [oldest] = this.#strangers.keys();
    if (this.#strangers.size > LIMITS.signInStrangers && oldest !== undefined) this.#strangers.delete(oldest);
    return false;
  }
}
