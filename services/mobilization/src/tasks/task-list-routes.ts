// Chapter 5, tasks: the list as officers read it, counted and page by page.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { tierOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import { CLOSED_TASK_STATES, TASK_STATE_NAMES } from '@laba/domain/task';
import type { TasksView } from '@laba/domain/task-view';
import { cleanText } from '@laba/domain/text';
import { authorize } from '@laba/runtime/auth';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { countTasks, findTaskRow, listTasks, type TaskCount, type TaskCursor, type TaskFilter, type TaskRow } from './task-store.ts';
import { TASK_SHEET_CSS, taskSheet } from './task-sheet.ts';
import { taskDetail, taskView, viewTask, viewTaskWhole } from './task-view.ts';

const tags = ['tasks'];
const id = z.string().min(1).max(64);
const querystring = z.object({
  alertId: id.optional(),
  state: z.enum(TASK_STATE_NAMES).optional(),
  grid: z.string().max(14).optional(),
  overdue: z.stringbool().optional(),
  /** Worst first: past their deadline, done and to be signed off, the other open ones, those that are closed. */
  list: z.enum(['overdue', 'waiting', 'open', 'closed']).optional(),
  alert: z.literal('none').optional(),
  findingOf: id.optional(),
  owner: id.optional(),
  text: z.string().max(LIMITS.nameChars).transform(cleanText).optional(),
  after: z.string().max(100).optional(),
});
const counts = z.object({ total: z.number(), open: z.number(), overdue: z.number(), unowned: z.number(), byStatus: z.record(z.string(), z.number()) });

export function taskListRoutes(app: App, deps: Deps): void {
  sheetRoute(app, deps);
  app.get(
    '/api/v1/tasks',
    {
      config: { access: 'task.read' },
      schema: {
        tags,
        summary: 'Tasks, the overdue and next due first, the closed last, counted over all pages; by alert, village, owner and text',
        querystring,
        response: { 200: z.object({ asOf: z.string(), asOfMs: z.number(), counts, tasks: z.array(taskView), next: z.string().nullable() }) },
      },
    },
    async (request): Promise<TasksView> => {
      const { grid, after, overdue, list, text, ...filter } = request.query;
      const codes = codesOf(officerOf(request), grid);
      const asOfMs = deps.clock.now();
      const asked = { ...filter, ...(text === '' ? {} : { text }), ...(overdue === true ? { overdueAtMs: asOfMs } : {}), ...ofList(list, asOfMs) };
      const [rows, counted] = await Promise.all([listTasks(deps.db, codes, asked, cursorOf(after)), countTasks(deps.db, codes, asked, asOfMs)]);
      return {
        asOf: capTime(asOfMs, deps.config.utcOffsetMinutes),
        asOfMs,
        counts: totalsOf(counted),
        tasks: rows.map((row) => viewTask(deps, row)),
        next: nextOf(rows),
      };
    },
  );

  app.get(
    '/api/v1/tasks/:id',
    {
      config: { access: 'task.read' },
      schema: { tags, summary: 'One task with the words written about it', params: z.object({ id }), response: { 200: taskDetail } },
    },
    async (request, reply) => {
      const row = await findTaskRow(deps.db, request.params.id);
      if (row === undefined) throw new LabaError('not-found', 'No task has this id.');
      authorize(officerOf(request), 'task.read', [row.task.gridCode]);
      reply.header('etag', `"${row.task.version}"`);
      return viewTaskWhole(deps, row);
    },
  );
}

function ofList(list: z.infer<typeof querystring>['list'], nowMs: number): TaskFilter {
  switch (list) {
    case 'overdue':
      return { overdueAtMs: nowMs };
    case 'waiting':
      return { state: 'done' };
    case 'open':
      return { inTimeAtMs: nowMs };
    case 'closed':
      return { closed: true };
    case undefined:
      return {};
  }
}

/** @throws `unknown-code`, `out-of-scope` */
function codesOf(officer: Officer, grid: string | undefined): readonly string[] {
  if (grid === undefined) return authorize(officer, 'task.read', officer.scopes).codes;
  if (tierOf(grid) === undefined) throw new LabaError('unknown-code', `${grid} is not a grid code.`);
  return authorize(officer, 'task.read', [grid]).codes;
}

function totalsOf(counted: readonly TaskCount[]): z.infer<typeof counts> {
  const sum = (field: 'total' | 'overdue' | 'unowned') => counted.reduce((n, row) => n + row[field], 0);
  const total = sum('total');
  const byStatus = Object.fromEntries(TASK_STATE_NAMES.map((state) => [state, counted.find((row) => row.state === state)?.total ?? 0]));
  const closed = CLOSED_TASK_STATES.reduce((n, state) => n + (byStatus[state] ?? 0), 0);
  return { total, open: total - closed, overdue: sum('overdue'), unowned: sum('unowned'), byStatus };
}

const isClosed = ({ task }: TaskRow) => (CLOSED_TASK_STATES as readonly string[]).includes(task.state);

function nextOf(rows: readonly TaskRow[]): string | null {
  const last = rows.length === LIMITS.rowsPerPage ? rows.at(-1) : undefined;
  return last === undefined ? null : `${isClosed(last) ? 1 : 0}.${last.task.dueAtMs}.${last.task.id}`;
}

function cursorOf(after: string | undefined): TaskCursor | undefined {
  if (after === undefined) return undefined;
  const [, closed, dueAtMs, last] = /^([01])\.(\d{1,15})\.([\w-]{1,64})$/.exec(after) ?? [];
  if (closed === undefined || dueAtMs === undefined || last === undefined)
    throw new LabaError('bad-input', 'after: this is not the `next` of an earlier page.', { field: 'after' });
  return { closed: closed === '1' ? 1 : 0, dueAtMs: Number(dueAtMs), id: last };
}

/** On paper, for officers alone: whoever holds the sheet holds what stands on it. */
function sheetRoute(app: App, deps: Deps): void {
  app.get('/task-sheet.css', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(TASK_SHEET_CSS),
  );
  app.get(
    '/api/v1/tasks/:id/reminder',
    { config: { access: 'task.act' }, schema: { tags, summary: 'A sheet to print: the reminder of a task (催办单)', params: z.object({ id }) } },
    async (request, reply) => {
      const row = await findTaskRow(deps.db, request.params.id);
      if (row === undefined) throw new LabaError('not-found', 'No task has this id.');
      authorize(officerOf(request), 'task.act', [row.task.gridCode]);
      const { words, door } = await viewTaskWhole(deps, row);
      const nowMs = deps.clock.now();
      const at = (ms: number) => capTime(ms, deps.config.utcOffsetMinutes).slice(0, 16).replace('T', ' ');
      const sheet = taskSheet({ ...row, words, door, dueAt: at(row.task.dueAtMs), printedAt: at(nowMs), nowMs });
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(sheet);
    },
  );
}
