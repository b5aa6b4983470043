// Messages to people, put down in the commit of whatever decided on them; dispatch carries them out. The row is the truth.
import { and, asc, desc, eq, inArray, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import type { Channel, MessageFacts, MessagePurpose } from '@laba/domain/message';
import { any, exactly, prepared, type Database, type Op } from './database.ts';
import { freeRows } from './locks.ts';
import { onPostgres, rowsOf } from './rows-of.ts';
import type { Tables } from './tables.ts';

export type Message = Tables['message']['$inferSelect'];

/** A message that is to go out. `id` must be new; (subjectId, channel, step) must be new too, or it is left out. */
export interface NewMessage {
  id: string;
  alertId: string | null;
  purpose: MessagePurpose;
  subjectId: string;
  memberId: string | null;
  gridCode: string;
  channel: Channel;
  step: number;
  urgent: boolean;
  facts: MessageFacts;
  dueAtMs: number;
  notAfterMs: number;
  changedAtMs: number;
}

const COLUMNS = {
  id: 'text',
  alertId: 'text',
  purpose: 'text',
  subjectId: 'text',
  memberId: 'text',
  gridCode: 'text',
  channel: 'text',
  step: 'int',
  urgent: 'flag',
  facts: 'json',
  dueAtMs: 'int',
  notAfterMs: 'int',
  changedAtMs: 'int',
} as const;

const none = () => sql`null`;

/** The columns of the table in its own order, which INSERT … SELECT must name; `given` has those of `NewMessage`. */
function wholeRow(given: Record<keyof NewMessage, SQL>) {
  return {
    id: given.id,
    alertId: given.alertId,
    purpose: given.purpose,
    subjectId: given.subjectId,
    memberId: given.memberId,
    gridCode: given.gridCode,
    channel: given.channel,
    step: given.step,
    urgent: given.urgent,
    facts: given.facts,
    state: sql`'queued'`.as('state'),
    dueAtMs: given.dueAtMs,
    notAfterMs: given.notAfterMs,
    takenAtMs: sql`cast(null as bigint)`.as('taken_at_ms'),
    attempts: sql`0`.as('attempts'),
    providerId: none().as('provider_id'),
    reason: none().as('reason'),
    changedAtMs: given.changedAtMs,
    version: sql`1`.as('version'),
  };
}

const insertGiven = prepared('insert-messages', (q, t) => {
  const { from, columns } = rowsOf(t, sql.placeholder('rows'), COLUMNS);
  const rows = q
    .select(wholeRow(columns) as never)
    .from(from)
    .where(sql`true`);
  return q
    .insert(t.message)
    .select(rows as never)
    .onConflictDoNothing()
    .returning({ id: t.message.id });
});

/** Puts messages down, in one statement; those that exist already by (subject, channel, step) are left as they are. */
export function queueMessages(messages: readonly NewMessage[]): Op[] {
  return messages.length === 0 ? [] : [any(insertGiven, { values: { rows: JSON.stringify(messages) } })];
}

/**
 * One message for each row of `source`, in one statement: for call-outs of thousands. `source` gives every key of `NewMessage` as SQL;
 * what is no column needs a `cast` or `sql.param(value, column)`, so that PostgreSQL knows its type.
 */
export function queueMessagesOf(source: (t: Tables) => { columns: Record<keyof NewMessage, SQL>; from: SQL; where: SQL }): Op {
  return any((q, t) => {
    const { columns, from, where } = source(t);
    const rows = q
      .select(wholeRow(columns) as never)
      .from(from)
      .where(where);
    return q
      .insert(t.message)
      .select(rows as never)
      .onConflictDoNothing()
      .returning({ id: t.message.id });
  });
}

/** What was not sent yet about these subjects is not sent any more: the answer, or the end, came first. */
export function dropMessages(t: { subjectIds?: readonly string[]; alertId?: string; nowMs: number }): Op {
  const { subjectIds, alertId, nowMs } = t;
  return any((q, { message }) =>
    q
      .update(message)
      .set({ state: 'unneeded', changedAtMs: nowMs, version: sql`${message.version} + 1` })
      .where(
        and(
          eq(message.state, 'queued'),
          subjectIds === undefined ? undefined : inArray(message.subjectId, [...subjectIds]),
          alertId === undefined ? undefined : eq(message.alertId, alertId),
          subjectIds === undefined && alertId === undefined ? sql`1 = 0` : undefined,
        ),
      )
      .returning({ id: message.id }),
  );
}

const v = (name: string) => sql<number>`${sql.placeholder(name)}`;

const claim = prepared('claim-messages', (q, t) => {
  const { message } = t;
  const due = q
    .select({ id: message.id })
    .from(message)
    .where(
      or(
        and(eq(message.state, 'queued'), lte(message.dueAtMs, v('nowMs'))),
        // Its sender died between taking it and writing down what the provider said: nobody knows whether it went out.
        and(eq(message.state, 'sending'), lt(message.takenAtMs, v('takenBeforeMs'))),
      ),
    )
    .orderBy(desc(message.urgent), asc(message.dueAtMs))
    .limit(sql.placeholder('limit'));
  return q
    .update(message)
    .set({ state: 'sending', takenAtMs: v('nowMs'), attempts: sql`${message.attempts} + 1`, changedAtMs: v('nowMs'), version: sql`${message.version} + 1` })
    .where(onPostgres(t) ? sql`${message.id} = any(array(${freeRows(t, due)}))` : inArray(message.id, due))
    .returning();
});

/**
 * Takes messages that are due, urgent and oldest first: state `sending` is durable before any provider is asked. One that was taken
 * longer than `leaseMs` ago without an outcome is taken again: its interval is over. The rows come in any order.
 */
export function claimMessages(nowMs: number, leaseMs: number, limit: number = LIMITS.rowsPerInsert): Op<Message> {
  return any(claim, { values: { nowMs, takenBeforeMs: nowMs - leaseMs, limit } });
}

/** What became of taken messages. `queued` with `dueAtMs`: to be tried again. */
export interface MessageOutcome {
  id: string;
  version: number;
  state: 'sent' | 'failed' | 'expired' | 'queued';
  dueAtMs: number;
  providerId?: string;
  reason?: string;
}

const writeGiven = prepared('write-message-outcomes', (q, t) => {
  const { message } = t;
  const { from, columns: c } = rowsOf(t, sql.placeholder('rows'), {
    id: 'text',
    version: 'int',
    state: 'text',
    dueAtMs: 'int',
    providerId: 'text',
    reason: 'text',
  });
  return q
    .update(message)
    .set({
      state: sql`${c.state}`,
      dueAtMs: sql`${c.dueAtMs}`,
      providerId: sql`${c.providerId}`,
      reason: sql`${c.reason}`,
      changedAtMs: v('nowMs'),
      version: sql`${message.version} + 1`,
    } as never)
    .from(from as never)
    .where(and(eq(message.id, c.id), eq(message.version, c.version)))
    .returning({ id: message.id });
});

/** Breaks with `changed-meanwhile` when one of them is no longer as it was taken. */
export function writeOutcomes(outcomes: readonly MessageOutcome[], nowMs: number): Op[] {
  return outcomes.length === 0 ? [] : [exactly(outcomes.length, writeGiven, { values: { rows: JSON.stringify(outcomes), nowMs } })];
}

const selectNextDue = prepared('next-message-due', (q, t) =>
  q.select({ dueAtMs: t.message.dueAtMs }).from(t.message).where(eq(t.message.state, 'queued')).orderBy(asc(t.message.dueAtMs)).limit(1),
);

/** When the next queued message falls due, or undefined. */
export async function nextMessageDueAtMs(db: Database): Promise<number | undefined> {
  return (await db.read(selectNextDue))[0]?.dueAtMs;
}

/** How many queued messages are past their due time by more than `graceMs`: what the officer must see. */
export async function overdueMessages(db: Database, nowMs: number, graceMs: number): Promise<number> {
  const [row] = await db.read((q, t) =>
    q
      .select({ n: sql<number>`count(*)`.mapWith(Number) })
      .from(t.message)
      .where(and(eq(t.message.state, 'queued'), lt(t.message.dueAtMs, nowMs - graceMs))),
  );
  return row?.n ?? 0;
}
