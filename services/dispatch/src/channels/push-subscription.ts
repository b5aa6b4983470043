// What a browser and the county show each other for Web Push: the browser's subscription, and the county's key.
import { createECDH } from 'node:crypto';
import type { Vault } from '@laba/runtime/vault';
import { z } from 'zod';

export const subscriptionSchema = z.object({
  endpoint: z.url().max(1_000),
  keys: z.object({ p256dh: z.string().regex(/^[\w-]{86,88}=*$/), auth: z.string().regex(/^[\w-]{21,24}=*$/) }),
});
export type PushSubscription = z.infer<typeof subscriptionSchema>;

/** The county's own key pair for push services, base64url: made from its secret, so the same in every process and after a restore. */
export function vapidKeys(vault: Vault): { publicKey: string; privateKey: string } {
  const privateKey = vault.hash('web-push', 'vapid');
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  return { publicKey: pair.getPublicKey('base64url'), privateKey };
}
