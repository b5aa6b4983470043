// What is heard from a pole over time: repeats, rank, ends, failures, restarts.
import { describe, expect, it } from 'vitest';
import { START_MS, spoolFile, Village } from './village.test-kit.ts';

const iso = (ms: number) => new Date(ms).toISOString();
const SECOND = 1_000;
const MINUTE = 60_000;
const since = (v: Village) => v.player.starts.map((s) => [(s.atMs - START_MS) / SECOND, s.alertId, s.repeat]);

describe('repeats', () => {
  it('start an interval after the end of the last one, as often as asked', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ playTimes: 3 }));
    await v.advance(30 * MINUTE);
    expect(since(v)).toEqual([
      [0, 'alert-1', 1],
      [70, 'alert-1', 2],
      [140, 'alert-1', 3],
    ]);
    expect(v.said()).toEqual(['received', 'playing 1', 'played 1', 'playing 2', 'played 2', 'playing 3', 'played 3']);
  });

  it("go on until the end time and fall silent by the device's own clock, also in mid-sound", async () => {
    const v = await new Village().start(false);
    v.line.up(true);
    await v.clock.settle();
    await v.hears(v.wire({ endTime: iso(START_MS + 145 * SECOND) }));
    v.line.up(false);
    await v.advance(30 * MINUTE);
    expect(v.player.starts.map((s) => [s.repeat, s.outcome, s.endedMs! - START_MS])).toEqual([
      [1, 'played', 10_000],
      [2, 'played', 80_000],
      [3, 'cut', 145_000],
    ]);
    v.line.up(true);
    await v.clock.settle();
    expect(v.said().at(-1)).toBe('stopped 3 expired');
  });

  it('wait for the start time', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ startTime: iso(START_MS + 5 * MINUTE), playTimes: 1 }));
    await v.advance(10 * MINUTE);
    expect(since(v)).toEqual([[300, 'alert-1', 1]]);
  });

  it('fall silent when the quiet hours begin and go on when they end', async () => {
    const v = await new Village().start();
    await v.hears(
      v.wire({ level: 'yellow', intervalSeconds: 60, quietHours: { from: '12:02', to: '12:10', utcOffsetMinutes: 480 }, endTime: iso(START_MS + 11 * MINUTE) }),
    );
    await v.advance(12 * MINUTE);
    expect(since(v).map(([at]) => at)).toEqual([0, 70, 600]);
    expect(v.said()).toContain('stopped 2 quietened');
    expect(v.said().at(-1)).toBe('stopped 3 expired');
  });
});

