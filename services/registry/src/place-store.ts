// Places: tonight's number in the database.
import { and, eq, isNull, lte, or } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type Place = Tables['place']['$inferSelect'];

export async function findPlace(db: Database, id: string): Promise<Place | undefined> {
  return (await db.read((q, { place }) => q.select().from(place).where(eq(place.id, id))))[0];
}

/** The places whose contact has this telephone. */
export function placesOfPhone(db: Database, phoneHash: string): Promise<Place[]> {
  return db.read((q, { place }) => q.select().from(place).where(eq(place.phoneHash, phoneHash)));
}

export async function findInbound(db: Database, id: string): Promise<Tables['inboundMessage']['$inferSelect'] | undefined> {
  return (await db.read((q, { inboundMessage }) => q.select().from(inboundMessage).where(eq(inboundMessage.id, id))))[0];
}

/** Breaks with `already-done` when a later number is known. */
export function writeHeadCount(id: string, headCount: number, saidAtMs: number): Op {
  return one(
    (q, { place }) =>
      q
        .update(place)
        .set({ headCount, headCountAtMs: saidAtMs })
        .where(and(eq(place.id, id), or(isNull(place.headCountAtMs), lte(place.headCountAtMs, saidAtMs))))
        .returning({ id: place.id }),
    { otherwise: () => new LabaError('already-done') },
  );
}
