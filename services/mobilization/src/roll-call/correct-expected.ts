// Chapter 5, roll-call: a place told tonight's number while its list is being called: so many are expected there.
import type { EventData } from '@laba/domain/events';
import type { Deps, Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { expectAtPlace, holdList, listedPlacesNow } from './rollcall-store.ts';
import { settle } from './settle-store.ts';

/** The reaction to `place.head-count-told`, in every alert that lists the place; a later number stands. */
export async function correctExpected(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, job: Job): Promise<Reaction> {
  const { headCount: expected } = job.event.data as EventData<'place.head-count-told'>;
  const saidAtMs = job.event.atMs;
  const atMs = deps.clock.now();
  const places = (await listedPlacesNow(deps.db, job.event.subjectId)).filter((place) => (place.expectedAtMs ?? 0) <= saidAtMs);
  return {
    ops: places.flatMap((place) => {
      const { alertId, gridCode, placeId: subjectId, expected: was } = place;
      const by = { atMs, who: job.event.who, via: 'job', alertId } as const;
      return [
        holdList(alertId, atMs),
        expectAtPlace(place, expected, saidAtMs),
        ...record(deps.ids, { ...by, type: 'place.expected', gridCode, subjectId, data: { expected, was } }),
        ...settle(deps.ids, by),
      ];
    }),
  };
}
