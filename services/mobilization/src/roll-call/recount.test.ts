// Chapter 5, roll-call: while an order stands, who was counted is counted again, and nothing that was known is lost.
import { beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { any } from '@laba/storage/database';
import { GROUP_A, GROUP_B, Town, VILLAGE } from '../town.test-kit.ts';
import { tagCode } from './tag.ts';

const TWO_HOURS_MS = 2 * 3_600_000;

interface Answer {
  complete: boolean;
  round: number;
  roundAt: string | null;
  persons: { accounted: number; unconfirmed: number; total: number };
  places: { open: number };
  list: { householdId: string; persons: { personId: string; round: number }[] }[];
}

describe('the recount', () => {
  let town: Town;
  let alertId: string;
  beforeEach(async () => {
    town = await Town.found();
    await town.household('h1', GROUP_A, ['p1', 'p2']);
    await town.household('h2', GROUP_B, ['p3']);
    await town.place('pl1', GROUP_A, 6);
    alertId = await town.raised([VILLAGE]);
    await town.freeze(alertId, [VILLAGE]);
  });

  const recount = (revision = 1) => town.react('mobilization.recount', 'alert.raised', alertId, { revision, mode: 'live', areaCodes: [VILLAGE] });
  const ask = async (query = '') =>
    (await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${alertId}/rollcall${query}`, ...town.as('village') })).json<Answer>();
  const post = async (path: string, payload: Record<string, unknown>) => {
    const answer = await town.app.inject({ method: 'POST', url: `/api/v1/alerts/${alertId}/rollcall/${path}`, ...town.as('village'), payload });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    return answer.json<{ changed: number; version: number }>();
  };
  const everybodyMoved = async () => {
    await post('households/h1/mark', { status: 'moved', means: 'by-list', version: 2 });
    await post('persons/p3/mark', { status: 'away', means: 'telephone', version: 1 });
    await post('places/pl1/count', { counted: 6, means: 'radio', version: 1 });
  };

  it('is due two hours after the freeze, and again two hours later', async () => {
    const frozenAtMs = town.clock.now();
    expect(await recount()).toEqual({ againAtMs: frozenAtMs + TWO_HOURS_MS });
    await town.clock.advance(TWO_HOURS_MS);
    expect(await recount()).toEqual({ againAtMs: frozenAtMs + 2 * TWO_HOURS_MS });
    expect(await recount()).toEqual({ againAtMs: frozenAtMs + 2 * TWO_HOURS_MS });
    expect((await town.events('rollcall.recount')).map(({ data }) => data)).toEqual([{ round: 2, persons: 0 }]);
  });

  it('opens what was complete; statuses stay; who is not confirmed is listed; the last one closes it again', async () => {
    await everybodyMoved();
    expect(await ask()).toMatchObject({ complete: true, round: 1, roundAt: null });
    await town.clock.advance(TWO_HOURS_MS);
    await recount();
    expect(await ask()).toMatchObject({ complete: false, round: 2, persons: { total: 3, accounted: 3, unconfirmed: 2 }, places: { open: 1 } });
    expect((await ask('?unconfirmed=true')).list.map(({ householdId }) => householdId)).toEqual(['h1']);
    await post('persons/p1/mark', { status: 'moved', means: 'by-list', version: 2 });
    expect(await ask()).toMatchObject({ persons: { unconfirmed: 1 } });
    expect(await post('households/h1/mark', { status: 'moved', means: 'by-list', version: 5 })).toMatchObject({ changed: 1 });
    expect((await ask()).complete).toBe(false);
    await post('places/pl1/count', { counted: 6, means: 'radio', version: 2 });
    expect(await ask()).toMatchObject({ complete: true, persons: { unconfirmed: 0 } });
    expect((await ask('?unconfirmed=true')).list).toEqual([]);
    expect((await town.events('rollcall.completed')).length).toBe(2);
    expect((await town.events('rollcall.reopened')).length).toBe(1);
    expect((await town.events('person.marked')).map(({ data }) => data['round'])).toEqual([undefined, undefined, undefined, 2, 2]);
  });

  it('opens for people alone, where no place is on the list, and closes when the last of them is confirmed', async () => {
    alertId = await town.raised([GROUP_B]);
    await town.freeze(alertId, [GROUP_B]);
    await post('persons/p3/mark', { status: 'safe', means: 'telephone', version: 1 });
    await town.clock.advance(TWO_HOURS_MS);
    await recount();
    const turns = async () => [...(await town.events('rollcall.completed')), ...(await town.events('rollcall.reopened'))].map(({ type }) => type);
    expect(await turns()).toEqual(['rollcall.completed', 'rollcall.reopened']);
    await post('persons/p3/mark', { status: 'safe', means: 'telephone', version: 2 });
    expect(await turns()).toEqual(['rollcall.completed', 'rollcall.completed', 'rollcall.reopened']);
    expect(await ask()).toMatchObject({ complete: true, persons: { unconfirmed: 0 } });
  });

  it('is not answered by what was written down before it began and came after, the line having been cut', async () => {
    await everybodyMoved();
    await town.clock.advance(TWO_HOURS_MS - 60_000);
    const writtenAt = town.clock.now();
    await town.clock.advance(60_000);
    await recount();
    await post('persons/p1/mark', { status: 'moved', means: 'telephone', version: 2, writtenAt });
    await post('households/h1/mark', { status: 'moved', means: 'telephone', version: 5, writtenAt });
    await post('places/pl1/count', { counted: 6, means: 'radio', version: 2, writtenAt });
    await post('found', { name: '演示路人', gridCode: GROUP_A, status: 'moved', means: 'telephone', writtenAt });
    const code = tagCode(town.deps.vault, { gridCode: GROUP_A, householdId: 'h1', personId: null, doorplate: '', name: '' });
    await post('scans', { code, scannedAt: writtenAt });
    expect(await ask()).toMatchObject({ complete: false, persons: { unconfirmed: 3 }, places: { open: 1 } });
    await post('scans', { code, scannedAt: town.clock.now() });
    expect(await ask()).toMatchObject({ persons: { unconfirmed: 1 } });
  });

  it('is told once when two processes come at the same moment', async () => {
    await everybodyMoved();
    await town.clock.advance(TWO_HOURS_MS);
    await Promise.allSettled([recount(), recount()]);
    expect(await ask()).toMatchObject({ round: 2 });
    expect((await town.events('rollcall.recount')).length).toBe(1);
    expect((await town.events('rollcall.reopened')).length).toBe(1);
  });

  it('ends with the order, is left to the newest revision, and is not for warnings or tests', async () => {
    await town.clock.advance(TWO_HOURS_MS);
    expect(await recount(2)).toEqual({});
    await town.deps.db.atomically([any((q, t) => q.update(t.alert).set({ kind: 'warning' }).where(eq(t.alert.id, alertId)).returning({ id: t.alert.id }))]);
    expect(await recount()).toEqual({});
    await town.deps.db.atomically([any((q, t) => q.update(t.alert).set({ kind: 'order' }).where(eq(t.alert.id, alertId)).returning({ id: t.alert.id }))]);
    await town.over(alertId, 'ended');
    expect(await recount()).toEqual({});
    expect(await town.events('rollcall.recount')).toEqual([]);
  });
});
