// Chapter 5, tasks: who could do the work at a place, for the officer who gives it out.
import { z } from 'zod';
import { ROLES } from '@laba/domain/officer';
import { LIMITS } from '@laba/domain/limits';
import { POSTS, type Post } from '@laba/domain/member';
import type { TaskOwnersView } from '@laba/domain/task-view';
import { cleanText } from '@laba/domain/text';
import { authorize } from '@laba/runtime/auth';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { candidates } from './task-owner-store.ts';

const owners = z.object({
  members: z.array(z.object({ id: z.string(), name: z.string(), post: z.enum(Object.keys(POSTS) as [Post, ...Post[]]).nullable(), gridName: z.string() })),
  officers: z.array(z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES) })),
});

export function taskOwnerRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/task-owners',
    {
      config: { access: 'task.act' },
      schema: {
        tags: ['tasks'],
        summary: 'Who could own a task at a place: its village’s available members, those with a post first, and the officers who answer for it; names only',
        querystring: z.object({ grid: z.string().min(6).max(14), name: z.string().max(LIMITS.nameChars).transform(cleanText).default('') }),
        response: { 200: owners },
      },
    },
    async (request): Promise<TaskOwnersView> => {
      const { grid, name } = request.query;
      const { officer } = authorize(officerOf(request), 'task.act', [grid]);
      return candidates(deps.db, { grid, name, scopes: officer.scopes });
    },
  );
}
