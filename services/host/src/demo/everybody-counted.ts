// The Dasuo night door by door: helpers mark their own doors on their phones, the cadre reads out the rest, until nobody is left to be found; and again when two go back.
import { householdStatus, type Mark, type PersonStatus } from '@laba/domain/rollcall';
import type { Client } from '../cli/client.ts';
import { firstWord, nightAtTheDoors, type NightAtTheDoors } from './dasuo-doors.ts';
import type { Night } from './dasuo-people.ts';
import { patientFetch } from './patient-fetch.ts';
import { until } from './story.ts';

type ByStatus = Partial<Record<PersonStatus, number>>;

export interface RollCallCounts {
  complete: boolean;
  households: { total: number; accounted: number; byStatus: ByStatus };
  persons: { total: number; found: number; accounted: number; byStatus: Record<string, number> };
  places: { total: number; open: number; counted: number };
}

interface Person {
  personId: string;
  status: PersonStatus;
  version: number;
}

interface Page extends RollCallCounts {
  list: { householdId: string | null; version: number; persons: Person[] }[];
  next: string | null;
}

interface PlacesPage {
  places: { placeId: string; expected: number; version: number }[];
  next: string | null;
}

type Visit = Pick<Night, 'url' | 'cadre' | 'alertId' | 'random' | 'say'>;

interface OwnDoors {
  round: number;
  doors: { householdId: string; isOpen: boolean; version: number; persons: Person[] }[];
}

/** The first visit: every door as the seed has it, by its helper where he is there, and every place counted full. `helpers`: their pages. */
export async function countEverybody(visit: Visit, helpers: readonly string[]): Promise<NightAtTheDoors> {
  const { cadre, alertId, random, say } = visit;
  const path = `/api/v1/alerts/${alertId}/rollcall`;
  await until('the roll-call is frozen', 60_000, async () => ((await cadre.get<Page>(path)).persons.total > 0 ? true : undefined));
  const doors = (await wholeList(cadre, path)).flatMap(({ householdId, persons }) => (householdId === null ? [] : [{ householdId, persons }]));
  const night = nightAtTheDoors(doors, random);
  const marked = await helpersVisit(visit, helpers, night);
  await visitDoors(visit, path, night);
  await countPlaces(cadre, `${path}/places`);
  say(
    `door by door, ${marked} of them by helpers on their phones: ${accountedFor(await rollCallOf(cadre, alertId))}; one household refuses, two people cannot walk`,
  );
  return night;
}

/** The second visit: those who refused are talked over, those who cannot walk are carried; two go back and are brought out again. */
export async function bringOutTheLast(visit: Visit, night: NightAtTheDoors): Promise<void> {
  const { cadre, alertId, say } = visit;
  const path = `/api/v1/alerts/${alertId}/rollcall`;
  const list = await wholeList(cadre, path);
  const people = list.flatMap((home) => home.persons);
  const refused = list.find(({ persons }) => persons.some((person) => person.status === 'refused'));
  if (refused?.householdId != null)
    await cadre.post(`${path}/households/${refused.householdId}/mark`, { status: 'moved', means: 'face-to-face', version: refused.version });
  for (const person of people.filter(({ status }) => status === 'needs-help')) await markOne(cadre, path, person, 'moved', 'face-to-face');
  await goBackAndComeOut(visit, path, night.returning);
  say(`everybody is out: ${accountedFor(await rollCallOf(cadre, alertId))}`);
}

/** How many doors the helpers marked. */
async function helpersVisit({ url, alertId }: Visit, helpers: readonly string[], night: NightAtTheDoors): Promise<number> {
  let marked = 0;
  for (const page of helpers) {
    const { round, doors } = (await (await patientFetch(new URL(`${page}/rollcall`, url))).json()) as OwnDoors;
    for (const { householdId, version, persons } of doors.filter(
      (door) => door.isOpen && !door.persons.some(({ personId }) => night.carried.includes(personId)),
    )) {
      const body = JSON.stringify({ status: firstWord(householdId, night), round, version });
      // A process may die after it wrote: asked again, it is the same mark.
      const headers = { 'content-type': 'application/json', 'idempotency-key': `${alertId}-${householdId}` };
      const response = await patientFetch(new URL(`${page}/rollcall/households/${householdId}/mark`, url), { method: 'POST', headers, body });
      if (!response.ok && ((await response.json()) as { code?: string }).code !== 'already-done')
        throw new Error(`A helper's page answered ${response.status} to a mark of ${persons.length} people.`);
      marked += 1;
    }
  }
  return marked;
}

async function visitDoors({ cadre }: Visit, path: string, night: NightAtTheDoors): Promise<void> {
  for (const { householdId, version, persons } of await wholeList(cadre, path)) {
    if (householdId === null || persons.every(({ status }) => status !== 'unreached')) continue;
    const helpless = persons.filter(({ personId }) => night.carried.includes(personId));
    for (const person of helpless) await markOne(cadre, path, person, 'needs-help', 'face-to-face');
    const others = persons.filter((person) => !helpless.includes(person));
    if (helpless.length > 0) for (const person of others) await markOne(cadre, path, person, 'moved', 'by-list');
    else await cadre.post(`${path}/households/${householdId}/mark`, { status: firstWord(householdId, night), means: 'by-list', version });
  }
}

async function goBackAndComeOut({ cadre, alertId, say }: Visit, path: string, returning: readonly string[]): Promise<void> {
  const those = async () => (await wholeList(cadre, path)).flatMap((home) => home.persons).filter(({ personId }) => returning.includes(personId));
  for (const person of await those()) await markOne(cadre, path, person, 'returned', 'radio');
  say(`two people go back for their cattle: ${accountedFor(await rollCallOf(cadre, alertId))}`);
  for (const person of await those()) await markOne(cadre, path, person, 'moved', 'radio');
}

async function markOne(cadre: Client, path: string, { personId, version }: Person, status: Mark, means: string): Promise<void> {
  await cadre.post(`${path}/persons/${personId}/mark`, { status, means, version });
}

async function wholeList(cadre: Client, path: string): Promise<Page['list']> {
  const list: Page['list'] = [];
  for (let after = ''; ;) {
    const page = await cadre.get<Page>(`${path}${after}`);
    list.push(...page.list);
    if (page.next === null) return list;
    after = `?after=${encodeURIComponent(page.next)}`;
  }
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
  const path = `/api/v1/alerts/${alertId}/rollcall`;
  const { complete, households, persons, places } = await cadre.get<Page>(path);
  const byStatus: ByStatus = {};
  for (const home of await wholeList(cadre, path)) {
    if (home.householdId === null) continue;
    const status = householdStatus(home.persons);
    byStatus[status] = (byStatus[status] ?? 0) + 1;
  }
  return { complete, households: { total: households.total, accounted: households.accounted, byStatus }, persons, places };
}

export function accountedFor({ households, persons, places }: RollCallCounts): string {
  return `${households.accounted} of ${households.total} households, ${persons.accounted} of ${persons.total} people, ${places.counted} guests`;
}
