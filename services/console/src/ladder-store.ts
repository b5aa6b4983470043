// Chapter 6, watch: ladders of the alerts in force, for one screen: how many are open, and which are overdue, worst first. Reads only.
import { and, asc, count, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import { OPEN_LADDER_STATES, type Question } from '@laba/domain/ladder';
import { LIMITS } from '@laba/domain/limits';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export interface OverdueLadder {
  alertId: string;
  mode: string;
  gridCode: string;
  gridName: string;
  question: Question;
  overdueAtMs: number;
  round: number;
}

/** Villages that have not said in time what they were asked; those without any answer first, then the longest overdue. */
export async function overdueLadders(db: Database, codes: readonly string[]): Promise<OverdueLadder[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ ladder: t.ladder, mode: t.alert.mode, gridName: t.gridNode.name })
      .from(t.ladder)
      .innerJoin(t.alert, eq(t.alert.id, t.ladder.alertId))
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.ladder.gridCode))
      .where(
        and(
          inArea(t.ladder.gridCode, codes),
          or(
            and(eq(t.ladder.state, 'asked'), isNotNull(t.ladder.answerOverdueAtMs)),
            and(eq(t.ladder.state, 'answered'), isNotNull(t.ladder.movingOverdueAtMs)),
          ),
        ),
      )
      // A drill never stands before a live alert; `asked` before `answered`.
      .orderBy(
        sql`case when ${t.alert.mode} = 'live' then 0 else 1 end`,
        sql`case when ${t.ladder.state} = 'asked' then 0 else 1 end`,
        asc(t.ladder.answerOverdueAtMs),
        asc(t.ladder.gridCode),
      )
      .limit(LIMITS.rowsPerPage),
  );
  return rows.map(({ ladder, mode, gridName }) => ({
    alertId: ladder.alertId,
    mode,
    gridCode: ladder.gridCode,
    gridName: gridName ?? ladder.gridCode,
    question: ladder.state === 'asked' ? 'answer' : 'moving',
    overdueAtMs: (ladder.state === 'asked' ? ladder.answerOverdueAtMs : ladder.movingOverdueAtMs) ?? ladder.openedAtMs,
    round: ladder.round,
  }));
}

/** Villages that somebody still waits for. */
export async function ladderSums(db: Database, codes: readonly string[]): Promise<{ waiting: number; answered: number }> {
  const rows = await db.read((q, t) =>
    q
      .select({ state: t.ladder.state, n: count() })
      .from(t.ladder)
      .where(and(inArray(t.ladder.state, [...OPEN_LADDER_STATES]), inArea(t.ladder.gridCode, codes)))
      .groupBy(t.ladder.state),
  );
  const of = (state: string) => rows.find((row) => row.state === state)?.n ?? 0;
  return { waiting: of('asked'), answered: of('answered') };
}

/** All ladders of one alert in these villages, by code. */
export function laddersOf(db: Database, alertId: string, villages: readonly string[]): Promise<Tables['ladder']['$inferSelect'][]> {
  return db.read((q, { ladder }) =>
    q
      .select()
      .from(ladder)
      .where(and(eq(ladder.alertId, alertId), inArea(ladder.gridCode, villages)))
      .orderBy(asc(ladder.gridCode)),
  );
}
