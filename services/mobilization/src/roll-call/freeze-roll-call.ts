// Chapter 5, roll-call: an alert is raised or widened, so everybody who must be accounted for is written on one list, once.
import type { EventData } from '@laba/domain/events';
import type { Deps, Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { holdAlert } from '../call-out/call-store.ts';
import { countNew, insertList } from './freeze-store.ts';
import { reopenIfOpen } from './settle-store.ts';

/**
 * The reaction to `alert.raised` and `alert.updated`: the households that the forecast counts, by person, and the places. Whoever is on the
 * list stays there when the area shrinks; a second run finds nobody new.
 */
export async function freezeRollCall(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, job: Job): Promise<Reaction> {
  const { revision, mode, areaCodes } = job.event.data as EventData<'alert.raised'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  // A test proves the path and moves nobody.
  if (mode === 'test') return {};
  const area = { alertId, areaCodes };
  const added = await countNew(deps.db, area);
  if (added.persons === 0 && added.places === 0) return {};
  const atMs = deps.clock.now();
  const by = { atMs, who: 'system', via: 'job', alertId } as const;
  return {
    ops: [
      holdAlert(alertId),
      ...insertList(area, job.event.gridCode, added, atMs),
      ...record(deps.ids, { ...by, type: 'rollcall.frozen', gridCode: job.event.gridCode, subjectId: alertId, data: { revision, ...added } }),
      ...reopenIfOpen(deps.ids, by),
    ],
  };
}
