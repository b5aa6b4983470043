// Chapter 5, call-out: who is called, written down by one statement whatever their number.
import { and, count, eq, isNull, notExists, sql, sum } from 'drizzle-orm';
import type { Mode } from '@laba/domain/alert';
import type { CallReason, CallState } from '@laba/domain/member';
import { membersInArea, type Callable } from '@laba/storage/audience';
import { exactly, type Database, type Op, type Sql } from '@laba/storage/database';
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
  const already = q
    .select({ one: sql`1` })
    .from(t.call)
    .where(and(eq(t.call.alertId, plan.alertId), eq(t.call.memberId, audience.memberId)));
  return { audience, where: and(notExists(already), alertIsRaised(q, t, plan.alertId)) };
}

/** How many would be called now, and how many of them no channel reaches. */
export async function countCallable(db: Database, plan: CallPlan): Promise<{ members: number; noChannel: number }> {
  const [row] = await db.read((q, t) => {
    const { audience, where } = audienceOf(q, t, plan);
    return q
      .select({ members: count(), withWay: sum(audience.hasWay).mapWith(Number) })
      .from(audience)
      .where(where);
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
 * The first `members` of them; breaks with
 * `changed-meanwhile` when there are not so many any more.
 */
export function insertCalls(plan: CallPlan, members: number, nowMs: number): Op[] {
  const { alertId, revision, mode } = plan;
  const insert = exactly(members, (q, t) => {
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
    return q.insert(t.call).select(rows).returning({ id: t.call.id });
  });
  // Two plans of one alert, or a plan and somebody who joins, must not count the same numbers.
  return [byTurns(`calls ${alertId}`), insert];
}
