// Web Push, against a push service that decrypts as the browser does and checks whose word it is.
import { createDecipheriv, createECDH, createHash, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { systemClock } from '@laba/runtime/clock';
import { Vault } from '@laba/runtime/vault';
import { channelContract, outgoing, TIMEOUT_MS } from './channel.contract.ts';
import { startHttpPeer, type Request } from './http-peer.test-kit.ts';
import { vapidKeys } from './push-subscription.ts';
import { webPush } from './web-push.ts';

const vault = new Vault(createHash('sha256').update('a secret for tests').digest());

/** A browser: its keys, and how it opens what comes (RFC 8291, RFC 8188). */
function browser() {
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  const auth = randomBytes(16);
  return {
    subscription: (endpoint: string) => JSON.stringify({ endpoint, keys: { p256dh: keys.getPublicKey('base64url'), auth: auth.toString('base64url') } }),
    opens(body: Buffer): { id: string; title: string; text: string; link: string } {
      const salt = body.subarray(0, 16);
      const keyLength = body[20]!;
      const sender = body.subarray(21, 21 + keyLength);
      const sealed = body.subarray(21 + keyLength);
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender]);
      const secret = Buffer.from(hkdfSync('sha256', keys.computeSecret(sender), auth, info, 32));
      const key = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: aes128gcm\0', 16));
      const nonce = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: nonce\0', 12));
      const cipher = createDecipheriv('aes-128-gcm', key, nonce);
      cipher.setAuthTag(sealed.subarray(-16));
      const padded = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
      return JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString());
    },
  };
}

const settings = (hosts: string[]) => ({ subject: 'mailto:duty@county.example', hosts, timeoutMs: TIMEOUT_MS });

channelContract('web push', async () => {
  const peer = await startHttpPeer({});
  const phone = browser();
  return {
    channel: webPush(settings([peer.host]), vault, systemClock),
    to: { pushSubscription: phone.subscription(`${peer.url}/push/1`) },
    arrived: () =>
      peer.requests.map(({ body }) => {
        const { text, link } = phone.opens(body);
        return `${text} ${link}`;
      }),
    does: (what) => peer.does(what),
    goesAway: () => peer.stop(),
    stop: () => peer.stop(),
  };
});

describe('web push', () => {
  async function sentOne(urgent: boolean): Promise<Request> {
    const peer = await startHttpPeer({});
    const channel = webPush(settings([peer.host]), vault, systemClock);
    const said = await channel.send(outgoing({ pushSubscription: browser().subscription(`${peer.url}/push/1`) }, { urgent }));
    expect(said).toEqual({ outcome: 'sent', providerId: 'http://peer/message/1' });
    await peer.stop();
    return peer.requests[0]!;
  }

  it('is signed by the county for this push service alone', async () => {
    const { headers } = await sentOne(true);
    const [, token, key] = /^vapid t=([^,]+), k=(.+)$/.exec(headers.authorization ?? '') ?? [];
    const { publicKey } = vapidKeys(vault);
    expect(key).toBe(publicKey);
    const [head, claims, signature] = token!.split('.');
    expect(JSON.parse(Buffer.from(claims!, 'base64url').toString())).toMatchObject({
      aud: expect.stringMatching(/^http:\/\/127/),
      sub: 'mailto:duty@county.example',
    });
    const raw = Buffer.from(publicKey, 'base64url');
    const jwk = { kty: 'EC', crv: 'P-256', x: raw.subarray(1, 33).toString('base64url'), y: raw.subarray(33).toString('base64url') };
    const isSigned = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature!, 'base64url'),
    );
    expect(isSigned).toBe(true);
  });

  it('wakes a phone at once when it is urgent', async () => {
    expect((await sentOne(true)).headers['urgency']).toBe('high');
    expect((await sentOne(false)).headers['urgency']).toBe('normal');
  });

  it('the key pair is the same in every process of the county, and another in another county', () => {
    expect(vapidKeys(vault)).toEqual(vapidKeys(vault));
    expect(vapidKeys(new Vault(createHash('sha256').update('another').digest())).publicKey).not.toBe(vapidKeys(vault).publicKey);
    expect(Buffer.from(vapidKeys(vault).publicKey, 'base64url')).toHaveLength(65);
  });

  it('a browser that is no longer there is refused for good', async () => {
    const peer = await startHttpPeer({});
    peer.answers(410, {});
    const channel = webPush(settings([peer.host]), vault, systemClock);
    expect(await channel.send(outgoing({ pushSubscription: browser().subscription(`${peer.url}/push/1`) }))).toMatchObject({ outcome: 'failed-for-good' });
    await peer.stop();
  });

  it.each([
    'http://127.0.0.1/push',
    'https://10.0.0.1/',
    'https://evil.example/fcm.googleapis.com',
    'https://fcm.googleapis.com.evil.example/',
    'https://fcm.googleapis.com:8443/',
    'file:///etc/passwd',
  ])('an address of %s is refused', async (endpoint) => {
    const channel = webPush(settings([]), vault, systemClock);
    const pushSubscription = browser().subscription(endpoint);
    expect(channel.accepts!({ pushSubscription })).toBe(false);
    expect(await channel.send(outgoing({ pushSubscription }))).toMatchObject({ outcome: 'failed-for-good', reason: 'address-refused' });
  });

  it.each([
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://wns2-pn1p.notify.windows.com/w/?token=abc',
    'https://web.push.apple.com/abc',
  ])('%s is a push service', (endpoint) => {
    expect(webPush(settings([]), vault, systemClock).accepts!({ pushSubscription: browser().subscription(endpoint) })).toBe(true);
  });
});
