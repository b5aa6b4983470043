// Chapter 4, speaker: the key book as the registry signed it.
import { desc } from 'drizzle-orm';
import type { Database } from '@laba/storage/database';

export interface Book {
  version: number;
  wire: string;
}

/** Undefined in a county from before key books. */
export async function newestBook(db: Database): Promise<Book | undefined> {
  const [row] = await db.read((q, t) =>
    q.select({ version: t.keyBook.version, wire: t.keyBook.wire }).from(t.keyBook).orderBy(desc(t.keyBook.version)).limit(1),
  );
  return row;
}
