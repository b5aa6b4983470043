// A box beside a house that was switched off and does not know the time: what is decided there now sounds; what is older waits or goes on by the box's own clock.
import { describe, expect, it } from 'vitest';
import { START_MS, spoolFile, Village } from './village.test-kit.ts';

const iso = (ms: number) => new Date(ms).toISOString();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const order = { kind: 'order', level: null, order: 'move-now' } as const;

/** Its house counts on from hours ago, and answers every question so. */
async function beside(options: ConstructorParameters<typeof Village>[0]): Promise<Village> {
  const v = new Village(options);
  const startMs = v.clock.now();
  v.countyMs = () => START_MS - 5 * HOUR + v.clock.now() - startMs;
  v.snapshot = { clock: 'unknown' };
  return v.start();
}

const fresh = (v: Village, changes: Parameters<Village['wire']>[0] = {}) => v.wire({ ...order, endTime: iso(v.countyMs() + 10 * MINUTE), ...changes });

describe('beside a house that does not know the time', () => {
  for (const clockKnown of [false, true]) {
    const box = clockKnown ? 'a box with a clock of its own' : 'a box without a clock';

    it(`${box} sounds what the house says was decided now, for as long as it was meant to`, async () => {
      const v = await beside(clockKnown ? { clockKnown } : { clockKnown, startMs: 0 });
      const wire = fresh(v, { exp: v.countyMs() / 1000 + 600 });
      v.snapshot = { clock: 'unknown', commands: [wire] };
      await v.hears(wire);
      await v.advance(6_000);
      expect(v.starts()).toEqual(['alert-1 1 1']);
      await v.advance(5 * MINUTE);
      expect(v.starts().length).toBeGreaterThan(3);
      await v.advance(6 * MINUTE);
      expect(v.said().at(-1)).toMatch(/expired$/);
    });

    it(`${box} does not sound what the house does not say so of`, async () => {
      const v = await beside(clockKnown ? { clockKnown } : { clockKnown, startMs: 0 });
      await v.hears(fresh(v, { exp: v.countyMs() / 1000 - 60, endTime: iso(v.countyMs() - 60_000) }));
      await v.advance(MINUTE);
      expect(v.starts()).toEqual([]);
    });
  }

  it('nothing that was stored goes on until the house knows; then it does from where it stood', async () => {
    const file = spoolFile();
    const before = await new Village({ file }).start();
    await before.hears(before.wire({ ...order, alertId: 'stored', endTime: iso(START_MS + 6 * HOUR) }));
    await before.gateway.stop();
    await before.db.close();
    const v = await beside({ file, signers: before.signers, clockKnown: false, startMs: 0 });
    await v.advance(5 * MINUTE);
    expect([v.starts(), v.gateway.clockKnown]).toEqual([[], false]);
    v.countyMs = () => START_MS + HOUR;
    v.snapshot = { clock: 'by-hand' };
    await v.advance(30_000);
    expect([v.starts()[0], v.gateway.clockKnown]).toEqual(['stored 1 2', true]);
  });

  it('an officer’s word that was wrong by months binds no box: the right time comes and counts', async () => {
    const v = await new Village({ clockKnown: false, startMs: 0, answers: false }).start();
    v.countyMs = () => START_MS + 90 * 24 * HOUR;
    v.snapshot = { clock: 'by-hand' };
    v.answer(v.line.hellos.at(-1)!);
    await v.clock.settle();
    expect(v.gateway.clockKnown).toBe(true);
    v.line.up(false);
    v.line.up(true);
    await v.clock.settle();
    v.countyMs = () => START_MS;
    v.snapshot = {};
    v.answer(v.line.hellos.at(-1)!);
    await v.hears(v.wire(order));
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });

  it('a recorded answer of such a house wakes nothing', async () => {
    const v = await beside({ clockKnown: false, startMs: 0 });
    const wire = fresh(v);
    const hello = v.line.hellos.at(-1)!;
    await v.hears(wire);
    expect(v.starts()).toEqual([]);
    v.snapshot = { clock: 'unknown', commands: [wire] };
    v.answer({ ...hello, nonce: 'recorded' });
    await v.clock.settle();
    expect(v.starts()).toEqual([]);
  });
});
