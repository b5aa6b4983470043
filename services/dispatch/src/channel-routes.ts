// Chapter 5, the messages: where providers hand over receipts and replies, and where an officer reads what people wrote.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { CHANNEL_NAMES } from '@laba/domain/message';
import type { Channel } from '@laba/runtime/channel';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { sameSecret } from '@laba/runtime/vault';
import { listReplies, type ReplyRow } from './incoming-store.ts';
import { takeIncoming } from './take-incoming.ts';

const reply = z.object({
  id: z.string(),
  channel: z.enum(CHANNEL_NAMES),
  receivedAt: z.string(),
  words: z.string(),
  memberId: z.string().nullable(),
  name: z.string().nullable(),
  gridCode: z.string(),
  gridName: z.string().nullable(),
  messageId: z.string().nullable(),
  /** Only of who is on no list: somebody may have to call back. */
  from: z.string().nullable(),
});

export function channelRoutes(app: App, deps: Deps, channels: readonly Channel[]): void {
  app.post(
    '/api/v1/channels/:channel/incoming',
    {
      // One provider speaks for a whole county.
      config: { access: 'link', rateLimit: false },
      // Before the body is looked at: who is not our provider learns nothing of its shape.
      preValidation: async (request) => void providerOf(channels, request),
      schema: {
        summary: "For a channel's provider: delivery receipts, short messages and pressed keys, in the form that its configuration says",
        tags: ['channels'],
        params: z.object({ channel: z.enum(CHANNEL_NAMES) }),
        querystring: z.object({ key: z.string().max(256).optional() }),
        body: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()).max(LIMITS.incomingPerRequest)]),
        response: { 200: z.object({ taken: z.number(), doubled: z.number() }) },
      },
    },
    async (request) => {
      const { name, webhook } = providerOf(channels, request);
      const incoming = webhook.read(request.body);
      if (incoming.length > LIMITS.incomingPerRequest) throw new LabaError('too-large', `At most ${LIMITS.incomingPerRequest} in one request.`);
      return takeIncoming(deps, name, incoming);
    },
  );

  app.get(
    '/api/v1/replies',
    {
      config: { access: 'member.read' },
      schema: {
        summary: "What people wrote or pressed within the officer's scope, newest first; what came from numbers on no list is read at the county",
        tags: ['channels'],
        querystring: z.object({ unknown: z.enum(['true', 'false']).default('false'), before: z.string().max(64).optional() }),
        response: { 200: z.object({ replies: z.array(reply), next: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { unknown, before } = request.query;
      const rows = await listReplies(deps.db, officerOf(request).scopes, { unknown: unknown === 'true', before });
      return {
        replies: rows.map((row) => replyAnswer(deps, row)),
        next: rows.length === LIMITS.rowsPerPage ? rows.at(-1)!.id : null,
      };
    },
  );
}

function replyAnswer({ vault, config }: Deps, row: ReplyRow): z.infer<typeof reply> {
  const { id, channel, memberId, name, gridCode, gridName, messageId } = row;
  return {
    ...{ id, channel, memberId, name, gridCode, gridName, messageId },
    receivedAt: capTime(row.receivedAtMs, config.utcOffsetMinutes),
    words: vault.decrypt(row.wordsCipher),
    from: memberId === null && row.fromCipher !== null ? vault.decrypt(row.fromCipher) : null,
  };
}

/** @throws `not-found` where the county has no such provider, `role-refused` without its secret */
function providerOf(channels: readonly Channel[], request: FastifyRequest): Pick<Channel, 'name'> & { webhook: NonNullable<Channel['webhook']> } {
  const { channel: name } = request.params as { channel?: string };
  const channel = channels.find((one) => one.name === name);
  if (channel?.webhook === undefined) throw new LabaError('not-found', 'No provider of this county comes here.');
  // Many providers can only be given an address: they show it there, and no log holds addresses.
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? (request.query as { key?: unknown }).key;
  if (typeof given !== 'string' || !sameSecret(given, channel.webhook.secret))
    throw new LabaError('role-refused', 'Only the provider of this channel may say this.');
  return { name: channel.name, webhook: channel.webhook };
}
