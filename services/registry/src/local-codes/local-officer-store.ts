// A village's own house: who may sign in there by a code, in a table.
import { and, asc, eq, gte, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { lineage } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { LOCAL_TIERS } from '@laba/domain/local-code';
import type { Officer } from '@laba/domain/officer';
import { inArea } from '@laba/storage/audience';
import { any, one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import { isStill } from '../officer-store.ts';

export type LocalOfficerRow = Tables['localOfficer']['$inferSelect'];
export type NewLocalOfficer = Tables['localOfficer']['$inferInsert'];

const changedMeanwhile = () => new LabaError('changed-meanwhile');

export async function findLocalOfficer(db: Database, gridCode: string, username: string): Promise<LocalOfficerRow | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.localOfficer)
      .where(and(eq(t.localOfficer.gridCode, gridCode), eq(t.localOfficer.username, username))),
  );
  return row;
}

/** By name. */
export function localOfficersAt(db: Database, gridCode: string): Promise<LocalOfficerRow[]> {
  return db.read((q, t) =>
    q.select().from(t.localOfficer).where(eq(t.localOfficer.gridCode, gridCode)).orderBy(asc(t.localOfficer.name)).limit(LIMITS.localOfficersPerNode),
  );
}

export interface ListedCode {
  id: string;
  officerId: string;
  name: string;
  gridCode: string;
  gridName: string | null;
  createdAtMs: number;
}

/** The codes of these officers, by officer and place. */
export function listLocalCodes(db: Database, officerIds: readonly string[]): Promise<ListedCode[]> {
  return db.read((q, t) =>
    q
      .select({
        id: t.localOfficer.id,
        officerId: t.localOfficer.officerId,
        name: t.localOfficer.name,
        gridCode: t.localOfficer.gridCode,
        gridName: t.gridNode.name,
        createdAtMs: t.localOfficer.createdAtMs,
      })
      .from(t.localOfficer)
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.localOfficer.gridCode))
      .where(inArray(t.localOfficer.officerId, [...officerIds]))
      .orderBy(asc(t.localOfficer.name), asc(t.localOfficer.gridCode)),
  );
}

export async function findLocalCode(db: Database, id: string): Promise<LocalOfficerRow | undefined> {
  const [row] = await db.read((q, t) => q.select().from(t.localOfficer).where(eq(t.localOfficer.id, id)));
  return row;
}

/** Codes made up to then for the houses of the node and of what lies under it. */
export function localCodesUnder(db: Database, gridCode: string, madeUpToMs: number): Promise<LocalOfficerRow[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.localOfficer)
      .where(and(inArea(t.localOfficer.gridCode, [gridCode]), lte(t.localOfficer.createdAtMs, madeUpToMs))),
  );
}

/** In the place of `replaces`, or where none was. */
export function writeLocalCode(row: NewLocalOfficer, replaces: string | undefined): Op[] {
  const insert = one((q, t) => q.insert(t.localOfficer).values(row).onConflictDoNothing().returning({ id: t.localOfficer.id }), {
    otherwise: changedMeanwhile,
  });
  return replaces === undefined ? [insert] : [removeLocalCode(replaces), insert];
}

export function removeLocalCode(id: string): Op {
  return one((q, t) => q.delete(t.localOfficer).where(eq(t.localOfficer.id, id)).returning({ id: t.localOfficer.id }), { otherwise: changedMeanwhile });
}

export function removeLocalCodesOf(officerId: string): Op {
  return any((q, t) => q.delete(t.localOfficer).where(eq(t.localOfficer.officerId, officerId)).returning({ id: t.localOfficer.id }));
}

/** Only for who is not disabled; who disables him at this moment finds him changed, and looks again. */
export function touchOfficer(officerId: string): Op {
  return one(
    (q, t) =>
      q
        .update(t.officer)
        .set({ version: sql`${t.officer.version} + 1` })
        .where(and(eq(t.officer.id, officerId), eq(t.officer.disabled, false)))
        .returning({ id: t.officer.id }),
    { otherwise: changedMeanwhile },
  );
}

export async function openNode(db: Database, code: string): Promise<{ name: string } | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select({ name: t.gridNode.name })
      .from(t.gridNode)
      .where(and(eq(t.gridNode.code, code), isNull(t.gridNode.closedAtMs))),
  );
  return row;
}

/** Nodes of the tiers that may have a house, as far as the officer reaches: by tier, then by code. */
export async function placesFor(db: Database, scopes: readonly string[]): Promise<{ code: string; name: string }[]> {
  const reach = scopes.flatMap((code) => [code, ...lineage(code).filter((above) => above !== code)]);
  const rows = await db.read((q, t) =>
    q
      .select({ code: t.gridNode.code, name: t.gridNode.name, tier: t.gridNode.tier })
      .from(t.gridNode)
      .where(
        and(or(inArea(t.gridNode.code, scopes), inArray(t.gridNode.code, reach)), inArray(t.gridNode.tier, [...LOCAL_TIERS]), isNull(t.gridNode.closedAtMs)),
      )
      .orderBy(asc(t.gridNode.code))
      .limit(LIMITS.gridNodesShown),
  );
  return rows.sort((a, b) => LOCAL_TIERS.indexOf(a.tier) - LOCAL_TIERS.indexOf(b.tier));
}

type Counted = Pick<LocalOfficerRow, 'id' | 'failures' | 'lockedUntilMs'>;

function change({ id, failures, lockedUntilMs }: Counted, set: Partial<LocalOfficerRow>): Op {
  return one((q, t) =>
    q
      .update(t.localOfficer)
      .set(set)
      .where(and(eq(t.localOfficer.id, id), eq(t.localOfficer.failures, failures), isStill(t.localOfficer.lockedUntilMs, lockedUntilMs)))
      .returning({ id: t.localOfficer.id }),
  );
}

export function countCode(row: Counted, failures: number): Op {
  return change(row, { failures, lockedUntilMs: null });
}

export function lockCode({ id, lockedUntilMs }: Counted, untilMs: number): Op {
  return one((q, t) =>
    q
      .update(t.localOfficer)
      .set({ lockedUntilMs: untilMs })
      .where(and(eq(t.localOfficer.id, id), gte(t.localOfficer.failures, LIMITS.localCodeFailures), isStill(t.localOfficer.lockedUntilMs, lockedUntilMs)))
      .returning({ id: t.localOfficer.id }),
  );
}

/** Only while the code that was checked still stands. */
export function forgetWrongCodes(id: string): Op {
  return one(
    (q, t) => q.update(t.localOfficer).set({ failures: 0, lockedUntilMs: null }).where(eq(t.localOfficer.id, id)).returning({ id: t.localOfficer.id }),
    { otherwise: () => new LabaError('local-code-wrong') },
  );
}

/** Names and scopes of who acts are looked up among the house's officers. Who came by a code has no password there, and a user name that nobody can type. */
export function keepAsOfficer({ id, name, role, scopes }: Officer): Op {
  const values = { name, role, scopes: [...scopes] };
  return one((q, t) =>
    q
      .insert(t.officer)
      .values({ ...values, id, username: `local:${id}` })
      .onConflictDoUpdate({ target: t.officer.id, set: values })
      .returning({ id: t.officer.id }),
  );
}
