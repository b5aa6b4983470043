// Chapter 5, the messages: from a row to what a channel is given, or the reason why nobody is asked.
import { LIMITS } from '@laba/domain/limits';
import { OUTLIVES_ALERT, type MessageFacts } from '@laba/domain/message';
import { messageWords } from '@laba/domain/message-words';
import type { OutgoingMessage, Recipient } from '@laba/runtime/channel';
import type { Config } from '@laba/runtime/config';
import type { Vault } from '@laba/runtime/vault';
import type { Database } from '@laba/storage/database';
import type { Message } from '@laba/storage/messages';
import { testsMustWait } from '@laba/storage/numbers';
import { messageLink } from './message-link.ts';
import { addressesOf, alertsOf, linkVersionsOf, reportersOf, robotsOf, type MessageAlert, type Robot, type SealedAddresses } from './message-store.ts';

/** Why a message is not sent, as a code that the timeline has words for. */
export interface Unsent {
  state: 'failed' | 'expired' | 'unneeded';
  reason: string;
}

export interface Known {
  alert: MessageAlert | undefined;
  addresses: SealedAddresses | undefined;
  robot: Robot | undefined;
  linkVersion: number;
  /** Name and number as the reporter gave them, JSON, encrypted. */
  reporterCipher: string | undefined;
  /** Tests of numbers wait. */
  testsWait: boolean;
}

/** Looks up what all of these need, once for all. */
export async function whatIsKnown(db: Database, messages: readonly Message[]): Promise<(message: Message) => Known> {
  const all = <K extends 'alertId' | 'memberId'>(key: K) => [...new Set(messages.flatMap((message) => message[key] ?? []))];
  const toGroups = messages.filter(({ channel }) => channel === 'wecom' || channel === 'dingtalk');
  const [alertIds, memberIds] = [all('alertId'), all('memberId')];
  const [alerts, addresses, robotAt, linkVersionOf, reporters, testsWait] = await Promise.all([
    alertsOf(db, alertIds),
    addressesOf(db, memberIds),
    robotsOf(db, toGroups),
    linkVersionsOf(db, alertIds, memberIds),
    reportersOf(
      db,
      messages.flatMap(({ facts }) => reportOf(facts) ?? []),
    ),
    messages.some(({ purpose }) => purpose === 'number-check') && testsMustWait(db),
  ]);
  return ({ alertId, memberId, channel, gridCode, facts }) => ({
    alert: alertId === null ? undefined : alerts.get(alertId),
    addresses: memberId === null ? undefined : addresses.get(memberId),
    robot: robotAt(channel, gridCode),
    linkVersion: linkVersionOf(alertId, memberId),
    testsWait,
    reporterCipher: memberId === null ? reporters.get(reportOf(facts) ?? '') : undefined,
  });
}

/** A message to who made a report names it in its facts; his number stays with the report. */
function reportOf(facts: MessageFacts): string | undefined {
  const id = facts['reportId'];
  return typeof id === 'string' ? id : undefined;
}

/** Why it is not sent whatever the channel: not wanted any more, or its attempts are used up without a word of what became of them. */
export function whyUnwanted(message: Message, { alert, testsWait }: Known, nowMs: number): Unsent | undefined {
  if (message.attempts > LIMITS.messageAttempts) return { state: 'failed', reason: 'no-answer' };
  if (nowMs > message.notAfterMs) return { state: 'expired', reason: 'too-late' };
  // Whoever is called must not take a test for a call, nor we his answer to the one for an answer to the other.
  if (message.purpose === 'number-check' && testsWait) return { state: 'unneeded', reason: 'alert-on' };
  if (message.alertId === null) return undefined;
  // A test proves the path and reaches nobody.
  if (alert?.mode === 'test') return { state: 'unneeded', reason: 'test' };
  if (alert?.state !== 'raised' && !OUTLIVES_ALERT[message.purpose]) return { state: 'unneeded', reason: 'alert-over' };
  return undefined;
}

/** The addresses are decrypted here and nowhere else; the result goes to the channel and is forgotten. */
export function addressed(of: { config: Config; vault: Vault }, message: Message, known: Known): OutgoingMessage | Unsent {
  const to = recipient(of.vault, message, known);
  const link = messageLink(of, message, known.linkVersion);
  if (to === undefined) return { state: 'failed', reason: 'no-address' };
  // Life goes before the wish for quiet.
  if (message.channel === 'sms' && !message.urgent && known.addresses?.unsubscribedAtMs != null) return { state: 'failed', reason: 'unsubscribed' };
  const { id, purpose, urgent } = message;
  return {
    id,
    purpose,
    mode: known.alert?.mode ?? 'live',
    to,
    ...messageWords(purpose, message.facts, known.alert),
    ...(link === undefined ? {} : { link }),
    urgent,
    language: 'zh-CN',
  };
}

function reporterOf(vault: Vault, cipher: string | undefined): Recipient | undefined {
  const { phone } = cipher === undefined ? { phone: '' } : (JSON.parse(vault.decrypt(cipher)) as { phone: string });
  return phone === '' ? undefined : { phone };
}

function recipient(vault: Vault, message: Message, { addresses, robot, reporterCipher }: Known): Recipient | undefined {
  const open = <K extends keyof Recipient>(key: K, sealed: string | null | undefined) => (sealed == null ? undefined : { [key]: vault.decrypt(sealed) });
  switch (message.channel) {
    case 'sms':
    case 'voice':
      return open('phone', addresses?.phoneCipher) ?? reporterOf(vault, reporterCipher);
    case 'email':
      return open('email', addresses?.emailCipher);
    case 'push':
      return open('pushSubscription', addresses?.pushCipher);
    case 'wecom':
    case 'dingtalk':
      return robot && { robot: { url: vault.decrypt(robot.urlCipher), ...(robot.secretCipher === null ? {} : { secret: vault.decrypt(robot.secretCipher) }) } };
    case 'manual':
      return {};
  }
}
