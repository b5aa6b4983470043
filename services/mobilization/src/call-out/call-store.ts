// Chapter 5, member: the calls in the database.
import { and, eq, exists, inArray, sql, type SQL } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import type { CallState } from '@laba/domain/member';
import { any, one, prepared, type Database, type Op, type Sql } from '@laba/storage/database';
import { steadyRows } from '@laba/storage/locks';
import type { Tables } from '@laba/storage/tables';

/** Nobody has answered yet and the alert may still be on. */
export const OPEN_STATES = ['queued', 'sent', 'delivered', 'read'] as const satisfies readonly CallState[];
/** The page was not opened yet, as far as is proven. */
const UNREAD_STATES: readonly CallState[] = ['queued', 'sent', 'delivered'];

export type Call = Tables['call']['$inferSelect'];
export type Alert = Tables['alert']['$inferSelect'];
export type AlertRevision = Tables['alertRevision']['$inferSelect'];

export const alertIsRaised = (q: Sql, t: Tables, alertId: string | SQL) =>
  exists(
    q
      .select({ one: sql`1` })
      .from(t.alert)
      .where(and(eq(t.alert.id, alertId), eq(t.alert.state, 'raised'))),
  );

/** The alert stays as it is until the commit: its end waits for the calls that it has to close, or the calls find it over. */
export function holdAlert(alertId: string): Op {
  return any((q, t) => steadyRows(t, q.select({ id: t.alert.id }).from(t.alert).where(eq(t.alert.id, alertId))));
}

/** What the unanswered calls of an alert are found by. */
export function unanswered(t: Tables, alertId: string): SQL | undefined {
  return and(eq(t.call.alertId, alertId), inArray(t.call.state, [...OPEN_STATES]));
}

export function closeUnanswered(alertId: string, nowMs: number): Op {
  return any((q, t) =>
    q
      .update(t.call)
      .set({ state: 'closed', nextAtMs: null, changedAtMs: nowMs, version: sql`${t.call.version} + 1` })
      .where(unanswered(t, alertId))
      .returning({ id: t.call.id }),
  );
}

/** The answer, guarded by the version it was decided on and by the alert still being raised. `nextAtMs`: when it runs out; null: it stands. */
export function writeAnswer(call: Call, said: Pick<Call, 'answer' | 'answeredBy' | 'answeredAtMs' | 'saidAtMs' | 'nextAtMs' | 'changedAtMs'>): Op {
  return writeGuarded(call, { state: 'answered', reason: null, ...said });
}

/** That he needs support, or does not any more. Guarded as an answer is. */
export function writeHelp(call: Call, help: Pick<Call, 'helpAtMs' | 'helpWordsCipher' | 'changedAtMs'>): Op {
  return writeGuarded(call, help);
}

/** That he is called anew. Guarded as an answer is. */
export function writeAgain(call: Call, anew: Pick<Call, 'step' | 'nextAtMs' | 'reason' | 'changedAtMs'>): Op {
  return writeGuarded(call, anew);
}

function writeGuarded(call: Call, said: Partial<Call>): Op {
  return one(
    (q, t) =>
      q
        .update(t.call)
        .set({ ...said, version: call.version + 1 })
        .where(and(eq(t.call.id, call.id), eq(t.call.version, call.version), alertIsRaised(q, t, call.alertId)))
        .returning({ id: t.call.id }),
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}

/** Breaks with `already-done` when the page was opened before, or the call was answered or closed. */
export function writeRead(callId: string, nowMs: number): Op {
  return one(
    (q, t) =>
      q
        .update(t.call)
        .set({ state: 'read', changedAtMs: nowMs, version: sql`${t.call.version} + 1` })
        .where(and(eq(t.call.id, callId), inArray(t.call.state, [...UNREAD_STATES])))
        .returning({ id: t.call.id }),
    { otherwise: () => new LabaError('already-done') },
  );
}

const selectCall = prepared('mobilization-call', (q, t) =>
  q
    .select({ call: t.call, alert: t.alert })
    .from(t.call)
    .innerJoin(t.alert, eq(t.alert.id, t.call.alertId))
    .where(eq(t.call.id, sql.placeholder('id'))),
);

export async function findCall(db: Database, id: string): Promise<{ call: Call; alert: Alert } | undefined> {
  const [row] = await db.read(selectCall, { id });
  return row;
}

/** The newest revision that was raised: what people were told last. */
export async function findRaisedRevision(db: Database, alertId: string): Promise<AlertRevision | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.alertRevision)
      .where(and(eq(t.alertRevision.alertId, alertId), sql`${t.alertRevision.raisedAtMs} is not null`))
      .orderBy(sql`${t.alertRevision.revision} desc`)
      .limit(1),
  );
  return row;
}

export async function findMemberName(db: Database, memberId: string): Promise<string | undefined> {
  const [row] = await db.read((q, t) => q.select({ name: t.member.name }).from(t.member).where(eq(t.member.id, memberId)));
  return row?.name;
}

/** Every grid node that the alert was ever meant for, in any revision. */
export async function alertAreas(db: Database, alertId: string): Promise<string[]> {
  const rows = await db.read((q, t) => q.selectDistinct({ code: t.alertArea.code }).from(t.alertArea).where(eq(t.alertArea.alertId, alertId)));
  return rows.map((row) => row.code);
}
