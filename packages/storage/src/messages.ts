// Messages to people, put down in the commit of whatever decided on them; dispatch carries them out. The row is the truth.
import { and, asc, eq, gt, inArray, lt, lte, or, sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import type { Channel, MessageFacts, MessagePurpose, MessageState } from '@laba/domain/message';
import { any, exactly, prepared, writes, type Database, type Op, type Sql } from './database.ts';
import { byTurns, freeRows } from './locks.ts';
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
  return writes('any', (q, t) => {
    const { columns, from, where } = source(t);
    const rows = q
      .select(wholeRow(columns) as never)
      .from(from)
      .where(where);
    return q
      .insert(t.message)
      .select(rows as never)
      .onConflictDoNothing();
  });
}

/** What was not sent yet about these subjects (of this alert, with this purpose) is not sent any more: the answer, or the end, came first. */
export function dropMessages(t: { subjectIds?: readonly string[]; alertId?: string; purpose?: MessagePurpose; nowMs: number }): Op {
  const { subjectIds, alertId, purpose, nowMs } = t;
  return any((q, { message }) =>
    q
      .update(message)
      .set({ state: 'unneeded', changedAtMs: nowMs, version: sql`${message.version} + 1` })
      .where(
        and(
          eq(message.state, 'queued'),
          subjectIds === undefined ? undefined : inArray(message.subjectId, [...subjectIds]),
          alertId === undefined ? undefined : eq(message.alertId, alertId),
          purpose === undefined ? undefined : eq(message.purpose, purpose),
          subjectIds === undefined && alertId === undefined ? sql`1 = 0` : undefined,
        ),
      )
      .returning({ id: message.id }),
  );
}

/** Who replies may have got it: a provider was asked to send it, whatever became of its word on that. */
export function mayHaveArrived({ message }: Tables): SQL | undefined {
  return or(inArray(message.state, ['sending', 'sent', 'delivered', 'read']), and(eq(message.state, 'queued'), gt(message.attempts, 0)));
}

const v = (name: string) => sql<number>`${sql.placeholder(name)}`;

// Their sender died between taking them and writing down what the provider said: nobody knows whether they went out.
const releaseLapsed = prepared('release-lapsed-messages', (q, { message }) =>
  q
    .update(message)
    .set({ state: 'queued', version: sql`${message.version} + 1` })
    .where(and(eq(message.state, 'sending'), lt(message.takenAtMs, v('takenBeforeMs'))))
    .returning({ id: message.id }),
);

/** At most `count` messages of a channel are taken in any `withinMs`, by whatever processes there are. */
export interface Rate {
  count: number;
  withinMs: number;
}

/** What a sender has room for. */
export interface Lane {
  channel: Channel;
  urgent: boolean;
  limit: number;
  /** Of all that is taken on this channel; none: as many as there are. */
  rate?: Rate;
}

/** What counts for a rate now. To both sides: another process's clock may be a little ahead, and this one may have been set back. */
export function countedFor({ withinMs }: Rate, nowMs: number): { fromMs: number; toMs: number } {
  return { fromMs: nowMs - withinMs + 1, toMs: nowMs + withinMs };
}

/** How many of the channel's messages were taken between these times. */
export function countTaken({ message }: Tables, of: { channel: SQLWrapper; fromMs: SQLWrapper; toMs: SQLWrapper }): SQL<number> {
  return sql<number>`(select count(*) from ${message} as taken where taken.channel = ${of.channel} and taken.taken_at_ms between ${of.fromMs} and ${of.toMs})`;
}

function claiming(q: Sql, t: Tables, limit: SQLWrapper) {
  const { message } = t;
  const due = q
    .select({ id: message.id })
    .from(message)
    .where(
      and(
        eq(message.channel, sql.placeholder('channel')),
        eq(message.state, 'queued'),
        eq(message.urgent, sql.param(sql.placeholder('urgent'), message.urgent)),
        lte(message.dueAtMs, v('nowMs')),
      ),
    )
    .orderBy(asc(message.dueAtMs))
    .limit(limit as never);
  return q
    .update(message)
    .set({ state: 'sending', takenAtMs: v('nowMs'), attempts: sql`${message.attempts} + 1`, changedAtMs: v('nowMs'), version: sql`${message.version} + 1` })
    .where(onPostgres(t) ? sql`${message.id} = any(array(${freeRows(t, due)}))` : inArray(message.id, due))
    .returning();
}

const claim = prepared('claim-messages', (q, t) => claiming(q, t, v('limit')));

