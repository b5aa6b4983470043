// Timeline and outbox in one: an event and the jobs it causes are written in the state change's own commit.
import { sql, type Column, type SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { EVENTS, type ConsumerName, type EventData, type EventType } from '@laba/domain/events';
import type { Ids } from '@laba/domain/ids';
import { any, exactly, one, prepared, type Op } from './database.ts';
import { lockedRows } from './locks.ts';
import { onPostgres, rowsOf } from './rows-of.ts';
import type { Tables } from './tables.ts';

/** An event to be written. `gridCode` decides who may see it. Ids and facts only: no personal data. */
export interface NewEvent<T extends EventType> {
  type: T;
  atMs: number;
  who: string;
  via: 'http' | 'mqtt' | 'job' | 'cli' | 'watchdog' | 'button';
  gridCode: string;
  subjectId: string;
  alertId?: string | null;
  data: EventData<T>;
  /** When a consumer's job falls due; now, when it is not named. `null`: this consumer has nothing to do. */
  due?: Partial<Record<ConsumerName, number | null>>;
  /** Jobs of live alerts go before all others. */
  urgent?: boolean;
}

const insertEvent = prepared('insert-event', (q, t) =>
  q
    .insert(t.event)
    .values({
      id: sql.placeholder('id'),
      type: sql.placeholder('type'),
      atMs: sql.placeholder('atMs'),
      who: sql.placeholder('who'),
      via: sql.placeholder('via'),
      gridCode: sql.placeholder('gridCode'),
      alertId: sql.placeholder('alertId'),
      subjectId: sql.placeholder('subjectId'),
      data: sql.placeholder('data'),
    })
    .returning({ seq: t.event.seq }),
);

const insertJob = prepared('insert-job', (q, t) =>
  q
    .insert(t.job)
    .values({
      id: sql.placeholder('id'),
      eventId: sql.placeholder('eventId'),
      consumer: sql.placeholder('consumer'),
      urgent: sql.placeholder('urgent'),
      dueAtMs: sql.placeholder('dueAtMs'),
    })
    .returning({ id: t.job.id }),
);

/** The ops that write one event and one job per consumer. Put them last in the state change's own `atomically`. */
export function record<T extends EventType>(ids: Ids, event: NewEvent<T>): Op[] {
  const eventId = ids();
  const values = {
    id: eventId,
    type: event.type,
    atMs: event.atMs,
    who: event.who,
    via: event.via,
    gridCode: event.gridCode,
    alertId: event.alertId ?? null,
    subjectId: event.subjectId,
    data: event.data,
  };
  const consumers: readonly ConsumerName[] = EVENTS[event.type].consumers;
  const jobs = consumers.flatMap((consumer) => {
    const dueAtMs = event.due?.[consumer];
    if (dueAtMs === null) return [];
    return [one(insertJob, { values: { id: ids(), eventId, consumer, urgent: event.urgent ?? false, dueAtMs: dueAtMs ?? event.atMs } })];
  });
  return [one(insertEvent, { values }), ...jobs];
}

// INSERT … SELECT must name every column in the table's order, and the engine gives this one.
const nextSeq = (t: Tables) => (onPostgres(t) ? sql`nextval(pg_get_serial_sequence('event', 'seq'))` : sql`null`);

const insertEvents = prepared('insert-events', (q, t) => {
  const { from, columns: c } = rowsOf(t, sql.placeholder('rows'), {
    id: 'text',
    type: 'text',
    atMs: 'int',
    who: 'text',
    via: 'text',
    gridCode: 'text',
    alertId: 'text',
    subjectId: 'text',
    data: 'json',
  });
  return q
    .insert(t.event)
    .select(q.select({ seq: nextSeq(t), ...c } as never).from(from) as never)
    .returning({ seq: t.event.seq });
});

const insertJobs = prepared('insert-jobs', (q, t) => {
  const { from, columns: c } = rowsOf(t, sql.placeholder('rows'), { id: 'text', eventId: 'text', consumer: 'text', urgent: 'flag', dueAtMs: 'int' });
  const none = () => sql`cast(null as bigint)`;
  const row = { id: c.id, eventId: c.eventId, consumer: c.consumer, urgent: c.urgent, dueAtMs: c.dueAtMs };
  const untouched = { pushedAtMs: none(), doneAtMs: none(), outcome: sql`null`, attempts: sql`0`, lastError: sql`null` };
  return q
    .insert(t.job)
    .select(q.select({ ...row, ...untouched } as never).from(from) as never)
    .returning({ id: t.job.id });
});

/** As `record`, for many events in two statements: those of a change of many rows, each with reactions of its own. */
export function recordAll<T extends EventType>(ids: Ids, events: readonly NewEvent<T>[]): Op[] {
  if (events.length === 0) return [];
  const told = events.map(({ due, urgent, ...event }) => ({ event: { id: ids(), ...event }, due, urgent }));
  const jobs = told.flatMap(({ event, due, urgent }) =>
    (EVENTS[event.type].consumers as readonly ConsumerName[]).flatMap((consumer) => {
      const dueAtMs = due?.[consumer];
      return dueAtMs === null ? [] : [{ id: ids(), eventId: event.id, consumer, urgent: urgent ?? false, dueAtMs: dueAtMs ?? event.atMs }];
    }),
  );
  return [
    exactly(told.length, insertEvents, { values: { rows: JSON.stringify(told.map(({ event }) => event)) } }),
    ...(jobs.length === 0 ? [] : [exactly(jobs.length, insertJobs, { values: { rows: JSON.stringify(jobs) } })]),
  ];
}

/** One event of a fact, which nobody waits for. */
export type NewFact<T extends EventType = EventType> = T extends EventType ? Omit<NewEvent<T>, 'due' | 'urgent'> : never;

/** A fact for `recordFacts`. */
export function fact<T extends EventType>(event: NewFact<T>): NewFact<T> {
  return event;
}

/** Facts in their order, in one statement. An event with consumers needs `record`, which makes their jobs. */
export function recordFacts(ids: Ids, facts: readonly NewFact[]): Op[] {
  const jobs = facts.find((fact) => EVENTS[fact.type].consumers.length > 0);
  if (jobs !== undefined) throw new Error(`${jobs.type} has consumers: record it by itself.`);
  return facts.length === 0 ? [] : [exactly(facts.length, insertEvents, { values: { rows: JSON.stringify(facts.map((fact) => ({ id: ids(), ...fact }))) } })];
}

/** Which rows a change of many rows touched: one event for each. */
interface EventSource {
  from: SQLiteTable;
  subjectId: Column;
  gridCode: Column;
  where: SQL | undefined;
}

/**
 * One event per row of `source`, in one statement: for changes of thousands of rows at once. Only for facts: an event with
 * consumers needs `record`, which makes their jobs. Put it where the rows are still (or already) as `where` says; they stay so until the
 * commit, whatever other processes do.
 */
export function recordEach<T extends EventType>(
  ids: Ids,
  event: Omit<NewEvent<T>, 'subjectId' | 'gridCode' | 'due' | 'urgent'>,
  source: (t: Tables) => EventSource,
): Op {
  if (EVENTS[event.type].consumers.length > 0) throw new Error(`${event.type} has consumers: record it one by one.`);
  const prefix = ids();
  const value = (given: unknown) => sql`${given}`;
  return any((q, t) => {
    const { from, subjectId, gridCode, where } = source(t);
    const rows = q
      .select({
        seq: nextSeq(t),
        id: sql`${prefix} || '-' || ${subjectId}`,
        type: value(event.type),
        atMs: value(event.atMs),
        who: value(event.who),
        via: value(event.via),
        gridCode: sql`${gridCode}`,
        alertId: value(event.alertId ?? null),
        subjectId: sql`${subjectId}`,
        data: value(JSON.stringify(event.data)),
      })
      .from(from)
      .where(where)
      // One order whatever the database's language: who changes the same rows takes them in it too.
      .orderBy(onPostgres(t) ? sql`${subjectId} collate "C"` : sql`${subjectId}`);
    return q
      .insert(t.event)
      .select(lockedRows(t, rows) as never)
      .returning({ seq: t.event.seq });
  });
}
