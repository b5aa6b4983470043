// Chapter 5, member: who was called and how each call stands, as an officer reads it.
import { and, asc, eq, sql, type SQL } from 'drizzle-orm';
import { STEPS_PER_ASKING } from '@laba/domain/call-out';
import { LIMITS } from '@laba/domain/limits';
import type { Answer, CallReason, CallState } from '@laba/domain/member';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import { further, type ListCursor } from '../page-cursor-store.ts';
import type { Call } from './call-store.ts';

/** A call is as far as the best of its messages since it was asked last: nothing more is proven. The page's own word is in the call. */
function provenState({ call, message }: Tables): SQL<CallState> {
  const asking = sql.raw(String(STEPS_PER_ASKING));
  const best = sql`(select max(case ${message.state} when 'sent' then 1 when 'delivered' then 2 when 'read' then 3 end) from ${message}
    where ${message.subjectId} = ${call.id} and ${message.purpose} = 'call' and ${message.step} >= ${call.step} - ${call.step} % ${asking})`;
  return sql<CallState>`case when ${call.state} = 'queued' then case ${best} when 1 then 'sent' when 2 then 'delivered' when 3 then 'read' else 'queued' end else ${call.state} end`;
}

export interface CallRow extends Call {
  name: string | null;
  gridName: string | null;
  /** Null: his links were never revoked. */
  linkVersion: number | null;
}

/** A page of the alert's calls inside `codes`, by grid code, then id. `after`: the last row of the page before. */
export function listCalls(db: Database, alertId: string, codes: readonly string[], after?: ListCursor): Promise<CallRow[]> {
  return db.read((q, t) =>
    q
      .select({
        id: t.call.id,
        alertId: t.call.alertId,
        revision: t.call.revision,
        memberId: t.call.memberId,
        gridCode: t.call.gridCode,
        mode: t.call.mode,
        widening: t.call.widening,
        joinCodeId: t.call.joinCodeId,
        state: provenState(t).as('proven_state'),
        answer: t.call.answer,
        answeredAtMs: t.call.answeredAtMs,
        saidAtMs: t.call.saidAtMs,
        answeredBy: t.call.answeredBy,
        helpAtMs: t.call.helpAtMs,
        helpWordsCipher: t.call.helpWordsCipher,
        step: t.call.step,
        nextAtMs: t.call.nextAtMs,
        reason: t.call.reason,
        changedAtMs: t.call.changedAtMs,
        version: t.call.version,
        name: t.member.name,
        gridName: t.gridNode.name,
        linkVersion: t.linkVersion.version,
      })
      .from(t.call)
      .leftJoin(t.member, eq(t.member.id, t.call.memberId))
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.call.gridCode))
      .leftJoin(t.linkVersion, and(eq(t.linkVersion.alertId, t.call.alertId), eq(t.linkVersion.memberId, t.call.memberId)))
      .where(and(eq(t.call.alertId, alertId), inArea(t.call.gridCode, codes), further(t.call.gridCode, t.call.id, after)))
      .orderBy(asc(t.call.gridCode), asc(t.call.id))
      .limit(LIMITS.rowsPerPage),
  );
}

export interface AnswerCount {
  gridCode: string;
  gridName: string | null;
  state: CallState;
  answer: Answer | null;
  reason: CallReason | null;
  /** On the spot, by a code: 1, else 0. */
  joined: number;
  count: number;
}

export function countAnswers(db: Database, alertId: string, codes: readonly string[]): Promise<AnswerCount[]> {
  return db.read((q, t) => {
    const shown = q
      .select({
        gridCode: t.call.gridCode,
        gridName: t.gridNode.name,
        state: provenState(t).as('proven_state'),
        answer: t.call.answer,
        reason: t.call.reason,
        joined: sql<number>`case when ${t.call.joinCodeId} is null then 0 else 1 end`.as('joined'),
      })
      .from(t.call)
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.call.gridCode))
      .where(and(eq(t.call.alertId, alertId), inArea(t.call.gridCode, codes)))
      .as('shown');
    return q
      .select({
        gridCode: shown.gridCode,
        gridName: sql<string | null>`${shown.gridName}`,
        state: shown.state,
        answer: shown.answer,
        reason: shown.reason,
        joined: sql<number>`${shown.joined}`.mapWith(Number),
        count: sql<number>`count(*)`.mapWith(Number),
      })
      .from(shown)
      .groupBy(shown.gridCode, shown.gridName, sql`${shown.state}`, shown.answer, shown.reason, sql`${shown.joined}`)
      .orderBy(asc(shown.gridCode));
  });
}
