// What an officer wrote down and the house has not taken yet: kept at this desk until it has, each sent under one key, so that a cut line neither loses nor doubles one.
import { line } from '../api/live-line.ts';
import { Refused, UNREACHABLE } from '../api/problem.ts';
import { Store } from './store.ts';

/** What is sent under `key` never changes: the house would take it for another. */
export interface Kept {
  key: string;
  writtenAtMs: number;
}

interface Ways<T extends Kept> {
  /** Under which name this browser tab keeps what one officer wrote. */
  keptAs: (officerId: string) => string;
  send: (one: T) => Promise<void>;
  /** When some of it was sent, or refused. */
  onSent: () => Promise<unknown>;
}

const AGAIN_MS = 3_000;

// The house is there and asks for patience, or cannot answer just now.
function isForLater(error: unknown): boolean {
  return error instanceof Refused && (error.problem === UNREACHABLE || error.problem.status >= 500 || error.problem.status === 429);
}

/** It was carried out before, and only its answer was lost. What is `already-done` otherwise is over, and was not taken. */
const isThere = (error: unknown) => error instanceof Refused && error.problem.once === true;

export class Outbox<T extends Kept> {
  readonly waiting = new Store<readonly T[]>([]);
  /** What the house said of those that it refused, by key: they wait for the officer. */
  readonly refused = new Store<Readonly<Record<string, unknown>>>({});
  readonly #ways: Ways<T>;
  #owner = '';
  #sending: string | undefined;
  #isSending = false;

  constructor(ways: Ways<T>) {
    this.#ways = ways;
    line.watch(() => {
      if (line.value.is === 'up' && this.#next() !== undefined) void this.sendAll();
    });
    setInterval(() => {
      if (this.#next() !== undefined) void this.sendAll();
    }, AGAIN_MS);
    // Whoever closes the page loses them: he is asked first.
    window.addEventListener('beforeunload', (event) => {
      if (this.waiting.value.length > 0) event.preventDefault();
    });
  }

  /** Whether this one is on the wire just now. */
  isSending(key: string): boolean {
    return this.#sending === key;
  }

  /** A page that is loaded anew goes on where it was; what another officer left on this desk is not shown to the next. */
  keepOf(officerId: string): void {
    if (this.#owner === officerId) return;
    this.#owner = officerId;
    let kept: T[] = [];
    try {
      kept = JSON.parse(sessionStorage.getItem(this.#ways.keptAs(officerId)) ?? '[]') as T[];
    } catch {
      // A browser that keeps nothing begins empty.
    }
    this.waiting.set(kept);
    void this.sendAll();
  }

  add(one: T): void {
    this.#keep([...this.waiting.value, one]);
    void this.sendAll();
  }

  drop(key: string): void {
    this.#keep(this.waiting.value.filter((one) => one.key !== key));
    this.#forgive(key);
  }

  /** In the place of one that was refused, or was not sent yet. */
  replace(key: string, by: T): void {
    this.#keep(this.waiting.value.map((one) => (one.key === key ? by : one)));
    this.#forgive(key);
    void this.sendAll();
  }

  /** One after the other, as they were written. */
  async sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let one = this.#next(); one !== undefined && (await this.#send(one)); one = this.#next());
    this.#isSending = false;
    await this.#ways.onSent();
  }

  #next(): T | undefined {
    return this.waiting.value.find(({ key }) => this.refused.value[key] === undefined);
  }

  /** Whether the next one may be tried. */
  async #send(one: T): Promise<boolean> {
    const { key } = one;
    this.#sending = key;
    try {
      await this.#ways.send(one);
      this.drop(key);
      return true;
    } catch (error) {
      if (isForLater(error)) return false;
      if (isThere(error)) this.drop(key);
      else this.refused.set({ ...this.refused.value, [key]: error });
      return true;
    } finally {
      this.#sending = undefined;
    }
  }

  #keep(all: readonly T[]): void {
    this.waiting.set(all);
    try {
      if (all.length === 0) sessionStorage.removeItem(this.#ways.keptAs(this.#owner));
      else sessionStorage.setItem(this.#ways.keptAs(this.#owner), JSON.stringify(all));
    } catch {
      // It stands on the screen, and is sent while the page stands.
    }
  }

  #forgive(key: string): void {
    if (this.refused.value[key] === undefined) return;
    this.refused.set(Object.fromEntries(Object.entries(this.refused.value).filter(([name]) => name !== key)));
  }
}
