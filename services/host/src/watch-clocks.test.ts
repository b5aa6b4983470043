// Clocks of two machines that differ are told, whichever is wrong; a slow answer accuses nobody.
import { describe, expect, it } from 'vitest';
import { FakeClock } from '@laba/runtime/fake-clock';
import { silentLog } from '@laba/runtime/log';
import { ClockWatch } from './watch-clocks.ts';

describe('the watch over clocks', () => {
  const clock = new FakeClock();
  const watchAt = (apartMs: number, tookMs = 0) =>
    new ClockWatch({
      clock,
      log: silentLog,
      databaseNowMs: async () => {
        await clock.advance(tookMs);
        return clock.now() - tookMs / 2 - apartMs;
      },
    });

  it.each([
    [0, []],
    [4_900, []],
    [-4_900, []],
    [6_000, ["clock: this machine is 6 s ahead of the database's; set both by NTP"]],
    [-90_000, ["clock: this machine is 90 s behind the database's; set both by NTP"]],
  ])('%i ms apart', async (apartMs, lines) => {
    const watch = watchAt(apartMs);
    await watch.look();
    expect(watch.degraded()).toEqual(lines);
  });

  it('an answer that took long is no proof', async () => {
    const watch = watchAt(60_000, 3_000);
    await watch.look();
    expect(watch.degraded()).toEqual([]);
  });
});
