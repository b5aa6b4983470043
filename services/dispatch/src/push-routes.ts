// Chapter 5, the messages: a member's own browser asks to be woken, with the link of his call in its hand.
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import type { Channel } from '@laba/runtime/channel';
import type { App } from '@laba/runtime/http';
import { openPersonalLink } from '@laba/runtime/personal-link';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { subscriptionSchema, vapidKeys } from './channels/push-subscription.ts';
import { findLinkedCall, writeSubscription } from './push-store.ts';

const tags = ['channels'];

export function pushRoutes(app: App, deps: Deps, channels: readonly Channel[]): void {
  const channel = channels.find(({ name }) => name === 'push');

  app.get(
    '/api/v1/push-key',
    {
      config: { access: 'public' },
      schema: {
        summary: "The county's public key for push services (VAPID), for the members' page; null where the county wakes no browsers",
        tags,
        response: { 200: z.object({ publicKey: z.string().nullable() }) },
      },
    },
    async () => ({ publicKey: channel === undefined ? null : vapidKeys(deps.vault).publicKey }),
  );

  app.post(
    '/m/:token/push',
    {
      config: { access: 'link' },
      schema: {
        summary: "The member's browser may be woken from now on; the last one that asked is the one",
        tags,
        params: z.object({ token: z.string().max(200) }),
        body: subscriptionSchema,
        response: { 200: z.object({ subscribed: z.literal(true) }) },
      },
    },
    async (request) => {
      const { memberId, gridCode, alertId } = await openPersonalLink(deps, 'call', request.params.token, (id) => findLinkedCall(deps.db, id));
      const pushSubscription = JSON.stringify(request.body);
      if (channel === undefined) throw new LabaError('not-found', 'This county wakes no browsers.');
      if (channel.accepts?.({ pushSubscription }) === false)
        throw new LabaError('bad-input', 'endpoint: this push service is not one that the county knows.', { field: 'endpoint' });
      const atMs = deps.clock.now();
      await deps.db.atomically([
        writeSubscription({ memberId, cipher: deps.vault.encrypt(pushSubscription), createdAtMs: atMs }),
        ...record(deps.ids, { type: 'push.subscribed', atMs, who: `member:${memberId}`, via: 'http', gridCode, alertId, subjectId: memberId, data: {} }),
      ]);
      return { subscribed: true } as const;
    },
  );
}
