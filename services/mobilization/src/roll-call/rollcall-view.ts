// Chapter 5, roll-call: what of the list is shown, and in which form.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { MARK_MEANS_NAMES, PERSON_STATUS_NAMES } from '@laba/domain/rollcall';
import { isHeadCountOld } from '@laba/domain/place';
import type { Deps } from '@laba/runtime/service';
import type { ListedPerson, ListedPlace } from './rollcall-store.ts';

export const tags = ['roll-call'];

/** Of which alert, and of which part of its list, from where on. */
export const params = z.object({ id: z.string().max(64) });
export const querystring = z.object({
  group: z
    .string()
    .regex(/^\d{6,14}$/)
    .optional(),
  after: z.string().max(128).optional(),
});
export const next = z.string().nullable();

const marked = { means: z.enum(MARK_MEANS_NAMES).nullable(), markedBy: z.string().nullable(), markedAt: z.string().nullable(), version: z.number() };
export const personView = z.object({
  personId: z.string(),
  householdId: z.string().nullable(),
  gridCode: z.string(),
  isFound: z.boolean(),
  status: z.enum(PERSON_STATUS_NAMES),
  words: z.string().nullable(),
  /** The round in which this was said. */
  round: z.number(),
  musterPointId: z.string().nullable(),
  ...marked,
});
export const placeView = z.object({
  placeId: z.string(),
  gridCode: z.string(),
  expected: z.number(),
  /** When `expected` was said, and whether that is more than a day ago, or nobody knows. */
  expectedAt: z.string().nullable(),
  isExpectedOld: z.boolean(),
  counted: z.number().nullable(),
  round: z.number(),
  ...marked,
});

export const timeOf = (deps: Deps, atMs: number | null) => (atMs === null ? null : capTime(atMs, deps.config.utcOffsetMinutes));

/** What stands in the row; what was said of the person in words is for who may mark him. */
export function viewPerson(deps: Deps, person: ListedPerson): z.infer<typeof personView> {
  const { personId, householdId, gridCode, status, round, musterPointId, means, markedBy, version } = person;
  const said = person.wordsCipher === null ? null : deps.vault.decrypt(person.wordsCipher);
  return {
    personId,
    householdId,
    gridCode,
    isFound: householdId === null,
    status,
    words: said,
    round,
    musterPointId,
    means,
    markedBy,
    markedAt: timeOf(deps, person.markedAtMs),
    version,
  };
}

export function viewPlace(deps: Deps, place: ListedPlace): z.infer<typeof placeView> {
  const { placeId, gridCode, expected, counted, round, means, markedBy, version } = place;
  return {
    placeId,
    gridCode,
    expected,
    expectedAt: timeOf(deps, place.expectedAtMs),
    isExpectedOld: isHeadCountOld(place.expectedAtMs, deps.clock.now()),
    counted,
    round,
    means,
    markedBy,
    markedAt: timeOf(deps, place.markedAtMs),
    version,
  };
}
