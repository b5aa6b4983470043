// Chapter 5, call-out: every member is called by his channels in order until he has answered for himself, and nobody else is woken.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROVIDER_SECRET } from '../harness/fake-phones.ts';
import { ACROSS, DASUO, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

/** Not grave enough for the ladders, whose messages are another story. */
const CALL = '集结 黄色预警';
const ORDER = '集结 ';

describe('the call-out', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  const outcomes = async () => (await town.toldOf('reply.read')).map(({ data }) => data['outcome']);
  const standing = async (alert: string, memberId: string) => (await (await town.officer('cadre1')).called(alert)).find((call) => call.memberId === memberId);

  /** What the same alert sends for its tasks and sections are other stories. */
  async function nobodyElseWasCalled(): Promise<void> {
    await town.clock.settle();
    town.phones.expect(town.phones.received.filter(({ words }) => !/集结|您的回复/.test(words)));
    await town.nothingElseWasSent();
  }

  async function comesFrom(from: string, words: string): Promise<void> {
    const response = await fetch(new URL(`/api/v1/channels/sms/incoming`, town.house.url()), {
      method: 'POST',
      headers: { authorization: `Bearer ${PROVIDER_SECRET}`, 'content-type': 'application/json' },
      body: JSON.stringify([{ kind: 'reply', from, words }]),
    });
    expect(response.status).toBe(200);
    await town.clock.settle();
  }

  it('an SMS comes with the raise and a call after the interval, until he answers by a key; then it is quiet', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [VILLAGE], level: 'yellow' });
    for (const member of ['m-ayi', 'm-bo', 'm-chun', 'm-dao']) expect(await town.phone(member).receives(CALL)).toHaveLength(1);
    for (const member of ['m-bo', 'm-chun', 'm-dao']) await town.phone(member).replies('3');
    await town.clock.pass('11 min');
    const [first, second] = await town.phone('m-ayi').receives(CALL);
    expect([first?.channel, second?.channel]).toEqual(['sms', 'voice']);
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(600_000);
    await town.phone('m-ayi').presses('3');
    await town.clock.pass('30 min');
    expect(await cadre.answers(alert)).toMatchObject({ total: 4, answered: 4, arrived: 4 });
    await nobodyElseWasCalled();
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('one answer never silences another: who has not answered is called on, and at last named', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO], level: 'yellow', minutes: 300 });
    await town.phone('m-ayi').receives(CALL);
    await town.phone('m-chun').receives(CALL);
    await town.phone('m-ayi').replies('到了');
    await town.phone('m-chun').replies('来不了');
    await town.clock.pass('2 h');
    const calls = await town.phone('m-bo').receives(CALL);
    expect(calls.map((one) => one.channel)).toEqual(Array.from({ length: 5 }, () => ['sms', 'voice']).flat());
    expect(await standing(alert, 'm-bo')).toMatchObject({ reason: 'no-answer', answer: null });
    expect(await cadre.answers(alert)).toMatchObject({ answered: 2, arrived: 1, cannot: 1, noAnswer: 1 });
    await nobodyElseWasCalled();
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('sent, delivered, read and answered are kept apart', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO], level: 'yellow' });
    const [message] = await town.phone('m-ayi').receives(CALL);
    expect((await standing(alert, 'm-ayi'))?.state).toBe('sent');
    await town.phone('m-ayi').reportsOn(message!, 'delivered');
    expect((await standing(alert, 'm-ayi'))?.state).toBe('delivered');
    expect(await cadre.answers(alert)).toMatchObject({ sent: 2, delivered: 1, read: 0, answered: 0 });
    await town.member((await standing(alert, 'm-ayi'))!).sees('黄色');
    expect((await standing(alert, 'm-ayi'))?.state).toBe('read');
    await town.phone('m-ayi').replies('2');
    expect(await standing(alert, 'm-ayi')).toMatchObject({ state: 'answered', answer: 'on-the-way' });
  });

  it('who said that he comes and has not arrived is asked again; who arrived is not', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO], level: 'yellow' });
    for (const member of ['m-ayi', 'm-bo', 'm-chun']) await town.phone(member).receives(CALL);
    await town.phone('m-ayi').replies('1');
    await town.phone('m-bo').replies('3');
    await town.phone('m-chun').replies('4');
    await town.clock.pass('29 min');
    await nobodyElseWasCalled();
    await town.clock.pass('2 min');
    expect(await standing(alert, 'm-ayi')).toMatchObject({ answer: null, reason: 'answer-expired' });
    expect((await town.phone('m-ayi').receives(CALL)).length).toBe(2);
    await town.phone('m-ayi').replies('到了');
    await town.clock.pass('1 h');
    expect(await cadre.answers(alert)).toMatchObject({ arrived: 2, cannot: 1 });
    await nobodyElseWasCalled();
  });

  it('a number that is dead is followed by the next channel at once; who has no number at all is shown, and nobody waits for him', async () => {
    const duty = await town.officer('cadre2');
    town.phones.providerSays('sms', { outcome: 'failed-for-good', reason: 'no-such-number' });
    const alert = await duty.orders({ at: [ACROSS], level: 'yellow' });
    await town.clock.pass('20 s');
    expect((await town.phone('m-er').receives(CALL)).map((one) => one.channel)).toEqual(['voice']);
    expect((await duty.called(alert)).find((call) => call.memberId === 'm-fang')).toMatchObject({ reason: 'no-channel', state: 'queued' });
    expect((await town.told(alert, 'calls.planned')).map(({ data }) => data)).toEqual([{ revision: 1, members: 2, noChannel: 1 }]);
  });

  it('goes on while the queue is dead for ten minutes, and that is seen within one; nobody is called twice for it, then or when it is back', async () => {
    const duty = await town.officer('duty1');
    const alert = await duty.orders({ at: [VILLAGE] });
    for (const member of ['m-ayi', 'm-bo', 'm-chun', 'm-dao']) await town.phone(member).receives(ORDER);
    await town.phone('m-chun').replies('3');
    expect(await standing(alert, 'm-chun')).toMatchObject({ answer: 'arrived' });
    town.clock.queueIsDead = true;

    await town.clock.pass('1 min');
    const [{ degraded }, metrics, now] = await Promise.all([
      fetch(new URL('/readyz', town.house.url())).then((response) => response.json() as Promise<{ degraded: string[] }>),
      fetch(new URL('/metrics', town.house.url())).then((response) => response.text()),
      duty.api.get<{ degraded: { words: string[] } }>('/api/v1/now'),
    ]);
    for (const words of [degraded, now.degraded.words]) expect(words).toContainEqual(expect.stringMatching(/^queue: \d+ overdue jobs/));
    expect(metrics).toMatch(/^laba_degraded_conditions [1-9]/m);

    await town.clock.pass('4 min');
    await town.phone('m-bo').replies('来不了');
    await town.clock.pass('5 min');
    expect(await standing(alert, 'm-bo')).toMatchObject({ answer: 'cannot' });
    const calls = (member: string) => town.phones.at(member).filter(({ words }) => words.includes(ORDER));
    expect([calls('m-chun').length, calls('m-dao').length >= 7]).toEqual([1, true]);
    expect((await town.told(alert, 'ladder.asked')).length).toBeGreaterThanOrEqual(6);

    const silentFrom = calls('m-bo').length;
    const madeTo = calls('m-dao').length;
    town.clock.queueIsDead = false;
    await town.clock.pass('3 min');
    expect([calls('m-bo').length, calls('m-dao').length > madeTo]).toEqual([silentFrom, true]);
    for (const member of ['m-ayi', 'm-dao']) {
      const [ids, atMs] = [calls(member).map(({ id }) => id), calls(member).map((call) => call.atMs)];
      expect(new Set(ids).size).toBe(ids.length);
      expect(Math.min(...atMs.slice(1).map((at, i) => at - atMs[i]!))).toBeGreaterThanOrEqual(60_000);
    }
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('an answer counts although the provider never said that it had taken the message', async () => {
    const cadre = await town.officer('cadre1');
    town.phones.providerSays('sms', { outcome: 'failed-for-now', reason: 'no-answer' });
    const alert = await cadre.orders({ at: [DASUO], level: 'yellow' });
    await town.phone('m-ayi').replies('1');
    expect(await standing(alert, 'm-ayi')).toMatchObject({ answer: 'coming' });
    expect(await outcomes()).toEqual(['answered']);
  });

  it('a test wakes nobody, a drill says so, and the end takes back what was not sent', async () => {
    const cadre = await town.officer('cadre1');
    await cadre.orders({ at: [DASUO], mode: 'test', level: 'yellow' });
    await town.clock.pass('5 min');
    await nobodyElseWasCalled();
    const drill = await cadre.orders({ at: [DASUO], mode: 'drill', level: 'yellow' });
    for (const member of ['m-ayi', 'm-bo', 'm-chun']) expect((await town.phone(member).receives(CALL))[0]?.words).toMatch(/^【演练】/);
    await cadre.ends(drill);
    await town.clock.pass('10 min');
    await nobodyElseWasCalled();
  });

  it('an answer twice, by two phones, late, not understood, from a stranger: each is named and nothing is lost', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO], level: 'yellow' });
    for (const member of ['m-ayi', 'm-bo', 'm-chun']) await town.phone(member).receives(CALL);
    await town.phone('m-ayi').replies('1。');
    await town.phone('m-ayi').replies('１');
    await town.member((await standing(alert, 'm-ayi'))!).answers('cannot');
    expect(await standing(alert, 'm-ayi')).toMatchObject({ answer: 'cannot' });
    expect(await outcomes()).toEqual(['answered', 'repeated']);

    await town.phone('m-bo').replies('👍');
    await town.phone('m-bo').replies('啥');
    expect(await town.phone('m-bo').receives('没看懂')).toHaveLength(1);
    expect((await standing(alert, 'm-bo'))?.answer).toBeNull();

    await comesFrom('+86 199 0000 0000', '1');
    await cadre.ends(alert);
    await town.clock.pass('10 s');
    await town.phone('m-chun').replies('1');
    expect(await town.phone('m-chun').receives('您的回复晚了')).toHaveLength(1);
    expect(await outcomes()).toEqual(['answered', 'repeated', 'not-understood', 'not-understood', 'unknown-sender', 'over']);
    expect((await standing(alert, 'm-chun'))?.state).toBe('closed');
    await nobodyElseWasCalled();
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('one member has one number in whatever spelling it comes, and an empty word of his is not understood and closes nothing', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO], level: 'yellow' });
    await town.phone('m-ayi').receives(CALL);
    await comesFrom('10000000001', '');
    expect(await standing(alert, 'm-ayi')).toMatchObject({ state: 'sent', answer: null });
    await town.phone('m-ayi').receives('没看懂');
    const spellings = [
      ...['10000000001', '100 0000 0001', '100-0000-0001', '(100)0000-0001', '１０００００００００１', '100.0000.0001'],
      ...['+8610000000001', '+86 100 0000 0001', '008610000000001', '0086-100-0000-0001', '＋86 100　0000　0001', '+86（100）0000–0001'],
    ];
    for (const from of spellings) await comesFrom(from, '１。');
    expect(await standing(alert, 'm-ayi')).toMatchObject({ answer: 'coming' });
    expect(await outcomes()).toEqual(['not-understood', 'answered', ...spellings.slice(1).map(() => 'repeated')]);
    expect(await town.told(alert, 'call.answered')).toHaveLength(1);
  });

  it('nobody answers from outside: who was not called claims nothing, and an officer writes down nobody of another village', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO], level: 'yellow' });
    await town.phone('m-ayi').receives(CALL);
    await town.phone('m-er').replies('1');
    expect(await outcomes()).toEqual(['no-question']);
    const call = (await standing(alert, 'm-ayi'))!;
    const neighbour = (await town.officer('cadre2')).api;
    await expect(neighbour.post(`/api/v1/calls/${call.id}/answer-for`, { answer: 'arrived', means: 'telephone' })).rejects.toMatchObject({
      code: 'out-of-scope',
    });
    expect(await cadre.answers(alert)).toMatchObject({ answered: 0 });
    expect(await town.told(alert, 'call.answered')).toEqual([]);
  });
});
