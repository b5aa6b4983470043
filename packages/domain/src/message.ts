// Messages to people: by which channels, what each state proves, and what a provider's answer means.

/** In the order in which a member is tried when the policy says nothing else. */
export const CHANNELS = {
  push: { zh: '手机推送', en: 'web push' },
  sms: { zh: '短信', en: 'SMS' },
  voice: { zh: '语音电话', en: 'voice call' },
  email: { zh: '电子邮件', en: 'e-mail' },
  wecom: { zh: '企业微信群', en: 'WeCom group' },
  dingtalk: { zh: '钉钉群', en: 'DingTalk group' },
  manual: { zh: '上门、敲锣、吹哨', en: 'knock, gong or whistle' },
} as const;
export type Channel = keyof typeof CHANNELS;
export const CHANNEL_NAMES = Object.keys(CHANNELS) as [Channel, ...Channel[]];

/** Who asks for the message, and so what its words are. */
export const MESSAGE_PURPOSES = ['call', 'ladder', 'section', 'safety', 'roll-call', 'task', 'number-check', 'told'] as const;
export type MessagePurpose = (typeof MESSAGE_PURPOSES)[number];

/** Whether a message is still wanted when its alert is over: people in the open, open tasks, and what tells of the end itself. */
export const OUTLIVES_ALERT: Readonly<Record<MessagePurpose, boolean>> = {
  call: false,
  ladder: false,
  section: false,
  safety: true,
  'roll-call': false,
  task: true,
  'number-check': true,
  told: true,
};

/**
 * queued: a row exists. sending: a sender has taken it. sent: the provider took it. delivered: the provider reported arrival.
 * read: the page behind it was opened. failed: nothing more is tried by this message, and why. expired: its time passed unsent.
 * unneeded: the answer or the end came before it was sent.
 */
export const MESSAGE_STATES = ['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'expired', 'unneeded'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** Ids and plain facts that the words are made of; never a name, a number or an address. */
export type MessageFacts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A provider's answer, as a value: whatever it says, nothing is claimed that it did not say. */
export type SendOutcome =
  | { outcome: 'sent'; providerId?: string }
  /** Tried again later by the sender itself; `afterMs` when the provider named a time. */
  | { outcome: 'failed-for-now'; reason: string; afterMs?: number }
  | { outcome: 'failed-for-good'; reason: string };

const STOP = /^(td|t|tt|n?退订|unsubscribe|stop)$/i;
const START = /^(dy|订阅|恢复|subscribe|start)$/i;

/** Whether the owner of a number asks for no more routine messages (`stop`), or for them again (`start`). Alerts go on all the same. */
export function subscriptionWish(words: string): 'stop' | 'start' | undefined {
  const said = words.normalize('NFKC').replaceAll(/[^\p{L}\p{N}]/gu, '');
  if (STOP.test(said)) return 'stop';
  return START.test(said) ? 'start' : undefined;
}
