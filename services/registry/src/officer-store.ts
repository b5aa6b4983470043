// Officers, their one-time links and their sessions in tables.
import { and, asc, eq, gt, gte, inArray, isNull, sql, type Column, type SQL } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { isPrefecture } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Officer, Role } from '@laba/domain/officer';
import { any, one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type OfficerRow = Tables['officer']['$inferSelect'];

/** What may be told of an officer. */
export function officerOfRow(row: Pick<OfficerRow, 'id' | 'username' | 'name' | 'role' | 'scopes'>): Officer {
  return { id: row.id, username: row.username, name: row.name, role: row.role, scopes: row.scopes };
}

async function only(rows: Promise<OfficerRow[]>): Promise<OfficerRow | undefined> {
  return (await rows)[0];
}

export function findByUsername(db: Database, username: string): Promise<OfficerRow | undefined> {
  return only(db.read((q, t) => q.select().from(t.officer).where(eq(t.officer.username, username))));
}

export function findOfficer(db: Database, id: string): Promise<OfficerRow | undefined> {
  return only(db.read((q, t) => q.select().from(t.officer).where(eq(t.officer.id, id))));
}

export function listOfficers(db: Database): Promise<OfficerRow[]> {
  return db.read((q, t) => q.select().from(t.officer).orderBy(asc(t.officer.username)));
}

export async function unknownCodes(db: Database, codes: readonly string[]): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ code: t.gridNode.code })
      .from(t.gridNode)
      .where(inArray(t.gridNode.code, [...codes])),
  );
  const known = new Set(rows.map((row) => row.code));
  return codes.filter((code) => !known.has(code) && !isPrefecture(code));
}

export interface NewOfficer {
  id: string;
  username: string;
  name: string;
  role: Role;
  scopes: string[];
  passwordHash: string | null;
}

export function insertOfficer(row: NewOfficer): Op {
  return one((q, t) => q.insert(t.officer).values(row).onConflictDoNothing().returning({ id: t.officer.id }), {
    otherwise: () => new LabaError('already-done', 'An officer with this user name exists: choose another user name.', { field: 'username' }),
  });
}

// The officer as it was read: what another one changed meanwhile is not overwritten.
function change(row: OfficerRow, set: Partial<OfficerRow>, more?: (t: Tables) => SQL | undefined): Op {
  return one((q, t) =>
    q
      .update(t.officer)
      .set({ ...set, version: row.version + 1 })
      .where(and(eq(t.officer.id, row.id), eq(t.officer.version, row.version), more?.(t)))
      .returning({ id: t.officer.id }),
  );
}

export function disable(row: OfficerRow): Op {
  return change(row, { disabled: true });
}

export function unlock(row: OfficerRow): Op {
  return change(row, { failures: 0, lockedUntilMs: null });
}

/** One more try is being made; failures of a lock that has passed no longer count. */
export function countTry(row: OfficerRow, failures: number): Op {
  return change(row, { failures, lockedUntilMs: null });
}

/** The lock itself; none when somebody locked or unlocked him meanwhile. */
export function lock({ id, lockedUntilMs }: Pick<OfficerRow, 'id' | 'lockedUntilMs'>, untilMs: number): Op {
  return one((q, t) =>
    q
      .update(t.officer)
      .set({ lockedUntilMs: untilMs, version: sql`${t.officer.version} + 1` })
      .where(and(eq(t.officer.id, id), gte(t.officer.failures, LIMITS.signInFailures), isStill(t.officer.lockedUntilMs, lockedUntilMs)))
      .returning({ id: t.officer.id }),
  );
}

/** The column holds what was read. */
export function isStill(column: Column, read: number | null): SQL {
  return read === null ? isNull(column) : eq(column, read);
}

/** Only while the password that was checked is still his and nobody disabled him. */
export function forgetFailures(id: string, passwordHash: string): Op {
  return one(
    (q, t) =>
      q
        .update(t.officer)
        .set({ failures: 0, lockedUntilMs: null, version: sql`${t.officer.version} + 1` })
        .where(and(eq(t.officer.id, id), eq(t.officer.passwordHash, passwordHash), eq(t.officer.disabled, false)))
        .returning({ id: t.officer.id }),
    { otherwise: () => new LabaError('sign-in-failed') },
  );
}

/** What a try for an unknown name leaves behind, so that it takes as long as one for a known name. */
export function countStranger(atMs: number): Op {
  const row = { name: 'sign-in-stranger', value: atMs };
  return one((q, t) =>
    q
      .insert(t.setting)
      .values(row)
      .onConflictDoUpdate({ target: t.setting.name, set: { value: atMs } })
      .returning({ name: t.setting.name }),
  );
}

export function setPassword(id: string, passwordHash: string): Op {
  return one(
    (q, t) =>
      q
        .update(t.officer)
        .set({ passwordHash, failures: 0, lockedUntilMs: null, version: sql`${t.officer.version} + 1` })
        .where(and(eq(t.officer.id, id), eq(t.officer.disabled, false)))
        .returning({ id: t.officer.id }),
    { otherwise: () => new LabaError('link-invalid') },
  );
}

export interface NewLink {
  tokenHash: string;
  officerId: string;
  expiresAtMs: number;
}

/** A new link ends those before it. */
export function replaceLinks(link: NewLink): Op[] {
  return [
    any((q, t) =>
      q
        .delete(t.oneTimeLink)
        .where(and(eq(t.oneTimeLink.officerId, link.officerId), isNull(t.oneTimeLink.usedAtMs)))
        .returning({ id: t.oneTimeLink.tokenHash }),
    ),
    one((q, t) => q.insert(t.oneTimeLink).values(link).returning({ id: t.oneTimeLink.tokenHash })),
  ];
}

/** The officer whose unused, unexpired link this is. */
export async function findByLink(db: Database, tokenHash: string, nowMs: number): Promise<OfficerRow | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select({ officer: t.officer })
      .from(t.oneTimeLink)
      .innerJoin(t.officer, eq(t.officer.id, t.oneTimeLink.officerId))
      .where(and(eq(t.oneTimeLink.tokenHash, tokenHash), isNull(t.oneTimeLink.usedAtMs), gt(t.oneTimeLink.expiresAtMs, nowMs), eq(t.officer.disabled, false))),
  );
  return row?.officer;
}

export function useLink(tokenHash: string, nowMs: number): Op {
  return one(
    (q, t) =>
      q
        .update(t.oneTimeLink)
        .set({ usedAtMs: nowMs })
        .where(and(eq(t.oneTimeLink.tokenHash, tokenHash), isNull(t.oneTimeLink.usedAtMs), gt(t.oneTimeLink.expiresAtMs, nowMs)))
        .returning({ id: t.oneTimeLink.tokenHash }),
    { otherwise: () => new LabaError('link-invalid') },
  );
}