describe('rank', () => {
  it('a higher one cuts a lower one off, which goes on with its next repeat afterwards', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ alertId: 'low', level: 'yellow', playTimes: 2 }));
    await v.advance(4 * SECOND);
    await v.hears(v.wire({ alertId: 'high', order: 'move-now', level: null, kind: 'order', playTimes: 2 }));
    await v.advance(10 * MINUTE);
    expect(since(v)).toEqual([
      [0, 'low', 1],
      [4, 'high', 1],
      [74, 'high', 2],
      [84, 'low', 2],
      [154, 'low', 3],
    ]);
    expect(v.said()).toEqual([
      'low received',
      'low playing 1',
      'high received',
      'low stopped 1 pre-empted',
      'high playing 1',
      'high played 1',
      'high playing 2',
      'high played 2',
      'low playing 2',
      'low played 2',
      'low playing 3',
      'low played 3',
    ]);
  });

  it('a new order cuts off the spoken end of the last one', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ alertId: 'last', order: 'move-now', level: null, kind: 'order', purpose: 'cancellation', playTimes: 1 }));
    await v.advance(4 * SECOND);
    await v.hears(v.wire({ alertId: 'new', order: 'move-now', level: null, kind: 'order', playTimes: 1 }));
    await v.advance(5 * SECOND);
    expect(since(v).slice(0, 2)).toEqual([
      [0, 'last', 1],
      [4, 'new', 1],
    ]);
    expect(v.said()).toContain('last cancellation stopped 1 pre-empted');
  });

  it('a lower one that comes later waits, and says so', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ alertId: 'high', playTimes: 1 }));
    await v.hears(v.wire({ mode: 'drill', alertId: 'drill', playTimes: 1 }));
    await v.advance(5 * MINUTE);
    expect(since(v)).toEqual([
      [0, 'high', 1],
      [10, 'drill', 1],
    ]);
    expect(v.said()).toContain('drill stopped pre-empted');
  });

  it('equal ones take turns, never at once', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ alertId: 'a', playTimes: 3, intervalSeconds: 5 }));
    await v.hears(v.wire({ alertId: 'b', playTimes: 3, intervalSeconds: 5 }));
    await v.advance(5 * MINUTE);
    expect(v.player.starts.map((s) => s.alertId)).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    const overlaps = v.player.starts.some((s, i) => i > 0 && s.atMs < v.player.starts[i - 1]!.endedMs!);
    expect(overlaps).toBe(false);
  });

  it('one that is still waiting when its time is over says that it expired', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ alertId: 'high' }));
    await v.hears(v.wire({ alertId: 'low', level: 'blue', notAfter: iso(START_MS + 2 * MINUTE) }));
    await v.advance(5 * MINUTE);
    expect(v.said()).toContain('low stopped expired');
    expect(v.player.starts.some((s) => s.alertId === 'low')).toBe(false);
  });
});

describe('a player that fails', () => {
  it('is tried three times at once, then at each interval, each try with a number of its own; health is shown at once', async () => {
    const v = await new Village().start();
    v.player.dead = 'no sound device';
    await v.hears(v.wire({ playTimes: 2 }));
    expect(v.said()).toEqual(['received', 'failed 3 no sound device']);
    expect(v.line.states.at(-1)!.speakers).toEqual([{ speakerId: 'pole-1', player: 'failed', reason: 'no sound device' }]);
    await v.advance(61 * SECOND);
    expect(v.player.starts.length).toBe(6);
    expect(v.said().length).toBe(2);
    v.player.dead = undefined;
    await v.advance(5 * MINUTE);
    expect(v.said().slice(2)).toEqual(['playing 7', 'played 7', 'playing 8', 'played 8']);
    expect(new Set(v.starts()).size).toBe(v.starts().length);
    expect(v.line.states.at(-1)!.speakers[0]!.player).toBe('ok');
  });

  it('on one speaker leaves the other alone', async () => {
    const v = new Village({ speakers: 2 });
    const play = v.player.play.bind(v.player);
    v.player.play = async (sound, order, signal, started) => {
      if (order.speakerId === 'pole-1') throw new Error('cable cut');
      return play(sound, order, signal, started);
    };
    await v.start();
    await v.hears(v.wire({ playTimes: 1 }));
    await v.advance(MINUTE / 2);
    expect(v.told.map((r) => `${r.speakerId} ${r.state}`)).toEqual(['pole-1 received', 'pole-2 received', 'pole-2 playing', 'pole-1 failed', 'pole-2 played']);
  });

  it('words it cannot say are named in the report', async () => {
    const v = new Village();
    v.voice.missing = ['no-voice:lis'];
    await v.start();
    await v.hears(v.wire({ playTimes: 1 }));
    expect(v.said()).toEqual(['received', 'playing 1 no-voice:lis']);
  });
});

