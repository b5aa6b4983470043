// Chapter 5, roll-call: while an order stands, who was counted once is counted again: people go back for the cattle.
import type { EventData } from '@laba/domain/events';
import type { Deps, Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import { findAlert } from '../alert-store.ts';
import { beginRound, countRecounted, findList } from './rollcall-store.ts';
import { reopenIfOpen } from './settle-store.ts';

const MINUTE_MS = 60_000;

/** The reaction to an order that is raised, updated or taken up again: goes on until the alert is over or a later revision has its own. */
export async function recount(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>, job: Job): Promise<Reaction> {
  const { revision, mode } = job.event.data as EventData<'alert.recovered'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  const [alert, list] = await Promise.all([findAlert(deps.db, alertId), findList(deps.db, alertId)]);
  if (mode === 'test' || alert?.state !== 'raised' || alert.revision !== revision || alert.kind !== 'order') return {};
  const nowMs = deps.clock.now();
  const intervalMs = (await findPolicy(deps.db, deps.config.county)).policy.recountMinutes * MINUTE_MS;
  const dueAtMs = (list?.roundAtMs ?? list?.frozenAtMs ?? job.event.atMs) + intervalMs;
  if (nowMs < dueAtMs) return { againAtMs: dueAtMs };
  if (list === undefined) return { againAtMs: nowMs + intervalMs };
  const by = { atMs: nowMs, who: 'system', via: 'job', alertId } as const;
  const persons = await countRecounted(deps.db, alertId);
  return {
    ops: [
      beginRound(list, nowMs),
      ...record(deps.ids, { ...by, type: 'rollcall.recount', gridCode: list.gridCode, subjectId: alertId, data: { round: list.round + 1, persons } }),
      ...reopenIfOpen(deps.ids, by),
    ],
    againAtMs: nowMs + intervalMs,
  };
}
