// Each checker is shown a recorded good history and a bad one: a check that cannot fail is not a check.
import { describe, expect, it } from 'vitest';
import {
  brokenInvariants,
  checkI1,
  checkI2,
  checkI3,
  checkI4,
  checkI5,
  checkI7,
  checkI8,
  checkI9,
  checkI11,
  type History,
  type HistoryPlay,
} from './invariants.ts';

const play = (over: Partial<HistoryPlay> = {}): HistoryPlay => ({
  speakerId: 's1',
  alertId: 'a1',
  revision: 1,
  purpose: 'alert',
  repeat: 1,
  mode: 'live',
  startedAtMs: 1_000,
  hasSiren: true,
  words: '立即转移',
  ...over,
});

const good: History = {
  acknowledged: [{ type: 'alert.raised', subjectId: 'a1' }],
  events: [
    { type: 'alert.raised', atMs: 0, subjectId: 'a1', alertId: 'a1', data: {} },
    { type: 'delivery.stopped', atMs: 9_000, subjectId: 'd1', alertId: 'a1', data: { reason: 'ended' } },
  ],
  deliveries: [
    { id: 'd1', alertId: 'a1', revision: 1, purpose: 'alert', speakerId: 's1', mode: 'live', playTimes: 0, state: 'stopped', repeat: 2, reason: 'ended' },
  ],
  openJobs: [],
  calls: [{ id: 'c1', alertId: 'a1', state: 'closed' }],
  alerts: [{ id: 'a1', mode: 'live', state: 'ended', endTimeMs: 60_000 }],
  plays: [play(), play({ repeat: 2, startedAtMs: 5_000 })],
  knownOver: [{ speakerId: 's1', alertId: 'a1', atMs: 9_000 }],
  signed: [{ alertId: 'a1', revision: 1, purpose: 'alert' }],
  measured: [{ what: 'open jobs', size: 3, limit: 100 }],
  asked: [
    { live: true, shed: false, atMs: 0 },
    { live: false, shed: true, atMs: 0 },
  ],
  troubles: [{ what: 'broker', beganAtMs: 0, overAtMs: 70_000, seenAtMs: 5_000, withinMs: 60_000 }],
};

describe('the invariants over a recorded history', () => {
  it('find nothing in a good night', () => {
    expect(brokenInvariants(good)).toEqual([]);
  });

  it('I1 finds an acknowledged raise that is on no timeline', () => {
    expect(checkI1({ ...good, events: [] })).toEqual(['lost: alert.raised a1']);
  });

  it('I2 finds a delivery that nobody works on, and a call left open after the alert', () => {
    const stuck = { ...good.deliveries[0]!, state: 'sent' as const };
    expect(checkI2({ ...good, deliveries: [stuck] })).toEqual(['limbo: delivery d1 is sent and nobody works on it']);
    expect(checkI2({ ...good, deliveries: [stuck], openJobs: [{ consumer: 'dispatch.retry-unreported', alertId: 'a1' }] })).toEqual([]);
    expect(checkI2({ ...good, calls: [{ id: 'c1', alertId: 'a1', state: 'read' }] })).toEqual(['limbo: call c1 is read after the alert']);
  });

  it('I3 finds a repeat that started twice', () => {
    expect(checkI3({ plays: [...good.plays, play({ startedAtMs: 7_000 })] })).toEqual(['played twice: s1 a1 r1 alert #1']);
  });

  it('I4 finds sound after the stop was known and after the end time, but not the spoken all-clear', () => {
    expect(checkI4({ ...good, plays: [play({ startedAtMs: 9_001 })] })).toHaveLength(1);
    expect(checkI4({ ...good, knownOver: [], plays: [play({ startedAtMs: 60_000 })] })).toEqual(['played after its end time: s1 a1 r1 alert #1']);
    expect(checkI4({ ...good, plays: [play({ startedAtMs: 9_001, purpose: 'all-clear' })] })).toEqual([]);
  });

  it('I5 finds a bulletin with siren, and one that does not say that it is one', () => {
    const news = { ...good, alerts: [], plays: [play({ mode: 'drill', purpose: 'bulletin', words: '日常广播。今天多云', hasSiren: false })] };
    expect(checkI5(news)).toEqual([]);
    expect(checkI5({ ...news, plays: [{ ...news.plays[0]!, hasSiren: true }] })).toHaveLength(1);
    expect(checkI5({ ...news, plays: [{ ...news.plays[0]!, words: '立即转移' }] })).toHaveLength(1);
  });

  it('I5 finds a drill with siren, a drill that does not say so, a live alert that says drill, a sounding test', () => {
    const drill = { ...good, alerts: [{ ...good.alerts[0]!, mode: 'drill' as const }] };
    expect(checkI5({ ...drill, plays: [play({ mode: 'drill', words: '演练，演练。立即转移', hasSiren: false })] })).toEqual([]);
    expect(checkI5({ ...drill, plays: [play({ mode: 'drill', words: '演练', hasSiren: true })] })).toHaveLength(1);
    expect(checkI5({ ...drill, plays: [play({ mode: 'drill', hasSiren: false })] })).toHaveLength(1);
    expect(checkI5({ ...drill, plays: [play()] })).toEqual(['sounded as live, is drill: s1 a1 r1 alert #1']);
    expect(checkI5({ ...good, plays: [play({ words: '演练' })] })).toHaveLength(1);
    expect(checkI5({ plays: [play({ mode: 'test' })], alerts: [] })).toHaveLength(1);
  });

  it('I7 finds a state that no timeline row tells', () => {
    expect(checkI7({ ...good, events: [] })).toEqual(['untold: delivery d1 is stopped']);
  });

  it('I7 finds an alert that was raised twice, but not one that was updated twice', () => {
    const [raised, stopped] = good.events;
    expect(checkI7({ ...good, events: [raised!, { ...raised!, atMs: 5 }, stopped!] })).toEqual(['told twice: alert.raised a1 r']);
    const updated = (revision: number) => ({ ...raised!, type: 'alert.updated', data: { revision } });
    expect(checkI7({ ...good, events: [...good.events, updated(2), updated(3)] })).toEqual([]);
  });

  it('I9 finds a queue over its limit, and a live act turned away where something lesser was let in', () => {
    expect(checkI9({ ...good, measured: [{ what: 'open jobs', size: 101, limit: 100 }] })).toEqual(['over its limit: open jobs is 101 of 100']);
    const shed = { live: true, shed: true, atMs: 10_000 };
    expect(checkI9({ ...good, asked: [shed, { live: false, shed: true, atMs: 10_100 }] })).toEqual([]);
    expect(checkI9({ ...good, asked: [shed, { live: false, shed: false, atMs: 10_100 }] })).toHaveLength(1);
  });

  it('I11 finds a trouble that was seen late or not at all, but not one that was over before', () => {
    const broker = good.troubles[0]!;
    expect(checkI11({ troubles: [{ ...broker, seenAtMs: 61_000 }] })).toEqual(['unseen: broker, 61 s']);
    expect(checkI11({ troubles: [{ ...broker, seenAtMs: undefined }] })).toEqual(['unseen: broker, 70 s']);
    expect(checkI11({ troubles: [{ ...broker, seenAtMs: undefined, overAtMs: 9_000 }] })).toEqual([]);
  });

  it('I8 finds a sound that nobody signed', () => {
    expect(checkI8({ ...good, plays: [play({ alertId: 'forged' })] })).toEqual(['nobody signed: s1 forged r1 alert #1']);
    expect(checkI8({ ...good, plays: [play({ revision: 2 })] })).toHaveLength(1);
  });
});
