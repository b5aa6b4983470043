// Chapter 5, the channels: a message is sent once, what is claimed of it was said by somebody, and what people send back is kept.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel, MessagePurpose } from '@laba/domain/message';
import { queueMessages } from '@laba/storage/messages';
import { BareCaller } from '../harness/bare-caller.ts';
import { BROWSERS, CHAT, PROVIDER_SECRET } from '../harness/fake-phones.ts';
import { ACROSS, COUNTY, DASUO, TOWNSHIP, VILLAGE } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Town } from '../harness/town.ts';

describe('channels', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  /** As any room does: with the commit of whatever decided on it. */
  async function tells(
    memberId: string | null,
    about: { alertId?: string; purpose?: MessagePurpose; channel?: Channel; urgent?: boolean; afterMs?: number; at?: string } = {},
  ) {
    const { alertId = null, purpose = 'told', channel = 'sms', urgent = false, afterMs = 0, at = DASUO } = about;
    const id = town.ids();
    const nowMs = town.clock.now();
    const times = { dueAtMs: nowMs + afterMs, notAfterMs: nowMs + 3_600_000, changedAtMs: nowMs };
    await town.house.deps.db.atomically(
      queueMessages([{ id, alertId, purpose, subjectId: id, memberId, gridCode: at, channel, step: 1, urgent, facts: {}, ...times }]),
    );
    await town.clock.settle();
    return id;
  }
  const stateOf = async (id: string) =>
    (await town.house.deps.db.read((q, t) => q.select({ id: t.message.id, state: t.message.state, reason: t.message.reason }).from(t.message))).find(
      (row) => row.id === id,
    );
  const handsOver = (body: unknown, secret = PROVIDER_SECRET) =>
    fetch(new URL(`/api/v1/channels/sms/incoming?key=${encodeURIComponent(secret)}`, town.house.url()), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('a message reaches the one phone that it is for, its arrival is reported, and the answer is read by an officer', async () => {
    const id = await tells('m-ayi', { purpose: 'number-check' });
    const [message] = await town.phone('m-ayi').receives('号码核对');
    expect(await stateOf(id)).toMatchObject({ state: 'sent' });
    await town.phone('m-ayi').reportsOn(message!, 'delivered');
    await town.phone('m-ayi').reportsOn(message!, 'delivered');
    expect(await stateOf(id)).toMatchObject({ state: 'delivered' });
    await town.phone('m-ayi').replies('１。');
    const cadre = await town.officer('cadre1');
    expect(await cadre.api.get('/api/v1/replies')).toMatchObject({ replies: [{ name: '演示甲', words: '１。', messageId: id, from: null }] });
    const neighbour = await town.officer('cadre2');
    expect(await neighbour.api.get('/api/v1/replies')).toMatchObject({ replies: [] });
    expect(await town.toldOf('message.delivered')).toHaveLength(1);
    await town.nothingElseWasSent();
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a drill says so first, and an alert that is over sends nobody anywhere, but its end is still told', async () => {
    const cadre = await town.officer('cadre1');
    const drill = await cadre.orders({ at: [DASUO], mode: 'drill' });
    await tells('m-bo', { alertId: drill, purpose: 'ladder' });
    const [message] = await town.phone('m-bo').receives('叫应');
    expect(message!.words.startsWith('【演练】')).toBe(true);
    const late = await tells('m-bo', { alertId: drill, purpose: 'ladder', afterMs: 60_000 });
    const end = await tells('m-chun', { alertId: drill, purpose: 'told', afterMs: 60_000 });
    await cadre.ends(drill);
    await town.clock.pass('2 min');
    expect(await stateOf(late)).toMatchObject({ state: 'unneeded', reason: 'alert-over' });
    expect(await stateOf(end)).toMatchObject({ state: 'sent' });
    await town.phone('m-chun').receives('通知');
  });

  it('a provider in trouble is tried again, is seen, and is never taken for one that sent', async () => {
    town.phones.providerSays('sms', { outcome: 'failed-for-now', reason: 'provider-error', afterMs: 90_000 });
    const id = await tells('m-ayi');
    expect(await stateOf(id)).toMatchObject({ state: 'queued', reason: 'provider-error' });
    town.phones.providerSays('sms', undefined);
    await town.phone('m-ayi').receivesNothing();
    await town.clock.pass('2 min');
    await town.phone('m-ayi').receives('通知');
    expect(await stateOf(id)).toMatchObject({ state: 'sent' });
    expect((await town.toldOf('message.sent')).map(({ subjectId }) => subjectId)).toEqual([id]);
    await town.nothingElseWasSent();
  });

  it('a reply from nobody on the lists, an empty one and one that comes twice are each kept once and named', async () => {
    const reply = (providerId: string, from: string, words: string) => ({ kind: 'reply', providerId, from, words });
    expect(await (await handsOver([reply('p-1', '13900000000', '山上有裂缝'), reply('p-2', '+8610000000002', '')])).json()).toEqual({ taken: 2, doubled: 0 });
    expect(await (await handsOver([reply('p-1', '13900000000', '山上有裂缝'), reply('p-3', '匿名', '👍')])).json()).toEqual({ taken: 1, doubled: 1 });
    const duty = await town.officer('duty1');
    const { replies } = await duty.api.get<{ replies: Record<string, unknown>[] }>('/api/v1/replies');
    expect(replies.map(({ words, from, memberId }) => [words, from, memberId])).toEqual([
      ['👍', '匿名', null],
      ['', null, 'm-bo'],
      ['山上有裂缝', '13900000000', null],
    ]);
    expect((await town.toldOf('message.replied')).map(({ data }) => data['memberId']).toSorted()).toEqual([null, null, 'm-bo'].toSorted());
  });

  it('nobody but the provider hands anything over, and a receipt of a message that nobody sent is refused, to be said again', async () => {
    expect((await handsOver([], 'a guess')).status).toBe(403);
    const response = await handsOver([{ kind: 'receipt', providerId: 'sms-nobody', state: 'delivered' }]);
    expect(response.status).toBe(404);
    const elsewhere = await fetch(new URL('/api/v1/channels/wecom/incoming', town.house.url()), { method: 'POST' });
    expect(elsewhere.status).toBe(404);
  });

  it('who asks for no more routine messages gets none, but is called when it is about life, and may take it back', async () => {
    await town.phone('m-ayi').replies('退订');
    const routine = await tells('m-ayi');
    expect(await stateOf(routine)).toMatchObject({ state: 'failed', reason: 'unsubscribed' });
    await tells('m-ayi', { urgent: true });
    expect(await town.phone('m-ayi').receives('通知')).toHaveLength(1);
    await town.phone('m-ayi').replies('订阅');
    await tells('m-ayi');
    expect(await town.phone('m-ayi').receives('通知')).toHaveLength(2);
    await town.nothingElseWasSent();
  });

  it('a key pressed during a call answers that call', async () => {
    const id = await tells('m-dao', { channel: 'voice' });
    await town.phone('m-dao').receives('通知');
    await town.phone('m-dao').presses('1');
    const [told] = await town.toldOf('message.replied');
    expect(told!.data).toEqual({ channel: 'voice', messageId: id, memberId: 'm-dao' });
    await town.nothingElseWasSent();
  });
  it("the robot of the nearest node above speaks in a group's chat; its address never comes out, and leads nowhere else", async () => {
    const township = await new BareCaller(() => town.house.url()).signIn('town1', PASSWORD);
    const url = `${CHAT}robot?key=secret`;
    const sets = async (body: object, by = township) => (await by.send('PUT', '/api/v1/robots', { body })).status;
    expect(await sets({ gridCode: TOWNSHIP, channel: 'wecom', url })).toBe(200);
    expect(await stateOf(await tells(null, { channel: 'wecom' }))).toMatchObject({ state: 'sent' });
    expect(town.phones.said).toMatchObject([{ url }]);
    const listed = await township.get('/api/v1/robots');
    expect(JSON.parse(listed.text)).toMatchObject({ robots: [{ gridCode: TOWNSHIP, channel: 'wecom', isSigned: false }] });
    expect(listed.text).not.toContain('secret');
    expect(await sets({ gridCode: TOWNSHIP, channel: 'wecom', url: 'http://127.0.0.1/' })).toBe(400);
    expect(await sets({ gridCode: TOWNSHIP, channel: 'dingtalk', url })).toBe(400);
    expect(await sets({ gridCode: COUNTY, channel: 'wecom', url })).toBe(403);
    expect(await sets({ gridCode: '533324101999', channel: 'wecom', url })).toBe(422);
    const cadre = await new BareCaller(() => town.house.url()).signIn('cadre1', PASSWORD);
    expect(await sets({ gridCode: VILLAGE, channel: 'wecom', url }, cadre)).toBe(403);
    expect((await township.send('DELETE', `/api/v1/robots/${TOWNSHIP}/wecom`)).status).toBe(200);
    expect((await township.send('DELETE', `/api/v1/robots/${TOWNSHIP}/wecom`)).status).toBe(404);
    expect(await stateOf(await tells(null, { channel: 'wecom' }))).toMatchObject({ state: 'failed', reason: 'no-address' });
  });

  it('what no wire carries is brought by hand, once, and only an officer of the place says that it was', async () => {
    const id = await tells('m-fang', { channel: 'manual', at: ACROSS });
    const neighbour = await town.officer('cadre2');
    expect(await neighbour.api.get('/api/v1/messages/by-hand')).toMatchObject({ messages: [{ id, name: '演示庚', title: '通知' }] });
    const cadre = await town.officer('cadre1');
    expect(await cadre.api.get('/api/v1/messages/by-hand')).toMatchObject({ messages: [] });
    await expect(cadre.api.post(`/api/v1/messages/${id}/delivered`, {})).rejects.toThrow();
    await neighbour.api.post(`/api/v1/messages/${id}/delivered`, {});
    await expect(neighbour.api.post(`/api/v1/messages/${id}/delivered`, {})).rejects.toThrow();
    expect(await stateOf(id)).toMatchObject({ state: 'delivered' });
    expect((await town.toldOf('message.delivered')).map(({ subjectId }) => subjectId)).toEqual([id]);
    expect(await neighbour.api.get('/api/v1/messages/by-hand')).toMatchObject({ messages: [] });
  });

  it('a browser is woken when its own member asked for it with his link, and no other address is taken', async () => {
    const cadre = await town.officer('cadre1');
    const [call] = await cadre.called(await cadre.orders({ at: [DASUO] }));
    const keys = { p256dh: 'A'.repeat(87), auth: 'A'.repeat(22) };
    const asks = async (link: string, endpoint: string) => {
      const body = JSON.stringify({ endpoint, keys });
      return (await fetch(new URL(`${link}/push`, town.house.url()), { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status;
    };
    expect(await asks('/m/guessed-link-of-nobody.1234567890123456', `${BROWSERS}1`)).toBe(404);
    expect(await asks(call!.link, 'https://10.0.0.1/push')).toBe(400);
    expect(await asks(call!.link, `${BROWSERS}old`)).toBe(200);
    expect(await asks(call!.link, `${BROWSERS}new`)).toBe(200);
    const id = await tells(call!.memberId, { channel: 'push' });
    expect(await stateOf(id)).toMatchObject({ state: 'sent' });
    expect(town.phones.woken.filter(({ id: one }) => one === id)).toMatchObject([{ endpoint: `${BROWSERS}new` }]);
    const key = await (await fetch(new URL('/api/v1/push-key', town.house.url()))).json();
    expect(key).toEqual({ publicKey: expect.stringMatching(/^[\w-]{87}$/) });
  });
});
