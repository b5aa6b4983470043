// Chapter 5, tasks: the county reads and changes what its alerts give people to do.
import { z } from 'zod';
import { LEVELS, ORDERS } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { TASK_KIND_NAMES } from '@laba/domain/task';
import { cleanText, isSpeakable } from '@laba/domain/text';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { listTaskTemplates } from './task-template-store.ts';
import { changeTaskTemplate } from './task-templates.ts';

const tags = ['tasks'];
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const title = z.string().max(LIMITS.alertTitleChars).transform(cleanText).refine(isSpeakable, 'say it in words');
const words = z.string().max(LIMITS.noteChars).transform(cleanText).refine(isSpeakable, 'say it in words');
const action = z.object({
  kind: z.enum(TASK_KIND_NAMES),
  tier: z.enum(['village', 'group']),
  zh: words,
  en: words,
  minutes: z.number().int().min(1).max(LIMITS.taskMinutes),
});
const template = z.object({
  eventCodes: z.array(z.string().min(1).max(16)).max(20),
  degrees: z.array(z.enum([...LEVELS, ...ORDERS])).min(1),
  stage: z.string().min(1).max(64),
  zh: title,
  en: title,
  actions: z
    .array(action)
    .max(LIMITS.taskActions)
    .refine((actions) => new Set(actions.map(({ kind }) => kind)).size === actions.length, 'name each kind of action once'),
});
const templateView = z.object({
  id: z.string(),
  eventCodes: z.array(z.string()),
  degrees: z.array(z.string()),
  stage: z.string(),
  zh: z.string(),
  en: z.string(),
  actions: z.array(z.object({ kind: z.string(), tier: z.string(), zh: z.string(), en: z.string(), minutes: z.number() })),
  version: z.number(),
});

export function taskTemplateRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/task-templates',
    {
      config: { access: 'task.read' },
      schema: { tags, summary: 'What is to be done by hazard, colour or order, and stage', response: { 200: z.object({ templates: z.array(templateView) }) } },
    },
    async () => ({ templates: await listTaskTemplates(deps.db) }),
  );

  app.put(
    '/api/v1/task-templates/:id',
    {
      config: { access: 'officer.manage' },
      schema: {
        tags,
        summary: 'Change a template; `version` as last seen, 0 for a new one. Tasks that exist stay as they are',
        params: z.object({ id }),
        body: template.extend({ version: z.number().int().min(0) }),
        response: { 200: templateView },
      },
    },
    async (request) => {
      const { version, ...said } = request.body;
      const changed = { ...said, id: request.params.id };
      const permit = authorize(officerOf(request), 'officer.manage', [deps.config.county]);
      if (version > 0 && !(await listTaskTemplates(deps.db)).some((one) => one.id === changed.id))
        throw new LabaError('not-found', 'No task template has this id; send version 0 to make it.');
      return { ...changed, version: await changeTaskTemplate(deps, changed, version, permit, actOf(request)) };
    },
  );
}
