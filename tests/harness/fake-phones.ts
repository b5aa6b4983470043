// Every phone of the small county, by its number: what it received by SMS or as a call, and what its owner sends back.
import type { Channel, Incoming, OutgoingMessage } from '@laba/runtime/channel';
import type { SendOutcome } from '@laba/domain/message';
import { MEMBERS_CSV } from './small-county.ts';

export type PhoneChannel = 'sms' | 'voice';

/** The chat of the stories: its groups have robots under this address. */
export const CHAT = 'https://chat.example/';
/** The push service of the stories' browsers. */
export const BROWSERS = 'https://push.example/';

/** What the county's providers show when they hand something over. */
export const PROVIDER_SECRET = 'a secret for stories';

export interface Received {
  id: string;
  channel: PhoneChannel;
  phone: string;
  words: string;
  /** The path of the page behind it. */
  link: string | undefined;
  urgent: boolean;
  atMs: number;
}

const NUMBERS = new Map(
  MEMBERS_CSV.trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([memberId, , phone]) => [memberId!, phone!.replace('+86', '')]),
);

export class FakePhones {
  readonly received: Received[] = [];
  /** What robots said in the groups of the chat. */
  readonly said: { url: string; words: string }[] = [];
  /** Which browsers were woken, by which message. */
  readonly woken: { id: string; endpoint: string }[] = [];
  readonly #expected = new Set<Received>();
  readonly #trouble = new Map<PhoneChannel, SendOutcome>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The county's providers of SMS and calls. */
  channels(): Channel[] {
    return [...this.#telephones(), this.#chat(), this.#browsers()];
  }

  #chat(): Channel {
    return {
      name: 'wecom',
      accepts: ({ robot }) => robot?.url.startsWith(CHAT) === true,
      send: async ({ to, title, text }) => {
        this.said.push({ url: to.robot?.url ?? '', words: `${title} ${text}` });
        return { outcome: 'sent' };
      },
    };
  }

  #browsers(): Channel {
    const endpointOf = (subscription: string | undefined) => (JSON.parse(subscription ?? '{}') as { endpoint?: string }).endpoint ?? '';
    return {
      name: 'push',
      accepts: ({ pushSubscription }) => endpointOf(pushSubscription).startsWith(BROWSERS),
      send: async ({ id, to }) => {
        this.woken.push({ id, endpoint: endpointOf(to.pushSubscription) });
        return { outcome: 'sent' };
      },
    };
  }

  #telephones(): Channel[] {
    return (['sms', 'voice'] as const).map((name) => ({
      name,
      webhook: { secret: PROVIDER_SECRET, read: (body) => body as readonly Incoming[] },
      send: async (message) => this.#take(name, message),
    }));
  }

  /** From now on the provider says this; undefined: it sends again. */
  providerSays(channel: PhoneChannel, outcome: SendOutcome | undefined): void {
    if (outcome === undefined) this.#trouble.delete(channel);
    else this.#trouble.set(channel, outcome);
  }

  numberOf(memberId: string): string {
    const number = NUMBERS.get(memberId);
    if (number === undefined || number === '') throw new Error(`${memberId} has no phone in the small county.`);
    return number;
  }

  at(memberId: string): Received[] {
    const number = this.numberOf(memberId);
    return this.received.filter(({ phone }) => phone === number);
  }

  expect(messages: readonly Received[]): void {
    for (const message of messages) this.#expected.add(message);
  }

  unexpected(): Received[] {
    return this.received.filter((message) => !this.#expected.has(message));
  }

  #take(channel: PhoneChannel, { id, to, title, text, link, urgent }: OutgoingMessage): SendOutcome {
    const trouble = this.#trouble.get(channel);
    if (trouble !== undefined) return trouble;
    this.received.push({ id, channel, phone: to.phone ?? '', words: `${title} ${text}`, link: link && new URL(link).pathname, urgent, atMs: this.#now() });
    return { outcome: 'sent', providerId: `${channel}-${id}` };
  }
}
