// Chapter 5, tasks: where the alarm is not heard somebody goes: he runs to the village that is silent, he knocks where the pole does not play.
import { gravityOf } from '@laba/domain/call-out';
import type { EventData } from '@laba/domain/events';
import { isWithin } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { TASK_KINDS } from '@laba/domain/task';
import type { TaskPolicy } from '@laba/domain/task-policy';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import { findRevision } from '../alert-store.ts';
import type { AlertRevision } from '../call-out/call-store.ts';
import { putDown, taskRows, type TaskDraft } from './new-tasks.ts';
import { isSilentStill, raisedAlerts, silentSites, tasksOf, unheardNodes, type SilentCause, type SilentSite } from './task-source-store.ts';
import { stillRaised } from './task-store.ts';

type ReachDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

/** Speakers tell within seconds that they do not play; later it is looked less often. */
const FIRST_MS = 60_000;
const SOON_MS = 5_000;
const LATER_MS = 60_000;
const MINUTE_MS = 60_000;

/** The reaction to `alert.raised` and `alert.updated`: looks again for as long as this revision is in force. */
export async function reachUnheard(deps: ReachDeps, job: Job): Promise<Reaction> {
  const { revision, mode } = job.event.data as EventData<'alert.raised'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  const found = await findRevision(deps.db, alertId, revision);
  if (mode === 'test' || found?.alert.state !== 'raised' || found.alert.revision !== revision) return {};
  const nowMs = deps.clock.now();
  return { ops: await reach(deps, found.revision), againAtMs: nowMs + (nowMs - job.event.atMs < FIRST_MS ? SOON_MS : LATER_MS) };
}

/**
 * The reaction to `site.silent` and `house.silent`: while an alert touches the place, its village is run to at once; without any, when the
 * county says after how long and nothing was heard since.
 */
export async function reachSilent(deps: ReachDeps, job: Job): Promise<Reaction> {
  const { gridCode, type, data, atMs } = job.event;
  const cause = type === 'site.silent' ? { siteId: (data as EventData<'site.silent'>).siteId } : { under: gridCode };
  const touches = (area: string) => isWithin(area, gridCode) || (type === 'house.silent' && isWithin(gridCode, area));
  const alerts = (await raisedAlerts(deps.db)).filter(({ areaCodes }) => areaCodes.some(touches));
  const ops: Op[] = [];
  for (const { id, revision } of alerts) {
    const found = await findRevision(deps.db, id, revision);
    if (found !== undefined) ops.push(...(await reach(deps, found.revision, cause)));
  }
  const { silentMinutes, runMinutes } = await policyOf(deps);
  if (alerts.length > 0 || silentMinutes === null) return { ops };
  const goAtMs = atMs + silentMinutes * MINUTE_MS;
  if (deps.clock.now() < goAtMs) return { againAtMs: goAtMs };
  return (await isSilentStill(deps.db, job)) ? { ops: await runInPeace(deps, gridCode, cause, runMinutes) } : {};
}

/** No alert stands: one run to each silent site that is not run to yet. */
async function runInPeace(deps: ReachDeps, gridCode: string, cause: SilentCause, runMinutes: number): Promise<Op[]> {
  const [sites, runs] = await Promise.all([silentSites(deps.db, [gridCode], cause), tasksOf(deps.db, null, 'site')]);
  const drafts = sites
    .filter(({ siteId }) => runs.get(siteId)?.isOpen !== true)
    .map((site) => {
      const once = `silent/site/${site.siteId}/${runs.get(site.siteId)?.made ?? 0}`;
      return { ...runTo(site), alertId: null, mode: 'live' as const, once, dueAtMs: deps.clock.now() + runMinutes * MINUTE_MS };
    });
  return putDown(deps, await taskRows(deps, drafts), { who: 'system', via: 'job', urgent: false });
}

function runTo({ siteId, gridCode, name }: SilentSite): Pick<TaskDraft, 'kind' | 'gridCode' | 'zh' | 'en' | 'source' | 'sourceId'> {
  const { zh, en } = TASK_KINDS['run-to-village'];
  return {
    kind: 'run-to-village',
    gridCode,
    zh: `${zh}：${name ?? siteId}失联，派人过去通知并带回消息`,
    en: `${en}: ${name ?? siteId} is silent; warn them in person and bring back word`,
    source: 'site',
    sourceId: siteId,
  };
}

/** `cause`: only what that is the cause of. */
async function reach(deps: ReachDeps, revision: AlertRevision, cause?: SilentCause): Promise<Op[]> {
  const missing = (await unreached(deps, revision, cause)).slice(0, LIMITS.tasksPerStep);
  if (missing.length === 0) return [];
  const urgent = revision.mode === 'live' && gravityOf(revision) === 'red';
  return [stillRaised(revision.alertId), ...(await putDown(deps, await taskRows(deps, missing), { who: 'system', via: 'job', urgent }))];
}

/** A second task for the same place comes only when the first is closed and it is silent still. */
async function unreached(deps: ReachDeps, { alertId, revision, mode, areaCodes }: AlertRevision, cause: SilentCause | undefined): Promise<TaskDraft[]> {
  const [sites, nodes, runs, knocks, policy] = await Promise.all([
    silentSites(deps.db, areaCodes, cause),
    cause === undefined ? unheardNodes(deps.db, alertId, revision) : [],
    tasksOf(deps.db, alertId, 'site'),
    tasksOf(deps.db, alertId, 'speakers'),
    policyOf(deps),
  ]);
  const common = (made: number | undefined, source: 'site' | 'speakers', sourceId: string) =>
    ({ alertId, mode, source, sourceId, once: `${alertId}/${source}/${sourceId}/${made ?? 0}` }) as const;
  const dueIn = (minutes: number) => deps.clock.now() + minutes * MINUTE_MS;
  return [
    ...sites
      .filter(({ siteId }) => runs.get(siteId)?.isOpen !== true)
      .map((site): TaskDraft => ({ ...common(runs.get(site.siteId)?.made, 'site', site.siteId), ...runTo(site), dueAtMs: dueIn(policy.runMinutes) })),
    ...nodes
      .filter((gridCode) => knocks.get(gridCode)?.isOpen !== true)
      .map((gridCode): TaskDraft => {
        const { zh, en } = TASK_KINDS['knock-doors'];
        return { ...common(knocks.get(gridCode)?.made, 'speakers', gridCode), zh, en, kind: 'knock-doors', gridCode, dueAtMs: dueIn(policy.knockMinutes) };
      }),
  ];
}

async function policyOf(deps: ReachDeps): Promise<TaskPolicy> {
  return (await findPolicy(deps.db, deps.config.county)).policy.tasks;
}
