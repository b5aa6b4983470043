// Chapter 5, tasks: the tasks in the database.
import { and, asc, eq, inArray, isNull, notInArray, or, sql, type SQL } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { CLOSED_TASK_STATES, type TaskState } from '@laba/domain/task';
import { inArea } from '@laba/storage/audience';
import { exactly, one, type Database, type Op, type Sql } from '@laba/storage/database';
import { steadyRows } from '@laba/storage/locks';
import type { Tables } from '@laba/storage/tables';
import { holdsText } from './task-owner-store.ts';

export type Task = Tables['task']['$inferSelect'];
export type NewTask = Tables['task']['$inferInsert'];

/** Breaks with `changed-meanwhile` when one of them exists: look again what is missing. */
export function insertTasks(tasks: readonly NewTask[]): Op {
  return exactly(tasks.length, (q, t) =>
    q
      .insert(t.task)
      .values([...tasks])
      .onConflictDoNothing()
      .returning({ id: t.task.id }),
  );
}

/** The change, guarded by the version it was decided on. */
export function writeTask(task: Task, change: Partial<Task>, nowMs: number): Op {
  return one(
    (q, t) =>
      q
        .update(t.task)
        .set({ ...change, changedAtMs: nowMs, version: task.version + 1 })
        .where(and(eq(t.task.id, task.id), eq(t.task.version, task.version)))
        .returning({ id: t.task.id }),
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}

/** No task comes out of an alert that is over: breaks with `changed-meanwhile` when it ended since. */
export function stillRaised(alertId: string): Op {
  return one((q, t) =>
    steadyRows(
      t,
      q
        .select({ id: t.alert.id })
        .from(t.alert)
        .where(and(eq(t.alert.id, alertId), eq(t.alert.state, 'raised'))),
    ),
  );
}

/** What the alert's templates have brought so far. */
export function templateTasks(db: Database, alertId: string): Promise<Task[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.task)
      .where(and(eq(t.task.alertId, alertId), eq(t.task.source, 'template'))),
  );
}

export async function findTask(db: Database, id: string): Promise<Task | undefined> {
  const [row] = await db.read((q, t) => q.select().from(t.task).where(eq(t.task.id, id)));
  return row;
}

/** The alert's tasks of which something is still expected, at most `limit`. */
export function openTasks(db: Database, alertId: string, limit: number): Promise<Task[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.task)
      .where(and(eq(t.task.alertId, alertId), notInArray(t.task.state, [...CLOSED_TASK_STATES])))
      .orderBy(asc(t.task.id))
      .limit(limit),
  );
}

export interface TaskFilter {
  alertId?: string | undefined;
  state?: TaskState | undefined;
  overdueAtMs?: number | undefined;
  /** Open and not overdue at this moment. */
  inTimeAtMs?: number | undefined;
  closed?: boolean | undefined;
  /** `none`: of no alert. */
  alert?: 'none' | undefined;
  findingOf?: string | undefined;
  /** A member's or officer's id; `none`: nobody's. */
  owner?: string | undefined;
  /** Part of its title, of the name of its place or of its owner. */
  text?: string | undefined;
}

/** A task's place in the list: what is open first, then by deadline. */
export interface TaskCursor {
  closed: 0 | 1;
  dueAtMs: number;
  id: string;
}

const closed = (t: Tables) => sql<number>`case when ${inArray(t.task.state, [...CLOSED_TASK_STATES])} then 1 else 0 end`.mapWith(Number);

/** What an officer asks for, inside these codes. */
function wanted(t: Tables, codes: readonly string[], filter: TaskFilter): SQL | undefined {
  const { alertId, state, overdueAtMs, inTimeAtMs, closed: isClosed, alert, findingOf, owner, text } = filter;
  const toDo = inArray(t.task.state, ['open', 'taken']);
  return and(
    inArea(t.task.gridCode, codes),
    alertId === undefined ? undefined : eq(t.task.alertId, alertId),
    alert === undefined ? undefined : isNull(t.task.alertId),
    findingOf === undefined ? undefined : and(eq(t.task.source, 'finding'), eq(t.task.sourceId, findingOf)),
    state === undefined ? undefined : eq(t.task.state, state),
    overdueAtMs === undefined ? undefined : and(toDo, sql`${t.task.dueAtMs} < ${overdueAtMs}`),
    inTimeAtMs === undefined ? undefined : and(toDo, sql`${t.task.dueAtMs} >= ${inTimeAtMs}`),
    isClosed === undefined ? undefined : (isClosed ? inArray : notInArray)(t.task.state, [...CLOSED_TASK_STATES]),
    owner === undefined ? undefined : ownedBy(t, owner),
    text === undefined ? undefined : holds(t, text),
  );
}

