// A member's phone in a story: what is said about it, and what its owner does with it.
import type { FakePhones, Received } from './fake-phones.ts';

/** What a phone needs of its town. */
interface Town {
  readonly phones: FakePhones;
  readonly clock: { settle(): Promise<void> };
  eventually(what: () => string, look: () => boolean): Promise<void>;
}

/** A member's phone. */
export class TownPhone {
  readonly #town: Town;
  readonly #memberId: string;

  constructor(town: Town, memberId: string) {
    this.#town = town;
    this.#memberId = memberId;
  }

  /** Messages that have these words, oldest first. Waits for the first one, the clock standing still. */
  async receives(words: string): Promise<Received[]> {
    const found = () => this.#all().filter((message) => message.words.includes(words));
    const told = () =>
      this.#all()
        .map((message) => message.words)
        .join('; ') || 'nothing';
    await this.#town.eventually(
      () => `${this.#memberId} receives '${words}'; received: ${told()}`,
      () => found().length > 0,
    );
    this.#town.phones.expect(found());
    return found();
  }

  async receivesNothing(): Promise<void> {
    await this.#town.clock.settle();
    if (this.#all().length > 0)
      throw new Error(
        `${this.#memberId} should have received nothing, but: ${this.#all()
          .map((message) => message.words)
          .join('; ')}`,
      );
  }

  #all(): Received[] {
    return this.#town.phones.at(this.#memberId);
  }
}
