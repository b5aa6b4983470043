// The climb in the database: every village has one ladder, asked by one message per channel, until it is answered or the alert is over.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { EVENTS } from '@laba/domain/events';
import { any } from '@laba/storage/database';
import { LadderTown } from './ladder.test-kit.ts';
import { COUNTY, GROUP_A, GROUP_B, OTHER_VILLAGE, VILLAGE } from '../town.test-kit.ts';

let here: LadderTown;
beforeEach(async () => {
  here = await LadderTown.found();
});

describe('a ladder begins', () => {
  it('once for each village that the area touches, however it is named', async () => {
    const alert = await here.raised([GROUP_A, GROUP_B]);
    await here.climb(alert);
    await here.climb(alert);
    expect((await here.ladders()).map(({ gridCode }) => gridCode)).toEqual([VILLAGE]);
    const wide = await here.raised([COUNTY]);
    await here.climb(wide);
    expect((await here.ladders()).filter(({ alertId }) => alertId === wide).map(({ gridCode }) => gridCode)).toEqual([VILLAGE, OTHER_VILLAGE]);
  });

  it('from the policy’s degree on, in drills too, never in a test', async () => {
    for (const said of [{ level: 'yellow' as const }, { level: 'blue' as const }, { mode: 'test' as const }]) {
      const alert = await here.raised([VILLAGE], said);
      expect(await here.climb(alert, 1, said.mode)).toBeUndefined();
    }
    expect(await here.ladders()).toEqual([]);
    const drill = await here.raised([VILLAGE], { mode: 'drill' });
    await here.climb(drill, 1, 'drill');
    expect((await here.messages()).map(({ urgent }) => urgent)).toEqual([false, false]);
    const orange = await here.raised([VILLAGE], { level: 'orange' });
    await here.climb(orange);
    const [, second] = await here.ladders();
    expect((second!.answerDueAtMs - second!.openedAtMs) / 60_000).toBe(10);
  });

  it('red and move-now ring and write at once; orange and prepare one after the other', async () => {
    await here.climb(await here.raised([VILLAGE], { level: 'red' }));
    const red = await here.messages();
    expect(red.map(({ channel, urgent, memberId }) => [channel, urgent, memberId])).toEqual([
      ['voice', true, 'm-1'],
      ['sms', true, 'm-1'],
    ]);
    expect(red[0]!.dueAtMs).toBe(red[1]!.dueAtMs);
    await here.climb(await here.raised([VILLAGE], { order: 'prepare' }));
    const prepare = (await here.messages()).slice(2);
    expect(prepare.map(({ channel, urgent }) => [channel, urgent])).toEqual([
      ['sms', false],
      ['voice', false],
    ]);
    expect(prepare[1]!.dueAtMs - prepare[0]!.dueAtMs).toBe(30_000);
    expect(JSON.stringify(await here.messages())).not.toMatch(/演示成员|139/);
  });
});

describe('a ladder is climbed', () => {
  it('to the next person, the next tier, the duty officer, and round again; each asking is one row and one line of the timeline', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.pass(alert, 5);
    expect(await here.steps()).toEqual(['0 m-1', '1 m-2', '2 m-9', '3 screen', '4 m-1', '5 m-2']);
    expect(await here.told()).toEqual({ 'ladder.opened': 1, 'ladder.asked': 5, 'ladder.overdue': 1 });
    const [ladder] = await here.ladders();
    expect(ladder).toMatchObject({ state: 'asked', round: 2, answerOverdueAtMs: ladder!.openedAtMs + 3 * 60_000 });
    expect((await here.messages()).length).toBe(10);
  });

  it('past a rung without telephone, one who is away and one who was taken off the lists, each named', async () => {
    await here.rung(OTHER_VILLAGE, 1, 'm-3', 'responsible', { phone: false });
    await here.rung(OTHER_VILLAGE, 2, 'm-4', 'responsible', { available: false });
    await here.rung(OTHER_VILLAGE, 3, 'm-5');
    const { db } = here.town.deps;
    await db.atomically([any((q, t) => q.delete(t.member).where(eq(t.member.id, 'm-5')).returning({ id: t.member.id }))]);
    const alert = await here.raised([OTHER_VILLAGE]);
    await here.climb(alert);
    expect(await here.steps()).toEqual(['0 m-3 no-channel', '0 m-4 away', '0 m-5 gone', '0 m-9']);
    expect((await here.town.events('ladder.passed-over')).map(({ data }) => data['reason'])).toEqual(['no-channel', 'away', 'gone']);
  });

  it('straight up from a village that names nobody', async () => {
    const alert = await here.raised([OTHER_VILLAGE]);
    await here.climb(alert);
    expect(await here.steps()).toEqual([`0 ${OTHER_VILLAGE} no-rungs`, '0 m-9']);
  });

  it('by one step however often the same round is run', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    await here.town.clock.advance(60_000);
    await Promise.allSettled([here.climb(alert), here.climb(alert), here.climb(alert)]);
    expect(await here.steps()).toEqual(['0 m-1', '1 m-2']);
    expect((await here.messages()).length).toBe(4);
    expect(await here.told()).toEqual({ 'ladder.opened': 1, 'ladder.asked': 2 });
  });

  it('by one step after ten minutes without anybody to run it, not by ten', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    await here.town.clock.advance(600_000);
    await here.climb(alert);
    expect(await here.steps()).toEqual(['0 m-1', '10 m-2']);
    expect(await here.told()).toMatchObject({ 'ladder.overdue': 1 });
  });
});

