// Chapter 5, ladder: the alert is over, so nobody is asked any more; a village whose question was still open is named as such.
import type { StopReason } from '@laba/domain/alert';
import type { EventType } from '@laba/domain/events';
import type { Deps, Reaction } from '@laba/runtime/service';
import { recordEach } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { dropMessages } from '@laba/storage/messages';
import { closeAll, notClosed, unsentSteps } from './ladder-store.ts';

const REASONS: Partial<Record<EventType, StopReason>> = { 'alert.ended': 'ended', 'alert.cancelled': 'cancelled', 'alert.expired': 'expired' };

/** The reaction to an alert's end, of whatever kind. */
export async function closeLadders(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, job: Job): Promise<Reaction> {
  const alertId = job.event.alertId ?? job.event.subjectId;
  const reason = REASONS[job.event.type] ?? 'ended';
  const nowMs = deps.clock.now();
  const unsent = await unsentSteps(deps.db, { alertId });
  return {
    ops: [
      // The events first: afterwards nothing tells which were open.
      ...[true, false].map((open) =>
        recordEach(deps.ids, { type: 'ladder.closed', atMs: nowMs, who: 'system', via: 'job', alertId, data: { reason, open } }, (t) => ({
          from: t.ladder,
          subjectId: t.ladder.id,
          gridCode: t.ladder.gridCode,
          where: notClosed(t, alertId, open),
        })),
      ),
      closeAll(alertId, reason, nowMs),
      ...(unsent.length === 0 ? [] : [dropMessages({ subjectIds: unsent, nowMs })]),
    ],
  };
}
