// Chapter 5, ladder (叫应): in every village somebody must answer and then act; who is silent is passed by, and nothing is ever silent.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import { ACROSS, DASUO, NEIGHBOUR, TOWNSHIP, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

interface Ladders {
  counts: { total: number; waiting: number; answered: number; moving: number; overdue: number; persons: number };
  ladders: {
    gridCode: string;
    state: string;
    overdue: boolean;
    version: number;
    asked: { memberId: string | null; rungCode: string | null; question: string; skipped: string | null }[];
    answers: { means: string; effect: string; name: string | null; words: string | null }[];
  }[];
}

describe('the ladder', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  const ladders = async (alert: string, username: 'duty1' | 'cadre1' | 'cadre2' = 'duty1') =>
    (await town.officer(username)).api.get<Ladders>(`/api/v1/alerts/${alert}/ladders`);
  const asked = async (alert: string, village = VILLAGE) => {
    const ladder = (await ladders(alert)).ladders.find(({ gridCode }) => gridCode === village);
    return (ladder?.asked ?? []).map(({ memberId, rungCode, skipped }) => (skipped === null ? (memberId ?? 'screen') : `${memberId ?? rungCode} ${skipped}`));
  };
  const begun = (alert: string, total = 1) => town.eventually('the ladders have begun', async () => (await ladders(alert)).counts.total === total);
  /** Who was asked by telephone or SMS for a ladder, in order; a call and an SMS of one asking are one. */
  const rung = () => town.phones.received.filter(({ words }) => words.includes('叫应')).map(({ phone, atMs }) => `${phone} ${atMs}`);
  const answered = (alert: string, field: 'answered' | 'moving', count = 1) =>
    town.eventually(`${field}: ${count}`, async () => (await ladders(alert)).counts[field] === count);

  it('rings and writes to the first person, takes his 收到, and after the second clock asks how many are moving', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    const first = await town.phone('m-ayi').receives('叫应');
    expect(first.map(({ channel, urgent }) => [channel, urgent]).sort()).toEqual([
      ['sms', true],
      ['voice', true],
    ]);
    await town.phone('m-ayi').replies('1');
    await answered(alert, 'answered');
    await town.clock.pass('14 min');
    expect(rung()).toHaveLength(2);
    await town.clock.pass('1 min');
    await town.phone('m-ayi').receives('开始转移了吗');
    await town.phone('m-ayi').replies('2 35');
    await answered(alert, 'moving');
    await town.clock.pass('30 min');
    expect(rung()).toHaveLength(4);
    expect((await ladders(alert)).counts).toEqual({ total: 1, waiting: 0, answered: 1, moving: 1, overdue: 0, persons: 35 });
    expect((await ladders(alert)).ladders[0]!.answers.map(({ means, effect }) => [means, effect])).toEqual([
      ['sms', 'counted'],
      ['sms', 'counted'],
    ]);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('goes to the next person, the next tier, the duty officer, and round again, until somebody presses a key', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await begun(alert);
    await town.clock.pass('6 min');
    expect(await asked(alert)).toEqual(['m-ayi', 'm-dao', 'm-bo', 'm-er', 'screen', 'm-ayi', 'm-dao']);
    expect((await town.told(alert, 'ladder.overdue')).map(({ data }) => data['reason'])).toEqual(['climbed']);
    const now = await (await town.officer('duty1')).api.get<{ ladders: { waiting: number; overdue: unknown[]; proofAgeMs: number } }>('/api/v1/now');
    expect(now.ladders).toMatchObject({ waiting: 1, overdue: [{ alertId: alert, gridCode: VILLAGE, question: 'answer', round: 2 }] });
    expect(now.ladders.proofAgeMs).toBeLessThan(60_000);
    expect((await ladders(alert)).counts).toMatchObject({ overdue: 1, waiting: 1 });
    await town.phone('m-dao').presses('1');
    await answered(alert, 'answered');
    await town.clock.pass('10 min');
    expect(await asked(alert)).toHaveLength(7);
    expect((await town.told(alert, 'ladder.answered')).map(({ data }) => [data['means'], data['overdue']])).toEqual([['voice', true]]);
  });

  it('a village whose only person has no telephone is named, and the township is asked at once', async () => {
    const alert = await (await town.officer('duty1')).orders({ at: [TOWNSHIP] });
    await begun(alert, 2);
    expect(await asked(alert, NEIGHBOUR)).toEqual(['m-fang no-channel', 'm-bo']);
    expect((await ladders(alert, 'cadre2')).ladders.map(({ gridCode }) => gridCode)).toEqual([NEIGHBOUR]);
    await (
      await town.officer('cadre2')
    ).api.post(`/api/v1/alerts/${alert}/ladders/${NEIGHBOUR}/answer`, {
      means: 'face-to-face',
      by: { memberId: 'm-fang' },
      words: '人已经在活动室',
      moving: { persons: 4 },
      version: 1,
    });
    await town.clock.settle();
    expect((await ladders(alert)).counts).toMatchObject({ moving: 1, waiting: 1, persons: 4 });
    expect((await ladders(alert, 'cadre2')).ladders[0]!.answers).toMatchObject([{ name: '演示庚', words: '人已经在活动室', effect: 'counted' }]);
    await expect(
      (await town.officer('cadre1')).api.post(`/api/v1/alerts/${alert}/ladders/${NEIGHBOUR}/answer`, { means: 'radio', by: { name: '某某' }, version: 2 }),
    ).rejects.toThrow();
  });

  it('what is not plain, and what a stranger says, claims nothing', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await town.phone('m-ayi').receives('叫应');
    for (const words of ['没收到', '2', '👍', '你是谁']) await town.phone('m-ayi').replies(words);
    await town.phone('m-er').replies('1');
    await town.phone('m-chun').replies('2 35');
    expect((await ladders(alert)).counts).toMatchObject({ waiting: 1, answered: 0 });
    await town.phone('m-ayi').replies('1。');
    await answered(alert, 'answered');
    await town.phone('m-ayi').replies('收到');
    await town.eventually('the second answer is kept', async () => (await ladders(alert)).ladders[0]!.answers.length === 2);
    expect((await ladders(alert)).ladders[0]!.answers.map(({ effect }) => effect)).toEqual(['counted', 'second']);
  });

  it('whoever has both a call and a ladder in his pocket answers the village by either', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await town.phone('m-ayi').receives('叫应');
    await town.phone('m-ayi').receives('集结');
    await town.phone('m-ayi').replies('收到');
    await answered(alert, 'answered');
  });

  it('one who is asked for two villages answers each by its own message, and is not guessed at', async () => {
    const alert = await (await town.officer('duty1')).orders({ at: [TOWNSHIP] });
    await begun(alert, 2);
    await town.clock.pass('2 min');
    expect([await asked(alert), await asked(alert, NEIGHBOUR)].map((all) => all.includes('m-bo'))).toEqual([true, true]);
    await town.phone('m-bo').replies('2 35');
    expect((await ladders(alert)).counts).toMatchObject({ moving: 0 });
    await town.phone('m-bo').replies('1');
    await answered(alert, 'answered');
    expect((await ladders(alert)).counts).toMatchObject({ waiting: 1 });
    const links = [...new Set((await town.phone('m-bo').receives('叫应')).map(({ link }) => link!))];
    for (const link of links) {
      const pressed = await fetch(new URL(link, town.house.url()), {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ said: 'moving', persons: '20' }),
      });
      expect(pressed.status).toBe(303);
    }
    await answered(alert, 'moving', 2);
  });

  it('goes on where it was when the house dies in the middle, and asks nobody twice for it', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await begun(alert);
    await town.clock.pass('1 min');
    await town.restartHouse();
    expect(await asked(alert)).toEqual(['m-ayi', 'm-dao']);
    await town.clock.pass('1 min');
    await town.eventually('the next one is asked', async () => (await asked(alert)).length === 3);
    expect(await asked(alert)).toEqual(['m-ayi', 'm-dao', 'm-bo']);
  });

  it('goes on while the queue is dead for ten minutes, and that is seen within a minute', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await begun(alert);
    await town.house.relay.stop();
    await town.clock.pass('1 min');
    await town.clock.pass('15 s');
    expect(await town.toldOf('watchdog.acted')).not.toHaveLength(0);
    await town.clock.pass('9 min');
    // Each step may be as late as the watchdog's grace and its round.
    const rungs = await asked(alert);
    expect(rungs.length).toBeGreaterThanOrEqual(8);
    expect(rungs.slice(0, 6)).toEqual(['m-ayi', 'm-dao', 'm-bo', 'm-er', 'screen', 'm-ayi']);
    await town.phone('m-ayi').receives('叫应');
  });

  it('goes on when its jobs are lost altogether: its own proof finds it late, climbs it, and says how old it is', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await begun(alert);
    await town.house.deps.db.atomically([
      any((q, t) =>
        q
          .update(t.job)
          .set({ doneAtMs: town.clock.now(), outcome: 'buried' })
          .where(eq(t.job.consumer, 'mobilization.run-ladders'))
          .returning({ id: t.job.id }),
      ),
    ]);
    await town.clock.pass('3 min');
    expect(await asked(alert)).toEqual(['m-ayi', 'm-dao', 'm-bo']);
    const ready = (await (await fetch(new URL('/readyz', town.house.url()))).json()) as { proofAgesMs: Record<string, number>; degraded: string[] };
    expect(ready.proofAgesMs['ladders']).toBeLessThanOrEqual(15_000);
  });

  it('an end closes it and says that it was open; what comes after is kept as late', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO], minutes: 4 });
    await town.phone('m-ayi').receives('叫应');
    await town.clock.pass('5 min');
    expect((await town.told(alert, 'ladder.closed')).map(({ data }) => data)).toEqual([{ reason: 'expired', open: true }]);
    expect((await town.told(alert, 'alert.expired')).map(({ data }) => data['openLadders'])).toEqual([1]);
    const before = rung().length;
    await town.phone('m-ayi').replies('1');
    await town.eventually('the late answer is kept', async () => (await ladders(alert)).ladders[0]!.answers.length === 1);
    expect((await ladders(alert)).ladders[0]).toMatchObject({ state: 'closed', answers: [{ effect: 'after-end' }] });
    await town.clock.pass('10 min');
    expect(rung()).toHaveLength(before);
  });

  it('a drill climbs and says that it is one; a test asks nobody; a wider order adds the other village', async () => {
    const duty = await town.officer('duty1');
    const test = await duty.orders({ at: [DASUO], mode: 'test' });
    const drill = await duty.orders({ at: [DASUO], mode: 'drill', says: '演练。请到活动室集合。' });
    await begun(drill);
    expect((await town.phone('m-ayi').receives('叫应')).every(({ words, urgent }) => words.startsWith('【演练】') && !urgent)).toBe(true);
    expect((await ladders(test)).counts.total).toBe(0);
    await duty.updates(drill, { at: [DASUO, ACROSS], mode: 'drill', says: '演练。请到活动室集合。' });
    await begun(drill, 2);
  });
});
