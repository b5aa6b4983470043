// The standing ladders in the database.
import { asc, eq, inArray } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import { inArea } from '@laba/storage/audience';
import { any, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type RungRow = Tables['ladderRung']['$inferSelect'];

export function readRungs(db: Database): Promise<RungRow[]> {
  return db.read((q, t) => q.select().from(t.ladderRung));
}

/** The ladders of these nodes are from now on these rungs and no others. */
export function replaceRungs(codes: readonly string[], rungs: readonly RungRow[]): Op[] {
  const chunks = <R>(rows: readonly R[]) =>
    Array.from({ length: Math.ceil(rows.length / LIMITS.rowsPerInsert) }, (_, i) => rows.slice(i * LIMITS.rowsPerInsert, (i + 1) * LIMITS.rowsPerInsert));
  return [
    ...chunks(codes).map((chunk) =>
      any((q, t) => q.delete(t.ladderRung).where(inArray(t.ladderRung.gridCode, chunk)).returning({ id: t.ladderRung.memberId })),
    ),
    ...chunks(rungs).map((chunk) => any((q, t) => q.insert(t.ladderRung).values(chunk).returning({ id: t.ladderRung.memberId }))),
  ];
}

/** The rungs of these nodes and of all under them, by node and position; without a name the member is no longer on the lists. */
export function listRungs(db: Database, codes: readonly string[]) {
  return db.read((q, t) =>
    q
      .select({
        gridCode: t.ladderRung.gridCode,
        gridName: t.gridNode.name,
        position: t.ladderRung.position,
        memberId: t.ladderRung.memberId,
        duty: t.ladderRung.duty,
        name: t.member.name,
        available: t.member.available,
        phoneCipher: t.member.phoneCipher,
      })
      .from(t.ladderRung)
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.ladderRung.gridCode))
      .leftJoin(t.member, eq(t.member.id, t.ladderRung.memberId))
      .where(inArea(t.ladderRung.gridCode, codes))
      .orderBy(asc(t.ladderRung.gridCode), asc(t.ladderRung.position)),
  );
}
