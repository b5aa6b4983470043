// Chapter 5, roll-call: totals that always add up, and what complete means.
import { describe, expect, test } from 'vitest';
import { followsHousehold, householdStatus, isAccounted, isConfirmed, MARKS, PERSON_STATUS_NAMES, PERSON_STATUSES, personTotals } from './rollcall.ts';

describe('totals', () => {
  test('add up to the frozen list and those found on the spot, for any counts', () => {
    const counts = PERSON_STATUS_NAMES.flatMap((status, i) => [
      { status, isFound: false, isConfirmed: true, count: i * 7 + 1 },
      { status, isFound: true, isConfirmed: false, count: i },
      { status, isFound: false, isConfirmed: true, count: 3 },
    ]);
    const totals = personTotals(counts);
    expect(totals.total).toBe(counts.reduce((sum, one) => sum + one.count, 0));
    expect(totals.frozen + totals.found).toBe(totals.total);
    expect(Object.values(totals.byStatus).reduce((sum, n) => sum + n, 0)).toBe(totals.total);
    const open = totals.byStatus.unreached + totals.byStatus.missing + totals.byStatus.returned;
    expect(totals.accounted).toBe(totals.total - open);
    expect(totals.unconfirmed).toBe(totals.found);
  });

  test('of nobody are nothing, with every status named', () => {
    expect(personTotals([])).toMatchObject({ total: 0, frozen: 0, found: 0, accounted: 0 });
    expect(Object.keys(personTotals([]).byStatus)).toEqual(PERSON_STATUS_NAMES);
  });
});

describe('accounted for', () => {
  test.each(PERSON_STATUS_NAMES)('a person %s', (status) => {
    expect(isAccounted(status)).toBe(!['unreached', 'missing', 'returned'].includes(status));
  });

  test('who is safe or moved is asked about again in every round, and nobody else', () => {
    const again = PERSON_STATUS_NAMES.filter((status) => !isConfirmed({ status, round: 1 }, 2));
    expect(again).toEqual(['safe', 'moved']);
    expect(isConfirmed({ status: 'moved', round: 2 }, 2)).toBe(true);
  });
});

describe('words', () => {
  test('every status has its Chinese and English words, and nobody can be marked unreached', () => {
    for (const { zh, en } of Object.values(PERSON_STATUSES)) expect([zh, en]).not.toContain('');
    expect(MARKS).toEqual(PERSON_STATUS_NAMES.slice(1));
  });

  test('a word about a household leaves alone whoever was spoken of by name', () => {
    const followers = PERSON_STATUS_NAMES.filter((status) => followsHousehold({ status, round: 1 }, 'moved', 1));
    expect(followers).toEqual(['unreached', 'safe', 'refused', 'needs-help', 'missing', 'returned']);
    expect(followsHousehold({ status: 'moved', round: 1 }, 'moved', 2)).toBe(true);
    expect(followsHousehold({ status: 'away', round: 1 }, 'moved', 2)).toBe(false);
  });
});

describe('a household', () => {
  const of = (...statuses: (keyof typeof PERSON_STATUSES)[]) => householdStatus(statuses.map((status) => ({ status })));

  test('stands as the one of its persons who needs attention first', () => {
    expect(of('moved', 'away')).toBe('moved');
    expect(of('moved', 'refused', 'needs-help')).toBe('needs-help');
    expect(of('dead', 'unreached')).toBe('unreached');
    expect(of('returned', 'missing', 'unreached')).toBe('missing');
    expect(of('relocated', 'relocated')).toBe('relocated');
    expect(of()).toBe('unreached');
  });

  test('is open exactly when one of its persons is, for every pair of statuses', () => {
    for (const a of PERSON_STATUS_NAMES) for (const b of PERSON_STATUS_NAMES) expect(isAccounted(of(a, b))).toBe(isAccounted(a) && isAccounted(b));
  });
});
