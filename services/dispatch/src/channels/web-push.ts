// Web Push: the page of a member wakes his phone without an app. Encrypted for his browser alone (RFC 8291), signed as this county (RFC 8292).
import webpush from 'web-push';
import type { Channel } from '@laba/runtime/channel';
import type { Clock } from '@laba/runtime/clock';
import type { Vault } from '@laba/runtime/vault';
import { askHttp } from './ask-http.ts';
import type { PushSettings } from './provider-settings.ts';
import { subscriptionSchema, vapidKeys, type PushSubscription } from './push-subscription.ts';

/** A push service keeps it for a phone that is off no longer than this. */
const KEPT_SECONDS = 3_600;
/** The push services of the browsers in use; others only when the operator lists them: the address comes from the browser. */
const SERVICES = ['fcm.googleapis.com', 'push.services.mozilla.com', 'notify.windows.com', 'push.apple.com'];

/** Whether a browser's push service is one that the county speaks to. */
export function isPushAddress(endpoint: string, listed: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, host } = new URL(endpoint);
  if (listed.includes(hostname) || listed.includes(host)) return protocol === 'https:' || protocol === 'http:';
  return protocol === 'https:' && host === hostname && SERVICES.some((service) => host === service || host.endsWith(`.${service}`));
}

export function webPush({ subject, hosts, timeoutMs }: PushSettings, vault: Vault, clock: Clock): Channel {
  const keys = vapidKeys(vault);
  return {
    name: 'push',
    accepts: ({ pushSubscription }) => pushSubscription !== undefined && isPushAddress(subscriptionOf(pushSubscription).endpoint, hosts),
    async send({ id, to, title, text, link, urgent }) {
      const subscription = subscriptionOf(to.pushSubscription ?? '');
      if (!isPushAddress(subscription.endpoint, hosts)) return { outcome: 'failed-for-good', reason: 'address-refused' };
      const details = webpush.generateRequestDetails(subscription, JSON.stringify({ id, title, text, link }), {
        vapidDetails: { subject, ...keys },
        TTL: KEPT_SECONDS,
        urgency: urgent ? 'high' : 'normal',
      });
      const headers = Object.fromEntries(Object.entries(details.headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
      // What the transport counts itself.
      delete headers['content-length'];
      const answered = await askHttp(clock, { url: details.endpoint, method: 'POST', headers, body: details.body ?? Buffer.alloc(0) }, timeoutMs);
      return 'outcome' in answered ? answered : { outcome: 'sent', ...idOf(answered.headers.get('location')) };
    },
  };
}

// The push service's own name for it (RFC 8030 5).
const idOf = (location: string | null) => (location === null ? {} : { providerId: location.slice(-200) });

/** @throws when it is no subscription: it was checked before it was stored */
function subscriptionOf(text: string): PushSubscription {
  return subscriptionSchema.parse(JSON.parse(text));
}
