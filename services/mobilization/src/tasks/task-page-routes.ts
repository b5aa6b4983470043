// Chapter 5, tasks: the owner, by his personal link, takes his task and says that it is done.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { ERRORS, LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { OWNER_MOVES } from '@laba/domain/task';
import { cleanText } from '@laba/domain/text';
import { photoIds } from '@laba/photos/photo-store';
import type { App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { moveTask } from './move-task.ts';
import { doorWords } from './task-door.ts';
import { openTaskLink } from './task-link.ts';
import { taskPage, type TaskPage } from './task-page.ts';

const params = z.object({ token: z.string().max(160) });
const text = z.string().max(LIMITS.noteChars).transform(cleanText).optional();
const body = z.object({ move: z.enum(OWNER_MOVES), words: text, lateReason: text });
const HTML = 'text/html; charset=utf-8';

export function taskPageRoutes(app: App, deps: Deps): void {
  app.get('/k/:token', { config: { access: 'link', page: true }, schema: { hide: true, params } }, async (request, reply) =>
    reply
      .type(HTML)
      .header('cache-control', 'no-store')
      .send(await render(deps, request.params.token)),
  );

  app.post('/k/:token', { config: { access: 'link', page: true }, schema: { hide: true, params, body } }, async (request, reply) => {
    const { token } = request.params;
    const own = await openTaskLink(deps, token);
    const { move, ...said } = request.body;
    try {
      await moveTask(deps, own.task.id, move, said, () => {}, { who: `member:${own.memberId}`, via: 'http', once: [] });
    } catch (error) {
      // What was pressed twice shows as it stands; what is missing is asked for on the page itself.
      if (!(error instanceof LabaError) || !['transition-refused', 'bad-input'].includes(error.code)) throw error;
      if (error.code === 'bad-input')
        return reply
          .code(error.status)
          .type(HTML)
          .header('cache-control', 'no-store')
          .send(await render(deps, token, LATE));
    }
    return reply.redirect(`/k/${encodeURIComponent(token)}`, 303);
  });
}

const LATE = { zh: `${ERRORS['bad-input'].zh}：已过期限，请写明逾期原因`, en: 'The deadline has passed: say why it is late' };

async function render(deps: Deps, token: string, problem?: TaskPage['problem']): Promise<string> {
  const own = await openTaskLink(deps, token);
  const { task, gridName, memberName, officerName } = own;
  return taskPage({
    ...{ task, gridName, memberName, officerName, token, problem },
    words: task.wordsCipher === null ? null : deps.vault.decrypt(task.wordsCipher),
    door: await doorWords(deps, task),
    photos: await photoIds(deps.db, 'task', task.id),
    dueAt: capTime(task.dueAtMs, deps.config.utcOffsetMinutes).slice(0, 16).replace('T', ' '),
    nowMs: deps.clock.now(),
  });
}
