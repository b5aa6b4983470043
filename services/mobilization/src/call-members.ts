// Chapter 5, member: an alert is raised, so every available member of its area is called, each once.
import type { EventData } from '@laba/domain/events';
import type { Deps, Reaction } from '@laba/runtime/service';
import { recordEach } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { and, eq } from 'drizzle-orm';
import { holdAlert, insertCalls } from './call-store.ts';

/** The reaction to `alert.raised` and `alert.updated`: members of new areas are called, who was called before is not called twice. */
export async function callMembers(deps: Pick<Deps, 'clock' | 'ids'>, job: Job): Promise<Reaction> {
  const { revision, mode, areaCodes } = job.event.data as EventData<'alert.raised'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  // A test proves the path and reaches nobody.
  if (mode === 'test') return {};
  const nowMs = deps.clock.now();
  return {
    ops: [
      holdAlert(alertId),
      insertCalls({ alertId, revision, mode, areaCodes, nowMs }),
      recordEach(deps.ids, { type: 'call.made', atMs: nowMs, who: 'system', via: 'job', alertId, data: { revision } }, (t) => ({
        from: t.call,
        subjectId: t.call.id,
        gridCode: t.call.gridCode,
        where: and(eq(t.call.alertId, alertId), eq(t.call.revision, revision)),
      })),
    ],
  };
}
