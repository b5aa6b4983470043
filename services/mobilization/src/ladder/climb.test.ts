// One look at one ladder: the order of the climb, the two clocks, who is passed over, and the officer at the top of every round.
import { describe, expect, it } from 'vitest';
import { ladderPolicySchema, paceOf } from '@laba/domain/ladder-policy';
import { look, nextLookAtMs, openLadder, quicken, type Ladder, type Looked, type Rung } from './climb.ts';

const VILLAGE = '533324101201';
const TOWNSHIP = '533324101';
const COUNTY = '533324';
const policy = ladderPolicySchema.parse(undefined);
const fast = paceOf(policy, 'move-now')!;
const slow = paceOf(policy, 'prepare')!;

const rung = (gridCode: string, position: number, obstacle: Rung['obstacle'] = null): Rung => ({
  gridCode,
  position,
  memberId: `m-${gridCode.length}-${position}`,
  duty: 'responsible',
  channels: ['sms'],
  obstacle,
});
const opened = (degree: 'move-now' | 'prepare' = 'move-now') =>
  openLadder({ id: 'l', alertId: 'a', gridCode: VILLAGE, degree }, degree === 'move-now' ? fast : slow, 0);

/** Looks whenever a look is due, up to `untilMs`. */
function watch(ladder: Ladder, rungs: readonly Rung[], untilMs: number): { ladder: Ladder; looks: (Looked & { atMs: number })[] } {
  const looks = [];
  let now = ladder;
  for (let atMs = nextLookAtMs(now); atMs <= untilMs; atMs = nextLookAtMs(now)) {
    const looked = look(now, fast, rungs, atMs);
    looks.push({ ...looked, atMs });
    now = looked.ladder;
  }
  return { ladder: now, looks };
}
const told = (looks: readonly (Looked & { atMs: number })[]) =>
  looks.map(({ atMs, asked, overdue, steps }) => [
    atMs / 60_000,
    asked?.memberId ?? '-',
    ...steps.filter((step) => step.skipped !== null).map((step) => `${step.rungCode}:${step.skipped}`),
    ...(overdue === undefined ? [] : [overdue]),
  ]);

describe('the climb', () => {
  const everybody = [rung(COUNTY, 1), rung(TOWNSHIP, 2), rung(VILLAGE, 7), rung(TOWNSHIP, 1), rung(VILLAGE, 3)];

  it('asks the village’s own people in order, then the township’s, the county’s, the duty officer, and begins again', () => {
    expect(told(watch(opened(), everybody, 7 * 60_000).looks)).toEqual([
      [0, 'm-12-3'],
      [1, 'm-12-7'],
      [2, 'm-9-1'],
      [3, 'm-9-2'],
      [4, 'm-6-1'],
      [5, '-', 'climbed'],
      [6, 'm-12-3'],
      [7, 'm-12-7'],
    ]);
  });

  it('tells the officer when the clock runs out in the middle of the climb, once', () => {
    const many = Array.from({ length: 9 }, (_, i) => rung(VILLAGE, i + 1));
    const { looks, ladder } = watch(opened(), many, 10 * 60_000);
    expect(told(looks).filter(([, , why]) => why !== undefined)).toEqual([
      [5, 'm-12-6', 'clock'],
      [9, '-', 'climbed'],
    ]);
    expect(ladder.answerOverdueAtMs).toBe(5 * 60_000);
  });

  it('passes over whoever cannot be asked, names him once, and loses no time by it', () => {
    const rungs = [rung(VILLAGE, 1, 'no-channel'), rung(VILLAGE, 2, 'away'), rung(TOWNSHIP, 1, 'gone'), rung(COUNTY, 1)];
    expect(told(watch(opened(), rungs, 2 * 60_000).looks)).toEqual([
      [0, 'm-6-1', `${VILLAGE}:no-channel`, `${VILLAGE}:away`, `${TOWNSHIP}:gone`],
      [1, '-', 'climbed'],
      [2, 'm-6-1'],
    ]);
  });

  it('goes straight up where a village names nobody, and to the officer where nobody is named at all', () => {
    expect(told(watch(opened(), [rung(TOWNSHIP, 1)], 0).looks)).toEqual([[0, 'm-9-1', `${VILLAGE}:no-rungs`]]);
    expect(told(watch(opened(), [], 2 * 60_000).looks)).toEqual([
      [0, '-', `${VILLAGE}:no-rungs`, 'climbed'],
      [1, '-', 'climbed'],
      [2, '-', 'climbed'],
    ]);
  });

  it('goes on after a rung that was taken off meanwhile', () => {
    const first = look(opened(), fast, [rung(VILLAGE, 1), rung(VILLAGE, 2)], 0).ladder;
    expect(look(first, fast, [rung(VILLAGE, 2)], 60_000).asked?.position).toBe(2);
    expect(look({ ...first, askedPosition: 2 }, fast, [rung(TOWNSHIP, 1)], 60_000).asked?.gridCode).toBe(TOWNSHIP);
  });

  it('asks nobody of another village or township', () => {
    const others = [rung('533324101202', 1), rung('533324102', 1), rung('533323', 1)];
    expect(look(opened(), fast, others, 0).asked).toBeUndefined();
  });
});

