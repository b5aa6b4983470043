// The grid as this officer may see it: names for codes.
import type { Tier } from '@laba/domain/grid';
import { useMemo } from 'react';
import { useRead } from './queries.ts';

export interface Place {
  code: string;
  tier: Tier;
  name: string;
  sites: number;
  members: number;
  households: number;
}

/** All places in scope, by code. They change seldom: events of the grid, and once in a while. */
export function usePlaces(): ReadonlyMap<string, Place> {
  const { data } = useRead<{ nodes: Place[] }>('/api/v1/grid', { changedBy: /^grid\./, every: 300_000 });
  return useMemo(() => new Map((data?.nodes ?? []).map((place) => [place.code, place])), [data]);
}

/** The name with its village before it, so that two groups of one name are told apart; the code where there is no name. */
export function placeName(places: ReadonlyMap<string, Place>, code: string): string {
  const village = code.length > 12 ? places.get(code.slice(0, 12)) : undefined;
  return [village?.name, places.get(code)?.name ?? code].filter(Boolean).join(' ');
}