function ownedBy({ task }: Tables, owner: string): SQL | undefined {
  const { ownerMemberId, ownerOfficerId } = task;
  return owner === 'none' ? and(isNull(ownerMemberId), isNull(ownerOfficerId)) : or(eq(ownerMemberId, owner), eq(ownerOfficerId, owner));
}

function holds({ task, gridNode, member, officer }: Tables, text: string): SQL | undefined {
  return or(...[task.zh, task.en, gridNode.name, member.name, officer.name].map((column) => holdsText(column, text)));
}

export interface TaskRow {
  task: Task;
  gridName: string | null;
  memberName: string | null;
  officerName: string | null;
}

/** A page of the tasks inside `codes`: the open ones by deadline, the overdue first of all, then the closed ones. */
export function listTasks(db: Database, codes: readonly string[], filter: TaskFilter, after?: TaskCursor): Promise<TaskRow[]> {
  return db.read((q, t) => {
    const further =
      after === undefined
        ? undefined
        : or(
            sql`${closed(t)} > ${after.closed}`,
            and(
              sql`${closed(t)} = ${after.closed}`,
              or(sql`${t.task.dueAtMs} > ${after.dueAtMs}`, and(eq(t.task.dueAtMs, after.dueAtMs), sql`${t.task.id} > ${after.id}`)),
            ),
          );
    return withNames(q, t)
      .where(and(wanted(t, codes, filter), further))
      .orderBy(asc(closed(t)), asc(t.task.dueAtMs), asc(t.task.id))
      .limit(LIMITS.rowsPerPage);
  });
}

export async function findTaskRow(db: Database, id: string): Promise<TaskRow | undefined> {
  const [row] = await db.read((q, t) => withNames(q, t).where(eq(t.task.id, id)));
  return row;
}

function withNames(q: Sql, t: Tables) {
  return q
    .select({ task: t.task, gridName: t.gridNode.name, memberName: t.member.name, officerName: t.officer.name })
    .from(t.task)
    .leftJoin(t.gridNode, eq(t.gridNode.code, t.task.gridCode))
    .leftJoin(t.member, eq(t.member.id, t.task.ownerMemberId))
    .leftJoin(t.officer, eq(t.officer.id, t.task.ownerOfficerId));
}

export interface TaskCount {
  state: TaskState;
  total: number;
  overdue: number;
  unowned: number;
}

/** Counted by state; overdue and unowned only where something is still to be done. */
export function countTasks(db: Database, codes: readonly string[], filter: TaskFilter, nowMs: number): Promise<TaskCount[]> {
  const sum = (condition: SQL) => sql<number>`sum(case when ${condition} then 1 else 0 end)`.mapWith(Number);
  return db.read((q, t) => {
    const still = notInArray(t.task.state, [...CLOSED_TASK_STATES]);
    return q
      .select({
        state: t.task.state,
        total: sql<number>`count(*)`.mapWith(Number),
        overdue: sum(sql`${inArray(t.task.state, ['open', 'taken'])} and ${t.task.dueAtMs} < ${nowMs}`),
        unowned: sum(sql`${still} and ${t.task.ownerMemberId} is null and ${t.task.ownerOfficerId} is null`),
      })
      .from(t.task)
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.task.gridCode))
      .leftJoin(t.member, eq(t.member.id, t.task.ownerMemberId))
      .leftJoin(t.officer, eq(t.officer.id, t.task.ownerOfficerId))
      .where(wanted(t, codes, filter))
      .groupBy(t.task.state);
  });
}