describe('the second question', () => {
  it('is climbed from its own clock on, from the first rung again', () => {
    const answered: Ladder = { ...opened(), state: 'answered', answeredAtMs: 60_000, movingDueAtMs: 16 * 60_000, askAtMs: 16 * 60_000, steps: 2 };
    const { looks, ladder } = watch(answered, [rung(VILLAGE, 1), rung(TOWNSHIP, 1)], 18 * 60_000);
    expect(told(looks)).toEqual([
      [16, 'm-12-1', 'clock'],
      [17, 'm-9-1'],
      [18, '-', 'climbed'],
    ]);
    expect(looks.flatMap(({ steps }) => steps.map((step) => [step.number, step.question]))).toEqual([
      [3, 'moving'],
      [4, 'moving'],
      [5, 'moving'],
    ]);
    expect(ladder).toMatchObject({ movingOverdueAtMs: 16 * 60_000, answerOverdueAtMs: null });
  });
});

describe('a graver degree', () => {
  it('shortens the clocks and never makes one longer', () => {
    const asked = look(opened('prepare'), slow, [rung(VILLAGE, 1)], 0).ladder;
    const quicker = quicken(asked, 'move-now', fast, 30_000);
    expect(quicker).toMatchObject({ degree: 'move-now', answerDueAtMs: 5 * 60_000, askAtMs: 90_000 });
    const late = quicken(asked, 'move-now', fast, 110_000);
    expect(late.askAtMs).toBe(asked.askAtMs);
  });
});

describe('never in silence', () => {
  const OBSTACLES: readonly (Rung['obstacle'] | 'nobody')[] = [null, 'away', 'nobody'];
  const PLACES: readonly [string, number][] = [
    [VILLAGE, 1],
    [VILLAGE, 2],
    [TOWNSHIP, 1],
    [COUNTY, 1],
    [COUNTY, 2],
  ];
  /** Every ladder of up to five rungs of which each is there, away or missing. */
  const ladders = PLACES.reduce<Rung[][]>(
    (all, [code, position]) =>
      all.flatMap((rungs) => OBSTACLES.map((obstacle) => (obstacle === 'nobody' ? rungs : [...rungs, rung(code, position, obstacle)]))),
    [[]],
  );

  it('whoever is missing, at every look somebody is asked or the officer told, everybody in turn, and there is a next look', () => {
    expect(ladders).toHaveLength(243);
    for (const rungs of ladders) {
      const { looks, ladder } = watch(opened(), rungs, 60 * 60_000);
      for (const { asked, overdue } of looks) expect(asked === undefined ? overdue : asked.obstacle).toBe(asked === undefined ? 'climbed' : null);
      expect(looks.length).toBeGreaterThanOrEqual(61);
      expect(nextLookAtMs(ladder)).toBeLessThanOrEqual(61 * 60_000);
      const asked = new Set(looks.map((one) => one.asked?.memberId));
      for (const one of rungs.filter(({ obstacle }) => obstacle === null)) expect(asked).toContain(one.memberId);
    }
  });
});
