// The robots of WeCom and DingTalk, against a chat that checks what they bring.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { systemClock } from '@laba/runtime/clock';
import { channelContract, outgoing, TIMEOUT_MS } from './channel.contract.ts';
import { chatRobots } from './chat-robots.ts';
import { startHttpPeer } from './http-peer.test-kit.ts';

const SECRET = 'SEC-for-tests';

for (const name of ['wecom', 'dingtalk'] as const)
  channelContract(`${name} robot`, async () => {
    const peer = await startHttpPeer({ errcode: 0, errmsg: 'ok' }, { errcode: 310_000, errmsg: 'sign not match' });
    return {
      channel: chatRobots(name, { hosts: [peer.host], perSecond: 1, timeoutMs: TIMEOUT_MS }, systemClock),
      to: { robot: { url: `${peer.url}/robot/send?access_token=t`, secret: SECRET } },
      arrived: () => peer.requests.map((request) => (JSON.parse(request.body.toString()) as { text: { content: string } }).text.content),
      does: (what) => peer.does(what),
      goesAway: () => peer.stop(),
      stop: () => peer.stop(),
    };
  });

describe('a robot', () => {
  it('of DingTalk signs each message as the chat checks it, and keeps the token in its address', async () => {
    const peer = await startHttpPeer({ errcode: 0 });
    const channel = chatRobots('dingtalk', { hosts: [peer.host], perSecond: 1, timeoutMs: TIMEOUT_MS }, systemClock);
    await channel.send(outgoing({ robot: { url: `${peer.url}/robot/send?access_token=t%2B1`, secret: SECRET } }));
    const { searchParams } = peer.requests[0]!.url;
    const timestamp = searchParams.get('timestamp')!;
    expect(Math.abs(Number(timestamp) - Date.now())).toBeLessThan(3_600_000);
    expect(searchParams.get('sign')).toBe(createHmac('sha256', SECRET).update(`${timestamp}\n${SECRET}`).digest('base64'));
    expect(searchParams.get('access_token')).toBe('t+1');
    await peer.stop();
  });

  it('has too many messages in a minute: later, not never', async () => {
    const peer = await startHttpPeer({ errcode: 45_009 });
    const channel = chatRobots('wecom', { hosts: [peer.host], perSecond: 1, timeoutMs: TIMEOUT_MS }, systemClock);
    expect(await channel.send(outgoing({ robot: { url: peer.url } }))).toMatchObject({ outcome: 'failed-for-now', reason: 'provider-busy' });
    await peer.stop();
  });

  it.each([
    'http://127.0.0.1:8080/',
    'https://127.0.0.1/',
    'https://10.0.0.1/cgi-bin/webhook/send?key=k',
    'http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k',
    'https://qyapi.weixin.qq.com.evil.example/',
    'https://qyapi.weixin.qq.com:8443/',
    'https://user@evil.example/qyapi.weixin.qq.com',
    'file:///etc/passwd',
    'nonsense',
  ])('that would lead to %s is refused, before and when it is used', async (url) => {
    const channel = chatRobots('wecom', { hosts: [], perSecond: 1, timeoutMs: TIMEOUT_MS }, systemClock);
    expect(channel.accepts!({ robot: { url } })).toBe(false);
    expect(await channel.send(outgoing({ robot: { url } }))).toEqual({ outcome: 'failed-for-good', reason: 'address-refused' });
  });

  it("of the chat's own host is accepted, and so is one that the operator listed", () => {
    const channel = chatRobots('wecom', { hosts: ['chat.county.lan'], perSecond: 1, timeoutMs: TIMEOUT_MS }, systemClock);
    expect(channel.accepts!({ robot: { url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k' } })).toBe(true);
    expect(channel.accepts!({ robot: { url: 'http://chat.county.lan/send' } })).toBe(true);
  });
});
