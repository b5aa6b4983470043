// What a computer knows of time: whether its battery's clock is the one that the wall clock shows.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batteryAgrees, thisMachine } from './this-machine.ts';

const NOON = Date.UTC(2026, 6, 1, 12);

describe('the battery’s clock', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'laba-rtc-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const shows = (name: string, seconds: string) => {
    mkdirSync(join(dir, name), { recursive: true });
    writeFileSync(join(dir, name, 'since_epoch'), seconds);
  };

  it('vouches for a wall clock that shows the same', () => {
    shows('rtc0', `${NOON / 1000 + 30}\n`);
    expect(batteryAgrees(dir, NOON)).toBe(true);
  });

  it('does not vouch for a wall clock that came from elsewhere: a box without a battery begins in 1970', () => {
    shows('rtc0', '17\n');
    expect(batteryAgrees(dir, NOON)).toBe(false);
    shows('rtc1', `${NOON / 1000}\n`);
    expect(batteryAgrees(dir, NOON)).toBe(true);
  });

  it('is not there: nothing vouches', () => {
    expect(batteryAgrees(join(dir, 'none'), NOON)).toBe(false);
    shows('rtc0', 'nonsense');
    expect(batteryAgrees(dir, NOON)).toBe(false);
    shows('rtc0', '');
    expect(batteryAgrees(dir, 0)).toBe(false);
  });
});

describe('this machine', () => {
  it('counts on, names the run since it was switched on the same each time, and says at once whether its time is kept', async () => {
    const [one, other] = [thisMachine(), thisMachine()];
    expect(one.bootId).toBe(other.bootId);
    expect(other.monotonicMs()).toBeGreaterThanOrEqual(one.monotonicMs());
    expect(typeof (await one.isKept())).toBe('boolean');
  });
});
