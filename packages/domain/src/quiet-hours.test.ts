// The hours in which nobody is woken, by the county's clock and over midnight.
import { describe, expect, it } from 'vitest';
import { dayBeganMs, quietFromMs, quietUntilMs } from './quiet-hours.ts';

const night = { from: '21:30', to: '07:00', utcOffsetMinutes: 480 };
const china = (time: string) => Date.parse(`2026-07-01T${time}:00+08:00`);

describe('quiet hours', () => {
  it.each([
    ['21:29', undefined],
    ['21:30', '2026-07-02T07:00:00+08:00'],
    ['23:59', '2026-07-02T07:00:00+08:00'],
    ['00:00', '2026-07-01T07:00:00+08:00'],
    ['06:59', '2026-07-01T07:00:00+08:00'],
    ['07:00', undefined],
  ])('over midnight, at %s', (time, until) => {
    expect(quietUntilMs(night, china(time))).toBe(until === undefined ? undefined : Date.parse(until));
  });

  it('within a day, and none at all when both times are the same', () => {
    const noon = { ...night, from: '12:00', to: '14:00' };
    expect(quietUntilMs(noon, china('13:00'))).toBe(china('14:00'));
    expect(quietUntilMs(noon, china('14:00'))).toBeUndefined();
    expect(quietUntilMs({ ...night, from: '07:00', to: '07:00' }, china('07:00'))).toBeUndefined();
    expect(quietUntilMs(null, china('23:00'))).toBeUndefined();
  });

  it('when they begin next, and when the county’s day began', () => {
    expect(quietFromMs(night, china('20:00'))).toBe(china('21:30'));
    expect(quietFromMs(night, china('21:30'))).toBe(china('21:30'));
    expect(quietFromMs(night, china('22:00'))).toBe(china('21:30') + 24 * 3_600_000);
    expect(dayBeganMs(night, china('03:00'))).toBe(china('00:00'));
    expect(dayBeganMs({ utcOffsetMinutes: -300 }, Date.parse('2026-07-01T02:00:00-05:00'))).toBe(Date.parse('2026-07-01T00:00:00-05:00'));
  });
});
