// The SQL of alerts: the head, its revisions, areas and approvals.
import { and, asc, desc, eq, exists, gt, inArray, isNull, lt, max, notExists, notInArray, or, sql } from 'drizzle-orm';
import type { AlertState } from '@laba/domain/alert';
import type { CapAlert } from '@laba/domain/cap';
import type { DeliveryState } from '@laba/domain/delivery';
import { LabaError } from '@laba/domain/errors';
import { OPEN_LADDER_STATES } from '@laba/domain/ladder';
import { lineage } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { inArea } from '@laba/storage/audience';
import { any, one, prepared, some, type Database, type Op, type Sql } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import type { AlertContent } from './compose-content.ts';

export type AlertRow = Tables['alert']['$inferSelect'];
export type RevisionRow = Tables['alertRevision']['$inferSelect'];
export type ApprovalRow = Tables['approval']['$inferSelect'];

/** An alert with all that was ever decided about it. */
export interface WholeAlert {
  head: AlertRow;
  /** Oldest first. */
  revisions: RevisionRow[];
  approvals: ApprovalRow[];
}

const selectHead = prepared('select-alert', (q, t) =>
  q
    .select()
    .from(t.alert)
    .where(eq(t.alert.id, sql.placeholder('id'))),
);
const selectRevisions = prepared('select-alert-revisions', (q, t) =>
  q
    .select()
    .from(t.alertRevision)
    .where(eq(t.alertRevision.alertId, sql.placeholder('id')))
    .orderBy(asc(t.alertRevision.revision)),
);
const selectApprovals = prepared('select-alert-approvals', (q, t) =>
  q
    .select()
    .from(t.approval)
    .where(eq(t.approval.alertId, sql.placeholder('id')))
    .orderBy(asc(t.approval.atMs)),
);

/** @throws `not-found` */
export async function loadAlert(db: Database, id: string): Promise<WholeAlert> {
  // The head first: what changes between the reads then breaks the guard on its version, and never hides behind a newer one.
  const [head] = await db.read(selectHead, { id });
  if (head === undefined) throw new LabaError('not-found', 'No alert has this id.');
  const [revisions, approvals] = await Promise.all([db.read(selectRevisions, { id }), db.read(selectApprovals, { id })]);
  return { head, revisions, approvals };
}

/** The revision that waits to be raised: a draft, or an update that needs a second officer; not one that another house's has overtaken. */
export function waitingRevision(alert: WholeAlert): RevisionRow | undefined {
  const last = alert.revisions.at(-1);
  return last?.raisedAtMs === null ? last : undefined;
}

/** The revision that sounds, or that sounded last. */
export function raisedRevision(alert: WholeAlert): RevisionRow | undefined {
  return alert.revisions.findLast((revision) => revision.raisedAtMs !== null);
}

/** Breaks with `changed-meanwhile` when there is one of this id. */
export function newAlert(row: Tables['alert']['$inferInsert']): Op {
  return one((q, t) => q.insert(t.alert).values(row).onConflictDoNothing().returning({ id: t.alert.id }));
}

/** Changes the head, if nobody did since it was read. The version counts on. */
export function changeHead(head: AlertRow, set: Partial<AlertRow>): Op {
  return one((q, t) =>
    q
      .update(t.alert)
      .set({ ...set, version: head.version + 1 })
      .where(and(eq(t.alert.id, head.id), eq(t.alert.version, head.version), eq(t.alert.state, head.state)))
      .returning({ id: t.alert.id }),
  );
}

/** Writes a revision that waits to be raised, with its area. */
export function newRevision(alertId: string, revision: number, draftedBy: string, content: AlertContent): Op[] {
  return [
    one((q, t) =>
      q
        .insert(t.alertRevision)
        .values({ alertId, revision, draftedBy, cap: null, raisedAtMs: null, raisedAtCode: null, ...content })
        .returning({ revision: t.alertRevision.revision }),
    ),
    writeAreas(alertId, revision, content.areaCodes),
  ];
}

/** Puts new content in the place of a revision that waits. Approvals spoke of the old one and go. */
export function replaceRevision(alertId: string, revision: number, draftedBy: string, content: AlertContent): Op[] {
  return [
    one((q, t) =>
      q
        .update(t.alertRevision)
        .set({ draftedBy, ...content })
        .where(and(eq(t.alertRevision.alertId, alertId), eq(t.alertRevision.revision, revision), isNull(t.alertRevision.raisedAtMs)))
        .returning({ revision: t.alertRevision.revision }),
    ),
    any((q, t) =>
      q
        .delete(t.alertArea)
        .where(and(eq(t.alertArea.alertId, alertId), eq(t.alertArea.revision, revision)))
        .returning({ code: t.alertArea.code }),
    ),
    writeAreas(alertId, revision, content.areaCodes),
    any((q, t) =>
      q
        .delete(t.approval)
        .where(and(eq(t.approval.alertId, alertId), eq(t.approval.revision, revision)))
        .returning({ officerId: t.approval.officerId }),
    ),
  ];
}

