// Tables of routine broadcasts: what is said, when, and each of its times.
import type { AlertText } from '@laba/domain/alert';
import type { BulletinState, BulletinTimes, BulletinTimeState, DropReason } from '@laba/domain/bulletin';
import type { Kit } from '../columns.sqlite.ts';

export function bulletinTables({ table, text, int, bytes, number, json, index, uniqueIndex }: Kit) {
  return {
    bulletin: table(
      'bulletin',
      {
        id: text().primaryKey(),
        title: text().notNull(),
        texts: json<AlertText[]>().notNull(),
        areaCodes: json<string[]>().notNull(),
        /** The node that covers its area. */
        gridCode: text().notNull(),
        times: json<BulletinTimes>().notNull(),
        volume: int().notNull(),
        seconds: int().notNull(),
        state: text().$type<BulletinState>().notNull(),
        /** How many loudspeakers its area had when its words were last decided. */
        speakers: int().notNull(),
        /** Its times up to this one are planned, or were before it. */
        plannedToMs: int().notNull(),
        madeBy: text().notNull(),
        madeAtMs: int().notNull(),
        changedBy: text().notNull(),
        changedAtMs: int().notNull(),
        /** The second officer, of this version. */
        approvedBy: text(),
        version: int().notNull().default(1),
      },
      (t) => [index('bulletin_state').on(t.state)],
    ),
    bulletinTime: table(
      'bulletin_time',
      {
        /** Its deliveries and commands bear it where those of an alert bear the alert's. */
        id: text().primaryKey(),
        bulletinId: text().notNull(),
        /** Of the bulletin: what is said is that version's. */
        version: int().notNull(),
        startMs: int().notNull(),
        /** After this nobody begins it any more. */
        notAfterMs: int().notNull(),
        endMs: int().notNull(),
        title: text().notNull(),
        texts: json<AlertText[]>().notNull(),
        areaCodes: json<string[]>().notNull(),
        gridCode: text().notNull(),
        volume: int().notNull(),
        state: text().$type<BulletinTimeState>().notNull(),
        reason: text().$type<DropReason>(),
        changedAtMs: int().notNull(),
      },
      (t) => [uniqueIndex('bulletin_time_once').on(t.bulletinId, t.startMs, t.version), index('bulletin_time_start').on(t.startMs)],
    ),
    /** Recordings, in the database so that a backup has them; the house's own kind of WAV. */
    bulletinAudio: table('bulletin_audio', {
      sha256: text().primaryKey(),
      bytes: bytes().notNull(),
      durationMs: int().notNull(),
      peakDb: number().notNull(),
      levelDb: number().notNull(),
      addedBy: text().notNull(),
      addedAtMs: int().notNull(),
    }),
  };
}
