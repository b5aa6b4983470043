// A routine broadcast at the box: everything else goes before it, it begins again in time or says that it did not, and it never sounds like an alert.
import { describe, expect, it } from 'vitest';
import { topics } from '@laba/domain/gateway-protocol';
import { COUNTY, SOUND_MS, START_MS, spoolFile, Village, type CommandChanges } from './village.test-kit.ts';

const MINUTE = 60_000;
const SECOND = 1_000;
const iso = (ms: number) => new Date(ms).toISOString();
const DAY_QUIET = { from: '21:30', to: '07:00', utcOffsetMinutes: 480 };

/** At 12:10 by the village's clock, ten minutes after the test begins; it may begin again for 15 minutes. */
const AT_MS = START_MS + 10 * MINUTE;
const news = (changes: CommandChanges = {}): CommandChanges => ({
  alertId: 'news',
  mode: 'drill',
  seq: 0,
  exp: (AT_MS + 20 * MINUTE) / 1_000,
  purpose: 'bulletin',
  level: null,
  siren: false,
  playTimes: 1,
  texts: [{ language: 'zh-CN', title: '早间广播', text: '日常广播。今天多云。' }],
  quietHours: DAY_QUIET,
  startTime: iso(AT_MS),
  notAfter: iso(AT_MS + MINUTE),
  resumeUntil: iso(AT_MS + 15 * MINUTE),
  endTime: iso(AT_MS + 16 * MINUTE),
  ...changes,
});
const since = (v: Village) => v.player.starts.map((s) => [(s.atMs - AT_MS) / SECOND, s.alertId, s.repeat]);

