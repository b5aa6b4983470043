// Work that an event caused: one row per (event, consumer). The row is the truth; the queue only carries its id.
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, max, or, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import type { ConsumerName, EventType } from '@laba/domain/events';
import { any, one, prepared, type Database, type Op, type Sql } from './database.ts';
import { freeRows } from './locks.ts';
import { onPostgres, rowsOf } from './rows-of.ts';
import type { Tables } from './tables.ts';

/** A job with the event that caused it. */
export interface Job {
  id: string;
  consumer: ConsumerName;
  urgent: boolean;
  attempts: number;
  dueAtMs: number;
  doneAtMs: number | null;
  event: {
    id: string;
    seq: number;
    type: EventType;
    atMs: number;
    who: string;
    gridCode: string;
    alertId: string | null;
    subjectId: string;
    data: Record<string, unknown>;
  };
}

export interface DueJob {
  id: string;
  consumer: string;
  urgent: boolean;
  dueAtMs: number;
}

const selectJob = prepared('select-job', (q, t) =>
  q
    .select({ job: t.job, event: t.event })
    .from(t.job)
    .innerJoin(t.event, eq(t.event.id, t.job.eventId))
    .where(eq(t.job.id, sql.placeholder('id'))),
);

const finish = prepared('finish-job', (q, t) =>
  q
    .update(t.job)
    .set({ doneAtMs: sql`${sql.placeholder('nowMs')}`, outcome: 'done' })
    .where(and(eq(t.job.id, sql.placeholder('id')), isNull(t.job.doneAtMs)))
    .returning({ id: t.job.id }),
);

const DONE_BEFORE = () => new LabaError('already-done', 'This job was already done.');

export async function loadJob(db: Database, id: string): Promise<Job | undefined> {
  const [row] = await db.read(selectJob, { id });
  if (row === undefined) return undefined;
  const { job, event } = row;
  return {
    id: job.id,
    consumer: job.consumer as ConsumerName,
    urgent: job.urgent,
    attempts: job.attempts,
    dueAtMs: job.dueAtMs,
    doneAtMs: job.doneAtMs,
    event: { ...event, type: event.type as EventType },
  };
}

/** Goes into the consumer's own commit: a second run of the same job then changes nothing. */
export function finishJob(id: string, nowMs: number): Op {
  return one(finish, { values: { id, nowMs }, otherwise: DONE_BEFORE });
}

/**
 * The same job again at `dueAtMs`: how everything that waits waits. With `fromDueAtMs`, the due time it was loaded with, a second run
 * of the same round changes nothing.
 */
export function postponeJob(id: string, dueAtMs: number, fromDueAtMs?: number): Op {
  return one(
    (q, t) =>
      q
        .update(t.job)
        .set({ dueAtMs, pushedAtMs: null, attempts: 0 })
        .where(and(eq(t.job.id, id), isNull(t.job.doneAtMs), fromDueAtMs === undefined ? undefined : eq(t.job.dueAtMs, fromDueAtMs)))
        .returning({ id: t.job.id }),
    { otherwise: DONE_BEFORE },
  );
}

/** What this reaction has open about these subjects and would look at later is looked at then. */
export function hastenJobs(consumer: ConsumerName, subjectIds: readonly string[], dueAtMs: number): Op {
  return any((q, t) => {
    const told = q
      .select({ id: t.event.id })
      .from(t.event)
      .where(inArray(t.event.subjectId, [...subjectIds]));
    return q
      .update(t.job)
      .set({ dueAtMs, pushedAtMs: null })
      .where(and(eq(t.job.consumer, consumer), isNull(t.job.doneAtMs), gt(t.job.dueAtMs, dueAtMs), inArray(t.job.eventId, told)))
      .returning({ id: t.job.id });
  });
}

/** Nothing more will be tried: the job ends with its error. */
export function buryJob(id: string, nowMs: number, error: string): Op {
  return one(
    (q, t) =>
      q
        .update(t.job)
        .set({ doneAtMs: nowMs, outcome: 'buried', lastError: error })
        .where(and(eq(t.job.id, id), isNull(t.job.doneAtMs)))
        .returning({ id: t.job.id }),
    { otherwise: DONE_BEFORE },
  );
}

