// What the house keeps, as rows of the county's lists: for exporting them, and for telling what of an import is new.
import { asc, eq, isNull, ne } from 'drizzle-orm';
import type { Vault } from '@laba/runtime/vault';
import type { Database } from '@laba/storage/database';
import type { NodeRow, HouseholdRow, NeighbourRow, PersonRow, PlaceRow, SiteRow, SpeakerRow } from './import-store.ts';
import type { HazardPointRow } from './hazard-point-store.ts';
import type { RungRow } from './ladder-store.ts';
import type { MusterPointRow } from './muster-store.ts';

/** One row of a list: its cells by the names of its columns. */
export type ListRow = Readonly<Record<string, string>>;

/** A row and the grid nodes that it belongs to. */
export interface KeptRow {
  gridCodes: readonly string[];
  row: ListRow;
}

export interface Keeper {
  db: Database;
  vault: Vault;
}

const bit = (is: boolean) => (is ? '1' : '0');
const joined = (words: readonly string[] | null | undefined) => (words ?? []).join('|');

export const divisionRow = ({ code, name, parentCode, tier }: NodeRow): ListRow => ({ code, name, parent_code: parentCode ?? '', level: tier });

export const groupRow = ({ code, name, parentCode, partyBranch, languages }: NodeRow): ListRow => ({
  code,
  name,
  parent_code: parentCode ?? '',
  party_branch: partyBranch ?? '',
  languages: joined(languages),
});

export const siteRow = (site: SiteRow, speaker: Pick<SpeakerRow, 'id' | 'name'> | null): ListRow => ({
  site_id: site.id,
  name: site.name,
  grid_code: site.gridCode,
  placed_by: site.placedBy ?? '',
  speaker_id: speaker?.id ?? '',
  speaker_name: speaker?.name ?? '',
});

export interface MemberTold {
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  skills: readonly string[];
  available: boolean;
  offDuty: boolean;
}

export const memberRow = (member: MemberTold, gridCode: string, post: string | null): ListRow => ({
  member_id: member.id,
  name: member.name,
  phone: member.phone ?? '',
  skills: joined(member.skills),
  available: bit(member.available),
  grid_code: gridCode,
  post: post ?? '',
  email: member.email ?? '',
  off_duty: bit(member.offDuty),
});

export const householdRow = (household: HouseholdRow, phone: string | null): ListRow => ({
  household_id: household.id,
  grid_code: household.gridCode,
  doorplate: household.doorplate,
  head_name: household.headName,
  phone: phone ?? '',
  needs: joined(household.needs),
  helper_member_id: household.helperMemberId ?? '',
});

export const personRow = ({ id, householdId, name, needs }: PersonRow): ListRow => ({ person_id: id, household_id: householdId, name, needs: joined(needs) });

export const placeRow = (place: PlaceRow, phone: string | null): ListRow => ({
  place_id: place.id,
  grid_code: place.gridCode,
  kind: place.kind,
  name: place.name,
  contact_name: place.contactName,
  phone: phone ?? '',
  head_count: String(place.headCount),
});

export const musterRow = ({ id, gridCode, name, capacity }: MusterPointRow): ListRow => ({
  muster_point_id: id,
  grid_code: gridCode,
  name,
  capacity: String(capacity),
});

export const hazardPointRow = (point: HazardPointRow, phone: string | null): ListRow => ({
  point_id: point.id,
  grid_code: point.gridCode,
  name: point.name,
  hazard: point.hazard,
  patrol_name: point.patrolName,
  phone: phone ?? '',
  patrol_member_id: point.patrolMemberId ?? '',
});

export const rungRow = ({ gridCode, position, memberId, duty }: RungRow): ListRow => ({
  grid_code: gridCode,
  position: String(position),
  member_id: memberId,
  duty,
});

/** A pair stands in one row, the smaller code first. */
export function neighbourRow({ code, neighbourCode }: NeighbourRow): ListRow {
  const [one, other] = code < neighbourCode ? [code, neighbourCode] : [neighbourCode, code];
  return { grid_code: one, neighbour_code: other };
}

const nodes = (db: Database) => db.read((q, { gridNode: node }) => q.select().from(node).where(isNull(node.alertId)).orderBy(asc(node.code)));

export const keptDivisions = async ({ db }: Keeper): Promise<KeptRow[]> =>
  (await nodes(db)).filter(({ tier }) => tier !== 'group').map((node) => ({ gridCodes: [node.code], row: divisionRow(node) }));

