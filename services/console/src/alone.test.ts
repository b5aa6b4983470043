// When a place was alone, and an order that no clock can break.
import { describe, expect, it } from 'vitest';
import type { EventRow } from '@laba/runtime/event-tail';
import { happenedAtMs, inCausalOrder, silencesOf, spellsOf, type Silence } from './alone.ts';

let seq = 0;
function event(type: string, atMs: number, more: Partial<EventRow> = {}): EventRow {
  seq += 1;
  return { seq, id: `e${seq}`, type, atMs, who: 'system', via: 'job', gridCode: '53332410120101', alertId: null, subjectId: 'g-1', data: {}, ...more };
}
const silence = (fromMs: number, backMs: number | null, subjectId = 'g-1'): Silence => ({ subjectId, gridCode: '53332410120101', fromMs, backMs });

describe('a silence', () => {
  it('begins when somebody was heard last and ends with his return; told twice, it is one', () => {
    const told = [
      event('site.silent', 100, { data: { lastSeenMs: 40 } }),
      event('site.silent', 110, { data: { lastSeenMs: 40 } }),
      event('house.silent', 120, { subjectId: 'h-1', data: { lastHeardMs: 60 } }),
      event('site.back', 300),
      event('site.back', 310),
      event('site.silent', 400, { data: { lastSeenMs: 9_999 } }),
    ];
    expect(silencesOf(told).map(({ subjectId, fromMs, backMs }) => [subjectId, fromMs, backMs])).toEqual([
      ['g-1', 40, 300],
      ['h-1', 60, null],
      // A last word out of the future is none.
      ['g-1', 400, null],
    ]);
  });

  it('of a box that was replaced ends with it', () => {
    const told = [event('site.silent', 100, { data: { lastSeenMs: 40 } }), event('gateway.revoked', 30), event('site.silent', 200, { subjectId: 'g-2' })];
    expect(silencesOf(told).map(({ backMs }) => backMs)).toEqual([40, null]);
  });

  it('of several who are silent at once is one time alone, the latest first', () => {
    const spells = spellsOf([silence(500, null), silence(10, 100), silence(50, 200, 'h-1'), silence(300, 400)]);
    expect(spells).toEqual([
      { fromMs: 500, backMs: null, subjectIds: ['g-1'] },
      { fromMs: 300, backMs: 400, subjectIds: ['g-1'] },
      { fromMs: 10, backMs: 200, subjectIds: ['g-1', 'h-1'] },
    ]);
    expect(spellsOf([silence(10, null), silence(50, 200, 'h-1')])).toMatchObject([{ fromMs: 10, backMs: null }]);
  });
});

describe('what happened', () => {
  it('keeps the order in which each house told it, whatever its clock said, and is merged by time', () => {
    const here = event('status.received', 250);
    const there = [event('alert.raised', 200), event('rollcall.completed', 5), event('ladder.closed', 220), event('alert.ended', 300)];
    const placed = [...there.map((row) => ({ row, origin: 'h-1' })), { row: here, origin: null }];
    const ordered = inCausalOrder(placed.reverse());
    expect(ordered.map(({ row }) => row.type)).toEqual(['alert.raised', 'rollcall.completed', 'ladder.closed', 'status.received', 'alert.ended']);
    expect(ordered.map(({ isClockOff }) => isClockOff)).toEqual([false, true, false, false, false]);
  });

  it('two houses whose clocks differ each keep their own order', () => {
    const of = (origin: string, times: readonly number[]) => times.map((atMs) => ({ row: event('person.marked', atMs), origin }));
    const ordered = inCausalOrder([...of('h-1', [100, 90, 300]), ...of('h-2', [1, 2, 95])]);
    for (const house of ['h-1', 'h-2']) {
      const seqs = ordered.filter(({ origin }) => origin === house).map(({ row }) => row.seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    }
  });

  it('says by itself when it was, where it was kept without a line; never the future', () => {
    expect(happenedAtMs(event('delivery.played', 500, { data: { startTime: new Date(100).toISOString() } }))).toBe(100);
    expect(happenedAtMs(event('call.answered', 500, { data: { saidAtMs: 200 } }))).toBe(200);
    expect(happenedAtMs(event('call.answered', 500, { data: { saidAtMs: 900 } }))).toBe(500);
    expect(happenedAtMs(event('delivery.played', 500, { data: { startTime: 'soon' } }))).toBe(500);
  });
});
