// Chapter 6, look back: the numbers of a night, and that they are the board's.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ACROSS, DASUO, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

interface Point {
  minute: number;
  count: number;
}
interface Part {
  firstSound: { speakers: number; count: number; firstMs: number | null; curve: Point[] };
  answers: { members: number; count: number; byFirst: Record<string, number>; curve: Point[] };
  rollCall: { households: object; persons: { total: number; accounted: number }; curve: Point[] };
}
interface Measures extends Part {
  state: string;
  lastedMs: number;
  ladders: Record<string, unknown>;
  villages: (Part & { name: string; ladder: { answeredMs: number | null; movingMs: number | null } | null })[];
}

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
afterEach(() => town.close());

it('the measures of an alert that is over are the sum of its villages and end where the board stands', async () => {
  const duty = await town.officer('duty1');
  const { api } = duty;
  const alert = await duty.orders({ at: [VILLAGE, ACROSS], intervalSeconds: 600 });
  await town.eventually('the lists are frozen and the villages are asked', async () => {
    const { persons } = await api.get<{ persons: { total: number } }>(`/api/v1/alerts/${alert}/rollcall`);
    const { counts } = await api.get<{ counts: { total: number } }>(`/api/v1/alerts/${alert}/ladders`);
    return persons.total === 4 && counts.total === 2;
  });
  await town.speaker('dasuo-1').hears('泥石流');
  await town.speaker('across-1').hears('泥石流');
  await town.clock.pass('2 min');
  const calls = await duty.called(alert);
  for (const [memberId, answer] of [
    ['m-bo', 'coming'],
    ['m-er', 'cannot'],
  ] as const)
    await town.member(calls.find((call) => call.memberId === memberId)!).answers(answer);
  await town.member(calls.find((call) => call.memberId === 'm-bo')!).answers('arrived');
  const { ladders: asked } = await api.get<{ ladders: { gridCode: string; version: number }[] }>(`/api/v1/alerts/${alert}/ladders`);
  const { version } = asked.find(({ gridCode }) => gridCode === VILLAGE)!;
  await api.post(`/api/v1/alerts/${alert}/ladders/${VILLAGE}/answer`, { means: 'telephone', by: { name: '演示甲' }, moving: { persons: 3 }, version });
  const said = { means: 'by-list', status: 'moved' };
  await api.post(`/api/v1/alerts/${alert}/rollcall/households/h-2/mark`, { ...said, version: 2 });
  await api.post(`/api/v1/alerts/${alert}/rollcall/found`, { name: '演示徒步者', gridCode: DASUO, status: 'safe', means: 'face-to-face' });
  await town.clock.settle();
  await duty.ends(alert);
  const measures = await api.get<Measures>(`/api/v1/alerts/${alert}/measures`);
  const { totals } = await api.get<{ totals: { speakers: { total: number; ever: Record<string, number> }; members: Record<string, number> } }>(
    `/api/v1/alerts/${alert}/coverage`,
  );
  const { households, persons } = await api.get<{ households: object; persons: { total: number; accounted: number } }>(`/api/v1/alerts/${alert}/rollcall`);
  const { counts } = await api.get<{ counts: object }>(`/api/v1/alerts/${alert}/ladders`);
  expect(measures.state).toBe('ended');
  expect(measures.lastedMs).toBeGreaterThanOrEqual(120_000);
  expect([measures.firstSound.speakers, measures.firstSound.count]).toEqual([totals.speakers.total, totals.speakers.ever['playing']]);
  expect(measures.firstSound.firstMs).toBeLessThan(60_000);
  expect(measures.answers).toMatchObject({ members: totals.members['total'], count: 2, byFirst: { coming: 1, cannot: 1, arrived: 0 } });
  expect(measures.rollCall).toMatchObject({ households, persons: { total: persons.total, accounted: persons.accounted } });
  expect(persons).toMatchObject({ total: 5, accounted: 3 });
  expect(measures.ladders).toMatchObject(counts);
  for (const part of [measures, ...measures.villages]) {
    expect(part.firstSound.curve.at(-1)?.count ?? 0).toBe(part.firstSound.count);
    expect(part.answers.curve.at(-1)?.count ?? 0).toBe(part.answers.count);
    expect(part.rollCall.curve.at(-1)?.count ?? 0).toBe(part.rollCall.persons.accounted);
  }
  const sum = (of: (part: Part) => number) => measures.villages.reduce((all, village) => all + of(village), 0);
  for (const of of [
    (part: Part) => part.firstSound.speakers,
    (part: Part) => part.firstSound.count,
    (part: Part) => part.answers.members,
    (part: Part) => part.answers.count,
    (part: Part) => part.rollCall.persons.total,
    (part: Part) => part.rollCall.persons.accounted,
  ])
    expect(sum(of)).toBe(of(measures));
  const [village, neighbour] = measures.villages;
  expect([village!.name, neighbour!.name]).toEqual(['芒孜村委会', '茨开村委会']);
  expect(village!.ladder!.movingMs).toBeGreaterThanOrEqual(120_000);
  expect(neighbour!.ladder!.answeredMs).toBeNull();
  expect(await town.brokenPromises()).toEqual([]);
});
