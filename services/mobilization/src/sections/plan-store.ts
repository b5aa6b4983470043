// Chapter 5, call-out: who is called, written down by one statement whatever their number.
import { and, count, eq, isNull, sql, sum } from 'drizzle-orm';
import type { Mode } from '@laba/domain/alert';
import type { CallReason, CallState } from '@laba/domain/member';
import { membersInArea, type Callable } from '@laba/storage/audience';
import { writes, type Database, type Op, type Sql } from '@laba/storage/database';
import { byTurns } from '@laba/storage/locks';
import type { Tables } from '@laba/storage/tables';
import { alertIsRaised } from '../call-out/call-store.ts';

export interface CallPlan extends Callable {
  alertId: string;
  revision: number;
  mode: Mode;
  areaCodes: readonly string[];
  /** For which group that has too few, and how far: see the table. */
  widening?: string;
}

const none = <T>() => sql<T>`null`;

/** Every available member of the area who has no call for this alert. Nobody, when it is over meanwhile. */
function audienceOf(q: Sql, t: Tables, plan: CallPlan) {
  const audience = membersInArea(q, t, plan.areaCodes, plan).as('audience');
  return { audience, where: alertIsRaised(q, t, plan.alertId) };
}

/** How many would be called now, and how many of them no channel reaches; counted up to `limit`. */
export async function countCallable(db: Database, plan: CallPlan, limit: number): Promise<{ members: number; noChannel: number }> {
  const [row] = await db.read((q, t) => {
    const { audience, where } = audienceOf(q, t, plan);
    const some = q.select({ hasWay: audience.hasWay }).from(audience).where(where).limit(limit).as('some');
    return q.select({ members: count(), withWay: sum(some.hasWay).mapWith(Number) }).from(some);
  });
  const members = row?.members ?? 0;
  return { members, noChannel: members - (row?.withWay ?? 0) };
}

/** Whether calls of this very plan are written already: an earlier part, or an earlier run. */
export async function isBegun(db: Database, { alertId, revision, widening }: CallPlan): Promise<boolean> {
  const rows = await db.read((q, { call }) =>
    q
      .select({ id: call.id })
      .from(call)
      .where(and(eq(call.alertId, alertId), eq(call.revision, revision), widening === undefined ? isNull(call.widening) : eq(call.widening, widening)))
      .limit(1),
  );
  return rows.length > 0;
}

/**
 * One call for each, the first step due now. A call's id is the alert's id and its number in the alert, counted on from those that exist.
 * The first `members` of them; breaks with `changed-meanwhile` when there are not so many any more.
 */
export function insertCalls(plan: CallPlan, members: number, nowMs: number): Op[] {
  const { alertId, revision, mode } = plan;
  const insert = writes(members, (q, t) => {
    const { audience, where } = audienceOf(q, t, plan);
    const before = sql`(select count(*) from ${t.call} where ${eq(t.call.alertId, alertId)})`;
    const reached = sql`${audience.hasWay} = 1`;
    const rows = q
      .select({
        id: sql<string>`${alertId} || '-' || (${before} + row_number() over (order by ${audience.memberId}))`.as('id'),
        alertId: sql<string>`${alertId}`.as('alert_id'),
        revision: sql<number>`${revision}`.as('revision'),
        memberId: audience.memberId,
        gridCode: audience.gridCode,
        mode: sql<Mode>`${mode}`.as('mode'),
        widening: sql<string | null>`${plan.widening ?? null}`.as('widening'),
        joinCodeId: none<null>().as('join_code_id'),
        state: sql<CallState>`'queued'`.as('state'),
        answer: none<null>().as('answer'),
        answeredAtMs: none<null>().as('answered_at_ms'),
        saidAtMs: none<null>().as('said_at_ms'),
        answeredBy: none<null>().as('answered_by'),
        helpAtMs: none<null>().as('help_at_ms'),
        helpWordsCipher: none<null>().as('help_words_cipher'),
        step: sql<number>`0`.as('step'),
        nextAtMs: sql<number | null>`case when ${reached} then cast(${nowMs} as bigint) end`.as('next_at_ms'),
        reason: sql<CallReason | null>`case when ${reached} then null else 'no-channel' end`.as('reason'),
        changedAtMs: sql<number>`${nowMs}`.as('changed_at_ms'),
        version: sql<number>`1`.as('version'),
      })
      .from(audience)
      .where(where)
      .orderBy(audience.memberId)
      .limit(members);
    return q.insert(t.call).select(rows);
  });
  // Two plans of one alert, or a plan and somebody who joins, must not count the same numbers.
  return [byTurns(`calls ${alertId}`), insert];
}
