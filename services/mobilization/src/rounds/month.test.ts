// A month of a town in its rounds, hour by hour: what a ledger beside it says was done and missed is what the house says, and it adds up.
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import type { PeaceView } from '@laba/domain/round-view';
import { GROUP_A, GROUP_B, OTHER_VILLAGE, VILLAGE } from '../town.test-kit.ts';
import { DAY, HOUR, RoundTown } from './rounds.test-kit.ts';

/** 1 April, midnight of the county: a month in which visits are due twice. */
const APRIL = Date.UTC(2026, 2, 31, 16);
const POINTS = 12;
const HOUSEHOLDS = 10;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What ought to come of the month, counted by hand: by subject, the deadlines nobody kept. */
class Ledger {
  readonly done = new Map<string, number[]>();
  readonly missed = new Set<string>();

  note(subjectId: string, atMs: number): void {
    this.done.set(subjectId, [...(this.done.get(subjectId) ?? []), atMs]);
  }

  /** The window of so many hours that ends now. */
  closes(subjectId: string, nowMs: number, hours: number): void {
    const kept = (this.done.get(subjectId) ?? []).some((atMs) => atMs >= nowMs - hours * HOUR && atMs < nowMs);
    if (!kept) this.missed.add(`${subjectId} ${nowMs}`);
  }
}

describe.each([1, 2, 3])('a month of rounds, seed %i', (seed) => {
  it('has missed what nobody did, each once, and its figures add up on every day', { timeout: 120_000 }, async () => {
    const rounds = await RoundTown.found(APRIL + 120_000);
    const random = seeded(seed);
    const { town, deps } = rounds;
    await deps.db.atomically([
      any((q, t) => q.delete(t.hazardPoint).returning({ id: t.hazardPoint.id })),
      any((q, t) => q.delete(t.household).returning({ id: t.household.id })),
    ]);
    const points = Array.from({ length: POINTS }, (_, n) => ({ id: `p${n}`, gridCode: n % 3 === 0 ? OTHER_VILLAGE : GROUP_A }));
    const doors = Array.from({ length: HOUSEHOLDS }, (_, n) => `h${n}`);
    for (const { id, gridCode } of points) await rounds.point(id, gridCode, {});
    for (const id of doors) await rounds.household(id, GROUP_B, ['alone']);
    await rounds.planned();
    await rounds.listedLongAgo();
    const plans = new Map((await rounds.plans()).map((plan) => [plan.subjectId, plan.id]));
    const ledger = new Ledger();
    const tell = async (subjectId: string, result: string) => {
      const { status } = await rounds.post(`/${plans.get(subjectId)!}/done`, { result, means: 'telephone' });
      expect(status).toBe(201);
      if (result !== 'not-met') ledger.note(subjectId, town.clock.now());
    };
    // From the 10th, 6:30, to the 12th, 17:30, a live red alert stands over one village.
    const [risesMs, fallsMs] = [APRIL + 9 * DAY + 6.5 * HOUR, APRIL + 11 * DAY + 17.5 * HOUR];
    let alert = '';
    let made = 0;
    for (let half = 1; half <= 30 * 48; half++) {
      // Somebody goes in the middle of the half hour, and may go twice.
      town.clock.set(APRIL + (half - 0.5) * (HOUR / 2));
      for (const { id } of points) if (random() < 0.06) await tell(id, 'calm');
      for (const id of doors) if (random() < 0.002) await tell(id, random() < 0.3 ? 'not-met' : 'met');
      const nowMs = APRIL + half * (HOUR / 2);
      town.clock.set(nowMs);
      if (nowMs === risesMs) alert = await town.raised([VILLAGE], 'live', 'red');
      if (nowMs === fallsMs) await town.over(alert, 'ended');
      await rounds.run();
      const hour = ((nowMs - APRIL) % DAY) / HOUR;
      for (const { id, gridCode } of points) {
        const isRed = gridCode === GROUP_A && nowMs > risesMs && nowMs <= fallsMs;
        // Raised at half past, the first whole hour has stood for half of its window; the hour of the rise counts from then on.
        if (isRed && Number.isInteger(hour)) ledger.closes(id, nowMs, nowMs - risesMs < HOUR ? 0.5 : 1);
        else if (!isRed && hour === 12) ledger.closes(id, nowMs, 16);
        else if (!isRed && hour === 20) ledger.closes(id, nowMs, 8);
      }
      if (nowMs === APRIL + 15 * DAY || nowMs === APRIL + 30 * DAY) for (const id of doors) ledger.closes(id, nowMs, 15 * 24);
      if (hour === 23.5) {
        const { total, villages } = (await rounds.get('')) as unknown as PeaceView;
        for (const kind of ['patrol', 'visit', 'room'] as const) {
          const { due, kept, missed, open } = total[kind];
          expect(kept + missed + open).toBe(due);
          expect(villages.reduce((sum, village) => sum + village[kind].due, 0)).toBe(due);
        }
        const dayMs = nowMs - 23.5 * HOUR;
        const today = [...ledger.missed].filter((line) => line.startsWith('p') && Number(line.split(' ')[1]) > dayMs).length;
        expect([half, total.patrol.missed]).toEqual([half, today]);
        made += total.patrol.kept + total.patrol.missed;
      }
    }
    const missed = await deps.db.read((q, t) =>
      q
        .select({ subject: t.roundPlan.subjectId, toMs: t.roundMissed.toMs })
        .from(t.roundMissed)
        .innerJoin(t.roundPlan, eq(t.roundPlan.id, t.roundMissed.planId)),
    );
    expect(missed.map(({ subject, toMs }) => `${subject} ${toMs}`).sort()).toEqual([...ledger.missed].sort());
    expect((await town.events('round.missed')).length).toBe(ledger.missed.size);
    // Two a day; under the alert every hour of those that stood in it, less those of the two base hours that fell into it.
    expect(made).toBeGreaterThan(30 * 2 * POINTS);
    expect(ledger.missed.size).toBeGreaterThan(100);
    expect([...ledger.missed].some((line) => line.startsWith('h'))).toBe(true);
  });
});
