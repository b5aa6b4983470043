// Chapter 5, sections: an alert is raised or widened, so what each of its groups needs is written down, once.
import type { EventData } from '@laba/domain/events';
import { LIMITS } from '@laba/domain/limits';
import { needsOf } from '@laba/domain/section-plan';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import { findRaisedRevision, holdAlert } from '../call-out/call-store.ts';
import { groupSizes, insertGroups, listGroups, type SectionGroup, type SectionNeed } from './section-store.ts';

/** The reaction to `alert.raised` and `alert.updated`. Groups that stand there already keep their needs; a second run finds no new ones. */
export async function planSections(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>, job: Job): Promise<Reaction> {
  const { revision, mode, areaCodes } = job.event.data as EventData<'alert.raised'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  // A test proves the path and sends nobody out.
  const threat = mode === 'test' ? undefined : await findRaisedRevision(deps.db, alertId);
  if (threat === undefined) return {};
  const [{ policy }, sizes, before] = await Promise.all([
    findPolicy(deps.db, deps.config.county),
    groupSizes(deps.db, areaCodes),
    listGroups(deps.db, alertId, areaCodes),
  ]);
  const known = new Set(before.map(({ gridCode }) => gridCode));
  const atMs = deps.clock.now();
  const fresh = [...sizes].flatMap(([gridCode, size]) => {
    const needs = known.has(gridCode) ? [] : needsOf(policy.sections, size, threat);
    if (needs.length === 0) return [];
    const group: SectionGroup = { alertId, gridCode, revision, ...size, reach: 'group', shortSinceMs: atMs, exhaustedAtMs: null, version: 1 };
    return [{ group, needs: needs.map((need, rank): SectionNeed => ({ alertId, gridCode, ...need, rank })) }];
  });
  if (fresh.length === 0) return {};
  const seats = fresh.flatMap(({ needs }) => needs).reduce((sum, { needed }) => sum + needed, 0);
  const data = { revision, groups: fresh.length, seats };
  const about = { gridCode: job.event.gridCode, alertId, subjectId: alertId, urgent: job.urgent };
  return {
    ops: [holdAlert(alertId), ...inChunks(fresh), ...record(deps.ids, { ...about, type: 'sections.planned', atMs, who: 'system', via: 'job', data })],
  };
}

function inChunks(fresh: readonly { group: SectionGroup; needs: readonly SectionNeed[] }[]): Op[] {
  // A group has at most one row for each section.
  const size = Math.floor(LIMITS.rowsPerInsert / 10);
  return Array.from({ length: Math.ceil(fresh.length / size) }, (_, i) => fresh.slice(i * size, (i + 1) * size)).flatMap((chunk) =>
    insertGroups(
      chunk.map(({ group }) => group),
      chunk.flatMap(({ needs }) => needs),
    ),
  );
}
