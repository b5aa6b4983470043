// Chapter 3, dispatch: an alert is raised or updated, so the list of speakers that must sound is frozen, once.
import type { EventData } from '@laba/domain/events';
import { LIMITS } from '@laba/domain/limits';
import type { Deps, Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findRevision } from './alert-store.ts';
import { countGroups, insertAudience, placesInSteps, recordNoGateway, type Freeze } from './delivery-store.ts';
import { firstRoundAtMs } from './retry-rounds.ts';

/**
 * The reaction to `alert.raised` and `alert.updated`. A large area in steps, so that the house hears and answers meanwhile. The rows are committed before they are counted: a second run finds them, adds
 * nothing and counts the same.
 */
export async function freezeAudience(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'log'>, job: Job): Promise<Reaction> {
  const { revision } = job.event.data as EventData<'alert.raised'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  const decided = await findRevision(deps.db, alertId, revision);
  if (decided === undefined) {
    deps.log.error({ alertId, revision }, 'an alert was raised whose revision does not exist');
    return {};
  }
  const nowMs = deps.clock.now();
  const group = { alertId, revision, purpose: 'alert' } as const;
  const freeze = { ...group, mode: decided.mode, playTimes: decided.playTimes, areaCodes: decided.areaCodes, nowMs };
  await insertInSteps(deps.db, freeze);
  const groups = (await countGroups(deps.db, alertId)).filter((one) => one.purpose === 'alert');
  const speakers = groups.find((one) => one.revision === revision)?.total ?? 0;
  const superseded = groups.filter((one) => one.revision < revision).reduce((sum, one) => sum + one.unreported + one.unfinished, 0);
  return {
    ops: [
      recordNoGateway(deps.ids, group, nowMs),
      ...record(deps.ids, {
        type: 'audience.frozen',
        atMs: nowMs,
        who: 'system',
        via: 'job',
        gridCode: job.event.gridCode,
        alertId,
        subjectId: alertId,
        data: { revision, speakers, superseded },
        due: { 'dispatch.retry-unreported': firstRoundAtMs(nowMs) },
        urgent: decided.mode === 'live',
      }),
    ],
  };
}

async function insertInSteps(db: Deps['db'], freeze: Freeze): Promise<void> {
  const steps = await placesInSteps(db, freeze.areaCodes, LIMITS.deliveriesPerFreeze);
  let isWhole = steps.length > 1;
  for (const { areaCodes, speakers } of isWhole ? steps : []) {
    const [inserted] = await db.atomically([insertAudience({ ...freeze, areaCodes })]);
    isWhole &&= inserted.length === speakers;
  }
  // Something was put up elsewhere between two steps, or an earlier run had begun: now all at once.
  if (!isWhole) await db.atomically([insertAudience(freeze)]);
}
