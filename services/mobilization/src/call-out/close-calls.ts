// Chapter 5, member: the alert is over; who has not answered is not waited for any longer, and that is written down.
import type { StopReason } from '@laba/domain/alert';
import type { EventType } from '@laba/domain/events';
import type { Deps, Reaction } from '@laba/runtime/service';
import { recordEach } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { dropMessages } from '@laba/storage/messages';
import { closeUnanswered, unanswered } from './call-store.ts';

const REASONS: Partial<Record<EventType, StopReason>> = { 'alert.ended': 'ended', 'alert.cancelled': 'cancelled', 'alert.expired': 'expired' };

/** The reaction to an alert's end, of whatever kind. */
export async function closeCalls(deps: Pick<Deps, 'clock' | 'ids'>, job: Job): Promise<Reaction> {
  const alertId = job.event.alertId ?? job.event.subjectId;
  const reason = REASONS[job.event.type] ?? 'ended';
  const nowMs = deps.clock.now();
  return {
    ops: [
      // The events first: afterwards nothing tells who had not answered.
      recordEach(deps.ids, { type: 'call.closed', atMs: nowMs, who: 'system', via: 'job', alertId, data: { reason } }, (t) => ({
        from: t.call,
        subjectId: t.call.id,
        gridCode: t.call.gridCode,
        where: unanswered(t, alertId),
      })),
      closeUnanswered(alertId, nowMs),
      dropMessages({ alertId, purpose: 'call', nowMs }),
    ],
  };
}
