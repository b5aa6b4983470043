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

export interface Channel {
  readonly name: ChannelName;
  /** What its provider takes per second, of everything that is not urgent; no limit when not given. */
  readonly perSecond?: number;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  /** Asks the provider once. Resolves with what it said; a rejection is a fault of the adapter, and the message is tried again. */
  send(message: OutgoingMessage): Promise<SendOutcome>;
  /** What is wrong with its provider now, in words for `/readyz`. */
  degraded?(): string[];
}