export const keptGroups = async ({ db }: Keeper): Promise<KeptRow[]> =>
  (await nodes(db)).filter(({ tier }) => tier === 'group').map((node) => ({ gridCodes: [node.code], row: groupRow(node) }));

export async function keptSites({ db }: Keeper): Promise<KeptRow[]> {
  const rows = await db.read((q, { site, speaker }) =>
    q.select({ site, speaker }).from(site).leftJoin(speaker, eq(speaker.siteId, site.id)).orderBy(asc(site.id), asc(speaker.id)),
  );
  return rows.map(({ site, speaker }) => ({ gridCodes: [site.gridCode], row: siteRow(site, speaker) }));
}

/** Who joined on the spot, for one alert, is on no list. */
export async function keptMembers({ db, vault }: Keeper): Promise<KeptRow[]> {
  const rows = await db.read((q, { member, membership }) =>
    q
      .select({ member, gridCode: membership.gridCode, post: membership.post })
      .from(membership)
      .innerJoin(member, eq(member.id, membership.memberId))
      .where(isNull(member.alertId))
      .orderBy(asc(member.id), asc(membership.gridCode)),
  );
  const opened = (cipher: string | null) => (cipher === null ? null : vault.decrypt(cipher));
  return rows.map(({ member, gridCode, post }) => ({
    gridCodes: [gridCode],
    row: memberRow({ ...member, phone: opened(member.phoneCipher), email: opened(member.emailCipher) }, gridCode, post),
  }));
}

export async function keptHouseholds({ db, vault }: Keeper): Promise<KeptRow[]> {
  const rows = await db.read((q, { household }) => q.select().from(household).orderBy(asc(household.id)));
  return rows.map((one) => ({ gridCodes: [one.gridCode], row: householdRow(one, one.phoneCipher === null ? null : vault.decrypt(one.phoneCipher)) }));
}

export async function keptPersons({ db }: Keeper): Promise<KeptRow[]> {
  const rows = await db.read((q, { person, household }) =>
    q.select({ person, gridCode: household.gridCode }).from(person).innerJoin(household, eq(household.id, person.householdId)).orderBy(asc(person.id)),
  );
  return rows.map(({ person, gridCode }) => ({ gridCodes: [gridCode], row: personRow(person) }));
}

export async function keptPlaces({ db, vault }: Keeper): Promise<KeptRow[]> {
  const rows = await db.read((q, { place }) => q.select().from(place).orderBy(asc(place.id)));
  return rows.map((one) => ({ gridCodes: [one.gridCode], row: placeRow(one, one.phoneCipher === null ? null : vault.decrypt(one.phoneCipher)) }));
}

/** Without those of an alert's shelters. */
export async function keptMusterPoints({ db }: Keeper): Promise<KeptRow[]> {
  const rows = await db.read((q, { musterPoint, gridNode }) =>
    q
      .select({ point: musterPoint })
      .from(musterPoint)
      .innerJoin(gridNode, eq(gridNode.code, musterPoint.gridCode))
      .where(isNull(gridNode.alertId))
      .orderBy(asc(musterPoint.id)),
  );
  return rows.map(({ point }) => ({ gridCodes: [point.gridCode], row: musterRow(point) }));
}

export async function keptLadders({ db }: Keeper): Promise<KeptRow[]> {
  const rows = await db.read((q, { ladderRung: rung }) => q.select().from(rung).orderBy(asc(rung.gridCode), asc(rung.position)));
  return rows.map((rung) => ({ gridCodes: [rung.gridCode], row: rungRow(rung) }));
}

export async function keptNeighbours({ db }: Keeper): Promise<KeptRow[]> {
  const rows = await db.read((q, { neighbour }) =>
    q.select().from(neighbour).where(ne(neighbour.code, neighbour.neighbourCode)).orderBy(asc(neighbour.code), asc(neighbour.neighbourCode)),
  );
  return rows
    .filter(({ code, neighbourCode }) => code < neighbourCode)
    .map((pair) => ({ gridCodes: [pair.code, pair.neighbourCode], row: neighbourRow(pair) }));
}

export async function keptHazardPoints({ db, vault }: Keeper): Promise<KeptRow[]> {
  const rows = await db.read((q, { hazardPoint }) => q.select().from(hazardPoint).orderBy(asc(hazardPoint.id)));
  return rows.map((one) => ({ gridCodes: [one.gridCode], row: hazardPointRow(one, one.phoneCipher === null ? null : vault.decrypt(one.phoneCipher)) }));
}
