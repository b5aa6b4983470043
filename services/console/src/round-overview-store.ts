// Peacetime, for one screen: where nobody was since a deadline passed, village by village. Reads only.
import { and, eq, gte, or, sql } from 'drizzle-orm';
import { VILLAGE_DIGITS } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { NowMissed } from '@laba/domain/round-view';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';
import { isStandingMiss } from '@laba/storage/rounds';

/** The longest missed first. */
export async function missedRounds(db: Database, codes: readonly string[], nowMs: number): Promise<Omit<NowMissed, 'ageMs'>[]> {
  const rows = await db.read((q, t) => {
    const { roundMissed: m, roundPlan: p } = t;
    const village = sql<string>`substr(${m.gridCode}, 1, ${sql.raw(String(VILLAGE_DIGITS))})`;
    const isShown = or(
      and(eq(m.kind, 'patrol'), gte(m.toMs, nowMs - LIMITS.patrolsMissedShownMs)),
      and(sql`${m.kind} <> 'patrol'`, gte(m.toMs, nowMs - LIMITS.roundsMissedShownMs)),
    );
    return q
      .select({
        gridCode: village,
        kind: m.kind,
        missed: sql<number>`count(distinct ${m.planId})`.mapWith(Number),
        sinceMs: sql<number>`min(${m.toMs})`.mapWith(Number),
      })
      .from(m)
      .innerJoin(p, eq(p.id, m.planId))
      .where(and(inArea(m.gridCode, codes), isShown, isStandingMiss(t)))
      .groupBy(village, m.kind)
      .orderBy(sql`min(${m.toMs})`)
      .limit(LIMITS.rowsPerPage);
  });
  const names = await db.read((q, { gridNode: n }) =>
    q
      .select({ code: n.code, name: n.name })
      .from(n)
      .where(
        inArea(
          n.code,
          rows.map(({ gridCode }) => gridCode),
        ),
      ),
  );
  const named = new Map(names.map(({ code, name }) => [code, name]));
  return rows.map((row) => ({ ...row, gridName: named.get(row.gridCode) ?? row.gridCode }));
}
