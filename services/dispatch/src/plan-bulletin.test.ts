// The planner by itself: a time is put down once, and one whose minute has passed is dropped and named, never told late.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job } from '@laba/storage/jobs';
import { findBulletin, insertBulletin, listBulletins, timesFrom, type Bulletin } from './bulletin-store.ts';
import { COUNTY, GROUP, OTHER_VILLAGE, TestCounty, VILLAGE } from './county.test-kit.ts';
import { LATE_MS } from './bulletin-command.ts';
import { planBulletin } from './plan-bulletin.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
let county: TestCounty;
/** The planner alone sees this time: nothing else is to run meanwhile. */
let nowMs: number;
beforeEach(async () => {
  county = await TestCounty.open();
  nowMs = county.clock.now();
});
const pass = (ms: number) => {
  nowMs += ms;
};
const deps = () => ({ ...county.deps, clock: Object.assign(Object.create(county.clock) as typeof county.clock, { now: () => nowMs }) });
afterEach(() => county.close());

const inCounty = (ms: number) => new Date(ms + 8 * HOUR_MS).toISOString();

/** One that is due in so many minutes, each day; planned up to now. */
async function bulletin(minutes: number): Promise<Bulletin> {
  const one: Bulletin = {
    ...{ id: 'b-1', title: '医保', texts: [{ language: 'zh-CN', title: '医保', text: '日常广播。收医保。' }], areaCodes: [COUNTY], gridCode: COUNTY },
    times: { repeat: 'daily', at: [inCounty(nowMs + minutes * MINUTE_MS).slice(11, 16)], weekdays: [], from: inCounty(nowMs).slice(0, 10), to: null },
    ...{ volume: 60, seconds: 8, state: 'on', speakers: 4, plannedToMs: nowMs, madeBy: 'o-1', madeAtMs: nowMs, changedBy: 'o-1', changedAtMs: nowMs },
    ...{ approvedBy: null, version: 1 },
  };
  await county.db.atomically([insertBulletin(one)]);
  return one;
}

const job = { event: { subjectId: 'b-1', data: { version: 1 } } } as unknown as Job;

async function plans() {
  const reaction = await planBulletin(deps(), job);
  if (reaction.ops !== undefined) await county.db.atomically(reaction.ops);
  return reaction;
}

const times = async () => (await timesFrom(county.db, [COUNTY], 0, Number.MAX_SAFE_INTEGER)).map(({ state, reason }) => [state, reason]);

it('waits until half an hour before, then puts the time down once', async () => {
  const { plannedToMs } = await bulletin(90);
  expect(await plans()).toEqual({ againAtMs: plannedToMs + 60 * MINUTE_MS });
  pass(60 * MINUTE_MS);
  await plans();
  expect(await times()).toEqual([['planned', null]]);
  expect((await plans()).ops).toBeUndefined();
  expect(await times()).toEqual([['planned', null]]);
});

it.each([
  ['a second before its minute is over it is told still', LATE_MS - 1_000, 'planned', null],
  ['a second after it is dropped as late', LATE_MS + 1_000, 'dropped', 'late'],
  ['hours after too', 5 * HOUR_MS, 'dropped', 'late'],
])('%s', async (_, afterMs, state, reason) => {
  await bulletin(90);
  pass(90 * MINUTE_MS + afterMs);
  await plans();
  expect(await times()).toEqual([[state, reason]]);
  const dropped = await county.events('bulletin.time-dropped');
  expect(dropped.map(({ data }) => data['reason'])).toEqual(reason === null ? [] : [reason]);
  expect((await findBulletin(county.db, 'b-1'))!.plannedToMs).toBeGreaterThan(0);
});

it('a house that was away for three days names each time that it missed, and plans the next', async () => {
  await bulletin(90);
  pass(72 * HOUR_MS);
  for (let i = 0; i < 4; i++) await plans();
  expect(await times()).toEqual([
    ['dropped', 'late'],
    ['dropped', 'late'],
    ['dropped', 'late'],
  ]);
  expect((await plans()).againAtMs).toBeGreaterThan(nowMs);
});

it('of an older version, or one that was stopped, nothing is planned', async () => {
  await bulletin(10);
  expect(await planBulletin(deps(), { event: { subjectId: 'b-1', data: { version: 2 } } } as unknown as Job)).toEqual({});
  expect(await planBulletin(deps(), { event: { subjectId: 'b-2', data: { version: 1 } } } as unknown as Job)).toEqual({});
  expect(await times()).toEqual([]);
});

it('the lists hold what may touch an officer’s scope: his own ground, what lies in it and what lies above it, and nothing of his neighbour', async () => {
  const one = await bulletin(90);
  const places = [VILLAGE, GROUP, OTHER_VILLAGE];
  await county.db.atomically(places.map((gridCode) => insertBulletin({ ...one, id: gridCode, areaCodes: [gridCode], gridCode })));
  const seenBy = async (scope: string) => (await listBulletins(county.db, [scope])).map(({ id }) => id).sort();
  expect(await seenBy(COUNTY)).toEqual([GROUP, VILLAGE, OTHER_VILLAGE, 'b-1'].sort());
  expect(await seenBy(VILLAGE)).toEqual([GROUP, VILLAGE, 'b-1'].sort());
  expect(await seenBy(GROUP)).toEqual([GROUP, VILLAGE, 'b-1'].sort());
  expect(await seenBy(OTHER_VILLAGE)).toEqual([OTHER_VILLAGE, 'b-1'].sort());
});
