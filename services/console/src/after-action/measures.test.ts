// After-action: every figure of the whole is the sum of the villages', every curve ends at the board's own figure, and late reports stand at their own time.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StarsView } from '@laba/domain/measures-view';
import { SESSION_COOKIE } from '@laba/runtime/http';
import { any } from '@laba/storage/database';
import { GROUP_A, GROUP_B, OTHER, VILLAGE, Watch } from '../watch.test-kit.ts';

interface Curve {
  curve: { minute: number; count: number }[];
}
interface Part {
  firstSound: Curve & { speakers: number; count: number; firstMs: number | null; lastMs: number | null; p95Ms: number | null };
  answers: Curve & { members: number; count: number; medianMs: number | null; byFirst: Record<string, number> };
  rollCall: Curve & { complete: boolean; households: { total: number; accounted: number }; persons: { total: number; accounted: number } };
}
interface Measures extends Part {
  ladders: { total: number; answered: number; moving: number; overdue: number; persons: number; answerTimes: object; movingTimes: object };
  score: { points: number | null } | null;
  groups: (Part & { code: string })[];
  villages: (Part & {
    code: string;
    name: string;
    ladder: { answeredMs: number; answeredLate: boolean; movingMs: number | null; movingLate: boolean } | null;
  })[];
}

