// Chapter 6, look back: the drills of a half-year as stars, per village and per group. Counted when it is asked for; nothing is kept about anybody.
import { boundsOf, halfYearAt, halvesUntil, ratingOf } from '@laba/domain/drill-score';
import { sharedCodes } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { MeasuredPlace, RatedPlace, StarsView } from '@laba/domain/measures-view';
import type { Officer } from '@laba/domain/officer';
import type { Deps } from '@laba/runtime/service';
import { findAreasOf } from '../event-store.ts';
import { watchAlert } from '../read-coverage.ts';
import { drillsBetween } from './measures-store.ts';
import { readMeasures } from './read-measures.ts';

/** What is still talked about. */
const HALVES = 4;

/** `half`: the running one where none is named. */
export async function readStars(deps: Deps, officer: Officer, half = halfYearAt(deps.clock.now(), deps.config.utcOffsetMinutes)): Promise<StarsView> {
  const { fromMs, toMs } = boundsOf(half, deps.config.utcOffsetMinutes);
  const found = await drillsBetween(deps.db, officer.scopes, fromMs, toMs, LIMITS.ratedDrills + 1);
  const areas = await findAreasOf(deps.db, found);
  const own = found.slice(0, LIMITS.ratedDrills).filter((id) => sharedCodes(areas.get(id) ?? [], officer.scopes).length > 0);
  const rated = new Map<string, { place: MeasuredPlace; points: number[] }>();
  // One after the other: an alert of tonight is not to wait for a look at last spring.
  for (const id of own) {
    const { villages, groups } = await readMeasures(deps, await watchAlert(deps, officer, id));
    for (const place of [...villages, ...groups]) {
      if (place.score === null || place.score.points === null) continue;
      const known = rated.get(place.code) ?? { place, points: [] };
      known.points.push(place.score.points);
      rated.set(place.code, known);
    }
  }
  const places = [...rated.values()].map(({ place: { code, name }, points }): RatedPlace => ({
    code,
    name,
    tier: code.length > 12 ? 'group' : 'village',
    ...ratingOf(points),
  }));
  const nowMs = deps.clock.now();
  return {
    ...{ asOfMs: nowMs, half, halves: halvesUntil(nowMs, deps.config.utcOffsetMinutes, HALVES) },
    ...{ drills: own.length, isCut: found.length > LIMITS.ratedDrills, places: places.sort((a, b) => (a.code < b.code ? -1 : 1)) },
  };
}
