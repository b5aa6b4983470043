// Import: what is there already, and the upserts, in chunks of many rows per statement.
import { and, eq, inArray, isNotNull, ne, sql, type SQL } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import type { Tier } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { any, one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type NodeRow = Tables['gridNode']['$inferInsert'];
export type SiteRow = Tables['site']['$inferInsert'];
export type SpeakerRow = Tables['speaker']['$inferInsert'];
export type MemberRow = Tables['member']['$inferInsert'];
export type MembershipRow = Tables['membership']['$inferInsert'];
export type HouseholdRow = Tables['household']['$inferInsert'];
export type PersonRow = Tables['person']['$inferInsert'];
export type PlaceRow = Tables['place']['$inferInsert'];
export type NeighbourRow = Tables['neighbour']['$inferInsert'];

const TURN = 'import-turn';

// Both engines call the row that was to be inserted `excluded`.
export const given = (...columns: string[]): Record<string, SQL> =>
  Object.fromEntries(columns.map((column) => [column, sql.raw(`excluded.${column.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}`)]));

export function chunked<R>(rows: readonly R[], build: (chunk: R[]) => Op): Op[] {
  const ops: Op[] = [];
  for (let i = 0; i < rows.length; i += LIMITS.rowsPerInsert) ops.push(build(rows.slice(i, i + LIMITS.rowsPerInsert)));
  return ops;
}

/** How many imports there were: what was read to decide is stale once another one has been written. */
export async function readTurn(db: Database): Promise<number> {
  const [row] = await db.read((q, t) => q.select({ value: t.setting.value }).from(t.setting).where(eq(t.setting.name, TURN)));
  return Number(row?.value ?? 0);
}

export function takeTurn(turn: number): Op {
  return one(
    (q, t) =>
      q
        .insert(t.setting)
        .values({ name: TURN, value: turn + 1 })
        .onConflictDoUpdate({ target: t.setting.name, set: { value: turn + 1 }, setWhere: eq(t.setting.value, turn) })
        .returning({ name: t.setting.name }),
    { otherwise: () => new LabaError('changed-meanwhile', 'Another import was written at the same moment: import again.') },
  );
}

export async function readNodes(db: Database): Promise<Map<string, Tier>> {
  const rows = await db.read((q, t) => q.select({ code: t.gridNode.code, tier: t.gridNode.tier }).from(t.gridNode));
  return new Map(rows.map((row) => [row.code, row.tier]));
}

export function upsertNodes(rows: readonly NodeRow[]): Op[] {
  return chunked(rows, (chunk) =>
    any((q, t) =>
      q
        .insert(t.gridNode)
        .values(chunk)
        .onConflictDoUpdate({ target: t.gridNode.code, set: given('tier', 'name', 'parentCode') })
        .returning({ id: t.gridNode.code }),
    ),
  );
}

/** Groups also carry what a division file does not know. */
export function upsertGroups(rows: readonly NodeRow[]): Op[] {
  return chunked(rows, (chunk) =>
    any((q, t) =>
      q
        .insert(t.gridNode)
        .values(chunk)
        .onConflictDoUpdate({ target: t.gridNode.code, set: given('name', 'parentCode', 'languages', 'partyBranch') })
        .returning({ id: t.gridNode.code }),
    ),
  );
}

/** Villages that hung on the county because their township's row was absent, now that it is there. */
export function adoptVillages(townships: readonly string[]): Op[] {
  return chunked(townships, (chunk) =>
    any((q, t) => {
      const township = sql<string>`substr(${t.gridNode.code}, 1, 9)`;
      return q
        .update(t.gridNode)
        .set({ parentCode: township })
        .where(and(eq(t.gridNode.tier, 'village'), inArray(township, chunk), ne(t.gridNode.parentCode, township)))
        .returning({ id: t.gridNode.code });
    }),
  );
}

export interface KnownSpeaker {
  id: string;
  siteId: string;
  gatewayId: string | null;
}

export async function readSites(db: Database): Promise<{ sites: Map<string, string>; speakers: KnownSpeaker[]; served: Set<string> }> {
  const sites = await db.read((q, t) => q.select({ id: t.site.id, gridCode: t.site.gridCode }).from(t.site));
  const speakers = await db.read((q, t) => q.select({ id: t.speaker.id, siteId: t.speaker.siteId, gatewayId: t.speaker.gatewayId }).from(t.speaker));
  const served = await db.read((q, t) =>
    q
      .selectDistinct({ siteId: t.gateway.siteId })
      .from(t.gateway)
      .where(and(ne(t.gateway.status, 'revoked'), isNotNull(t.gateway.siteId))),
  );
  return { sites: new Map(sites.map((site) => [site.id, site.gridCode])), speakers, served: new Set(served.map((row) => row.siteId)) };
}

export function upsertSites(sites: readonly SiteRow[], speakers: readonly SpeakerRow[]): Op[] {
  return [
    ...chunked(sites, (chunk) =>
      any((q, t) =>
        q
          .insert(t.site)
          .values(chunk)
          .onConflictDoUpdate({ target: t.site.id, set: given('name', 'gridCode', 'placedBy') })
          .returning({ id: t.site.id }),
      ),
    ),
    ...chunked(speakers, (chunk) =>
      any((q, t) =>
        q
          .insert(t.speaker)
          .values(chunk)
          .onConflictDoUpdate({ target: t.speaker.id, set: given('name', 'siteId', 'gridCode') })
          .returning({ id: t.speaker.id }),
      ),
    ),
  ];
}

/** Grid codes of each member's memberships; a member without one has an empty list. */
export async function readMembers(db: Database): Promise<Map<string, string[]>> {
  const rows = await db.read((q, t) =>
    q.select({ id: t.member.id, gridCode: t.membership.gridCode }).from(t.member).leftJoin(t.membership, eq(t.membership.memberId, t.member.id)),
  );
  const known = new Map<string, string[]>();
  for (const { id, gridCode } of rows) {
    const codes = known.get(id) ?? [];
    if (gridCode !== null) codes.push(gridCode);
    known.set(id, codes);
  }
  return known;
}

/** `with…`: the list says who has an e-mail address, who is off duty; otherwise what is known of that stays. */
export function upsertMembers(
  members: readonly MemberRow[],
  memberships: readonly MembershipRow[],
  { withEmail, withOffDuty }: { withEmail: boolean; withOffDuty: boolean },
): Op[] {
  const told = given('name', 'phoneCipher', 'phoneHash', 'skills', 'available', ...(withEmail ? ['emailCipher'] : []), ...(withOffDuty ? ['offDuty'] : []));
  return [
    ...chunked(members, (chunk) =>
      any((q, t) => q.insert(t.member).values(chunk).onConflictDoUpdate({ target: t.member.id, set: told }).returning({ id: t.member.id })),
    ),
    ...chunked(memberships, (chunk) =>
      any((q, t) =>
        q
          .insert(t.membership)
          .values(chunk)
          .onConflictDoUpdate({ target: [t.membership.memberId, t.membership.gridCode], set: given('post') })
          .returning({ id: t.membership.memberId }),
      ),
    ),
  ];
}

export async function readHouseholds(db: Database): Promise<Map<string, string>> {
  const rows = await db.read((q, t) => q.select({ id: t.household.id, gridCode: t.household.gridCode }).from(t.household));
  return new Map(rows.map((row) => [row.id, row.gridCode]));
}

export function upsertHouseholds(rows: readonly HouseholdRow[]): Op[] {
  return chunked(rows, (chunk) =>
    any((q, t) =>
      q
        .insert(t.household)
        .values(chunk)
        .onConflictDoUpdate({ target: t.household.id, set: given('gridCode', 'doorplate', 'headName', 'phoneCipher', 'phoneHash', 'needs', 'helperMemberId') })
        .returning({ id: t.household.id }),
    ),
  );
}

/** Household of each person. */
export async function readPersons(db: Database): Promise<Map<string, string>> {
  const rows = await db.read((q, t) => q.select({ id: t.person.id, householdId: t.person.householdId }).from(t.person));
  return new Map(rows.map((row) => [row.id, row.householdId]));
}

export function upsertPersons(rows: readonly PersonRow[]): Op[] {
  return chunked(rows, (chunk) =>
    any((q, t) =>
      q
        .insert(t.person)
        .values(chunk)
        .onConflictDoUpdate({ target: t.person.id, set: given('householdId', 'name', 'needs') })
        .returning({ id: t.person.id }),
    ),
  );
}

export async function readPlaces(db: Database): Promise<Map<string, string>> {
  const rows = await db.read((q, t) => q.select({ id: t.place.id, gridCode: t.place.gridCode }).from(t.place));
  return new Map(rows.map((row) => [row.id, row.gridCode]));
}

export function upsertPlaces(rows: readonly PlaceRow[]): Op[] {
  return chunked(rows, (chunk) =>
    any((q, t) =>
      q
        .insert(t.place)
        .values(chunk)
        .onConflictDoUpdate({
          target: t.place.id,
          set: given('gridCode', 'kind', 'name', 'contactName', 'phoneCipher', 'phoneHash', 'headCount', 'headCountAtMs'),
        })
        .returning({ id: t.place.id }),
    ),
  );
}

export function readNeighbours(db: Database): Promise<NeighbourRow[]> {
  return db.read((q, t) => q.select().from(t.neighbour));
}

export function insertNeighbours(rows: readonly NeighbourRow[]): Op[] {
  return chunked(rows, (chunk) => any((q, t) => q.insert(t.neighbour).values(chunk).onConflictDoNothing().returning({ code: t.neighbour.code })));
}