describe('a restart', () => {
  async function crash(v: Village): Promise<void> {
    v.line.up(false);
    await v.db.close();
  }

  it('after a crash in mid-sound burns that repeat and goes on with the next: no start twice', async () => {
    const file = spoolFile();
    const first = await new Village({ file }).start();
    await first.hears(first.wire({ playTimes: 3 }));
    await first.advance(4 * SECOND);
    await crash(first);
    const v = await new Village({ file, signers: first.signers, startMs: START_MS + 20 * SECOND, answers: false }).start();
    await v.advance(5 * MINUTE);
    expect(v.starts()).toEqual(['alert-1 1 2', 'alert-1 1 3']);
    expect([...first.starts(), ...v.starts()].length).toBe(new Set([...first.starts(), ...v.starts()]).size);
    expect(v.line.states[0]!.bootCounter).toBe(2);
    expect(v.line.hellos[0]!.bootCounter).toBe(2);
  });

  it('after a crash between "started" and the sound does not play that repeat either', async () => {
    const file = spoolFile();
    const first = new Village({ file });
    first.player.play = async () => new Promise(() => {});
    await first.start();
    await first.hears(first.wire({ playTimes: 1 }));
    await crash(first);
    const v = await new Village({ file, signers: first.signers }).start();
    await v.advance(MINUTE);
    expect(v.player.starts).toEqual([]);
    expect(v.said()).toContain('failed 1 crashed');
  });

  it('gives the county two seconds to say what ended meanwhile', async () => {
    const file = spoolFile();
    const first = await new Village({ file }).start();
    await first.hears(first.wire());
    await crash(first);
    const v = new Village({ file, signers: first.signers, startMs: START_MS + MINUTE });
    v.snapshot = { tombstones: [{ alertId: 'alert-1', revision: 1, reason: 'cancelled', until: iso(START_MS + 3_600_000) }], highestSeq: 9 };
    await v.start();
    await v.advance(10 * MINUTE);
    expect(v.player.starts).toEqual([]);
    expect(v.said().at(-1)).toBe('stopped 1 cancelled');
  });

  it('without the county sounds again on its own, and not what expired meanwhile', async () => {
    const file = spoolFile();
    const first = await new Village({ file }).start();
    await first.hears(first.wire());
    await first.hears(first.wire({ alertId: 'short', level: 'blue', endTime: iso(START_MS + MINUTE) }));
    await crash(first);
    const v = await new Village({ file, signers: first.signers, startMs: START_MS + 2 * MINUTE }).start(false);
    await v.advance(SECOND);
    expect(v.player.starts).toEqual([]);
    await v.advance(2 * SECOND);
    expect(v.starts()).toEqual(['alert-1 1 2']);
    v.line.up(true);
    await v.clock.settle();
    expect(v.said()).toContain('short stopped expired');
  });

  it('in the pause between two repeats keeps the rest of the pause', async () => {
    const file = spoolFile();
    const first = await new Village({ file }).start();
    await first.hears(first.wire());
    await first.advance(20 * SECOND);
    await crash(first);
    const v = await new Village({ file, signers: first.signers, startMs: START_MS + 30 * SECOND }).start();
    await v.advance(MINUTE);
    expect(since(v)).toEqual([[70, 'alert-1', 2]]);
  });

  it('of a box that was told to leave burns nothing that it need not: the cut repeat does not count', async () => {
    const file = spoolFile();
    const first = await new Village({ file }).start();
    await first.hears(first.wire({ playTimes: 1 }));
    await first.advance(SECOND);
    await first.gateway.stop();
    await first.db.close();
    expect(first.line.states.at(-1)!.state).toBe('leaving');
    const v = await new Village({ file, signers: first.signers, startMs: START_MS + 5 * SECOND }).start();
    await v.advance(MINUTE);
    expect(v.starts()).toEqual(['alert-1 1 2']);
  });

  it('with a key that was revoked meanwhile plays nothing that it signed', async () => {
    const file = spoolFile();
    const first = await new Village({ file }).start();
    await first.hears(first.wire());
    await crash(first);
    const v = new Village({ file, signers: { ...first.signers, keys: first.signers.keys.filter((key) => key.kid !== '533324-live') } });
    await v.start();
    await v.advance(10 * MINUTE);
    expect(v.player.starts).toEqual([]);
  });
});
