// Who knocks where: every door once, nobody who cannot, needs first, shared out evenly, whatever order the lists come in.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignDoors, byUrgency, minutesAt, type Door, type Helper } from './assign-doors.ts';
import { NEEDS, type Need } from './member.ts';

const VILLAGE = '533324100200';
const [A, B, ELSEWHERE] = [`${VILLAGE}01`, `${VILLAGE}02`, '53332410030001'];
const door = (householdId: string, more: Partial<Door> = {}): Door => ({
  householdId,
  gridCode: A,
  doorplate: householdId,
  needs: [],
  helperMemberId: null,
  ...more,
});
const helper = (memberId: string, codes: string[] = [A], busyMinutes = 0): Helper => ({ memberId, codes, busyMinutes });
const of = (doors: Door[], helpers: Helper[]) => new Map(assignDoors(doors, helpers).map((one) => [one.householdId, one]));

describe('assigning doors to helpers', () => {
  it('the own helper goes, wherever he lives; else the group, else the village, else nobody, and says why', () => {
    const doors = [door('h1', { helperMemberId: 'far' }), door('h2'), door('h3', { gridCode: B }), door('h4', { gridCode: ELSEWHERE })];
    const found = of(doors, [helper('far', [ELSEWHERE.slice(0, 12)]), helper('near')]);
    expect(found.get('h1')).toEqual({ householdId: 'h1', memberId: 'far', reason: 'own-helper', minutes: 15 });
    expect(found.get('h2')).toEqual({ householdId: 'h2', memberId: 'near', reason: 'same-group', minutes: 3 });
    expect(found.get('h3')).toMatchObject({ memberId: 'near', reason: 'same-village' });
    expect(found.get('h4')).toMatchObject({ memberId: 'far', reason: 'same-village' });
    expect(of([door('h5', { gridCode: '53332499999901' })], [helper('near')]).get('h5')).toEqual({
      householdId: 'h5',
      memberId: null,
      reason: 'nobody',
      minutes: 0,
    });
  });

  it('who cannot walk is fetched before all others, then as the doorplates run', () => {
    const doors = [door('a', { doorplate: '10号' }), door('b', { doorplate: '2号' }), door('c', { doorplate: '30号', needs: ['bedridden'] })];
    const found = assignDoors(doors, [helper('m')]).map(({ householdId, minutes }) => [householdId, minutes]);
    expect(found).toEqual([
      ['c', 3],
      ['b', 13],
      ['a', 17],
    ]);
  });

  it('whoever has doors already gets fewer new ones', () => {
    const found = assignDoors([door('a'), door('b')], [helper('idle'), helper('m-busy', [A], 30)]);
    expect(found.map(({ memberId }) => memberId)).toEqual(['idle', 'idle']);
  });

  const codes = fc.constantFrom(A, B, ELSEWHERE, VILLAGE);
  const needs = fc.uniqueArray(fc.constantFrom(...(Object.keys(NEEDS) as Need[])), { maxLength: 3 });
  const members = fc.constantFrom(...Array.from({ length: 12 }, (_, i) => `m${i}`));
  const doors = fc.uniqueArray(
    fc.record({
      householdId: fc.string({ minLength: 1, maxLength: 4 }),
      gridCode: codes,
      doorplate: fc.string({ maxLength: 4 }),
      needs,
      helperMemberId: fc.option(members),
    }),
    { selector: (one) => one.householdId, maxLength: 60 },
  );
  const helpers = fc.uniqueArray(fc.record({ memberId: members, codes: fc.uniqueArray(codes, { maxLength: 2 }), busyMinutes: fc.nat({ max: 40 }) }), {
    selector: (one) => one.memberId,
    maxLength: 12,
  });

  it('answers for every door once, by somebody who can, the same in any order', () => {
    fc.assert(
      fc.property(doors, helpers, (some, who) => {
        const found = of(some, who);
        expect(found.size).toBe(some.length);
        expect(assignDoors(some, who)).toHaveLength(some.length);
        expect(of(some.toReversed(), who.toReversed())).toEqual(found);
        for (const one of some) {
          const { memberId, reason } = found.get(one.householdId)!;
          const able = (lives: (code: string) => boolean) => who.some((person) => person.codes.some(lives));
          const sent = who.find((person) => person.memberId === memberId);
          if (who.some((person) => person.memberId === one.helperMemberId)) expect([memberId, reason]).toEqual([one.helperMemberId, 'own-helper']);
          else if (able((code) => code === one.gridCode)) expect([reason, sent!.codes.includes(one.gridCode)]).toEqual(['same-group', true]);
          else if (able((code) => code.startsWith(one.gridCode.slice(0, 12)))) expect(reason).toBe('same-village');
          else expect([memberId, reason]).toEqual([null, 'nobody']);
        }
      }),
    );
  });

  it('shares a group out evenly: nobody has more to do than another by more than one door', () => {
    fc.assert(
      fc.property(fc.array(needs, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 6 }), (list, count) => {
        const all = list.map((one, i) => door(`h${i}`, { needs: one }));
        const who = Array.from({ length: count }, (_, i) => helper(`m${i}`));
        const found = assignDoors(all, who);
        const load = who.map(({ memberId }) =>
          found
            .filter((one) => one.memberId === memberId)
            .reduce((sum, one) => sum + 2 + minutesAt(all.find((each) => each.householdId === one.householdId)!), 0),
        );
        expect(Math.max(...load) - Math.min(...load)).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('nobody stands at a door of less need before one of more, and later doors take longer', () => {
    fc.assert(
      fc.property(doors, helpers, (some, who) => {
        const minutes = of(some, who);
        for (const { memberId } of who) {
          const his = some.filter((one) => minutes.get(one.householdId)!.memberId === memberId).toSorted(byUrgency);
          const times = his.map((one) => minutes.get(one.householdId)!.minutes);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});
