// Chapter 5, tasks: officers give tasks out by hand and move them on.
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { TASK_KIND_NAMES, type TaskMove } from '@laba/domain/task';
import type { TaskDetail } from '@laba/domain/task-view';
import { cleanText, isSpeakable } from '@laba/domain/text';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { codesInView } from '../codes-in-view.ts';
import { assertMayOwn, giveOut } from './give-out-task.ts';
import { moveTask, type GivenMove } from './move-task.ts';
import { findTaskRow } from './task-store.ts';
import { taskDetail, viewTaskWhole } from './task-view.ts';

const tags = ['tasks'];
const id = z.string().min(1).max(64);
const version = z.number().int().min(1).optional();
const text = z.string().max(LIMITS.noteChars).transform(cleanText);
const said = text.refine(isSpeakable, 'say it in words');
const dueAt = z.iso.datetime({ offset: true }).transform((time) => Date.parse(time));

/** What each move is told with; `version` as last seen, left out: whatever is there now. */
const MOVES = {
  take: { summary: 'Take a task; one that is nobody’s becomes the officer’s', body: z.object({ version }) },
  done: { summary: 'It is done; late only with a reason', body: z.object({ version, words: text.optional(), lateReason: text.optional() }) },
  'sign-off': { summary: 'Sign off what is done: not by its owner, nor by who said that it is done', body: z.object({ version }) },
  'send-back': { summary: 'It is not done yet: back to its owner, with what is missing', body: z.object({ version, words: said }) },
  reassign: {
    summary: 'Give it to another member or officer',
    body: z
      .object({ version, memberId: id.optional(), officerId: id.optional() })
      .refine((to) => (to.memberId === undefined) !== (to.officerId === undefined), {
        message: 'name a member or an officer, and only one',
        path: ['memberId'],
      }),
  },
  extend: { summary: 'A later deadline', body: z.object({ version, dueAt }) },
  remind: { summary: 'Ask its owner for it now, by his next channel', body: z.object({ version }) },
  drop: { summary: 'It is not needed any more, and why', body: z.object({ version, words: said }) },
} as const satisfies Record<TaskMove, { summary: string; body: z.ZodType }>;

const SIGNERS: readonly TaskMove[] = ['sign-off', 'send-back', 'drop'];

export function taskMoveRoutes(app: App, deps: Deps): void {
  for (const move of Object.keys(MOVES) as TaskMove[]) moveRoute(app, deps, move);
  app.post(
    '/api/v1/tasks',
    {
      config: { access: 'task.act' },
      schema: {
        tags,
        summary: 'Give out a task by hand: work that no template names, or with `findingOf` what looking back at that alert has found',
        body: z.object({
          kind: z.enum(TASK_KIND_NAMES),
          gridCode: z.string().max(14),
          title: z.string().max(LIMITS.alertTitleChars).transform(cleanText).refine(isSpeakable, 'say it in words'),
          words: text.optional(),
          dueAt,
          memberId: id.optional(),
          officerId: id.optional(),
          findingOf: id.optional(),
        }),
        response: { 201: taskDetail },
      },
    },
    async (request, reply) => {
      const officer = officerOf(request);
      const permit = authorize(officer, 'task.act', [request.body.gridCode]);
      // Who may look back at the alert may make a finding of it a task.
      if (request.body.findingOf !== undefined) await codesInView(deps.db, officer, 'alert.read', request.body.findingOf, undefined);
      const made = await giveOut(deps, request.body, permit, actOf(request));
      return reply.code(201).send(await answer(deps, made));
    },
  );
}

function moveRoute(app: App, deps: Deps, move: TaskMove): void {
  const { summary, body } = MOVES[move];
  const action = SIGNERS.includes(move) ? 'task.sign-off' : 'task.act';
  app.post(
    `/api/v1/tasks/:id/${move}`,
    { config: { access: action }, schema: { tags, summary, params: z.object({ id }), body, response: { 200: taskDetail } } },
    async (request) => {
      const { memberId, officerId, dueAt: dueAtMs, ...given } = request.body as { memberId?: string; officerId?: string; dueAt?: number } & GivenMove;
      const to = move === 'reassign' ? { owner: { memberId: memberId ?? null, officerId: officerId ?? null } } : {};
      const officer = officerOf(request);
      const may = async (gridCode: string) => {
        authorize(officer, action, [gridCode]);
        if (to.owner !== undefined) await assertMayOwn(deps.db, gridCode, to.owner, officer);
      };
      await moveTask(deps, request.params.id, move, { ...given, ...to, ...(dueAtMs === undefined ? {} : { dueAtMs }) }, may, actOf(request));
      return answer(deps, request.params.id);
    },
  );
}

async function answer(deps: Deps, taskId: string): Promise<TaskDetail> {
  const row = await findTaskRow(deps.db, taskId);
  if (row === undefined) throw new LabaError('not-found', 'No task has this id.');
  return viewTaskWhole(deps, row);
}
