// Chapter 5, joining on the spot: the codes in the database.
import { and, asc, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { inArea } from '@laba/storage/audience';
import { one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import type { Alert } from '../call-out/call-store.ts';

export type JoinCode = Tables['joinCode']['$inferSelect'];

export interface FoundCode {
  code: JoinCode;
  alert: Alert;
  /** Null: the grid node is gone, or a shelter that was closed. */
  gridName: string | null;
}

async function codesWhere(db: Database, where: (t: Tables) => ReturnType<typeof and>): Promise<FoundCode[]> {
  return db.read((q, t) =>
    q
      .select({ code: t.joinCode, alert: t.alert, gridName: t.gridNode.name })
      .from(t.joinCode)
      .innerJoin(t.alert, eq(t.alert.id, t.joinCode.alertId))
      .leftJoin(t.gridNode, and(eq(t.gridNode.code, t.joinCode.gridCode), isNull(t.gridNode.closedAtMs)))
      .where(where(t))
      .orderBy(asc(t.joinCode.openedAtMs), asc(t.joinCode.id))
      .limit(LIMITS.joinCodesPerAlert),
  );
}

export async function findCodeByHandle(db: Database, handle: string): Promise<FoundCode | undefined> {
  return (await codesWhere(db, (t) => eq(t.joinCode.handle, handle)))[0];
}

export async function findCode(db: Database, id: string): Promise<FoundCode | undefined> {
  return (await codesWhere(db, (t) => eq(t.joinCode.id, id)))[0];
}

/** Every code of the alert in these grid nodes, the oldest first. */
export function listCodes(db: Database, alertId: string, codes: readonly string[]): Promise<FoundCode[]> {
  return codesWhere(db, (t) => and(eq(t.joinCode.alertId, alertId), inArea(t.joinCode.gridCode, codes)));
}

/** Breaks with `changed-meanwhile` when another code begins alike. */
export function insertCode(code: JoinCode): Op {
  return one((q, t) => q.insert(t.joinCode).values(code).onConflictDoNothing().returning({ id: t.joinCode.id }));
}

/** Guarded by the version that the decision rests on. */
export function writeCode(code: JoinCode, change: Partial<Pick<JoinCode, 'wrongTries' | 'closedAtMs'>>): Op {
  return one(
    (q, t) =>
      q
        .update(t.joinCode)
        .set({ ...change, version: code.version + 1 })
        .where(and(eq(t.joinCode.id, code.id), eq(t.joinCode.version, code.version)))
        .returning({ id: t.joinCode.id }),
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}

/** One more has joined by it. Breaks with `changed-meanwhile` when it takes nobody any more; many at once do not hinder each other. */
export function takePlace(id: string, nowMs: number): Op {
  return one(
    (q, { joinCode: code }) =>
      q
        .update(code)
        .set({ joins: sql`${code.joins} + 1`, version: sql`${code.version} + 1` })
        .where(
          and(
            eq(code.id, id),
            lt(code.joins, code.mostJoins),
            isNull(code.closedAtMs),
            gt(code.expiresAtMs, nowMs),
            lt(code.wrongTries, LIMITS.joinWrongTries),
          ),
        )
        .returning({ id: code.id }),
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}
