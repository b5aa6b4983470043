// Photos: in the database, a few for each subject, so that a backup has them and nothing else keeps them.
import { and, asc, count, eq, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { PhotoSubject } from '@laba/domain/photo';
import { one, type Database, type Op } from '@laba/storage/database';
import { byTurns } from '@laba/storage/locks';
import type { Tables } from '@laba/storage/tables';
import type { CleanPhoto } from './clean-photo.ts';

export type Photo = Tables['photo']['$inferSelect'];
export type NewPhoto = Omit<Photo, keyof CleanPhoto>;

/** Goes into the commit of whatever the photo belongs to. Breaks with `too-large` when the subject has enough. */
export function storePhoto(photo: NewPhoto, clean: CleanPhoto): Op[] {
  const { subject, subjectId } = photo;
  return [
    byTurns(`photos ${subject} ${subjectId}`),
    one(
      (q, t) =>
        q
          .select({ n: count() })
          .from(t.photo)
          .where(and(eq(t.photo.subject, subject), eq(t.photo.subjectId, subjectId)))
          .having(sql`count(*) < ${LIMITS.photosPerSubject}`),
      { otherwise: () => new LabaError('too-large', `There are ${LIMITS.photosPerSubject} photos already: no more are kept.`) },
    ),
    one((q, t) =>
      q
        .insert(t.photo)
        .values({ ...photo, ...clean })
        .returning({ id: t.photo.id }),
    ),
  ];
}

/** One photo of this subject; of another it is not found. */
export async function findPhoto(db: Database, subject: PhotoSubject, subjectId: string, id: string): Promise<Photo | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.photo)
      .where(and(eq(t.photo.id, id), eq(t.photo.subject, subject), eq(t.photo.subjectId, subjectId))),
  );
  return row;
}

/** Ids of a subject's photos, oldest first. */
export async function photoIds(db: Database, subject: PhotoSubject, subjectId: string): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ id: t.photo.id })
      .from(t.photo)
      .where(and(eq(t.photo.subject, subject), eq(t.photo.subjectId, subjectId)))
      .orderBy(asc(t.photo.addedAtMs), asc(t.photo.id)),
  );
  return rows.map(({ id }) => id);
}
