// The channel port: one way to a person's hand or ear. Dispatch knows its providers only by this.
import type { Mode } from '@laba/domain/alert';
import type { Channel as ChannelName, MessagePurpose, SendOutcome } from '@laba/domain/message';

/** Where a message goes; in clear only between the look-up and the provider, and in no log. */
export interface Recipient {
  phone?: string;
  email?: string;
  /** As the browser gave it, JSON. */
  pushSubscription?: string;
  robot?: { url: string; secret?: string };
}

export interface OutgoingMessage {
  /** The message's own id: a provider that takes one can tell a double. */
  id: string;
  purpose: MessagePurpose;
  mode: Mode;
  to: Recipient;
  title: string;
  text: string;
  /** The page behind it, which each channel shows in its own way. */
  link?: string;
  /** Live red or move-now. */
  urgent: boolean;
  /** BCP 47. */
  language: string;
}

/** What comes back over a channel, in the house's own words. */
export type Incoming =
  | {
      kind: 'reply';
      /** As the provider names it, so that it is taken once; without one each is new. */
      providerId?: string;
      /** The sender's number, however it is written. */
      from?: string;
      /** The id of the message that it answers (ours or the provider's), where the provider knows: a key pressed during a call. */
      answers?: string;
      words: string;
    }
  /** The provider's later word on a message that it took. */
  | { kind: 'receipt'; providerId: string; state: 'delivered' | 'failed'; reason?: string };

/** Takes what came in, durably. @throws `not-found` when a receipt's message is not known, or not yet: the provider shall say it again */
export type Inbox = (incoming: readonly Incoming[]) => Promise<{ taken: number; doubled: number }>;

export interface Channel {
  readonly name: ChannelName;
  /** What its provider takes per second, of everything that is not urgent; no limit when not given. */
  readonly perSecond?: number;
  /** For a provider that comes to us by HTTP: what it must show, and how its words are read. */
  readonly webhook?: {
    readonly secret: string;
    /** @throws `bad-input` */
    read(body: unknown): readonly Incoming[];
  };
  /** Whether it would send there: for addresses that people bring. A channel without it takes any. */
  accepts?(to: Recipient): boolean;
  /** `inbox`: for a provider that speaks on the line that it is spoken to. */
  start?(inbox: Inbox): Promise<void>;
  stop?(): Promise<void>;
  /** Asks the provider once. Resolves with what it said; a rejection is a fault of the adapter, and the message is tried again. */
  send(message: OutgoingMessage): Promise<SendOutcome>;
  /** What is wrong with its provider now, in words for `/readyz`. */
  degraded?(): string[];
}
