// Chapter 5, roll-call: where people gather, and how many of the list were taken there.
import { and, asc, count, eq, inArray, isNotNull, isNull, or } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { lineage } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Mark } from '@laba/domain/rollcall';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';

/** Somebody may be taken there: the point is registered, and a shelter is this alert's own and open. @throws `bad-input` */
export async function openMusterPoint(db: Database, id: string, alertId: string, status: Mark): Promise<void> {
  const refuse = (why: string) => new LabaError('bad-input', `musterPointId: ${why}`, { field: 'musterPointId' });
  if (status !== 'moved') throw refuse('only of who was moved.');
  const [row] = await db.read((q, t) =>
    q
      .select({ alertId: t.gridNode.alertId, closedAtMs: t.gridNode.closedAtMs })
      .from(t.musterPoint)
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.musterPoint.gridCode))
      .where(eq(t.musterPoint.id, id)),
  );
  if (row === undefined) throw refuse('no muster point has this id.');
  if (row.closedAtMs !== null || (row.alertId !== null && row.alertId !== alertId)) throw refuse('this shelter belongs to another alert, or is closed.');
}

export interface MusterCount {
  id: string;
  gridCode: string;
  name: string;
  capacity: number;
  /** A shelter of this alert. */
  isShelter: boolean;
  persons: number;
}

/** The shelters of this alert and the muster points of the area and above it, with how many of this alert's list are there; also of who lives elsewhere. */
export async function countMusterPoints(db: Database, alertId: string, codes: readonly string[]): Promise<MusterCount[]> {
  // A group goes to its village's school.
  const above = [...new Set(codes.flatMap((code) => lineage(code)))];
  const [points, counts] = await Promise.all([
    db.read((q, t) =>
      q
        .select({
          id: t.musterPoint.id,
          gridCode: t.musterPoint.gridCode,
          name: t.musterPoint.name,
          capacity: t.musterPoint.capacity,
          shelterOf: t.gridNode.alertId,
        })
        .from(t.musterPoint)
        .leftJoin(t.gridNode, eq(t.gridNode.code, t.musterPoint.gridCode))
        .where(
          or(
            eq(t.gridNode.alertId, alertId),
            and(isNull(t.gridNode.alertId), or(inArea(t.musterPoint.gridCode, codes), inArray(t.musterPoint.gridCode, above))),
          ),
        )
        .orderBy(asc(t.musterPoint.gridCode), asc(t.musterPoint.id))
        .limit(LIMITS.musterPointsShown),
    ),
    db.read((q, { rollcallPerson: person }) =>
      q
        .select({ id: person.musterPointId, persons: count() })
        .from(person)
        .where(and(eq(person.alertId, alertId), eq(person.status, 'moved'), isNotNull(person.musterPointId)))
        .groupBy(person.musterPointId),
    ),
  ]);
  const persons = new Map(counts.map((row) => [row.id, row.persons]));
  return points.map(({ shelterOf, ...point }) => ({ ...point, isShelter: shelterOf !== null, persons: persons.get(point.id) ?? 0 }));
}