function writeAreas(alertId: string, revision: number, codes: readonly string[]): Op {
  return some((q, t) =>
    q
      .insert(t.alertArea)
      .values(codes.map((code) => ({ alertId, revision, code })))
      .returning({ code: t.alertArea.code }),
  );
}

/** From here on the revision is immutable. */
export function markRaised(alertId: string, revision: number, set: { raisedAtMs: number; raisedAtCode: string; startTimeMs: number; cap: CapAlert }): Op {
  return one((q, t) =>
    q
      .update(t.alertRevision)
      .set(set)
      .where(and(eq(t.alertRevision.alertId, alertId), eq(t.alertRevision.revision, revision), isNull(t.alertRevision.raisedAtMs)))
      .returning({ revision: t.alertRevision.revision }),
  );
}

export function writeApproval(row: Tables['approval']['$inferInsert']): Op {
  return one((q, t) => q.insert(t.approval).values(row).onConflictDoNothing().returning({ officerId: t.approval.officerId }), {
    otherwise: () => new LabaError('already-done', 'This officer has approved this revision already.'),
  });
}

export function writeCountersign(approval: ApprovalRow, atMs: number): Op {
  return one(
    (q, t) =>
      q
        .update(t.approval)
        .set({ countersignedAtMs: atMs })
        .where(
          and(
            eq(t.approval.alertId, approval.alertId),
            eq(t.approval.revision, approval.revision),
            eq(t.approval.officerId, approval.officerId),
            isNull(t.approval.countersignedAtMs),
          ),
        )
        .returning({ officerId: t.approval.officerId }),
    { otherwise: () => new LabaError('already-done') },
  );
}

/** An alert as the list shows it. */
export interface ListedAlert {
  head: AlertRow;
  revision: RevisionRow;
}

/** Alerts that touch the scopes (an area inside one, or around one), newest first. */
export async function listAlerts(db: Database, scopes: readonly string[], state: AlertState | undefined, after: string | undefined): Promise<ListedAlert[]> {
  const around = scopes.flatMap((scope) => lineage(scope));
  return db.read((q, t) => {
    const touches = q
      .select({ code: t.alertArea.code })
      .from(t.alertArea)
      .where(and(eq(t.alertArea.alertId, t.alert.id), or(inArea(t.alertArea.code, scopes), inArray(t.alertArea.code, around))));
    const newest = q
      .select({ alertId: t.alertRevision.alertId, revision: max(t.alertRevision.revision).as('newest_revision') })
      .from(t.alertRevision)
      .groupBy(t.alertRevision.alertId)
      .as('newest');
    return q
      .select({ head: t.alert, revision: t.alertRevision })
      .from(t.alert)
      .innerJoin(newest, eq(newest.alertId, t.alert.id))
      .innerJoin(t.alertRevision, and(eq(t.alertRevision.alertId, t.alert.id), eq(t.alertRevision.revision, newest.revision)))
      .where(and(exists(touches), state === undefined ? undefined : eq(t.alert.state, state), after === undefined ? undefined : lt(t.alert.id, after)))
      .orderBy(desc(t.alert.id))
      .limit(LIMITS.rowsPerPage);
  });
}

/** How many deliveries of this revision were never proven to reach their pole. */
export async function unreachedCount(db: Database, alertId: string, revision: number, mode: AlertRow['mode']): Promise<number> {
  const reached: DeliveryState[] = mode === 'test' ? ['received'] : ['playing', 'played', 'sounded', 'stopped'];
  const [row] = await db.read((q, t) =>
    q
      .select({ n: sql<number>`count(*)` })
      .from(t.delivery)
      .where(and(eq(t.delivery.alertId, alertId), eq(t.delivery.revision, revision), eq(t.delivery.purpose, 'alert'), notInArray(t.delivery.state, reached))),
  );
  return Number(row?.n ?? 0);
}

/** @returns undefined when there is none */
export async function findWhole(db: Database, id: string): Promise<WholeAlert | undefined> {
  return (await db.read(selectHead, { id })).length === 0 ? undefined : loadAlert(db, id);
}