describe('an update', () => {
  it('adds the villages of the wider area, and the older revision’s job has nothing left to do', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    await here.updated(alert, [VILLAGE, OTHER_VILLAGE], {});
    expect(await here.climb(alert, 1)).toBeUndefined();
    await here.climb(alert);
    expect((await here.ladders()).map(({ gridCode }) => gridCode)).toEqual([VILLAGE, OTHER_VILLAGE]);
    expect(await here.told()).toMatchObject({ 'ladder.opened': 2 });
  });

  it('to a graver degree shortens the clocks; to a milder one changes nothing; from yellow on it begins', async () => {
    const alert = await here.raised([VILLAGE], { level: 'yellow' });
    expect(await here.climb(alert)).toBeUndefined();
    await here.updated(alert, [VILLAGE], { level: 'orange' });
    await here.climb(alert);
    const [orange] = await here.ladders();
    await here.updated(alert, [VILLAGE], { order: 'move-now' });
    const againAtMs = await here.climb(alert);
    const [graver] = await here.ladders();
    expect([orange!.answerDueAtMs, graver!.answerDueAtMs].map((at) => (at - orange!.openedAtMs) / 60_000)).toEqual([10, 5]);
    expect(againAtMs! - orange!.openedAtMs).toBe(60_000);
    await here.updated(alert, [VILLAGE], { level: 'yellow' });
    await here.climb(alert);
    expect((await here.ladders())[0]).toMatchObject({ answerDueAtMs: graver!.answerDueAtMs, degree: 'move-now' });
    expect(await here.told()).toMatchObject({ 'ladder.opened': 1, 'ladder.quickened': 1 });
  });
});

describe('an alert that a county out of a backup takes up again', () => {
  it('has its ladders at once, by the job and not by the proof, however many places told of it', async () => {
    const alert = await here.raised([VILLAGE]);
    const told = { revision: 1, mode: 'live', areaCodes: [VILLAGE] };
    for (let place = 0; place < 2; place++) await here.town.react('mobilization.run-ladders', 'alert.recovered', alert, told);
    expect(await here.steps()).toEqual(['0 m-1']);
    expect(await here.told()).toMatchObject({ 'ladder.opened': 1, 'ladder.asked': 1 });
    expect(EVENTS['alert.recovered'].consumers).toContain('mobilization.run-ladders');
  });
});

describe('the end', () => {
  it.each(['ended', 'cancelled', 'expired'] as const)('%s: ladders close, say that they were open, and what was not sent is not sent any more', async (how) => {
    const alert = await here.raised([VILLAGE], { order: 'prepare' });
    await here.climb(alert);
    await here.over(alert, how);
    expect(await here.ladders()).toMatchObject([{ state: 'closed', closeReason: how, askAtMs: null }]);
    expect((await here.town.events('ladder.closed')).map(({ data }) => data)).toEqual([{ reason: how, open: true }]);
    expect(new Set((await here.messages()).map(({ state }) => state))).toEqual(new Set(['unneeded']));
    expect(await here.climb(alert)).toBeUndefined();
    await here.over(alert, how);
    expect(await here.told()).toMatchObject({ 'ladder.closed': 1 });
  });
});
