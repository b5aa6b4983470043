// Chapter 5, safety: a missed check-in, or somebody who is not back, alarms, again and again until somebody is heard of.
import type { EventData } from '@laba/domain/events';
import type { Reaction } from '@laba/runtime/service';
import { fact, recordFacts } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { queueMessages } from '@laba/storage/messages';
import { findPolicy } from '@laba/storage/policy';
import { lineage } from '@laba/domain/grid';
import { findAlert } from '../alert-store.ts';
import { leaders } from './commander-store.ts';
import { findWatch, writeWatch, type Watch } from './safety-store.ts';
import { findCallOf } from './section-store.ts';
import type { SectionDeps } from './settle-sections.ts';
import { safetyMessage } from './send-out.ts';

/** The reaction to `pair.sent` and `withdrawal.ordered`: open until everybody is back, also after the alert is over. */
export async function watchSafety(deps: SectionDeps, job: Job): Promise<Reaction> {
  const watch = await findWatch(deps.db, job.event.subjectId);
  const alert = watch === undefined ? undefined : await findAlert(deps.db, watch.alertId);
  if (watch?.state !== 'out' || alert === undefined) return {};
  const atMs = deps.clock.now();
  if (atMs < watch.dueAtMs) return { againAtMs: watch.dueAtMs };
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const { alarmEveryMinutes: minutes } = policy.sections;
  const missing = watch.members.filter(({ backAtMs }) => backAtMs === null).map(({ memberId }) => memberId);
  const next = { ...watch, alarms: watch.alarms + 1 };
  const leads = await leaders(deps.db, watch.alertId);
  const leader = lineage(watch.gridCode)
    .flatMap((code) => leads.get(code) ?? [])
    .at(-1);
  const told = [
    ...missing.map((memberId) => ({ memberId, what: watch.kind === 'pair' ? 'missed' : 'not-back' })),
    ...(leader === undefined || missing.includes(leader) ? [] : [{ memberId: leader, what: 'missed-pair' }]),
  ];
  const messages = await Promise.all(
    told.map(async ({ memberId, what }) => {
      const call = await findCallOf(deps.db, watch.alertId, memberId);
      return call === undefined ? [] : [safetyMessage(deps, alert, next, call, { what, minutes })];
    }),
  );
  return {
    ops: [writeWatch(watch, { alarms: next.alarms }), ...alarm(deps, next, missing, atMs), ...queueMessages(messages.flat())],
    againAtMs: atMs + minutes * 60_000,
  };
}

function alarm(deps: SectionDeps, watch: Watch, missing: readonly string[], atMs: number) {
  const by = { atMs, who: 'system', via: 'job', alertId: watch.alertId, gridCode: watch.gridCode, subjectId: watch.id } as const;
  const data: EventData<'pair.overdue'> = { alarm: watch.alarms, members: [...missing] };
  return recordFacts(deps.ids, [watch.kind === 'pair' ? fact({ ...by, type: 'pair.overdue', data }) : fact({ ...by, type: 'withdrawal.overdue', data })]);
}
