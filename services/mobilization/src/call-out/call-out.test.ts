// Chapter 5, call-out: the steps of a call, what holds them up, what ends them; and who is asked again.
import { and, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MessageState } from '@laba/domain/message';
import { any } from '@laba/storage/database';
import { GROUP_A, Town, VILLAGE } from '../town.test-kit.ts';

const MINUTE = 60_000;

describe('the steps of a call', () => {
  let town: Town;
  let alertId: string;
  beforeEach(async () => {
    town = await Town.found();
    await town.member('m1', [GROUP_A], true, { phone: '13800000001' });
    await town.member('m2', [GROUP_A]);
    alertId = await town.raised([VILLAGE]);
    await town.callMembers(alertId, [VILLAGE]);
  });

  const round = (data = {}) => town.react('mobilization.call-out', 'calls.planned', alertId, { revision: 1, members: 2, noChannel: 1, ...data });
  const messages = async () =>
    (await town.deps.db.read((q, t) => q.select().from(t.message).orderBy(t.message.step))).map((one) => `${one.step} ${one.channel} ${one.state}`);
  const call = async () => (await town.calls())[0]!;

  async function became(step: number, state: MessageState): Promise<void> {
    const ofStep = (t: { message: typeof import('@laba/storage/tables').sqliteTables.message }) =>
      and(eq(t.message.subjectId, `${alertId}-1`), eq(t.message.step, step));
    await town.deps.db.atomically([any((q, t) => q.update(t.message).set({ state }).where(ofStep(t)).returning({ id: t.message.id }))]);
  }

  async function answers(answer: string): Promise<number> {
    const url = `/api/v1/calls/${alertId}-1/answer-for`;
    return (await town.app.inject({ method: 'POST', url, ...town.as('county'), payload: { answer, means: 'telephone' } })).statusCode;
  }

  async function again(member = 'm1', who: 'county' | 'other' = 'county'): Promise<number> {
    const url = `/api/v1/calls/${alertId}-${member.slice(1)}/again`;
    return (await town.app.inject({ method: 'POST', url, ...town.as(who) })).statusCode;
  }

  it('begin at once, by the first channel he has; who has none is named and not forgotten', async () => {
    await round();
    expect(await messages()).toEqual(['2 sms queued']);
    const [called, unreachable] = await town.calls();
    expect([called?.reason, called?.step, unreachable?.reason, unreachable?.nextAtMs]).toEqual([null, 2, 'no-channel', null]);
  });

  it('go on by the next channel when the interval is over, and not before', async () => {
    await round();
    await became(2, 'sent');
    await town.clock.advance(MINUTE - 1);
    await round();
    expect(await messages()).toEqual(['2 sms sent']);
    await town.clock.advance(1);
    await round();
    expect(await messages()).toEqual(['2 sms sent', '3 voice queued']);
  });

  it('wait for a message that is still under way: its interval begins when it has ended', async () => {
    await round();
    await town.clock.advance(5 * MINUTE);
    await round();
    await round();
    expect(await messages()).toEqual(['2 sms queued']);
    await became(2, 'sent');
    await town.clock.advance(MINUTE);
    await round();
    expect(await messages()).toEqual(['2 sms sent', '3 voice queued']);
  });

  it('do not wait for a message that could not be sent, but for the whole order that failed', async () => {
    await round();
    await became(2, 'failed');
    await round();
    await round();
    expect(await messages()).toEqual(['2 sms failed', '3 voice queued']);
    await became(3, 'failed');
    await round();
    await round();
    expect(await messages()).toEqual(['2 sms failed', '3 voice failed']);
    await town.clock.advance(MINUTE);
    await round();
    expect(await messages()).toEqual(['2 sms failed', '3 voice failed', '5 sms queued']);
  });

  it('a round that runs twice makes each step once', async () => {
    await Promise.all([round(), round(), round({ widening: 'x' })]);
    expect(await messages()).toEqual(['2 sms queued']);
  });

  it('end with a name when all were made, and the officer is told once', async () => {
    let last: { againAtMs?: number } = {};
    for (let i = 0; i < 40; i++) {
      last = await round();
      await became((await call()).step, 'sent');
      await town.clock.advance(MINUTE);
    }
    expect(await messages()).toEqual([2, 3, 5, 6, 8, 9, 11, 12, 14, 15].map((step) => `${step} ${step % 3 === 2 ? 'sms' : 'voice'} sent`));
    expect([(await call()).reason, (await call()).nextAtMs, (await call()).state]).toEqual(['no-answer', null, 'queued']);
    expect((await town.events('call.unanswered')).map((event) => event.subjectId)).toEqual([`${alertId}-1`]);
    expect(last.againAtMs).toBeGreaterThan(0);
  });

  it('are not all made while the last one is under way', async () => {
    for (let i = 0; i < 10; i++) {
      await round();
      if (i < 9) await became((await call()).step, 'sent');
      await town.clock.advance(MINUTE);
    }
    await round();
    expect([(await messages()).at(-1), (await call()).reason]).toEqual(['15 voice queued', null]);
    await became(15, 'sent');
    await town.clock.advance(MINUTE);
    await round();
    expect((await call()).reason).toBe('no-answer');
  });

  it('go before all others and past every rate when the order is live and red, and only then', async () => {
    await round();
    const drill = await town.raised([VILLAGE], 'drill');
    await town.callMembers(drill, [VILLAGE], 'drill');
    await town.react('mobilization.call-out', 'calls.planned', drill, { revision: 1, members: 2, noChannel: 1 });
    const sent = await town.deps.db.read((q, t) => q.select().from(t.message));
    expect(sent.map((one) => [one.alertId === drill, one.urgent]).toSorted()).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  it('stop with the answer, which takes back what was not sent to him, and to nobody else', async () => {
    await town.member('m3', [GROUP_A], true, { phone: '13800000003' });
    await town.callMembers(alertId, [VILLAGE]);
    await round();
    expect(await messages()).toEqual(['2 sms queued', '2 sms queued']);
    expect(await answers('arrived')).toBe(200);
    await town.clock.advance(60 * MINUTE - 1);
    await round();
    expect((await messages()).toSorted()).toEqual(['2 sms queued', '2 sms unneeded']);
    expect((await call()).answer).toBe('arrived');
  });

  it('go on when he said that he comes and has not arrived in time, with numbers of their own', async () => {
    await round();
    await became(2, 'sent');
    await answers('coming');
    await town.clock.advance(30 * MINUTE - 1);
    await round();
    expect((await call()).answer).toBe('coming');
    await became(2, 'failed');
    await round();
    await round();
    expect((await call()).answer).toBe('coming');
    await became(2, 'sent');
    await town.clock.advance(1);
    await round();
    expect(await messages()).toEqual(['2 sms sent', '1002 sms queued']);
    expect([(await call()).answer, (await call()).reason, (await call()).state]).toEqual([null, 'answer-expired', 'queued']);
    expect(await town.events('call.answer-expired')).toHaveLength(1);
    expect(await answers('arrived')).toBe(200);
    expect([(await call()).reason, (await call()).nextAtMs]).toEqual([null, null]);
  });

  it('begin anew when an officer says so: what was not sent is taken back, who had been given up is called, and he is told who it was', async () => {
    for (let i = 0; i < 40; i++) {
      await round();
      await became((await call()).step, 'sent');
      await town.clock.advance(MINUTE);
    }
    expect((await call()).reason).toBe('no-answer');
    expect(await again()).toBe(200);
    expect([(await call()).reason, (await call()).step]).toEqual([null, 1_000]);
    await round();
    expect((await messages()).at(-1)).toBe('1002 sms queued');
    expect(await again()).toBe(200);
    await round();
    expect((await messages()).slice(-2)).toEqual(['1002 sms unneeded', '2002 sms queued']);
    expect((await town.events('call.asked-again')).map(({ who, subjectId }) => [who, subjectId])).toEqual([
      ['officer:o-county', `${alertId}-1`],
      ['officer:o-county', `${alertId}-1`],
    ]);
  });

  it('do not begin anew for who has answered, whom nothing reaches, who is not the officer’s, or after the end', async () => {
    await round();
    expect([await again('m1', 'other'), await again('m2'), (await call()).step]).toEqual([403, 409, 2]);
    await answers('coming');
    expect(await again()).toBe(409);
    expect((await call()).answer).toBe('coming');
    await town.over(alertId, 'ended');
    expect(await again()).toBe(409);
    expect(await town.events('call.asked-again')).toEqual([]);
  });

  it('end with the alert: what was not sent is taken back, and no further round is asked for', async () => {
    await round();
    await town.over(alertId, 'ended');
    await town.react('mobilization.close-calls', 'alert.ended', alertId, { revision: 1, mode: 'live', reason: 'ended' });
    expect(await messages()).toEqual(['2 sms unneeded']);
    expect(await round()).toEqual({});
    expect(await town.calls()).toMatchObject([
      { state: 'closed', nextAtMs: null },
      { state: 'closed', nextAtMs: null },
    ]);
  });

  it('are those of one alert: another one’s answers and end are its own', async () => {
    const other = await town.raised([VILLAGE]);
    await town.callMembers(other, [VILLAGE]);
    await round();
    await answers('coming');
    await town.clock.advance(30 * MINUTE);
    await town.react('mobilization.call-out', 'calls.planned', other, { revision: 1, members: 2, noChannel: 1 });
    expect((await call()).answer).toBe('coming');
    await town.over(other, 'ended');
    await town.react('mobilization.close-calls', 'alert.ended', other, { revision: 1, mode: 'live', reason: 'ended' });
    expect((await town.calls()).map((one) => [one.alertId === other, one.state])).toEqual([
      [false, 'answered'],
      [false, 'queued'],
      [true, 'closed'],
      [true, 'closed'],
    ]);
  });

  it('a later plan takes the rounds over, so that there is one job for each alert', async () => {
    expect(await round({ revision: 0 })).toEqual({});
    expect(await messages()).toEqual([]);
  });
});

describe('who is off duty', () => {
  it('is woken from the policy’s level on and not below', async () => {
    const town = await Town.found();
    await town.member('home', [GROUP_A], true, { offDuty: true });
    await town.member('duty', [GROUP_A]);
    const yellow = await town.raised([VILLAGE], 'live', 'yellow');
    await town.callMembers(yellow, [VILLAGE]);
    expect((await town.calls()).map((call) => call.memberId)).toEqual(['duty']);
    const orange = await town.raised([VILLAGE], 'live', 'orange');
    await town.callMembers(orange, [VILLAGE]);
    expect((await town.calls()).filter((call) => call.alertId === orange).map((call) => call.memberId)).toEqual(['duty', 'home']);
  });
});
