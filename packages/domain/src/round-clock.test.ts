// When a round is due and when it is missed: over midnight, months and seasons, as alerts come and go, early, late and twice.
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, policySchema } from './policy.ts';
import { dayOf, isKept, nextDeadlineMs, periodOf, RoundTimes, type Force, type RoundClock, type Watched } from './round-clock.ts';
import { roundPolicySchema } from './round-policy.ts';

const SHANGHAI = 480;
const VILLAGE = '533324101201';
const GROUP = `${VILLAGE}01`;
const HOUR_MS = 3_600_000;

/** A time in the county, as people say it. */
const at = (words: string) => Date.parse(`${words.replace(' ', 'T')}:00+08:00`);
const said = (ms: number) => new Date(ms + SHANGHAI * 60_000).toISOString().slice(0, 16).replace('T', ' ');

function times(given: Partial<Watched> = {}, forces: readonly Force[] = [], more: Partial<RoundClock> = {}) {
  const clock = { policy: roundPolicySchema.parse({}), utcOffsetMinutes: SHANGHAI, forces, ...more };
  const of = new RoundTimes({ kind: 'patrol', gridCode: GROUP, sinceMs: 0, ...given }, clock);
  return {
    of,
    /** Deadlines after the first and up to the second, each with where its window began. */
    due: (from: string, to: string) => of.dueIn(at(from), at(to)).map(({ fromMs, toMs }) => `${said(fromMs)} – ${said(toMs)}`),
  };
}

const force = (degree: Force['degree'], from: string, to: string | null, codes = [VILLAGE]): Force => ({
  codes,
  degree,
  fromMs: at(from),
  toMs: to === null ? null : at(to),
});

describe('a patrol', () => {
  it('is due twice a day, and its first window began on the evening before', () => {
    expect(times().due('2026-06-30 20:00', '2026-07-02 12:00')).toEqual([
      '2026-06-30 20:00 – 2026-07-01 12:00',
      '2026-07-01 12:00 – 2026-07-01 20:00',
      '2026-07-01 20:00 – 2026-07-02 12:00',
    ]);
  });

  it('counts the same hours on every day of the year: the clocks of China are never set on', () => {
    for (const day of ['2026-03-29', '2026-10-25', '2026-12-31', '2028-02-29'])
      expect(
        times()
          .due(`${day} 00:00`, `${day} 23:59`)
          .map((window) => window.slice(-5)),
      ).toEqual(['12:00', '20:00']);
    expect(said(dayOf(at('2026-12-31 23:59'), SHANGHAI).toMs)).toBe('2027-01-01 00:00');
  });

  it('is kept early, at the first and not at the last moment of its window, and once when it was done twice', () => {
    const [window] = times().of.dueIn(at('2026-07-01 00:00'), at('2026-07-01 12:00'));
    const kept = (...done: string[]) => isKept(window!, done.map(at));
    expect(kept('2026-06-30 20:00')).toBe(true);
    expect(kept('2026-07-01 11:59', '2026-07-01 11:58')).toBe(true);
    expect(kept('2026-07-01 12:00')).toBe(false);
    expect(kept('2026-06-30 19:59')).toBe(false);
    expect(kept()).toBe(false);
  });

  it('that came late keeps the next one, and twice in one window keeps one', () => {
    const { of } = times();
    expect(said(of.next(at('2026-07-01 12:30'), at('2026-07-01 12:10'))!.toMs)).toBe('2026-07-02 12:00');
    expect(said(of.next(at('2026-07-01 11:30'), at('2026-07-01 11:20'))!.toMs)).toBe('2026-07-01 20:00');
    expect(said(of.next(at('2026-07-01 11:30'), null)!.toMs)).toBe('2026-07-01 12:00');
  });

  it('is due more often as an alert rises and as before when it is over, and no rise makes anybody wait longer', () => {
    const { due } = times({}, [force('orange', '2026-07-01 07:00', '2026-07-01 16:10'), force('red', '2026-07-01 11:40', '2026-07-01 14:10')]);
    expect(due('2026-07-01 06:00', '2026-07-02 12:00')).toEqual([
      // Raised at 7, one in three hours: that of 9 is kept by who went at once.
      '2026-07-01 07:00 – 2026-07-01 09:00',
      // Red at 11:40: twenty minutes are too few for its own first round, so the orange one stands.
      '2026-07-01 09:00 – 2026-07-01 12:00',
      '2026-07-01 12:00 – 2026-07-01 13:00',
      '2026-07-01 13:00 – 2026-07-01 14:00',
      '2026-07-01 12:00 – 2026-07-01 15:00',
      // Over at 16:10: the evening's, which a round under the alert keeps too.
      '2026-07-01 12:00 – 2026-07-01 20:00',
      '2026-07-01 20:00 – 2026-07-02 12:00',
    ]);
  });

  it('asks nobody for what was raised a moment ago', () => {
    expect(times({}, [force('red', '2026-07-01 13:40', null)]).due('2026-07-01 12:00', '2026-07-01 15:00')).toEqual(['2026-07-01 14:00 – 2026-07-01 15:00']);
    expect(times({}, [force('red', '2026-07-01 13:30', null)]).due('2026-07-01 12:00', '2026-07-01 14:00')).toEqual(['2026-07-01 13:30 – 2026-07-01 14:00']);
  });

  it('is asked by the alert of its own ground only, from above it or inside it', () => {
    const asked = (codes: string[], gridCode = GROUP) =>
      times({ gridCode }, [force('red', '2026-07-01 12:00', null, codes)]).due('2026-07-01 12:00', '2026-07-01 14:00').length;
    expect([asked(['533324']), asked([VILLAGE]), asked([GROUP])]).toEqual([2, 2, 2]);
    expect(asked([GROUP], VILLAGE)).toBe(2);
    expect(asked(['533324101202'])).toBe(0);
  });

  it('runs over midnight under an alert, and the last window of the day ends with it', () => {
    const policy = roundPolicySchema.parse({ patrol: { under: [{ degree: ['red'], everyMinutes: 420 }] } });
    const { due } = times({}, [force('red', '2026-07-01 00:00', null)], { policy });
    expect(due('2026-07-01 00:00', '2026-07-02 07:00')).toEqual([
      '2026-07-01 00:00 – 2026-07-01 07:00',
      '2026-07-01 07:00 – 2026-07-01 14:00',
      '2026-07-01 14:00 – 2026-07-01 21:00',
      '2026-07-01 21:00 – 2026-07-02 00:00',
      '2026-07-02 00:00 – 2026-07-02 07:00',
    ]);
  });

  it('is asked of nobody before he was on the list for half of its window', () => {
    expect(times({ sinceMs: at('2026-07-01 16:01') }).due('2026-07-01 12:00', '2026-07-02 12:00')).toEqual(['2026-07-01 20:00 – 2026-07-02 12:00']);
    expect(times({ sinceMs: at('2026-07-01 16:00') }).due('2026-07-01 12:00', '2026-07-01 20:00')).toHaveLength(1);
  });

  it('is asked of nobody where the county asks for none, also under an alert', () => {
    const policy = roundPolicySchema.parse({ patrol: { by: [] } });
    const none = times({}, [force('red', '2026-07-01 00:00', null)], { policy });
    expect(none.due('2026-07-01 00:00', '2026-07-03 00:00')).toEqual([]);
    expect(none.of.next(at('2026-07-01 00:00'), null)).toBeUndefined();
  });
});