describe('the measures of an alert', () => {
  let watch: Watch;
  let alert: string;
  let raisedAtMs: number;

  beforeEach(async () => {
    watch = await Watch.open();
    alert = await watch.alert([VILLAGE, OTHER]);
    raisedAtMs = watch.clock.now();
    for (const [speaker, code] of [
      ['s-a', GROUP_A],
      ['s-b', GROUP_B],
      ['s-v', VILLAGE],
      ['s-o', OTHER],
    ] as const)
      await watch.delivery(alert, speaker, code, 'sent');
    for (const [n, code] of [GROUP_A, GROUP_A, GROUP_B, OTHER].entries()) await watch.call(alert, n, code, null);
    await listed(['p1', GROUP_A], ['p2', GROUP_A], ['p3', GROUP_B], ['p4', OTHER]);
  });

  const listed = async (...persons: (readonly [string, string])[]) => {
    const rows = persons.map(([personId, gridCode]) => ({ alertId: alert, personId, householdId: `h-${personId}`, gridCode, status: 'unreached' as const }));
    await watch.deps.db.atomically([any((q, t) => q.insert(t.rollcallPerson).values(rows).returning({ id: t.rollcallPerson.personId }))]);
  };
  const read = async (officer: 'county' | 'village' | 'other' = 'county') => (await watch.get<Measures>(officer, `/api/v1/alerts/${alert}/measures`)).body;
  const played = (speaker: string, code: string, data: object = {}) =>
    watch.tell('delivery.playing', code, `${alert}/${speaker}`, { repeat: 1, ...data }, alert);
  const answered = (n: number, code: string, answer: 'coming' | 'arrived' | 'cannot', data: object = {}) =>
    watch.tell('call.answered', code, `${alert}-${n}`, { answer, means: 'page', ...data }, alert);
  const marked = async (personId: string, code: string, status: 'moved' | 'missing' | 'returned', was: 'unreached' | 'moved') => {
    await watch.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.rollcallPerson)
          .values({ alertId: alert, personId, gridCode: code, status })
          .onConflictDoUpdate({ target: [t.rollcallPerson.alertId, t.rollcallPerson.personId], set: { status } })
          .returning({ id: t.rollcallPerson.personId }),
      ),
    ]);
    await watch.tell('person.marked', code, personId, { status, was, means: 'radio' }, alert);
  };

  /** Sums of the villages, and ends of the curves. */
  function addsUp(measures: Measures): void {
    const sum = (of: (part: Part) => number) => measures.villages.reduce((all, village) => all + of(village), 0);
    const last = ({ curve }: Curve) => curve.at(-1)?.count ?? 0;
    for (const of of [
      (part: Part) => part.firstSound.speakers,
      (part: Part) => part.firstSound.count,
      (part: Part) => part.answers.members,
      (part: Part) => part.answers.count,
      (part: Part) => part.rollCall.persons.total,
      (part: Part) => part.rollCall.persons.accounted,
      (part: Part) => part.rollCall.households.total,
      (part: Part) => last(part.rollCall),
    ])
      expect(sum(of)).toBe(of(measures));
    for (const part of [measures, ...measures.villages]) {
      expect(last(part.firstSound)).toBe(part.firstSound.count);
      expect(last(part.answers)).toBe(part.answers.count);
      expect(Object.values(part.answers.byFirst).reduce((all, n) => all + n, 0)).toBe(part.answers.count);
      expect(last(part.rollCall)).toBe(part.rollCall.persons.accounted);
    }
  }

  it('say when it first sounded, who answered when, and how the list filled', async () => {
    await watch.clock.advance(2_000);
    await played('s-a', GROUP_A);
    await watch.clock.advance(60_000);
    await played('s-a', GROUP_A, { repeat: 2 });
    await played('s-o', OTHER);
    await answered(0, GROUP_A, 'coming');
    await answered(3, OTHER, 'cannot');
    await marked('p1', GROUP_A, 'moved', 'unreached');
    await marked('p4', OTHER, 'missing', 'unreached');
    await watch.clock.advance(120_000);
    await answered(0, GROUP_A, 'arrived');
    await marked('p2', GROUP_A, 'moved', 'unreached');
    await watch.clock.advance(60_000);
    await marked('p1', GROUP_A, 'returned', 'moved');
    const measures = await read();
    addsUp(measures);
    expect(measures.firstSound).toMatchObject({
      speakers: 4,
      count: 2,
      firstMs: 2_000,
      lastMs: 62_000,
      curve: [
        { minute: 0, count: 1 },
        { minute: 1, count: 2 },
      ],
    });
    expect(measures.answers).toMatchObject({ members: 4, count: 2, medianMs: 62_000, byFirst: { coming: 1, cannot: 1, arrived: 0 } });
    expect(measures.rollCall).toMatchObject({
      persons: { total: 4, accounted: 1 },
      curve: [
        { minute: 1, count: 1 },
        { minute: 3, count: 2 },
        { minute: 4, count: 1 },
      ],
    });
    expect(measures.villages.map(({ name, firstSound }) => [name, firstSound.speakers, firstSound.count])).toEqual([
      ['演示一村', 3, 1],
      ['演示二村', 1, 1],
    ]);
  });

  it('put what was reported late where it happened: a box that came back, an answer kept on a telephone', async () => {
    await watch.clock.advance(3_600_000);
    await played('s-b', GROUP_B, { startTime: new Date(raisedAtMs + 5_000).toISOString() });
    await answered(2, GROUP_B, 'coming', { saidAtMs: raisedAtMs + 70_000 });
    // A clock that runs ahead makes nothing later than it was heard of; the all-clear is no alarm.
    await played('s-o', OTHER, { startTime: new Date(raisedAtMs + 9_000_000).toISOString() });
    await played('s-v', VILLAGE, { purpose: 'all-clear' });
    const measures = await read();
    addsUp(measures);
    expect(measures.firstSound).toMatchObject({ count: 2, firstMs: 5_000, lastMs: 3_600_000 });
    expect(measures.answers).toMatchObject({ count: 1, medianMs: 70_000 });
  });

  it('count who was found on no list, and nobody who joined on the spot', async () => {
    await watch.clock.advance(1_000);
    const row = { alertId: alert, personId: 'found-1', householdId: null, gridCode: OTHER, status: 'moved' as const };
    await watch.deps.db.atomically([any((q, t) => q.insert(t.rollcallPerson).values(row).returning({ id: t.rollcallPerson.personId }))]);
    await watch.tell('person.found', OTHER, 'found-1', { status: 'moved', means: 'radio' }, alert);
    await watch.call(alert, 9, OTHER, 'arrived');
    await watch.deps.db.atomically([
      any((q, t) =>
        q
          .update(t.call)
          .set({ joinCodeId: 'code' })
          .where(eq(t.call.id, `${alert}-9`))
          .returning({ id: t.call.id }),
      ),
    ]);
    await answered(9, OTHER, 'arrived');
    const measures = await read();
    addsUp(measures);
    expect(measures.rollCall.persons).toEqual({ total: 5, accounted: 1 });
    expect(measures.answers).toMatchObject({ members: 4, count: 0 });
  });

  it('name each village’s ladder with both its times, and what was late', async () => {
    const ladder = { alertId: alert, degree: 'move-now' as const, openedAtMs: raisedAtMs, round: 1, steps: 0, answers: 0, changedAtMs: raisedAtMs };
    const minute = (n: number) => raisedAtMs + n * 60_000;
    const rows = [
      {
        ...ladder,
        id: 'l1',
        gridCode: VILLAGE,
        state: 'moving' as const,
        answerDueAtMs: minute(5),
        answeredAtMs: minute(3),
        movingDueAtMs: minute(18),
        movingAtMs: minute(20),
        persons: 40,
      },
      { ...ladder, id: 'l2', gridCode: OTHER, state: 'asked' as const, answerDueAtMs: minute(5), answerOverdueAtMs: minute(5) },
    ];
    await watch.deps.db.atomically([any((q, t) => q.insert(t.ladder).values(rows).returning({ id: t.ladder.id }))]);
    await watch.clock.advance(30 * 60_000);
    const { ladders, villages } = await read();
    expect(ladders).toMatchObject({
      total: 2,
      answered: 1,
      moving: 1,
      overdue: 1,
      persons: 40,
      answerTimes: { count: 1, medianMs: 180_000 },
      movingTimes: { medianMs: 1_200_000 },
    });
    expect(villages.map(({ ladder: one }) => one)).toMatchObject([
      { answeredMs: 180_000, answeredLate: false, movingMs: 1_200_000, movingLate: true, persons: 40 },
      { answeredMs: null, answeredLate: true, movingMs: null, movingLate: false },
    ]);
  });

  it('count each group by itself, and give points to a drill alone', async () => {
    await watch.clock.advance(1_000);
    await played('s-a', GROUP_A);
    await answered(0, GROUP_A, 'coming');
    const { groups, score } = await read();
    expect(groups.map(({ code, firstSound, answers }) => [code, firstSound.count, firstSound.speakers, answers.count, answers.members])).toEqual([
      [GROUP_A, 1, 1, 1, 2],
      [GROUP_B, 0, 1, 0, 1],
    ]);
    expect(score).toBeNull();
  });

  it('of the drills of a half-year become stars of places, and nobody sees a place that is not his', async () => {
    const drill = async (isInError: boolean) => {
      const id = await watch.alert([VILLAGE, OTHER], 'drill');
      await watch.delivery(id, 's-a', GROUP_A, 'sent');
      await watch.delivery(id, 's-o', OTHER, 'sent');
      await watch.clock.advance(1_000);
      await watch.tell('delivery.playing', GROUP_A, `${id}/s-a`, { repeat: 1 }, id);
      const over = { state: isInError ? ('cancelled' as const) : ('ended' as const), overAtMs: watch.clock.now() };
      await watch.deps.db.atomically([any((q, t) => q.update(t.alert).set(over).where(eq(t.alert.id, id)).returning({ id: t.alert.id }))]);
      return id;
    };
    const id = await drill(false);
    await drill(true);
    expect((await watch.get<Measures>('county', `/api/v1/alerts/${id}/measures`)).body.score).toMatchObject({ points: 50 });
    const stars = async (officer: 'county' | 'other', half = '') => (await watch.get<StarsView>(officer, `/api/v1/stars${half}`)).body;
    const { half, halves, drills, places } = await stars('county');
    expect([half, halves[1], drills]).toEqual(['2026-H2', '2026-H1', 1]);
    expect(places.map(({ code, points, stars: n }) => [code, points, n])).toEqual([
      [VILLAGE, 100, 5],
      [GROUP_A, 100, 5],
      [OTHER, 0, 1],
    ]);
    expect((await stars('other')).places.map(({ code }) => code)).toEqual([OTHER]);
    expect((await stars('county', '?half=2026-H1')).places).toEqual([]);
    expect((await watch.get('county', '/api/v1/stars?half=tomorrow')).status).toBe(400);
  });

  it('go into a spreadsheet in which no name becomes a formula', async () => {
    await watch.deps.db.atomically([
      any((q, t) => q.update(t.gridNode).set({ name: '=HYPERLINK("http://x")' }).where(eq(t.gridNode.code, OTHER)).returning({ code: t.gridNode.code })),
    ]);
    const answer = await watch.app.inject({ method: 'GET', url: `/api/v1/alerts/${alert}/measures.csv`, cookies: { [SESSION_COOKIE]: 'county' } });
    expect(answer.headers['content-type']).toContain('text/csv');
    expect(answer.body).toContain(`"'=HYPERLINK(""http://x"")",1,0`);
    expect(answer.body).not.toMatch(/(^|,)"?[=+@]/m);
  });

  it('show a village its own part, and nobody an alert that does not touch him', async () => {
    await watch.clock.advance(1_000);
    await played('s-a', GROUP_A);
    await played('s-o', OTHER);
    await marked('p4', OTHER, 'moved', 'unreached');
    const own = await read('village');
    addsUp(own);
    expect(own.firstSound).toMatchObject({ speakers: 3, count: 1 });
    expect(own.villages.map(({ code }) => code)).toEqual([VILLAGE]);
    const narrow = await watch.alert([GROUP_A]);
    expect((await watch.get('other', `/api/v1/alerts/${narrow}/measures`)).status).toBe(403);
    expect((await watch.get('county', '/api/v1/alerts/none/measures')).status).toBe(404);
  });
});
