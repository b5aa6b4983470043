// A member's phone in a story: what is said about it, and what its owner does with it.
import type { Incoming } from '@laba/runtime/channel';
import { PROVIDER_SECRET, type FakePhones, type PhoneChannel, type Received } from './fake-phones.ts';

/** What a phone needs of its town. */
interface Town {
  readonly phones: FakePhones;
  readonly clock: { settle(): Promise<void> };
  readonly house: { url(): string };
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

  /** An SMS from this phone to the county's number. */
  async replies(words: string): Promise<void> {
    await this.#handsOver('sms', { kind: 'reply', from: `+86 ${this.#town.phones.numberOf(this.#memberId)}`, words });
  }

  /** A key pressed during the last call to this phone. */
  async presses(key: string): Promise<void> {
    const call = this.#all().findLast(({ channel }) => channel === 'voice');
    if (call === undefined) throw new Error(`Nobody called ${this.#memberId}.`);
    await this.#handsOver('voice', { kind: 'reply', answers: call.id, words: key });
  }

  /** The provider reports that what it took has arrived, or never will. */
  async reportsOn(message: Received, state: 'delivered' | 'failed'): Promise<void> {
    await this.#handsOver(message.channel, { kind: 'receipt', providerId: `${message.channel}-${message.id}`, state });
  }

  async #handsOver(channel: PhoneChannel, incoming: Incoming): Promise<void> {
    const response = await fetch(new URL(`/api/v1/channels/${channel}/incoming`, this.#town.house.url()), {
      method: 'POST',
      headers: { authorization: `Bearer ${PROVIDER_SECRET}`, 'content-type': 'application/json' },
      body: JSON.stringify([incoming]),
    });
    if (!response.ok) throw new Error(`The county answered ${response.status} to the provider: ${await response.text()}`);
    await this.#town.clock.settle();
  }

  #all(): Received[] {
    return this.#town.phones.at(this.#memberId);
  }
}
