// Chapter 5, member: the personal link, the two ways to answer, and the lists.
import { beforeEach, describe, expect, it } from 'vitest';
import { findCall } from './call-store.ts';
import { memberToken, openLink } from './member-link.ts';
import { answerByPhone, answerForSelf } from './record-answer.ts';
import { GROUP_A, GROUP_B, Town, VILLAGE } from '../town.test-kit.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('a member and his call', () => {
  let town: Town;
  let alertId: string;
  let token: string;
  beforeEach(async () => {
    town = await Town.found();
    await town.member('m1', [GROUP_A]);
    await town.member('m2', [GROUP_B]);
    alertId = await town.raised([VILLAGE]);
    await town.callMembers(alertId, [VILLAGE]);
    token = memberToken(town.deps.vault, `${alertId}-1`);
  });

  const page = (given = token) => town.app.inject({ method: 'GET', url: `/m/${given}` });
  const press = (answer: string, given = token) => town.app.inject({ method: 'POST', url: `/m/${given}`, headers: FORM, payload: `answer=${answer}` });

  it('opens the page without a password: what to do, escaped, Chinese first, and the state becomes read, once', async () => {
    const first = await page();
    expect(first.statusCode).toBe(200);
    expect(first.body).toContain('立即转移');
    expect(first.body).toContain('泥石流要来了，&#60;马上&#62;到活动室集合。');
    expect(first.body.indexOf('泥石流要来了')).toBeLessThan(first.body.indexOf('Debris flow'));
    expect(first.body).toContain('县里还没有收到您的回答');
    expect(first.body).not.toMatch(/<script>|style=| on\w+=/);
    await page();
    expect((await town.events('call.read')).map((event) => [event.subjectId, event.who])).toEqual([[`${alertId}-1`, 'member:m1']]);
    expect((await town.calls())[0]?.state).toBe('read');
  });

  it('does not take a look ahead by a chat program for a member who read it', async () => {
    await town.app.inject({ method: 'HEAD', url: `/m/${token}` });
    await town.app.inject({ method: 'GET', url: `/m/${token}`, headers: { 'sec-purpose': 'prefetch;prerender' } });
    expect(await town.events('call.read')).toEqual([]);
  });

  it('records the pressed button, shows what the county holds, and lets the latest answer count', async () => {
    const pressed = await press('coming');
    expect([pressed.statusCode, pressed.headers.location]).toEqual([303, `/m/${token}`]);
    expect((await page()).body).toContain('县里已收到：<b>收到，我来</b>');
    await press('coming');
    await press('cannot');
    expect((await town.calls())[0]).toMatchObject({ state: 'answered', answer: 'cannot', answeredBy: 'page', version: 3 });
    expect((await town.events('call.answered')).map((event) => event.data)).toEqual([
      { answer: 'coming', means: 'page' },
      { answer: 'cannot', means: 'page' },
    ]);
  });

  it('cannot be mistaken for live in a drill', async () => {
    const drill = await town.raised([VILLAGE], 'drill');
    await town.callMembers(drill, [VILLAGE], 'drill');
    const body = (await page(memberToken(town.deps.vault, `${drill}-1`))).body;
    expect(body).toContain('<body class="mode-drill">');
    expect(body).toContain('演练 演练 演练');
    expect((await page()).body).not.toContain('演练');
  });

  it('refuses a forged, an altered and a foreign link', async () => {
    const [short, mac] = token.split('.') as [string, string];
    for (const bad of [`${short}.${'A'.repeat(16)}`, `${short.slice(0, -1)}2.${mac}`, `${short}.${mac.slice(0, 15)}`, `${short}`, 'x'.repeat(40)]) {
      expect((await page(bad)).statusCode, bad).toBe(404);
      expect((await press('coming', bad)).statusCode, bad).toBe(404);
    }
    const url = `/api/v1/calls/${alertId}-2/answer`;
    expect((await town.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${token}` }, payload: { answer: 'coming' } })).statusCode).toBe(404);
    expect((await town.app.inject({ method: 'POST', url, payload: { answer: 'coming' } })).statusCode).toBe(404);
    expect((await town.events()).map((event) => event.type)).toEqual(['calls.planned']);
  });

  it('says that the alert is over and takes no answer, and the link dies 24 hours later', async () => {
    await town.over(alertId, 'cancelled');
    const late = await town.app.inject({ method: 'POST', url: `/api/v1/calls/${alertId}-1/answer`, payload: { answer: 'coming', token } });
    expect([late.statusCode, late.json<{ code: string; detail: string }>().code]).toEqual([409, 'transition-refused']);
    expect((await press('coming')).statusCode).toBe(303);
    const body = (await page()).body;
    expect(body).toContain('本次预警已取消，无需前往');
    expect(body).not.toContain('<button');
    expect(await town.events('call.answered')).toEqual([]);
    await town.clock.advance(24 * 3_600_000 + 1);
    expect((await page()).statusCode).toBe(404);
  });

  it('takes an answer over the API by the token', async () => {
    const answered = await town.app.inject({
      method: 'POST',
      url: `/api/v1/calls/${alertId}-1/answer`,
      headers: { authorization: `Bearer ${token}` },
      payload: { answer: 'on-the-way' },
    });
    expect(answered.json()).toMatchObject({
      id: `${alertId}-1`,
      state: 'answered',
      answer: 'on-the-way',
      answeredBy: 'api',
      answeredAt: expect.stringMatching(/\+08:00$/),
    });
  });

  it('takes an answer that comes again from another address for the same one, by its key and its link', async () => {
    const say = (answer: string, key: string, remoteAddress: string) =>
      town.app.inject({ method: 'POST', url: `/m/${token}/answers`, headers: { 'idempotency-key': key }, remoteAddress, payload: { answer } });
    await say('coming', 'k1', '10.0.0.1');
    await say('on-the-way', 'k2', '10.0.0.1');
    expect((await say('coming', 'k1', '10.0.0.2')).headers['idempotency-replayed']).toBe('true');
    expect((await town.events('call.answered')).map(({ data }) => data['answer'])).toEqual(['coming', 'on-the-way']);
  });

  it('lets two answers in one moment both be told, and the later one count', async () => {
    await Promise.all([press('coming'), press('arrived')]);
    const told = (await town.events('call.answered')).map((event) => event.data['answer']);
    expect(told.toSorted()).toEqual(['arrived', 'coming']);
    expect((await town.calls())[0]).toMatchObject({ answer: told[1], version: 3 });
  });

  it('takes no answer that meets the end of the alert on its way', async () => {
    const found = (await findCall(town.deps.db, `${alertId}-1`))!;
    await town.over(alertId, 'ended');
    await expect(answerByPhone(town.deps, found, 'coming', 'sms')).rejects.toMatchObject({ code: 'transition-refused' });
    expect([(await town.calls())[0]?.answer, await town.events('call.answered')]).toEqual([null, []]);
  });

  it('keeps the answer that was said last, in whatever order a phone hands them over', async () => {
    const own = () => openLink(town.deps, token);
    await town.clock.advance(600_000);
    await answerForSelf(town.deps, await own(), 'arrived', 'page', { saidAtMs: town.clock.now() - 60_000 });
    await answerForSelf(town.deps, await own(), 'coming', 'page', { saidAtMs: town.clock.now() - 300_000 });
    expect((await town.calls())[0]).toMatchObject({ answer: 'arrived' });
    expect((await town.events('call.answered')).map(({ data }) => [data['answer'], data['overtaken']])).toEqual([
      ['arrived', undefined],
      ['coming', true],
    ]);
  });

  it('writes down what an officer heard under his name, inside his scope only', async () => {
    const call = { method: 'POST', url: `/api/v1/calls/${alertId}-1/answer-for`, payload: { answer: 'coming', means: 'telephone' } } as const;
    expect((await town.app.inject(call)).statusCode).toBe(401);
    expect((await town.app.inject({ ...call, ...town.as('other') })).statusCode).toBe(403);
    expect((await town.app.inject({ ...call, ...town.as('village') })).json()).toMatchObject({ answer: 'coming', answeredBy: 'officer:o-village' });
    expect((await town.events('call.answered')).map((event) => [event.who, event.data])).toEqual([
      ['officer:o-village', { answer: 'coming', means: 'telephone' }],
    ]);
  });

  it('writes down that a member needs support, in his words and under the officer’s name, and takes it back', async () => {
    const url = `/api/v1/calls/${alertId}-1`;
    const heard = { method: 'POST', url: `${url}/help`, payload: { means: 'radio', words: ' 老人\u202E走不动 ' } } as const;
    const help = async () => {
      const list = await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${alertId}/calls?group=${GROUP_A}`, ...town.as('village') });
      return list.json<{ calls: { help: { words: string | null } | null }[] }>().calls[0]?.help;
    };
    expect((await town.app.inject({ ...heard, ...town.as('other') })).statusCode).toBe(403);
    expect((await town.app.inject({ ...heard, payload: { words: '' }, ...town.as('village') })).statusCode).toBe(400);
    expect((await town.app.inject({ ...heard, ...town.as('village') })).statusCode).toBe(200);
    expect(await help()).toMatchObject({ words: '老人走不动' });
    expect((await town.app.inject({ method: 'POST', url: `${url}/help-over`, ...town.as('village') })).statusCode).toBe(200);
    expect(await help()).toBeNull();
    expect((await town.events('call.help-asked')).map(({ who, data }) => [who, data])).toEqual([['officer:o-village', { means: 'radio' }]]);
    await town.over(alertId, 'ended');
    expect((await town.app.inject({ ...heard, ...town.as('village') })).statusCode).toBe(409);
  });

  it('lists calls and counts inside the scope, never a phone, a link only in the demo', async () => {
    await press('arrived');
    const list = await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${alertId}/calls?group=${GROUP_A}`, ...town.as('village') });
    const { calls } = list.json<{ calls: Record<string, unknown>[] }>();
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ name: '演示成员m1', gridName: '一组', answer: 'arrived' });
    expect(list.body).not.toMatch(/phone|link/);
    expect((await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${alertId}/calls`, ...town.as('other') })).statusCode).toBe(403);
    const counts = (await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${alertId}/answers`, ...town.as('county') })).json<{
      total: unknown;
      groups: unknown[];
    }>();
    expect(counts.total).toEqual({
      ...{ total: 2, answered: 1, coming: 0, onTheWay: 0, arrived: 1, cannot: 0 },
      ...{ sent: 0, delivered: 0, read: 0, noChannel: 1, noAnswer: 0 },
      joined: { total: 0, coming: 0, onTheWay: 0, arrived: 0, cannot: 0 },
    });
    expect(counts.groups).toHaveLength(2);
  });

  it('shows the personal link in the demo', async () => {
    const demo = await Town.found({ demo: true });
    await demo.member('m1', [GROUP_A]);
    const id = await demo.raised([VILLAGE]);
    await demo.callMembers(id, [VILLAGE]);
    const { calls } = (await demo.app.inject({ method: 'GET', url: `/api/v1/alerts/${id}/calls`, ...demo.as('county') })).json<{ calls: { link: string }[] }>();
    expect((await demo.app.inject({ method: 'GET', url: calls[0]!.link })).statusCode).toBe(200);
  });
});
