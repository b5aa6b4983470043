// The check of numbers: who is asked and when, what holds it up, what comes of it, and that a changed number knows nothing of the old one.
import { and, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MessageState } from '@laba/domain/message';
import { DEFAULT_POLICY, type Policy } from '@laba/domain/policy';
import { any } from '@laba/storage/database';
import type { Job } from '@laba/storage/jobs';
import { COUNTY, GROUP_A, GROUP_B, Town, VILLAGE } from '../town.test-kit.ts';
import { checkNumbers } from './check-numbers.ts';
import { proveChannel } from './proof-store.ts';
import { startStandingCheck } from './start-round.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ONE = '13800000001';
const TWO = '13800000002';

describe('the check of numbers', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.found();
    await town.member('m1', [GROUP_A], true, { phone: ONE });
    await town.member('m2', [GROUP_B], true, { phone: TWO });
    await town.member('m3', [GROUP_B]);
    await town.member('away', [GROUP_B], false, { phone: '13800000003' });
    await startStandingCheck(town.deps);
  });

  const round = (id = 'standing') => town.react('mobilization.check-numbers', 'numbers.round-started', id, {});
  const asked = async () =>
    (await town.deps.db.read((q, t) => q.select().from(t.message).orderBy(t.message.memberId, t.message.channel, t.message.step))).map(
      (one) => `${one.memberId} ${one.channel} ${one.step}`,
    );
  const numbers = async (query = '') => {
    const { numbers: rows } = (await town.app.inject({ url: `/api/v1/numbers${query}`, ...town.as('county') })).json<{
      numbers: { memberId: string; channel: string | null; result: string; reason: string | null; provenDaysAgo: number | null }[];
    }>();
    return rows.map((row) => `${row.memberId} ${row.channel ?? '-'} ${row.result}${row.reason === null ? '' : ` ${row.reason}`}`);
  };
  const starts = (payload: object) => town.app.inject({ method: 'POST', url: '/api/v1/numbers/rounds', ...town.as('county'), payload });

  async function became(memberId: string, state: MessageState, reason: string | null = null): Promise<void> {
    await town.deps.db.atomically([
      any((q, t) =>
        q
          .update(t.message)
          .set({ state, reason, changedAtMs: town.clock.now() })
          .where(and(eq(t.message.memberId, memberId), eq(t.message.state, 'queued')))
          .returning({ id: t.message.id }),
      ),
    ]);
  }

  async function proves(memberId: string, phone: string, channel: 'sms' | 'voice' = 'sms'): Promise<void> {
    await town.deps.db.atomically([proveChannel(memberId, channel, town.deps.vault.hash('phone', phone), town.clock.now())]);
  }

  async function changesNumber(memberId: string, phone: string): Promise<void> {
    const { vault } = town.deps;
    await town.deps.db.atomically([
      any((q, t) =>
        q
          .update(t.member)
          .set({ phoneCipher: vault.encrypt(phone), phoneHash: vault.hash('phone', phone) })
          .where(eq(t.member.id, memberId))
          .returning({ id: t.member.id }),
      ),
    ]);
  }

  async function policy(changed: Partial<Policy['numbers']>): Promise<void> {
    const body = { ...DEFAULT_POLICY, numbers: { ...DEFAULT_POLICY.numbers, ...changed } };
    const row = { county: COUNTY, policy: body, version: 1 };
    await town.deps.db.atomically([
      any((q, t) => q.insert(t.policy).values(row).onConflictDoUpdate({ target: t.policy.county, set: row }).returning({ version: t.policy.version })),
    ]);
  }

  const startsOver = async (gridCode: string) => (await starts({ gridCode, olderThanDays: 0 })).json<{ id: string }>().id;

  /** All of them have read before the first one writes; the codes with which they were refused. */
  async function atOnce(...ids: string[]): Promise<string[]> {
    const reactions = await Promise.all(ids.map((subjectId) => checkNumbers(town.deps, { event: { subjectId } } as Job)));
    const ended = await Promise.allSettled(reactions.map(({ ops = [] }) => town.deps.db.atomically(ops)));
    return ended.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []));
  }

  const open = async () =>
    (await town.deps.db.read((q, t) => q.select().from(t.channelProof).where(eq(t.channelProof.state, 'asked')))).map((one) => one.addressHash!);

  /** Looks again and again, until as many days have gone by as nobody answers. */
  async function goOn(days: number, ...ids: string[]): Promise<void> {
    for (let day = 0; day < days; day += 1) {
      for (let look = 0; look < 3; look += 1) for (const id of ids) await round(id);
      await town.clock.advance(DAY);
    }
    for (const id of ids) for (let look = 0; look < 2; look += 1) await round(id);
  }

  it('asks everybody who is here and has a number, each person by one channel at a time', async () => {
    expect(await round()).toEqual({ againAtMs: town.clock.now() + MINUTE });
    expect(await asked()).toEqual(['m1 sms 1', 'm2 sms 1']);
    await town.clock.advance(MINUTE);
    await round();
    expect(await asked()).toEqual(['m1 sms 1', 'm2 sms 1']);
    await proves('m1', ONE);
    await round();
    expect(await asked()).toEqual(['m1 sms 1', 'm1 voice 1', 'm2 sms 1']);
    expect(await numbers()).toEqual([
      'm1 sms proven',
      'm1 voice waiting',
      'away sms never',
      'away voice never',
      'm2 sms waiting',
      'm2 voice never',
      'm3 - none',
    ]);
  });

  it('asks nobody in the quiet hours, and no test goes out later than they begin', async () => {
    await town.clock.advance(14 * HOUR);
    expect(new Date(town.clock.now() + 8 * HOUR).toISOString()).toContain('T22:00');
    expect(await round()).toEqual({ againAtMs: town.clock.now() + 9 * HOUR });
    expect(await asked()).toEqual([]);
    await town.clock.advance(9 * HOUR);
    await round();
    const [message] = await town.deps.db.read((q, t) => q.select().from(t.message));
    expect(message).toMatchObject({ urgent: false, notAfterMs: town.clock.now() + 14.5 * HOUR });
  });

  it('waits while an alert stands, drills too, and goes on when it is over; a test of the path holds nothing up', async () => {
    const alert = await town.raised([VILLAGE], 'drill');
    expect(await round()).toEqual({ againAtMs: town.clock.now() + 5 * MINUTE });
    expect(await asked()).toEqual([]);
    await town.over(alert, 'ended');
    await town.raised([VILLAGE], 'test');
    await round();
    expect(await asked()).toHaveLength(2);
  });

  it('spreads the county over days and minutes, and starts a round of an officer without waiting for tomorrow', async () => {
    await policy({ perDay: 1, perMinute: 1 });
    await round();
    await town.clock.advance(MINUTE);
    await round();
    expect(await asked()).toEqual(['m1 sms 1']);
    const { id } = (await starts({ gridCode: GROUP_B })).json<{ id: string }>();
    await town.clock.advance(MINUTE);
    await round(id);
    expect(await asked()).toEqual(['m1 sms 1', 'm2 sms 1']);
  });

  it('tries again, then names who did not answer: not confirmed, delivered, or dead', async () => {
    await policy({ channels: ['sms'], tries: 2 });
    await round();
    await became('m1', 'sent');
    await became('m2', 'sent');
    await town.clock.advance(DAY);
    await round();
    expect(await asked()).toEqual(['m1 sms 1', 'm1 sms 2', 'm2 sms 1', 'm2 sms 2']);
    await became('m1', 'delivered');
    await became('m2', 'failed', 'not-delivered');
    await town.clock.advance(DAY);
    await round();
    expect(await numbers()).toEqual(['m1 sms delivered', 'away sms never', 'm2 sms dead not-delivered', 'm3 - none']);
    expect((await town.events('number.dead')).map((event) => [event.subjectId, event.gridCode, event.data])).toEqual([
      ['m2', GROUP_B, { channel: 'sms', reason: 'not-delivered' }],
    ]);
    expect((await town.events('number.unconfirmed')).map(({ subjectId }) => subjectId)).toEqual(['m1']);
  });

  it('asks again each half-year, but a dead number only when it changes or an officer says so', async () => {
    await policy({ channels: ['sms'] });
    await round();
    await became('m2', 'failed', 'provider-refused');
    await proves('m1', ONE);
    await town.deps.db.atomically([
      any((q, t) => q.update(t.message).set({ state: 'sent' }).where(eq(t.message.memberId, 'm1')).returning({ id: t.message.id })),
    ]);
    await round();
    expect(await numbers('?result=dead')).toEqual(['m2 sms dead provider-refused']);
    await town.clock.advance(179 * DAY);
    await round();
    expect(await asked()).toEqual(['m1 sms 1', 'm2 sms 1']);
    await town.clock.advance(2 * DAY);
    expect(await numbers('?result=old')).toEqual(['m1 sms old']);
    await round();
    expect(await asked()).toEqual(['m1 sms 1', 'm1 sms 2', 'm2 sms 1']);
    const { id } = (await starts({ gridCode: GROUP_B })).json<{ id: string }>();
    await round(id);
    expect(await asked()).toEqual(['m1 sms 1', 'm1 sms 2', 'm2 sms 1', 'm2 sms 2']);
  });

  it('a changed number has proven nothing, and is asked', async () => {
    await policy({ channels: ['sms'] });
    await proves('m1', ONE);
    await proves('m2', TWO);
    expect(await numbers()).toEqual(['m1 sms proven', 'away sms never', 'm2 sms proven', 'm3 - none']);
    await changesNumber('m1', '13900000009');
    expect(await numbers()).toEqual(['m1 sms never', 'away sms never', 'm2 sms proven', 'm3 - none']);
    await round();
    expect(await asked()).toEqual(['m1 sms 1']);
    await changesNumber('m1', '13900000010');
    await round();
    await round();
    expect((await town.events('number.unconfirmed')).map(({ data }) => data)).toEqual([{ channel: 'sms', reason: 'number-changed' }]);
    expect(await asked()).toEqual(['m1 sms 1', 'm1 sms 2']);
  });

  it('two persons with one telephone are asked one after the other, so that an answer says whose it is', async () => {
    await town.member('m1b', [GROUP_A], true, { phone: ONE });
    await policy({ channels: ['sms'] });
    await round();
    await round();
    expect(await asked()).toEqual(['m1 sms 1', 'm2 sms 1']);
    await proves('m1', ONE);
    await round();
    expect(await asked()).toEqual(['m1 sms 1', 'm1b sms 1', 'm2 sms 1']);
  });

  it('of two rounds that come to a family telephone at once one looks again, and both end', async () => {
    await town.member('m1b', [GROUP_B], true, { phone: ONE });
    await policy({ channels: ['sms'], tries: 1 });
    const ids = [await startsOver(GROUP_A), await startsOver(GROUP_B)];
    expect(await atOnce(...ids)).toEqual(['changed-meanwhile']);
    await Promise.all(ids.map((id) => round(id)));
    expect(new Set(await open()).size).toBe((await open()).length);
    await goOn(3, ...ids);
    expect(await open()).toEqual([]);
    expect((await town.events('numbers.round-ended')).map(({ subjectId }) => subjectId).toSorted()).toEqual(ids.toSorted());
  });

  it('of two rounds that would ask one person by two channels at once one looks again', async () => {
    await proves('m1', ONE);
    await proves('m2', TWO);
    await town.clock.advance(MINUTE);
    const id = await startsOver(GROUP_A);
    expect(await atOnce('standing', id)).toEqual(['changed-meanwhile']);
    expect(new Set(await open()).size).toBe((await open()).length);
  });

  it('where one telephone has two open tests all the same, both go on and end', async () => {
    await town.member('m1b', [GROUP_B], true, { phone: ONE });
    await policy({ channels: ['sms'], tries: 2 });
    const id = await startsOver(VILLAGE);
    const nowMs = town.clock.now();
    const test = { channel: 'sms', state: 'asked', addressHash: town.deps.vault.hash('phone', ONE), step: 1, tries: 1, changedAtMs: nowMs } as const;
    const rows = ['m1', 'm1b'].map((memberId) => ({ ...test, memberId, askedAtMs: nowMs, nextAtMs: nowMs + DAY }));
    await town.deps.db.atomically([any((q, t) => q.insert(t.channelProof).values(rows).returning({ id: t.channelProof.memberId }))]);
    await goOn(4, id);
    expect((await asked()).filter((one) => one.startsWith('m1'))).toEqual(['m1 sms 2', 'm1b sms 2']);
    expect(await open()).toEqual([]);
    expect(await town.events('numbers.round-ended')).toHaveLength(1);
  });

  it('two rounds at once ask no more in a minute than one', async () => {
    await policy({ perMinute: 1 });
    const ids = [await startsOver(GROUP_A), await startsOver(GROUP_B)];
    expect(await atOnce(...ids)).toEqual(['changed-meanwhile']);
    expect(await open()).toHaveLength(1);
  });

  it('a county without a provider asks nobody for nothing, and everybody as soon as it has one', async () => {
    await policy({ channels: ['sms'] });
    await round();
    await became('m1', 'failed', 'no-channel');
    await became('m2', 'failed', 'no-channel');
    await round();
    expect(await numbers('?result=unconfirmed')).toEqual(['m1 sms unconfirmed no-channel', 'm2 sms unconfirmed no-channel']);
    await round();
    expect(await asked()).toHaveLength(2);
    await town.clock.advance(DAY + MINUTE);
    await round();
    expect(await asked()).toEqual(['m1 sms 1', 'm1 sms 2', 'm2 sms 1', 'm2 sms 2']);
  });

  it('a round of an officer ends when all have answered or are named; a second one over it is refused meanwhile', async () => {
    await policy({ channels: ['sms'] });
    const { id, numbers: open } = (await starts({ gridCode: GROUP_B, olderThanDays: 0 })).json<{ id: string; numbers: number }>();
    expect(open).toBe(1);
    expect((await starts({ gridCode: GROUP_B })).json<{ code: string }>().code).toBe('transition-refused');
    await round(id);
    await proves('m2', TWO);
    expect(await round(id)).toEqual({});
    expect((await town.events('numbers.round-ended')).map(({ subjectId }) => subjectId)).toEqual([id]);
    expect(await round(id)).toEqual({});
    expect((await starts({ gridCode: GROUP_B })).statusCode).toBe(201);
  });

  it.each([
    [{ gridCode: '5333' }, 'unknown-code'],
    [{ gridCode: '533324999' }, 'unknown-code'],
    [{ gridCode: '110000' }, 'out-of-scope'],
    [{}, 'bad-input'],
    [{ gridCode: VILLAGE, olderThanDays: -1 }, 'bad-input'],
    [{ gridCode: VILLAGE, olderThanDays: 'all' }, 'bad-input'],
  ])('a round over %j is refused', async (payload, code) => {
    expect((await starts(payload)).json<{ code: string }>().code).toBe(code);
    expect(await town.events('numbers.round-started')).toHaveLength(1);
  });

  it('an officer sees and asks nobody outside his scope', async () => {
    const other = { ...town.as('other') };
    expect((await town.app.inject({ url: '/api/v1/numbers', ...other })).json()).toMatchObject({ numbers: [], villages: [], counts: { never: 0 } });
    expect((await town.app.inject({ url: `/api/v1/numbers?grid=${VILLAGE}`, ...other })).json()).toMatchObject({ code: 'out-of-scope' });
    expect((await town.app.inject({ url: '/api/v1/numbers?grid=5', ...other })).json()).toMatchObject({ code: 'unknown-code' });
    expect((await town.app.inject({ url: '/api/v1/numbers?after=x', ...other })).json()).toMatchObject({ code: 'bad-input' });
    const url = '/api/v1/numbers/rounds';
    expect((await town.app.inject({ method: 'POST', url, ...other, payload: { gridCode: VILLAGE } })).json()).toMatchObject({ code: 'out-of-scope' });
    const mine = (await town.app.inject({ url: '/api/v1/numbers', ...town.as('village') })).json<{ villages: object[] }>();
    expect(mine.villages).toEqual([expect.objectContaining({ code: VILLAGE, name: '演示一村', counts: expect.objectContaining({ never: 6, none: 1 }) })]);
  });
});
