// Chapter 6, look back: what of one alert is measured, in the database. Reads only.
import { and, asc, desc, eq, exists, gt, gte, inArray, lt, or } from 'drizzle-orm';
import { lineage } from '@laba/domain/grid';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';

const ROWS_AT_ONCE = 5_000;
const MEASURED = ['delivery.playing', 'call.answered', 'person.marked', 'person.found'] as const;
type Measured = (typeof MEASURED)[number];

export interface MeasuredEvent {
  seq: number;
  type: Measured;
  atMs: number;
  gridCode: string;
  subjectId: string;
  data: Record<string, unknown>;
}

/** In the order in which they came. */
export async function* measuredEvents(db: Database, alertId: string): AsyncGenerator<MeasuredEvent[]> {
  for (let seq = 0; ;) {
    const after = seq;
    const rows = await db.read((q, { event }) =>
      q
        .select({ seq: event.seq, type: event.type, atMs: event.atMs, gridCode: event.gridCode, subjectId: event.subjectId, data: event.data })
        .from(event)
        .where(and(eq(event.alertId, alertId), gt(event.seq, after), inArray(event.type, [...MEASURED])))
        .orderBy(asc(event.seq))
        .limit(ROWS_AT_ONCE),
    );
    yield rows as MeasuredEvent[];
    if (rows.length < ROWS_AT_ONCE) return;
    seq = rows.at(-1)!.seq;
  }
}

/** Each delivery of the alert's own words with its speaker: a speaker has one for each revision. */
export function deliveriesOf(db: Database, alertId: string): Promise<{ id: string; speakerId: string; gridCode: string }[]> {
  return db.read((q, { delivery }) =>
    q
      .select({ id: delivery.id, speakerId: delivery.speakerId, gridCode: delivery.gridCode })
      .from(delivery)
      .where(and(eq(delivery.alertId, alertId), eq(delivery.purpose, 'alert'))),
  );
}

/** Who was called from the lists; who joined on the spot is in none of the figures. */
export function callsOf(db: Database, alertId: string): Promise<{ id: string; gridCode: string; joinCodeId: string | null }[]> {
  return db.read((q, { call }) => q.select({ id: call.id, gridCode: call.gridCode, joinCodeId: call.joinCodeId }).from(call).where(eq(call.alertId, alertId)));
}

export async function namesOf(db: Database, codes: readonly string[]): Promise<Map<string, string>> {
  if (codes.length === 0) return new Map();
  const rows = await db.read((q, { gridNode }) =>
    q
      .select({ code: gridNode.code, name: gridNode.name })
      .from(gridNode)
      .where(inArray(gridNode.code, [...codes])),
  );
  return new Map(rows.map(({ code, name }) => [code, name]));
}

/** Drills that touch the scopes and were over in that time, the newest first; what was raised in error is none. */
export async function drillsBetween(db: Database, scopes: readonly string[], fromMs: number, toMs: number, most: number): Promise<string[]> {
  const around = scopes.flatMap((scope) => lineage(scope));
  const rows = await db.read((q, { alert, alertArea }) => {
    const touches = q
      .select({ code: alertArea.code })
      .from(alertArea)
      .where(and(eq(alertArea.alertId, alert.id), or(inArea(alertArea.code, scopes), inArray(alertArea.code, around))));
    const isOver = and(inArray(alert.state, ['ended', 'expired']), gte(alert.overAtMs, fromMs), lt(alert.overAtMs, toMs));
    return q
      .select({ id: alert.id })
      .from(alert)
      .where(and(eq(alert.mode, 'drill'), isOver, exists(touches)))
      .orderBy(desc(alert.overAtMs))
      .limit(most);
  });
  return rows.map(({ id }) => id);
}
