// Chapter 5, sections and safety: what is told to a member, as a message that goes out by itself.
import { hasSiren } from '@laba/domain/alert';
import type { MessageFacts, MessagePurpose } from '@laba/domain/message';
import type { Deps } from '@laba/runtime/service';
import type { NewMessage } from '@laba/storage/messages';
import type { Alert } from '../call-out/call-store.ts';

export interface Told {
  purpose: Extract<MessagePurpose, 'section' | 'safety'>;
  /** What it is about; each (subject, step) is told once. */
  subjectId: string;
  step: number;
  memberId: string;
  gridCode: string;
  facts: MessageFacts;
}

/** By SMS: it reaches any phone, and the page shows the same. */
export function messageTo(deps: Pick<Deps, 'ids'>, alert: Alert, told: Told, atMs: number, notAfterMs = alert.endTimeMs): NewMessage {
  return {
    id: deps.ids(),
    alertId: alert.id,
    ...told,
    channel: 'sms',
    urgent: hasSiren(alert) || (told.purpose === 'safety' && alert.mode === 'live'),
    dueAtMs: atMs,
    notAfterMs: Math.max(notAfterMs, atMs + 60_000),
    changedAtMs: atMs,
  };
}
