// The Dasuo night's end: the cadres go through the list door by door, until nobody is left to be found.
import type { Client } from '../cli/client.ts';
import { until } from './story.ts';

export interface RollCallCounts {
  complete: boolean;
  households: { total: number; accounted: number };
  persons: { total: number; found: number; accounted: number; byStatus: Record<string, number> };
  places: { total: number; open: number };
}

interface Page extends RollCallCounts {
  list: { householdId: string | null; version: number; persons: { personId: string; version: number }[] }[];
  next: string | null;
}

interface PlacesPage {
  places: { placeId: string; expected: number; version: number }[];
  next: string | null;
}

/** Marks every household of the alert's list moved, one person away, and counts the places full. */
export async function countEverybody(cadre: Client, alertId: string): Promise<RollCallCounts> {
  const path = `/api/v1/alerts/${alertId}/rollcall`;
  await until('the roll-call is frozen', 10_000, async () => ((await cadre.get<Page>(path)).persons.total > 0 ? true : undefined));
  const { list } = await cadre.get<Page>(path);
  const away = list.find(({ persons }) => persons.length > 1)?.persons[0];
  if (away !== undefined) await cadre.post(`${path}/persons/${away.personId}/mark`, { status: 'away', means: 'telephone', version: away.version });
  for (let after = ''; ;) {
    const page = await cadre.get<Page>(`${path}${after}`);
    for (const { householdId, version } of page.list)
      if (householdId !== null) await cadre.post(`${path}/households/${householdId}/mark`, { status: 'moved', means: 'by-list', version });
    if (page.next === null) break;
    after = `?after=${encodeURIComponent(page.next)}`;
  }
  await countPlaces(cadre, `${path}/places`);
  return rollCallOf(cadre, alertId);
}

async function countPlaces(cadre: Client, path: string): Promise<void> {
  for (let after = ''; ;) {
    const page = await cadre.get<PlacesPage>(`${path}${after}`);
    for (const { placeId, expected, version } of page.places) await cadre.post(`${path}/${placeId}/count`, { counted: expected, means: 'telephone', version });
    if (page.next === null) return;
    after = `?after=${encodeURIComponent(page.next)}`;
  }
}

/** How the roll-call stands. */
export async function rollCallOf(cadre: Client, alertId: string): Promise<RollCallCounts> {
  const { complete, households, persons, places } = await cadre.get<Page>(`/api/v1/alerts/${alertId}/rollcall`);
  return { complete, households, persons, places };
}
