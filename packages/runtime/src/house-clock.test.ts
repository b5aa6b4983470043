// A village's own time over power cuts: known, counted on from where it stood, confirmed, told; and written down for the next time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.ts';
import { HouseClock, type Machine } from './house-clock.ts';
import { silentLog } from './log.ts';

const HOUR = 3_600_000;
const YEAR = 366 * 24 * HOUR;
const NOON = Date.UTC(2026, 6, 1, 12);

describe('the clock of a village’s house', () => {
  let dir: string;
  let fake: FakeClock;
  let machine: { -readonly [K in keyof Machine]: Machine[K] };
  let offMs: number;
  let isKept: boolean;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'laba-clock-'));
    fake = new FakeClock({ startMs: NOON });
    offMs = 0;
    isKept = true;
    machine = { bootId: 'first', wallMs: () => fake.now() + offMs, monotonicMs: () => fake.elapsedMs, isKept: async () => isKept };
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const open = (newestMs = NOON) => HouseClock.open({ timers: fake, machine, file: join(dir, 'clock.json'), newestMs, log: silentLog });
  const boot = (bootId: string, wallMs: number, kept: boolean) => {
    machine.bootId = bootId;
    offMs = wallMs - fake.now();
    isKept = kept;
  };

  it('is the machine’s where something kept it, and goes with it', async () => {
    const clock = await open();
    expect([clock.by, clock.doubt, clock.now()]).toEqual(['machine', undefined, NOON]);
    await fake.advance(HOUR);
    expect(clock.now()).toBe(NOON + HOUR);
  });

  it('believes any machine on its very first start: nothing can wait there yet', async () => {
    isKept = false;
    expect((await open(0)).by).toBe('machine');
  });

  it('is unknown when nothing kept it, and goes on from the newest time that the house wrote, never ahead of the truth', async () => {
    isKept = false;
    const clock = await open(NOON - HOUR);
    expect(clock.doubt).toEqual({ state: 'unknown', sinceMs: NOON - HOUR });
    await fake.advance(HOUR);
    expect(clock.now()).toBe(NOON + 1);
    expect(await clock.askMachine()).toBeUndefined();
  });

  it('is unknown when the machine’s lies before what the house is sure of, or more than a year after it, whatever vouches for it', async () => {
    for (const wallMs of [0, NOON - 1, NOON + YEAR + 1]) {
      boot(`at ${wallMs}`, wallMs, true);
      expect((await open()).by, String(wallMs)).toBe('nobody');
      rmSync(join(dir, 'clock.json'));
    }
    boot('the next day', NOON + 24 * HOUR, true);
    expect((await open()).by).toBe('machine');
  });

  it('remembers over a power cut what the file says, not only what the house wrote', async () => {
    const clock = await open();
    await fake.advance(5 * HOUR);
    clock.keep();
    boot('second', NOON + 4 * HOUR, true);
    expect((await open()).doubt).toEqual({ state: 'unknown', sinceMs: NOON + 5 * HOUR });
  });

  it('a process that was away while the machine was on knows what it knew', async () => {
    boot('second', 0, false);
    const before = await open();
    before.set('officer', NOON + 10 * HOUR);
    await fake.advance(HOUR);
    const after = await open();
    expect([after.by, after.now(), after.doubt!.sinceMs]).toEqual(['officer', NOON + 11 * HOUR, NOON]);
  });

  it('an officer’s word proves nothing: it can be corrected, also backwards, but not below what is proven', async () => {
    boot('second', 0, false);
    const clock = await open();
    await fake.advance(HOUR);
    clock.set('officer', NOON + 90 * 24 * HOUR);
    expect(clock.confirmable.fromMs).toBe(NOON + HOUR);
    clock.set('officer', NOON + 2 * HOUR);
    expect(clock.now()).toBe(NOON + 2 * HOUR);
    clock.set('above', NOON + 3 * HOUR);
    expect([clock.doubt, clock.confirmable.fromMs]).toEqual([undefined, NOON + 3 * HOUR]);
  });

  it('what an officer said wrongly does not bar the right time after the next power cut', async () => {
    boot('second', 0, false);
    const clock = await open();
    clock.set('officer', NOON + 90 * 24 * HOUR);
    boot('third', 0, false);
    const next = await open();
    expect(next.doubt).toEqual({ state: 'unknown', sinceMs: NOON + 90 * 24 * HOUR });
    expect(next.confirmable.fromMs).toBe(NOON);
  });

  it('a damaged file is as good as none, and one that cannot be written stops no clock', async () => {
    writeFileSync(join(dir, 'clock.json'), '{"floorMs":');
    isKept = false;
    expect((await open()).doubt?.sinceMs).toBe(NOON);
    const told: unknown[] = [];
    const file = join(dir, 'nowhere', 'clock.json');
    const clock = await HouseClock.open({ timers: fake, machine, file, newestMs: NOON, log: { ...silentLog, warn: (about: unknown) => told.push(about) } });
    clock.set('officer', NOON + HOUR);
    expect([clock.now(), told.length]).toEqual([NOON + HOUR, 2]);
  });
});
