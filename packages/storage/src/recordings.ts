// Recordings that officers brought for bulletins, by their own hash; dispatch writes them, whoever serves sound reads them.
import { eq } from 'drizzle-orm';
import type { Database } from './database.ts';

/** The whole WAV, or undefined when there is none. */
export async function recordingOf(db: Database, sha256: string): Promise<Buffer | undefined> {
  const [row] = await db.read((q, t) => q.select({ bytes: t.bulletinAudio.bytes }).from(t.bulletinAudio).where(eq(t.bulletinAudio.sha256, sha256)));
  return row?.bytes;
}
