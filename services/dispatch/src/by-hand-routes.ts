// Chapter 5, the messages: what no wire carries is brought by people. An officer sees what is to be brought, and writes down that it was.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { MESSAGE_PURPOSES } from '@laba/domain/message';
import { messageWords } from '@laba/domain/message-words';
import { authorize, type Act } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Message } from '@laba/storage/messages';
import { findMessage, writeReceipt } from './incoming-store.ts';
import { alertsOf } from './message-store.ts';
import { listByHand } from './robot-store.ts';

const tags = ['channels'];
const byHand = z.object({
  id: z.string(),
  alertId: z.string().nullable(),
  purpose: z.enum(MESSAGE_PURPOSES),
  memberId: z.string().nullable(),
  name: z.string().nullable(),
  gridCode: z.string(),
  gridName: z.string().nullable(),
  title: z.string(),
  text: z.string(),
  since: z.string(),
});

export function byHandRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/messages/by-hand',
    {
      config: { access: 'member.answer-for' },
      schema: {
        summary: "What somebody has to bring by knock, gong or whistle within the officer's scope, newest first",
        tags,
        querystring: z.object({ before: z.string().max(64).optional() }),
        response: { 200: z.object({ messages: z.array(byHand), next: z.string().nullable() }) },
      },
    },
    async (request) => {
      const rows = await listByHand(deps.db, officerOf(request).scopes, request.query.before);
      const alerts = await alertsOf(deps.db, [...new Set(rows.flatMap(({ alertId }) => alertId ?? []))]);
      const messages = rows.map(({ id, alertId, purpose, memberId, name, gridCode, gridName, facts, changedAtMs }) => ({
        ...{ id, alertId, purpose, memberId, name, gridCode, gridName },
        ...messageWords(purpose, facts, alertId === null ? undefined : alerts.get(alertId)),
        since: capTime(changedAtMs, deps.config.utcOffsetMinutes),
      }));
      return { messages, next: rows.length === LIMITS.rowsPerPage ? rows.at(-1)!.id : null };
    },
  );

  app.post(
    '/api/v1/messages/:id/delivered',
    {
      config: { access: 'member.answer-for' },
      schema: {
        summary: 'An officer writes down that a message was brought by hand',
        tags,
        params: z.object({ id: z.string().max(64) }),
        response: { 200: z.object({ id: z.string() }) },
      },
    },
    async (request) => {
      const message = await findMessage(deps.db, request.params.id);
      if (message === undefined || message.channel !== 'manual') throw new LabaError('not-found', 'There is no message by hand with this id.');
      authorize(officerOf(request), 'member.answer-for', [message.gridCode]);
      await confirmByHand(deps, message, actOf(request));
      return { id: message.id };
    },
  );
}

/** @throws `already-done` when it was brought before, or is not to be brought */
async function confirmByHand({ db, clock, ids }: Deps, message: Message, act: Act): Promise<void> {
  const { id, gridCode, alertId, subjectId, purpose, channel, step } = message;
  const atMs = clock.now();
  const event = { atMs, who: act.who, via: act.via, gridCode, alertId, subjectId: id };
  await db.atomically([
    writeReceipt(id, { state: 'delivered' }, atMs),
    ...act.once,
    ...record(ids, { ...event, type: 'message.delivered', data: { about: subjectId, purpose, channel, step } }),
  ]);
}