describe('a bulletin', () => {
  it('sounds at its time, once, and is told as played', async () => {
    const v = await new Village().start();
    await v.hears(v.wire(news()));
    await v.advance(60 * MINUTE);
    expect(since(v)).toEqual([[0, 'news', 1]]);
    expect(v.said()).toEqual(['news bulletin received', 'news bulletin playing 1', 'news bulletin played 1']);
  });

  it('gives way at once to an alert, and begins again when that is over', async () => {
    const v = await new Village().start();
    await v.hears(v.wire(news()));
    await v.advance(10 * MINUTE + 4 * SECOND);
    await v.hears(v.wire({ level: 'blue', endTime: iso(AT_MS + 5 * MINUTE), intervalSeconds: 600 }));
    await v.advance(20 * MINUTE);
    expect(since(v)).toEqual([
      [0, 'news', 1],
      [4, 'alert-1', 1],
      [310, 'news', 2],
    ]);
    expect(v.said()).toContain('news bulletin stopped 1 pre-empted');
    expect(v.said().at(-1)).toBe('news bulletin played 2');
  });

  it.each([
    ['a drill', { mode: 'drill' as const, level: 'blue' as const, siren: false }],
    ['an order to move', { kind: 'order' as const, level: null, order: 'move-now' as const }],
  ])('gives way to %s', async (_, subject) => {
    const v = await new Village().start();
    await v.hears(v.wire(news()));
    await v.hears(v.wire({ ...subject, playTimes: 2, startTime: iso(AT_MS - 5 * SECOND), intervalSeconds: 120 }));
    await v.advance(30 * MINUTE);
    expect(since(v).map(([, id]) => id)).toEqual(['alert-1', 'alert-1', 'news']);
  });

  it('gives way to whoever speaks at the box', async () => {
    const v = await new Village().start();
    await v.hears(v.wire(news()));
    await v.advance(10 * MINUTE + 3 * SECOND);
    const { PassThrough } = await import('node:stream');
    const pcm = new PassThrough();
    const speaking = v.gateway.speak('microphone', () => ({ pcm, broken: new Promise(() => {}), stop: () => pcm.end() }));
    pcm.write(Buffer.alloc(3_200, 7));
    await v.advance(2 * SECOND);
    expect(v.said()).toContain('news bulletin stopped 1 pre-empted');
    await speaking!.stop();
    await v.advance(MINUTE);
    expect(since(v).map(([, id, repeat]) => [id, repeat])).toEqual([
      ['news', 1],
      ['news', 2],
    ]);
  });

  it('that was kept silent for longer than its slot is dropped, and says so', async () => {
    const v = await new Village().start();
    await v.hears(v.wire(news()));
    await v.advance(10 * MINUTE + 4 * SECOND);
    await v.hears(v.wire({ endTime: iso(AT_MS + 15 * MINUTE + 5 * SECOND) }));
    await v.advance(60 * MINUTE);
    expect(since(v).filter(([, id]) => id === 'news')).toEqual([[0, 'news', 1]]);
    expect(
      v
        .said()
        .filter((word) => word.startsWith('news'))
        .at(-1),
    ).toBe('news bulletin stopped 1 expired');
  });

  it('is silent while a live alert stands that was quietened', async () => {
    const v = await new Village().start();
    await v.hears(v.wire(news()));
    await v.hears(v.wire({ endTime: iso(AT_MS + 60 * MINUTE) }));
    await v.advance(MINUTE);
    await v.hears(v.wire({ action: 'quieten' }));
    const before = v.player.starts.length;
    await v.advance(40 * MINUTE);
    expect(v.player.starts.slice(before)).toEqual([]);
    expect(
      v
        .said()
        .filter((word) => word.startsWith('news'))
        .at(-1),
    ).toBe('news bulletin stopped expired');
  });

  it('does not begin late: a box that was off at its time is silent', async () => {
    const file = spoolFile();
    const signers = new Village().signers;
    const v = await new Village({ signers, file }).start();
    await v.hears(v.wire(news()));
    await v.gateway.stop();
    await v.db.close();
    const later = await new Village({ signers, file, startMs: AT_MS + 2 * MINUTE }).start();
    await later.advance(30 * MINUTE);
    expect(later.player.starts).toEqual([]);
    expect(later.said()).toContain('news bulletin stopped expired');
  });

  it('that is told late is refused', async () => {
    const v = await new Village({ startMs: AT_MS + 2 * MINUTE }).start();
    await v.hears(v.wire(news()));
    await v.advance(30 * MINUTE);
    expect(v.player.starts).toEqual([]);
    expect(v.said()).toEqual(['news bulletin refused expired']);
  });

  it('that is said twice sounds once, and after a restart not again', async () => {
    const file = spoolFile();
    const signers = new Village().signers;
    const v = await new Village({ signers, file }).start();
    const wire = v.wire(news());
    await v.hears(wire);
    await v.hears(wire);
    await v.advance(10 * MINUTE + 2 * SOUND_MS);
    await v.hears(wire);
    await v.gateway.stop();
    await v.db.close();
    const later = await new Village({ signers, file, startMs: AT_MS + 30 * SECOND }).start();
    await later.hears(wire);
    await later.advance(30 * MINUTE);
    expect([...v.player.starts, ...later.player.starts]).toHaveLength(1);
  });

  it('that was taken back does not sound, also when the taking back came first', async () => {
    const v = await new Village().start();
    const stop = { action: 'stop' as const, stopReason: 'cancelled' as const, texts: [], quietHours: null };
    await v.hears(v.wire(news()));
    await v.hears(v.wire(news(stop)));
    await v.hears(v.wire(news({ ...stop, alertId: 'evening' })));
    await v.hears(v.wire(news({ alertId: 'evening' })));
    await v.advance(30 * MINUTE);
    expect(v.player.starts).toEqual([]);
    expect(v.said()).toEqual(['news bulletin received', 'news bulletin stopped cancelled', 'evening bulletin refused cancelled']);
  });

  it('falls silent when it is taken back in the middle', async () => {
    const v = await new Village().start();
    await v.hears(v.wire(news()));
    await v.advance(10 * MINUTE + 3 * SECOND);
    await v.hears(v.wire(news({ action: 'stop', stopReason: 'cancelled', texts: [], quietHours: null })));
    await v.advance(30 * MINUTE);
    expect(v.player.starts.map(({ outcome }) => outcome)).toEqual(['cut']);
  });

  it('heeds the hours of silence at its own time, whatever the hour is in which it comes', async () => {
    // It comes at 12:00. Once those hours begin at 12:05, once they end then.
    const begins = await new Village().start();
    await begins.hears(begins.wire(news({ quietHours: { from: '12:05', to: '12:30', utcOffsetMinutes: 480 } })));
    await begins.advance(60 * MINUTE);
    expect(begins.player.starts).toEqual([]);
    expect(begins.said()).toEqual(['news bulletin refused quiet-hours']);
    const ends = await new Village().start();
    await ends.hears(ends.wire(news({ quietHours: { from: '11:00', to: '12:05', utcOffsetMinutes: 480 } })));
    await ends.advance(60 * MINUTE);
    expect(since(ends)).toEqual([[0, 'news', 1]]);
  });

  it('does not begin again in the hours of silence', async () => {
    const v = await new Village().start();
    await v.hears(v.wire(news({ quietHours: { from: '12:13', to: '13:00', utcOffsetMinutes: 480 } })));
    await v.hears(v.wire({ level: 'red', startTime: iso(AT_MS - 5 * SECOND), endTime: iso(AT_MS + 4 * MINUTE) }));
    await v.advance(60 * MINUTE);
    expect(since(v).filter(([, id]) => id === 'news')).toEqual([]);
  });

  it.each([
    ['with the live key', { mode: 'live' as const }],
    ['with the siren', { siren: true }],
    ['with a colour', { level: 'red' as const }],
    ['with an order', { order: 'move-now' as const }],
    ['that may always sound', { quietHours: null }],
    ['that repeats without end', { playTimes: 0 }],
    ['whose words do not say what it is', { texts: [{ language: 'zh-CN', title: '通知', text: '立即转移！' }] }],
    ['without words', { texts: [] }],
  ])('%s is refused', async (_, changes) => {
    const v = await new Village().start();
    await v.hears(v.wire(news(changes)));
    await v.advance(60 * MINUTE);
    expect(v.player.starts).toEqual([]);
    expect(v.said()).toEqual(['news bulletin refused bulletin-form']);
  });

  it('for another place is refused', async () => {
    const v = await new Village().start();
    await v.hears(v.wire(news({ areaCode: ['533324101203'], scope: ['533324101203'] })));
    expect(v.said()).toEqual(['news bulletin refused area']);
  });

  it('ends no alert, whatever it says', async () => {
    const v = await new Village().start();
    await v.hears(v.wire());
    await v.hears(v.wire(news({ alertId: 'alert-1', action: 'stop', stopReason: 'cancelled', texts: [], quietHours: null })));
    await v.hears(v.wire(news({ alertId: 'alert-1', revision: 2, startTime: iso(START_MS), notAfter: iso(START_MS + MINUTE) })));
    await v.advance(3 * MINUTE);
    expect(v.player.starts.filter(({ purpose }) => purpose === 'alert').length).toBeGreaterThan(1);
    expect(v.player.starts.filter(({ purpose }) => purpose === 'bulletin')).toEqual([]);
  });

  it('moves no mark by which a box notices a gap', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ seq: 40 }));
    await v.hears(v.wire(news()));
    v.held(0, { highestSeq: 40 });
    await v.clock.settle();
    expect(v.line.hellos).toHaveLength(1);
    expect(v.line.states.at(-1)!.can).toContain('bulletin');
    v.line.deliver(topics.gatewayCommand(COUNTY, 'gw-1'), 'nonsense');
  });

  it('whose recording is not to be had is not played in part; the loudspeaker is not called ill', async () => {
    const v = await new Village().start();
    const { NoRecording } = await import('./voice.ts');
    v.voice.soundFor = async () => {
      throw new NoRecording();
    };
    await v.hears(v.wire(news()));
    await v.advance(60 * MINUTE);
    expect(v.player.starts).toEqual([]);
    expect(v.said()).toEqual(['news bulletin received', 'news bulletin failed no-recording', 'news bulletin stopped expired']);
    expect(v.line.states.at(-1)!.speakers[0]!.player).toBe('ok');
  });
});
