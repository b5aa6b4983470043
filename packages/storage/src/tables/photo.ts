// Table of photos: what people saw, and what was done about it. In the database, so that a backup has them.
import type { PhotoSubject } from '@laba/domain/photo';
import type { Kit } from '../columns.sqlite.ts';

export function photoTables({ table, text, int, bytes, index }: Kit) {
  return {
    photo: table(
      'photo',
      {
        id: text().primaryKey(),
        subject: text().$type<PhotoSubject>().notNull(),
        subjectId: text().notNull(),
        gridCode: text().notNull(),
        /** Always a JPEG that this house encoded, without anything about where and by what it was taken. */
        bytes: bytes().notNull(),
        width: int().notNull(),
        height: int().notNull(),
        addedBy: text().notNull(),
        addedAtMs: int().notNull(),
      },
      (t) => [index('photo_subject').on(t.subject, t.subjectId)],
    ),
  };
}
