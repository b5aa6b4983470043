// Chapter 6, watch: the tasks on one screen: how many are open, and which are late, worst first. Reads only.
import { and, asc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { TASK_KINDS, type TaskKind } from '@laba/domain/task';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

/** So many late tasks are named; all are counted. */
const NAMED = 20;

export interface TaskSums {
  open: number;
  overdue: number;
  /** Done, and nobody signed it off yet. */
  waiting: number;
  unowned: number;
}

const isLate = (t: Tables, nowMs: number) => sql`${inArray(t.task.state, ['open', 'taken'])} and ${t.task.dueAtMs} < ${nowMs}`;

/** `alertId`: only of this alert. */
export async function taskSums(db: Database, codes: readonly string[], nowMs: number, alertId?: string): Promise<TaskSums> {
  const sum = (condition: SQL) => sql<number>`coalesce(sum(case when ${condition} then 1 else 0 end), 0)`.mapWith(Number);
  const [row] = await db.read((q, t) =>
    q
      .select({
        open: sql<number>`count(*)`.mapWith(Number),
        overdue: sum(isLate(t, nowMs)),
        waiting: sum(sql`${t.task.state} = 'done'`),
        unowned: sum(sql`${t.task.ownerMemberId} is null and ${t.task.ownerOfficerId} is null`),
      })
      .from(t.task)
      .where(
        and(inArea(t.task.gridCode, codes), inArray(t.task.state, ['open', 'taken', 'done']), alertId === undefined ? undefined : eq(t.task.alertId, alertId)),
      ),
  );
  return row ?? { open: 0, overdue: 0, waiting: 0, unowned: 0 };
}

export interface LateTask {
  id: string;
  alertId: string | null;
  mode: string;
  kind: TaskKind;
  kindWords: { zh: string; en: string };
  gridCode: string;
  gridName: string;
  ownerName: string | null;
  dueAtMs: number;
  reminders: number;
}

/** Those past their deadline: a drill's after all others, the longest late first. */
export async function lateTasks(db: Database, codes: readonly string[], nowMs: number, limit = NAMED): Promise<LateTask[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ task: t.task, gridName: t.gridNode.name, memberName: t.member.name, officerName: t.officer.name })
      .from(t.task)
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.task.gridCode))
      .leftJoin(t.member, eq(t.member.id, t.task.ownerMemberId))
      .leftJoin(t.officer, eq(t.officer.id, t.task.ownerOfficerId))
      .where(and(inArea(t.task.gridCode, codes), isLate(t, nowMs)))
      .orderBy(sql`case when ${t.task.mode} = 'live' then 0 else 1 end`, asc(t.task.dueAtMs), asc(t.task.id))
      .limit(limit),
  );
  return rows.map(({ task, gridName, memberName, officerName }) => {
    const { id, alertId, mode, kind, gridCode, dueAtMs, reminders } = task;
    const { zh, en } = TASK_KINDS[kind];
    return {
      id,
      alertId,
      mode,
      kind,
      kindWords: { zh, en },
      gridCode,
      gridName: gridName ?? gridCode,
      ownerName: memberName ?? officerName,
      dueAtMs,
      reminders,
    };
  });
}
