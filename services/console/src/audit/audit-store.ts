// Audit: the event table read backwards, as far as the engine can tell what is looked for.
import { and, asc, desc, eq, gt, gte, like, lt, or, type SQL } from 'drizzle-orm';
import { AUDIT_KINDS, type AuditKind } from '@laba/domain/audit-view';
import type { EventRow } from '@laba/runtime/event-tail';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export interface AuditSearch {
  /** Grid codes; everything under each. */
  areas: readonly string[];
  officerId?: string | undefined;
  kind?: AuditKind | undefined;
  fromMs?: number | undefined;
  untilMs?: number | undefined;
  /** Also what the house, devices, members and strangers did. */
  everybody: boolean;
}

function doer({ event }: Tables, { officerId, everybody }: AuditSearch): SQL | undefined {
  if (officerId !== undefined) return eq(event.who, `officer:${officerId}`);
  return everybody ? undefined : like(event.who, 'officer:%');
}

function ofKind({ event }: Tables, kind: AuditKind | undefined): SQL | undefined {
  return kind === undefined ? undefined : or(...AUDIT_KINDS[kind].events.map((name) => like(event.type, `${name}.%`)));
}

/** When the first event from `seq` on happened; null when there is none. */
export async function timeAt(db: Database, seq: number): Promise<number | null> {
  const rows = await db.read((q, { event }) => q.select({ atMs: event.atMs }).from(event).where(gte(event.seq, seq)).orderBy(asc(event.seq)).limit(1));
  return rows[0]?.atMs ?? null;
}

/** Between the two events, which are left out; the newest first. */
export function searchEvents(db: Database, search: AuditSearch, { after, before }: { after: number; before: number }, limit: number): Promise<EventRow[]> {
  const { areas, kind, fromMs, untilMs } = search;
  return db.read((q, t) =>
    q
      .select()
      .from(t.event)
      .where(
        and(
          gt(t.event.seq, after),
          lt(t.event.seq, before),
          inArea(t.event.gridCode, areas),
          doer(t, search),
          ofKind(t, kind),
          fromMs === undefined ? undefined : gte(t.event.atMs, fromMs),
          untilMs === undefined ? undefined : lt(t.event.atMs, untilMs),
        ),
      )
      .orderBy(desc(t.event.seq))
      .limit(limit),
  );
}