const claimAtRate = prepared('claim-messages-at-rate', (q, t) => {
  const taken = countTaken(t, { channel: v('channel'), fromMs: v('fromMs'), toMs: v('toMs') });
  const limit = sql`cast(${v('limit')} as bigint)`;
  const left = sql`(select cast(${v('count')} as bigint) - ${taken} as n) as rest`;
  return claiming(q, t, sql`(select case when rest.n < 0 then 0 when rest.n < ${limit} then rest.n else ${limit} end from ${left})`);
});

/**
 * Takes messages that are due, the oldest of each lane first: state `sending` is durable before any provider is asked. What was taken
 * longer than `leaseMs` ago without an outcome may be taken again: its interval is over. The rows of a lane come in any order.
 */
export async function takeMessages(db: Database, lanes: readonly Lane[], nowMs: number, leaseMs: number): Promise<Message[]> {
  // A rate is counted and used up by one process at a time.
  const turns = lanes.flatMap(({ channel, rate }) => (rate === undefined ? [] : [byTurns(`messages by ${channel}`)]));
  const release = any(releaseLapsed, { values: { takenBeforeMs: nowMs - leaseMs } });
  const claims = lanes.map(({ rate, ...lane }) =>
    rate === undefined
      ? any(claim, { values: { ...lane, nowMs } })
      : any(claimAtRate, { values: { ...lane, nowMs, count: rate.count, ...countedFor(rate, nowMs) } }),
  );
  const rows = await db.atomically([...turns, release, ...claims]);
  return rows.slice(turns.length + 1).flat() as Message[];
}

/** What became of taken messages. `queued` with `dueAtMs`: to be tried again. */
export interface MessageOutcome {
  id: string;
  version: number;
  state: 'sent' | 'failed' | 'expired' | 'unneeded' | 'queued';
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

/** The clock was set back by `backMs`: what waits was written by it, and waits no longer than it should have. Each message once, by whoever comes first. */
export function followClock(backMs: number, nowMs: number): Op {
  return any((q, { message }) =>
    q
      .update(message)
      .set({
        dueAtMs: sql`${message.dueAtMs} - ${backMs}`,
        notAfterMs: sql`${message.notAfterMs} - ${backMs}`,
        takenAtMs: sql`${message.takenAtMs} - ${backMs}`,
        changedAtMs: nowMs,
      })
      .where(and(inArray(message.state, ['queued', 'sending']), gt(message.changedAtMs, nowMs)))
      .returning({ id: message.id }),
  );
}

/** Whether what came in answers a test of its sender's number: a bare key is then said about nothing else. */
export async function answersTest(db: Database, { messageId }: { messageId: string | null }): Promise<boolean> {
  if (messageId === null) return false;
  const rows = await db.read((q, { message }) =>
    q
      .select({ id: message.id })
      .from(message)
      .where(and(eq(message.id, messageId), eq(message.purpose, 'number-check'))),
  );
  return rows.length > 0;
}

const numberOrNull = (value: unknown) => (value === null ? null : Number(value));

const selectMoments = prepared('message-moments', (q, t) => {
  const { message } = t;
  const first = (column: typeof message.dueAtMs | typeof message.takenAtMs, state: MessageState) =>
    sql<number | null>`(select min(${column}) from ${message} where ${message.state} = ${state})`.mapWith(numberOrNull);
  return q.select({ dueAtMs: first(message.dueAtMs, 'queued'), takenAtMs: first(message.takenAtMs, 'sending') }).from(sql`(select 1) as moments`);
});

/** When the next queued message falls due, and when the oldest that is being sent was taken; null where there is none. */
export async function messageMoments(db: Database): Promise<{ dueAtMs: number | null; takenAtMs: number | null }> {
  return (await db.read(selectMoments))[0]!;
}

const selectLate = prepared('late-messages', (q, { message }) =>
  q
    .select({ count: sql<number>`count(*)`.mapWith(Number), oldestDueAtMs: sql<number | null>`min(${message.dueAtMs})`.mapWith(numberOrNull) })
    .from(message)
    .where(and(inArray(message.state, ['queued', 'sending']), lt(message.dueAtMs, v('dueBeforeMs')))),
);

/** Messages that nobody has sent `graceMs` after their due time: what the officer must see. */
export async function lateMessages(db: Database, nowMs: number, graceMs: number): Promise<{ count: number; oldestDueAtMs: number | null }> {
  return (await db.read(selectLate, { dueBeforeMs: nowMs - graceMs }))[0]!;
}
