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
import { raisedAlerts, silentSites, tasksOf, unheardNodes } from './task-source-store.ts';
import { stillRaised } from './task-store.ts';

type ReachDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

/** Speakers tell within seconds that they do not play; later it is looked less often. */
const FIRST_MS = 60_000;
const SOON_MS = 5_000;
const LATER_MS = 60_000;

/** The reaction to `alert.raised` and `alert.updated`: looks again for as long as this revision is in force. */
export async function reachUnheard(deps: ReachDeps, job: Job): Promise<Reaction> {
  const { revision, mode } = job.event.data as EventData<'alert.raised'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  const found = await findRevision(deps.db, alertId, revision);
  if (mode === 'test' || found?.alert.state !== 'raised' || found.alert.revision !== revision) return {};
  const nowMs = deps.clock.now();
  return { ops: await reach(deps, found.revision), againAtMs: nowMs + (nowMs - job.event.atMs < FIRST_MS ? SOON_MS : LATER_MS) };
}

/** The reaction to `site.silent`: while an alert covers the site, its village is run to at once. */
export async function reachSilent(deps: ReachDeps, job: Job): Promise<Reaction> {
  const { siteId } = job.event.data as EventData<'site.silent'>;
  const alerts = (await raisedAlerts(deps.db)).filter(({ areaCodes }) => areaCodes.some((area) => isWithin(area, job.event.gridCode)));
  const ops: Op[] = [];
  for (const { id, revision } of alerts) {
    const found = await findRevision(deps.db, id, revision);
    if (found !== undefined) ops.push(...(await reach(deps, found.revision, siteId)));
  }
  return { ops };
}

/** `siteId`: only what this site is the cause of. */
async function reach(deps: ReachDeps, revision: AlertRevision, siteId?: string): Promise<Op[]> {
  const missing = (await unreached(deps, revision, siteId)).slice(0, LIMITS.tasksPerStep);
  if (missing.length === 0) return [];
  const urgent = revision.mode === 'live' && gravityOf(revision) === 'red';
  return [stillRaised(revision.alertId), ...(await putDown(deps, await taskRows(deps, missing), { who: 'system', via: 'job', urgent }))];
}

/** A second task for the same place comes only when the first is closed and it is silent still. */
async function unreached(deps: ReachDeps, { alertId, revision, mode, areaCodes }: AlertRevision, siteId: string | undefined): Promise<TaskDraft[]> {
  const [sites, nodes, runs, knocks, policy] = await Promise.all([
    silentSites(deps.db, areaCodes, siteId),
    siteId === undefined ? unheardNodes(deps.db, alertId, revision) : [],
    tasksOf(deps.db, alertId, 'site'),
    tasksOf(deps.db, alertId, 'speakers'),
    policyOf(deps),
  ]);
  const common = (made: number | undefined, source: 'site' | 'speakers', sourceId: string) =>
    ({ alertId, mode, source, sourceId, once: `${alertId}/${source}/${sourceId}/${made ?? 0}` }) as const;
  const dueIn = (minutes: number) => deps.clock.now() + minutes * 60_000;
  return [
    ...sites
      .filter(({ siteId }) => runs.get(siteId)?.isOpen !== true)
      .map(({ siteId, gridCode, name }): TaskDraft => {
        const { zh, en } = TASK_KINDS['run-to-village'];
        const words = {
          zh: `${zh}：${name ?? siteId}失联，派人过去通知并带回消息`,
          en: `${en}: ${name ?? siteId} is silent; warn them in person and bring back word`,
        };
        return { ...common(runs.get(siteId)?.made, 'site', siteId), ...words, kind: 'run-to-village', gridCode, dueAtMs: dueIn(policy.runMinutes) };
      }),
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
