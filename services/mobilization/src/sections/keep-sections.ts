// Chapter 5, sections: while the alert is on, too few after T means that the call-out is widened; what nobody can fill is named.
import type { EventData } from '@laba/domain/events';
import type { Reaction } from '@laba/runtime/service';
import { fact, recordFacts } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import { planCalls } from '../call-out/call-members.ts';
import { findStanding } from '../call-out/call-out-store.ts';
import type { AlertRevision } from '../call-out/call-store.ts';
import { nextReach } from './reach.ts';
import { findGroup, groupsLosing, listPlanned, writeGroup, type SectionGroup } from './section-store.ts';
import { decideGroup, settleGroup, type Decision, type SectionDeps } from './settle-sections.ts';

/** Answers that run out are seen after so long. */
const LOOK_MS = 60_000;

/**
 * The reaction to `sections.planned`, kept open as long as the alert is on. Who answered before the plan stood is seated by its first round;
 * every round frees the seats of those whose answer has run out.
 */
export async function keepSections(deps: SectionDeps, job: Job): Promise<Reaction> {
  const planned = job.event.data as EventData<'sections.planned'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  const standing = await findStanding(deps.db, alertId);
  if (standing === undefined) return {};
  const { areaCodes } = standing.revision;
  const [{ policy }, groups, losing] = await Promise.all([
    findPolicy(deps.db, deps.config.county),
    listPlanned(deps.db, alertId, planned.revision, areaCodes),
    groupsLosing(deps.db, alertId),
  ]);
  const nowMs = deps.clock.now();
  const shortBefore = nowMs - policy.sections.widenAfterMinutes * 60_000;
  for (const group of groups) {
    const isDue = group.exhaustedAtMs === null && (group.shortSinceMs ?? nowMs) <= shortBefore;
    if (!isDue && group.version > 1 && !losing.has(group.gridCode)) continue;
    await settleGroup(deps, alertId, group.gridCode);
    const now = isDue ? await findGroup(deps.db, alertId, group.gridCode) : undefined;
    if (now !== undefined && (now.shortSinceMs ?? nowMs) <= shortBefore)
      await widen(deps, standing.revision, await decideGroup(deps.db, now, now.reach), job.urgent);
  }
  return { againAtMs: nextLookAtMs(await listPlanned(deps.db, alertId, planned.revision, areaCodes), policy.sections.widenAfterMinutes, nowMs) };
}

// Too few for long enough is seen when it becomes so, and not up to a round later.
function nextLookAtMs(groups: readonly SectionGroup[], widenAfterMinutes: number, nowMs: number): number {
  const due = groups.flatMap(({ exhaustedAtMs, shortSinceMs }) =>
    exhaustedAtMs === null && shortSinceMs !== null ? [shortSinceMs + widenAfterMinutes * 60_000] : [],
  );
  return Math.max(nowMs + 1, Math.min(nowMs + LOOK_MS, ...due));
}

/** One step farther. Who waits there already comes before anybody else is called. */
async function widen(deps: SectionDeps, newest: AlertRevision, { group, reach, open }: Decision, urgent: boolean): Promise<void> {
  const { alertId, gridCode } = group;
  const to = nextReach(reach, group.reach);
  const atMs = deps.clock.now();
  const by = { atMs, who: 'system', via: 'job', alertId, gridCode, subjectId: gridCode } as const;
  const missing = open.reduce((sum, { needed }) => sum + needed, 0);
  if (missing === 0) return;
  if (to === undefined) {
    const unfillable = open.map(({ section, needed }) => fact({ ...by, type: 'section.unfillable', data: { section, missing: needed } }));
    await deps.db.atomically([writeGroup(group, { exhaustedAtMs: atMs }), ...recordFacts(deps.ids, unfillable)]);
    return;
  }
  const { open: stillOpen } = await decideGroup(deps.db, group, to);
  const data = { from: group.reach, to, missing, sections: open.map(({ section }) => section) };
  await deps.db.atomically([
    writeGroup(group, { reach: to, shortSinceMs: atMs }),
    ...recordFacts(deps.ids, [fact({ ...by, type: 'callout.widened', data })]),
    ...(stillOpen.length === 0 ? [] : await planCalls(deps, newest, { areaCodes: reach[to], gridCode, urgent, widening: `${gridCode} ${to}` })),
  ]);
  await settleGroup(deps, alertId, gridCode);
}