describe('a visit', () => {
  it('is due once a month, and twice before and in the rain', () => {
    expect(times({ kind: 'visit' }).due('2026-02-28 23:59', '2026-05-01 00:00')).toEqual([
      '2026-02-01 00:00 – 2026-03-01 00:00',
      '2026-03-01 00:00 – 2026-04-01 00:00',
      '2026-04-01 00:00 – 2026-04-16 00:00',
      '2026-04-16 00:00 – 2026-05-01 00:00',
    ]);
  });

  it('goes over the new year, and no alert changes it', () => {
    const one = times({ kind: 'visit' }, [force('red', '2026-12-01 00:00', null)]);
    expect(one.due('2026-12-31 00:00', '2027-01-31 00:00')).toEqual(['2026-12-01 00:00 – 2027-01-01 00:00']);
  });
});

describe('a check of a room', () => {
  it('is due once a quarter; once a year it is next due at the end of the next year when this one’s is done', () => {
    expect(times({ kind: 'room' }).due('2026-01-01 00:00', '2026-07-01 00:00')).toEqual([
      '2026-01-01 00:00 – 2026-04-01 00:00',
      '2026-04-01 00:00 – 2026-07-01 00:00',
    ]);
    const yearly = times({ kind: 'room' }, [], { policy: roundPolicySchema.parse({ room: { everyMonths: 12 } }) }).of;
    expect(said(yearly.next(at('2026-02-01 00:00'), at('2026-01-15 00:00'))!.toMs)).toBe('2028-01-01 00:00');
  });
});

describe('the clock of rounds', () => {
  const clock = { policy: roundPolicySchema.parse({}), utcOffsetMinutes: SHANGHAI, forces: [] };

  it('looks again before any round can fall due, whatever is raised until then', () => {
    const nowMs = at('2026-07-01 12:00');
    expect(nextDeadlineMs(nowMs, ['patrol', 'visit', 'room'], clock) - nowMs).toBe(HOUR_MS);
    expect(said(nextDeadlineMs(nowMs, ['visit'], clock))).toBe('2026-08-01 00:00');
    expect(nextDeadlineMs(nowMs, [], clock)).toBe(Infinity);
  });

  it('counts patrols of the day, visits of the month and checks of the quarter', () => {
    const of = (kind: Watched['kind']) => Object.values(periodOf(kind, at('2026-08-15 10:00'), clock)).map(said);
    expect([of('patrol'), of('visit'), of('room')]).toEqual([
      ['2026-08-15 00:00', '2026-08-16 00:00'],
      ['2026-08-01 00:00', '2026-09-01 00:00'],
      ['2026-07-01 00:00', '2026-10-01 00:00'],
    ]);
  });
});

describe('the county’s numbers', () => {
  it('are there when a policy says nothing of rounds, with twelve items, and refuse a degree or an item twice', () => {
    expect(DEFAULT_POLICY.rounds.patrol.by).toEqual(['12:00', '20:00']);
    expect(DEFAULT_POLICY.rounds.room.items).toHaveLength(12);
    const refused = (rounds: unknown) => policySchema.safeParse({ ...DEFAULT_POLICY, rounds }).success;
    expect(refused({ patrol: { under: [{ degree: ['red', 'red'], everyMinutes: 60 }] } })).toBe(false);
    expect(refused({ patrol: { by: ['25:00'] } })).toBe(false);
    expect(refused({ room: { everyMonths: 5 } })).toBe(false);
    expect(
      refused({
        room: {
          items: [
            { id: 'flag', zh: '旗', en: 'flag' },
            { id: 'flag', zh: '旗', en: 'flag' },
          ],
        },
      }),
    ).toBe(false);
  });
});
