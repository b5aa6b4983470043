// Chapter 5, the phone page: what is said without a line is kept, arrives once, and is told apart from what the county holds.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneState } from '@laba/domain/phone-page';
import { DASUO } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

const MINUTE_MS = 60_000;

describe('the phone page', () => {
  let town: Town;
  let alert: string;
  let links: string[];
  beforeEach(async () => {
    town = await openTown();
    const cadre = await town.officer('cadre1');
    alert = await cadre.orders({ at: [DASUO] });
    links = (await cadre.called(alert)).map((call) => call.link);
  });
  afterEach(() => town.close());

  const now = () => town.house.deps.clock.now();
  const state = async (link = links[0]!) => (await (await fetch(new URL(`${link}/state`, town.house.url()))).json()) as PhoneState;
  async function says(id: string, said: Record<string, unknown>, link = links[0]!) {
    const response = await fetch(new URL(`${link}/answers`, town.house.url()), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify(said),
    });
    await town.clock.settle();
    return {
      status: response.status,
      again: response.headers.get('idempotency-replayed') === 'true',
      body: (await response.json()) as Record<string, unknown>,
    };
  }
  const told = async () => (await town.told(alert, 'call.answered')).map(({ data }) => data);

  it('an answer that arrives three times is recorded once, also after the next one', async () => {
    expect(await says('a-1', { answer: 'coming' })).toMatchObject({ status: 200, again: false });
    expect(await says('a-1', { answer: 'coming' })).toMatchObject({ status: 200, again: true });
    expect(await says('a-2', { answer: 'on-the-way' })).toMatchObject({ status: 200, again: false });
    expect(await says('a-1', { answer: 'coming' })).toMatchObject({ status: 200, again: true });
    expect(await told()).toEqual([
      { answer: 'coming', means: 'page' },
      { answer: 'on-the-way', means: 'page' },
    ]);
    expect(await state()).toMatchObject({ answer: { answer: 'on-the-way', saidAtMs: null, byOfficer: false }, isOpen: true });
  });

  it('an answer that was kept without a line is recorded with both times, and does not undo what was said after it', async () => {
    const begun = now();
    await town.clock.advance(2 * MINUTE_MS);
    const cadre = await town.officer('cadre1');
    const [call] = await cadre.called(alert);
    await cadre.api.post(`/api/v1/calls/${call!.id}/answer-for`, { answer: 'coming', means: 'telephone' });
    await town.clock.advance(MINUTE_MS);
    await says('b-1', { answer: 'cannot', saidAt: begun + MINUTE_MS });
    expect(await state()).toMatchObject({ answer: { answer: 'coming', byOfficer: true } });
    await says('b-2', { answer: 'on-the-way', saidAt: begun + 2.5 * MINUTE_MS });
    expect(await state()).toMatchObject({ answer: { answer: 'on-the-way', atMs: now(), saidAtMs: begun + 2.5 * MINUTE_MS } });
    expect(await told()).toEqual([
      { answer: 'coming', means: 'telephone' },
      { answer: 'cannot', means: 'page', saidAtMs: begun + MINUTE_MS, overtaken: true },
      { answer: 'on-the-way', means: 'page', saidAtMs: begun + 2.5 * MINUTE_MS },
    ]);
  });

  it('a phone whose clock is wrong says nothing from before the alert or from tomorrow', async () => {
    const raised = now();
    await town.clock.advance(2 * MINUTE_MS);
    await says('c-1', { answer: 'coming', saidAt: 0 });
    expect((await state()).answer?.saidAtMs).toBeGreaterThanOrEqual(raised - MINUTE_MS);
    await says('c-2', { answer: 'on-the-way', saidAt: now() + 86_400_000 });
    expect((await state()).answer).toMatchObject({ answer: 'on-the-way', saidAtMs: null });
    expect(await says('c-3', { answer: 'maybe' })).toMatchObject({ status: 400, body: { code: 'bad-input' } });
    expect(await says('c-4', { answer: 'arrived', saidAt: 'yesterday' })).toMatchObject({ status: 400 });
    expect(await says('c-2', { answer: 'cannot' })).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } });
  });

  it('after the end every answer is refused by name, whenever it was said', async () => {
    const before = now();
    const cadre = await town.officer('cadre1');
    await town.clock.advance(MINUTE_MS);
    await cadre.ends(alert);
    expect(await says('d-1', { answer: 'coming', saidAt: before })).toMatchObject({ status: 409, body: { code: 'transition-refused', state: 'ended' } });
    expect(await says('d-2', { answer: 'help' })).toMatchObject({ status: 409, body: { code: 'transition-refused' } });
    expect(await state()).toMatchObject({ alertState: 'ended', isOpen: false, answer: null });
    expect(await told()).toEqual([]);
  });

  it('a revoked link answers nothing and says so, a link of another call answers for nobody else', async () => {
    const cadre = await town.officer('cadre1');
    const [first, second] = await cadre.called(alert);
    await cadre.api.post(`/api/v1/alerts/${alert}/members/${first!.memberId}/revoke-link`, {});
    expect(await says('e-1', { answer: 'coming' })).toMatchObject({ status: 404, body: { code: 'link-invalid', revoked: true } });
    expect((await fetch(new URL(links[0]!, town.house.url()))).status).toBe(404);
    const renewed = (await cadre.called(alert)).find((call) => call.id === first!.id)!.link;
    expect(await says('e-1', { answer: 'coming' }, renewed)).toMatchObject({ status: 200, body: { callId: first!.id } });
    await says('e-1', { answer: 'cannot' }, second!.link);
    expect((await cadre.called(alert)).map((call) => [call.id, call.answer])).toEqual([
      [first!.id, 'coming'],
      [second!.id, 'cannot'],
      ...(await cadre.called(alert)).slice(2).map((call) => [call.id, null]),
    ]);
    expect((await town.told(alert, 'link.revoked')).map(({ data }) => data)).toEqual([{ version: 2 }]);
  });

  it('a hazard that a member reports is one report, however often and in whatever weather it arrives', async () => {
    const reports = async (id: string, body: Record<string, unknown>, link = links[0]!) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': id };
      const response = await fetch(new URL(`${link}/reports`, town.house.url()), { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const seen = { hazard: 'rockfall', text: '桥头在掉石头', saidAt: now() };
    const [first, again] = [await reports('r-1', seen), await reports('r-1', seen)];
    expect([first.status, again.body]).toEqual([201, first.body]);
    expect(await reports('r-2', { hazard: 'other', text: '' })).toMatchObject({ status: 422, body: { code: 'bad-text' } });
    expect(await reports('r-3', { hazard: 'dragon', text: '' })).toMatchObject({ status: 400 });
    expect(await reports('r-4', seen, `${links[0]!.slice(0, -2)}xx`)).toMatchObject({ status: 404, body: { code: 'link-invalid' } });
    expect(await reports('r-5', { hazard: 'flood', text: '河水上来了', photo: 'data:image/jpeg;base64,bm90IGEgcGljdHVyZQ==' })).toMatchObject({
      status: 201,
      body: { hasPhoto: false },
    });
    expect(await reports('r-6', { hazard: 'flood', text: '', photo: 'data:text/html,<b>' })).toMatchObject({ status: 400 });
    const told = await town.house.deps.db.read((q, t) => q.select().from(t.event));
    expect(told.filter(({ type }) => type === 'report.received').map(({ who, data }) => [who.split(':')[0], data])).toEqual([
      ['member', { hazard: 'rockfall', source: 'member' }],
      ['member', { hazard: 'flood', source: 'member' }],
    ]);
  });

  it('somebody who needs support is seen by the officer with his words, until it was seen to', async () => {
    await says('f-1', { answer: 'help', words: '路断了，老人走不动' });
    await says('f-2', { answer: 'help', words: '路断了，老人走不动' });
    const cadre = await town.officer('cadre1');
    const needing = async () => (await cadre.called(alert)).find((call) => call.link === links[0]) as unknown as { id: string; help: { words: string } | null };
    expect((await needing()).help).toMatchObject({ words: '路断了，老人走不动' });
    expect((await state()).helpAtMs).not.toBeNull();
    await says('f-3', { answer: 'coming' });
    await cadre.api.post(`/api/v1/calls/${(await needing()).id}/help-over`, {});
    expect((await needing()).help).toBeNull();
    expect(await state()).toMatchObject({ helpAtMs: null, answer: { answer: 'coming' } });
    expect([(await town.told(alert, 'call.help-asked')).length, (await town.told(alert, 'call.help-over')).map(({ who }) => who.split(':')[0])]).toEqual([
      1,
      ['officer'],
    ]);
  });
});
