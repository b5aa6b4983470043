// Chapter 6, watch: who was asked to be the second officer for what waits. Reads only.
import { and, asc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { EVENTS } from '@laba/domain/events';
import { LIMITS } from '@laba/domain/limits';
import type { Database } from '@laba/storage/database';
import { sharedCodes } from '@laba/domain/grid';
import type { NowUnsigned } from '@laba/domain/now-view';
import type { ActiveAlert } from './overview-store.ts';

export interface AskedApproval {
  alertId: string;
  revision: number;
  round: number;
  officers: readonly string[];
  sinceMs: number;
  askedAtMs: number;
}

export async function openApprovals(db: Database, waiting: readonly ActiveAlert[], codes: readonly string[]) {
  const [asked, unsigned] = await Promise.all([askedApprovals(db, waiting), unsignedApprovals(db, codes)]);
  return { asked, unsigned };
}

/** Whom the last round asked about the revision that waits, by alert; not where a second officer has agreed. */
async function askedApprovals(db: Database, waiting: readonly ActiveAlert[]): Promise<Map<string, AskedApproval>> {
  if (waiting.length === 0) return new Map();
  const ids = waiting.map(({ id }) => id);
  const [rounds, agreed] = await Promise.all([
    db.read((q, { event }) =>
      q
        .select({ alertId: event.subjectId, atMs: event.atMs, data: event.data })
        .from(event)
        .where(and(eq(event.type, 'alert.approval-asked'), inArray(event.subjectId, ids)))
        .orderBy(asc(event.seq)),
    ),
    db.read((q, { approval }) => q.select({ alertId: approval.alertId, revision: approval.revision }).from(approval).where(inArray(approval.alertId, ids))),
  ]);
  const asked = new Map<string, AskedApproval>();
  for (const { alertId, atMs, data } of rounds) {
    const { revision, round, officers } = EVENTS['alert.approval-asked'].data.parse(data);
    const sinceMs = round === 1 ? atMs : (asked.get(alertId)?.sinceMs ?? atMs);
    asked.set(alertId, { alertId, revision, round, officers, sinceMs, askedAtMs: atMs });
  }
  const revisions = new Map(waiting.map(({ id, revision }) => [id, revision]));
  for (const { alertId, revision } of agreed) if (asked.get(alertId)?.revision === revision) asked.delete(alertId);
  return new Map([...asked].filter(([id, { revision }]) => revisions.get(id) === revision));
}

/** Inside these grid codes: what was approved by telephone, raised, and not signed for by the one who spoke. Oldest first. */
async function unsignedApprovals(db: Database, codes: readonly string[]): Promise<NowUnsigned[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ approval: t.approval, name: t.officer.name, revision: t.alertRevision, mode: t.alert.mode })
      .from(t.approval)
      .innerJoin(t.alertRevision, and(eq(t.alertRevision.alertId, t.approval.alertId), eq(t.alertRevision.revision, t.approval.revision)))
      .innerJoin(t.alert, eq(t.alert.id, t.approval.alertId))
      .innerJoin(t.officer, eq(t.officer.id, t.approval.officerId))
      .where(and(eq(t.approval.means, 'telephone-call-back'), isNull(t.approval.countersignedAtMs), isNotNull(t.alertRevision.raisedAtMs)))
      .orderBy(asc(t.approval.atMs))
      .limit(LIMITS.rowsPerPage),
  );
  return rows
    .filter(({ revision }) => sharedCodes(revision.areaCodes, codes).length > 0)
    .map(({ approval, name, revision, mode }) => ({
      ...{ alertId: approval.alertId, title: revision.texts[0]?.title ?? '', mode, officerName: name, atMs: approval.atMs },
    }));
}
