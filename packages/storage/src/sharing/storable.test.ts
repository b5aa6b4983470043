// Whether a row of a house below can stand here: by columns that the real rules fill, not only by drawn ones.
import { expect, it } from 'vitest';
import { isStorable } from './storable.ts';

const SEAT = { alertId: 'a', memberId: 'm', gridCode: '53332410120101', section: 'warning', state: 'held', decidedBy: 'rule', wordsCipher: null };

it('why somebody has his place in a section is a list of words', () => {
  expect(isStorable('sectionSeat', { ...SEAT, reasons: ['post:party-secretary', 'near:group'], changedAtMs: 1, version: 1 })).toBe(true);
  expect(isStorable('sectionSeat', { ...SEAT, reasons: [{ post: 'party-secretary' }], changedAtMs: 1, version: 1 })).toBe(false);
});