/** One more failed try, with its error. */
export function noteFailure(id: string, error: string): Op {
  return any((q, t) =>
    q
      .update(t.job)
      .set({ attempts: sql`${t.job.attempts} + 1`, lastError: error })
      .where(eq(t.job.id, id))
      .returning({ id: t.job.id }),
  );
}

const v = (name: string) => sql<number>`${sql.placeholder(name)}`;

/** Nobody has taken it, or so long ago that the queue must have lost it. */
const isFree = (t: Tables) =>
  and(isNull(t.job.doneAtMs), lte(t.job.dueAtMs, v('nowMs')), or(isNull(t.job.pushedAtMs), lt(t.job.pushedAtMs, v('takenBeforeMs'))));

const dueColumns = ({ job }: Tables) => ({ id: job.id, consumer: job.consumer, urgent: job.urgent, dueAtMs: job.dueAtMs });

const selectDue = prepared('due-jobs', (q, t) => {
  const { job } = t;
  return q.select(dueColumns(t)).from(job).where(isFree(t)).orderBy(desc(job.urgent), asc(job.dueAtMs)).limit(sql.placeholder('limit'));
});

const selectDueOf = prepared('due-jobs-of', (q, t) => {
  const { job } = t;
  return q
    .select(dueColumns(t))
    .from(job)
    .where(and(isFree(t), inArray(job.consumer, namesOf(q, t))))
    .orderBy(desc(job.urgent), asc(job.dueAtMs))
    .limit(sql.placeholder('limit'));
});

function namesOf(q: Sql, t: Tables) {
  const { from, columns } = rowsOf(t, sql.placeholder('consumers'), { name: 'text' });
  return q.select({ name: columns.name }).from(from);
}

const asRows = (consumers: readonly string[]) => JSON.stringify(consumers.map((name) => ({ name })));

/**
 * Jobs that are due and not on the queue (or were pushed so long ago that the queue must have lost them),
 * urgent first, oldest first.
 */
export function dueJobs(db: Database, nowMs: number, leaseMs: number, limit: number, consumers?: readonly string[]): Promise<DueJob[]> {
  const values = { nowMs, takenBeforeMs: nowMs - leaseMs, limit };
  return consumers === undefined ? db.read(selectDue, values) : db.read(selectDueOf, { ...values, consumers: asRows(consumers) });
}

const setPushed = prepared('mark-pushed', (q, t) => {
  const { from, columns } = rowsOf(t, sql.placeholder('rows'), { id: 'text' });
  return q
    .update(t.job)
    .set({ pushedAtMs: v('nowMs') })
    .where(inArray(t.job.id, q.select({ id: columns.id }).from(from)))
    .returning({ id: t.job.id });
});

export function markPushed(ids: readonly string[], nowMs: number): Op {
  return any(setPushed, { values: { rows: JSON.stringify(ids.map((id) => ({ id }))), nowMs } });
}

const claimDue = prepared('claim-due-jobs', (q, t) => {
  const { job } = t;
  const due = q
    .select({ id: job.id })
    .from(job)
    .where(and(isFree(t), inArray(job.consumer, namesOf(q, t))))
    .orderBy(desc(job.urgent), asc(job.dueAtMs))
    .limit(sql.placeholder('limit'));
  return (
    q
      .update(job)
      .set({ pushedAtMs: v('nowMs') })
      // The array is computed once; a subquery may be looked at again for each row.
      .where(onPostgres(t) ? sql`${job.id} = any(array(${freeRows(t, due)}))` : inArray(job.id, due))
      .returning(dueColumns(t))
  );
});

/**
 * Takes jobs of these consumers that are due and on no queue, or were taken longer than `leaseMs` ago: marked and given in one statement,
 * urgent and oldest first. Two processes that claim at once never get the same job. The rows come in any order: see `inTurn`.
 */
export function claimDueJobs(nowMs: number, leaseMs: number, limit: number, consumers: readonly string[]): Op<DueJob> {
  return any(claimDue, { values: { nowMs, takenBeforeMs: nowMs - leaseMs, limit, consumers: asRows(consumers) } });
}

/** Urgent first, then oldest first. */
export function inTurn(jobs: readonly DueJob[]): DueJob[] {
  return jobs.toSorted((a, b) => Number(b.urgent) - Number(a.urgent) || a.dueAtMs - b.dueAtMs);
}