/** The signed plays of a revision, as the county sent them. */
export async function signedCommands(db: Database, alertId: string, revision: number): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ envelope: t.command.envelope })
      .from(t.command)
      .where(and(eq(t.command.alertId, alertId), eq(t.command.revision, revision), eq(t.command.purpose, 'alert'), eq(t.command.action, 'play')))
      .orderBy(asc(t.command.seq)),
  );
  return rows.map((row) => row.envelope);
}

/** A revision that was raised before the county was restored; `head` when the alert itself is not known. */
export function insertRecovered(head: AlertRow | undefined, row: RevisionRow): Op[] {
  return [
    ...(head === undefined ? [] : [one((q, t) => q.insert(t.alert).values(head).returning({ id: t.alert.id }))]),
    // What was drafted here under the same number speaks of nothing that anybody has heard.
    any((q, t) =>
      q
        .delete(t.alertRevision)
        .where(and(eq(t.alertRevision.alertId, row.alertId), eq(t.alertRevision.revision, row.revision), isNull(t.alertRevision.raisedAtMs)))
        .returning({ revision: t.alertRevision.revision }),
    ),
    any((q, t) =>
      q
        .delete(t.alertArea)
        .where(and(eq(t.alertArea.alertId, row.alertId), eq(t.alertArea.revision, row.revision)))
        .returning({ code: t.alertArea.code }),
    ),
    one((q, t) => q.insert(t.alertRevision).values(row).returning({ revision: t.alertRevision.revision })),
    writeAreas(row.alertId, row.revision, row.areaCodes),
  ];
}

/** More of a recovered revision's area became known. */
export function widenRecovered({ alertId, revision, areaCodes }: RevisionRow, fresh: readonly string[]): Op[] {
  return [
    one((q, t) =>
      q
        .update(t.alertRevision)
        .set({ areaCodes: [...areaCodes, ...fresh] })
        .where(and(eq(t.alertRevision.alertId, alertId), eq(t.alertRevision.revision, revision)))
        .returning({ revision: t.alertRevision.revision }),
    ),
    writeAreas(alertId, revision, fresh),
  ];
}

/** Villages that have not said yet that they have it, or that their people are moving. */
export async function openLadders(db: Database, alertId: string): Promise<number> {
  const [row] = await db.read((q, t) =>
    q
      .select({ n: sql<number>`count(*)`.mapWith(Number) })
      .from(t.ladder)
      .where(and(eq(t.ladder.alertId, alertId), inArray(t.ladder.state, [...OPEN_LADDER_STATES]))),
  );
  return row?.n ?? 0;
}

/** Alerts whose end is looked after here and whose present revision was raised after this time. */
export async function raisedHereSince(db: Database, sinceMs: number): Promise<AlertRow[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ alert: t.alert })
      .from(t.alert)
      .innerJoin(t.alertRevision, and(eq(t.alertRevision.alertId, t.alert.id), eq(t.alertRevision.revision, t.alert.revision)))
      .where(and(eq(t.alert.state, 'raised'), gt(t.alertRevision.raisedAtMs, sinceMs), exists(endsHere(q, t)))),
  );
  return rows.map(({ alert }) => alert);
}

/** Raised alerts whose end nobody waits for in this house: another one's. */
export function raisedElsewhere(db: Database): Promise<{ id: string; revision: number; mode: AlertRow['mode']; endTimeMs: number; areaCodes: string[] }[]> {
  return db.read((q, t) =>
    q
      .select({ id: t.alert.id, revision: t.alert.revision, mode: t.alert.mode, endTimeMs: t.alert.endTimeMs, areaCodes: t.alertRevision.areaCodes })
      .from(t.alert)
      .innerJoin(t.alertRevision, and(eq(t.alertRevision.alertId, t.alert.id), eq(t.alertRevision.revision, t.alert.revision)))
      .where(and(eq(t.alert.state, 'raised'), notExists(endsHere(q, t)))),
  );
}

/** A condition on an alert's row: this house has its clock. */
function endsHere(q: Sql, t: Tables) {
  return q
    .select({ id: t.job.id })
    .from(t.job)
    .innerJoin(t.event, eq(t.event.id, t.job.eventId))
    .where(and(eq(t.event.alertId, t.alert.id), eq(t.job.consumer, 'alerting.expire'), isNull(t.job.doneAtMs)));
}

/** The event of the newest draft or edit of this alert. */
export async function lastWording(db: Database, alertId: string): Promise<string | undefined> {
  const [row] = await db.read((q, { event }) =>
    q
      .select({ id: event.id })
      .from(event)
      .where(and(eq(event.subjectId, alertId), inArray(event.type, ['alert.drafted', 'alert.edited'])))
      .orderBy(desc(event.seq))
      .limit(1),
  );
  return row?.id;
}
