// Chapter 5, the messages: a channel is asked once, and its answer decides whether it is asked again. Only `sent` is sent.
import { LIMITS } from '@laba/domain/limits';
import type { SendOutcome } from '@laba/domain/message';
import type { Channel, OutgoingMessage } from '@laba/runtime/channel';
import type { Clock } from '@laba/runtime/clock';
import type { Message, MessageOutcome } from '@laba/storage/messages';

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

/** What the channel says within the time that it has; it never rejects. `onBroken`: the adapter failed, with the error's kind and no words of it. */
export async function askChannel(clock: Clock, channel: Channel, message: OutgoingMessage, onBroken: (kind: string) => void): Promise<SendOutcome> {
  let cancel = () => {};
  const silence = new Promise<SendOutcome>((resolve) => {
    // Nobody knows whether it went out: not again within the interval.
    cancel = clock.after(LIMITS.messageSendMs, () => resolve({ outcome: 'failed-for-now', reason: 'no-answer', afterMs: LIMITS.messageLeaseMs }));
  });
  const answer = channel.send(message).catch((error: unknown): SendOutcome => {
    onBroken(error instanceof Error ? error.name : typeof error);
    return { outcome: 'failed-for-now', reason: 'channel-broke' };
  });
  const outcome = await Promise.race([answer, silence]);
  cancel();
  return outcome;
}

/** What the row becomes: sent, failed with the reason, or queued once more with a longer wait each time, within its attempts and its time. */
export function judge(message: Message, said: SendOutcome, nowMs: number): Pick<MessageOutcome, 'state' | 'reason' | 'providerId'> & { dueAtMs?: number } {
  if (said.outcome === 'sent') return { state: 'sent', ...(said.providerId === undefined ? {} : { providerId: said.providerId }) };
  const { reason } = said;
  if (said.outcome === 'failed-for-good' || message.attempts >= LIMITS.messageAttempts) return { state: 'failed', reason };
  const dueAtMs = nowMs + Math.max(said.afterMs ?? 0, Math.min(FIRST_RETRY_MS * 2 ** (message.attempts - 1), LONGEST_RETRY_MS));
  return dueAtMs > message.notAfterMs ? { state: 'failed', reason } : { state: 'queued', dueAtMs, reason };
}