/** Nothing is on the queue: what was pushed and is not done is to be pushed again at once. */
export function markNonePushed(): Op {
  return any((q, t) =>
    q
      .update(t.job)
      .set({ pushedAtMs: null })
      .where(and(isNull(t.job.doneAtMs), isNotNull(t.job.pushedAtMs)))
      .returning({ id: t.job.id }),
  );
}

/**
 * The clock went back: open jobs whose times lie ahead counted them by the old clock, so all are due now. A reaction whose time has not
 * come says so itself and waits on.
 */
export function wakeWaiting(nowMs: number): Op {
  return any((q, t) =>
    q
      .update(t.job)
      .set({ dueAtMs: nowMs, pushedAtMs: null })
      .where(and(isNull(t.job.doneAtMs), or(gt(t.job.dueAtMs, nowMs), gt(t.job.pushedAtMs, nowMs))))
      .returning({ id: t.job.id }),
  );
}

const selectNewestAtMs = prepared('newest-event-time', (q, t) => q.select({ atMs: t.event.atMs }).from(t.event).orderBy(desc(t.event.seq)).limit(1));

/** When the last event was written; 0 before the first. */
export async function newestEventAtMs(db: Database): Promise<number> {
  return (await db.read(selectNewestAtMs))[0]?.atMs ?? 0;
}

const selectLatestAtMs = prepared('latest-event-time', (q, t) => q.select({ atMs: max(t.event.atMs) }).from(t.event));

/** The latest time that any event bears, in whichever order they were written; 0 before the first. */
export async function latestEventAtMs(db: Database): Promise<number> {
  return (await db.read(selectLatestAtMs))[0]?.atMs ?? 0;
}

const selectNextDue = prepared('next-due-time', (q, t) =>
  q
    .select({ dueAtMs: t.job.dueAtMs })
    .from(t.job)
    .where(and(isNull(t.job.doneAtMs), isNull(t.job.pushedAtMs), gt(t.job.dueAtMs, v('nowMs'))))
    .orderBy(asc(t.job.dueAtMs))
    .limit(1),
);

/** When the next job that still waits for its time falls due, or undefined. */
export async function nextDueAtMs(db: Database, nowMs: number): Promise<number | undefined> {
  return (await db.read(selectNextDue, { nowMs }))[0]?.dueAtMs;
}

/** How many open jobs are past their due time by more than `graceMs`, for each consumer that has any: what the watchdog looks for. */
export async function overdueCounts(db: Database, nowMs: number, graceMs: number): Promise<ReadonlyMap<string, number>> {
  const rows = await db.read((q, t) =>
    q
      .select({ consumer: t.job.consumer, n: sql<number>`count(*)`.mapWith(Number) })
      .from(t.job)
      .where(and(isNull(t.job.doneAtMs), lt(t.job.dueAtMs, nowMs - graceMs)))
      .groupBy(t.job.consumer),
  );
  return new Map(rows.map(({ consumer, n }) => [consumer, n]));
}

/** Those of these consumers, oldest first. */
export function overdueJobs(
  db: Database,
  nowMs: number,
  graceMs: number,
  limit: number,
  consumers: readonly string[],
): Promise<{ id: string; consumer: string; dueAtMs: number }[]> {
  return db.read((q, t) =>
    q
      .select({ id: t.job.id, consumer: t.job.consumer, dueAtMs: t.job.dueAtMs })
      .from(t.job)
      .where(and(isNull(t.job.doneAtMs), lt(t.job.dueAtMs, nowMs - graceMs), inArray(t.job.consumer, [...consumers])))
      .orderBy(asc(t.job.dueAtMs))
      .limit(limit),
  );
}

/** How many jobs are open, and how many ended in a grave. */
export async function jobCounts(db: Database): Promise<{ open: number; buried: number }> {
  const [open] = await db.read((q, t) =>
    q
      .select({ n: sql<number>`count(*)` })
      .from(t.job)
      .where(isNull(t.job.doneAtMs)),
  );
  const [buried] = await db.read((q, t) =>
    q
      .select({ n: sql<number>`count(*)` })
      .from(t.job)
      .where(and(isNotNull(t.job.doneAtMs), eq(t.job.outcome, 'buried'))),
  );
  return { open: open?.n ?? 0, buried: buried?.n ?? 0 };
}
