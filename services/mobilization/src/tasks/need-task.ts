// Chapter 5, tasks: a resident asks for help; the report becomes a task that closes.
import { TASK_KINDS } from '@laba/domain/task';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import { putDown, taskRows } from './new-tasks.ts';
import { findReport } from './task-source-store.ts';

/** The reaction to `report.received`, of a need: one task for each report. */
export async function needTask(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>, job: Job): Promise<Reaction> {
  const report = await findReport(deps.db, job.event.subjectId);
  if (report?.hazard !== 'need') return {};
  const { tasks } = (await findPolicy(deps.db, deps.config.county)).policy;
  const draft = {
    alertId: null,
    mode: 'live' as const,
    kind: 'need' as const,
    gridCode: report.gridCode,
    zh: TASK_KINDS.need.zh,
    en: TASK_KINDS.need.en,
    words: report.text,
    source: 'report' as const,
    sourceId: report.id,
    once: `report/${report.id}`,
    dueAtMs: report.receivedAtMs + tasks.needMinutes * 60_000,
  };
  return { ops: await putDown(deps, await taskRows(deps, [draft]), { who: 'system', via: 'job', urgent: false }) };
}
