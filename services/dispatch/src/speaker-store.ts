// Chapter 4, speaker: how each loudspeaker stands, and when it was last proven.
import { asc, eq, inArray, sql } from 'drizzle-orm';
import { one, prepared, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type SpeakerStatus = Tables['speakerStatus']['$inferSelect'];

const p = sql.placeholder;

const upsertSpeaker = prepared('dispatch-speaker-status', (q, t) =>
  q
    .insert(t.speakerStatus)
    .values({
      speakerId: p('speakerId'),
      player: p('player'),
      reason: p('reason'),
      lastReceivedAtMs: p('lastReceivedAtMs'),
      lastPlayedAtMs: p('lastPlayedAtMs'),
      lastSoundedAtMs: p('lastSoundedAtMs'),
    })
    .onConflictDoUpdate({
      target: t.speakerStatus.speakerId,
      set: {
        player: sql`excluded.player`,
        reason: sql`excluded.reason`,
        lastReceivedAtMs: sql`excluded.last_received_at_ms`,
        lastPlayedAtMs: sql`excluded.last_played_at_ms`,
        lastSoundedAtMs: sql`excluded.last_sounded_at_ms`,
      },
    })
    .returning({ speakerId: t.speakerStatus.speakerId }),
);

export function writeSpeakerStatus(status: SpeakerStatus): Op {
  return one(upsertSpeaker, { values: { ...status } });
}

const selectSpeakers = prepared('dispatch-gateway-speakers', (q, t) =>
  q
    .select({ id: t.speaker.id, siteId: t.speaker.siteId, gridCode: t.speaker.gridCode, status: t.speakerStatus })
    .from(t.speaker)
    .leftJoin(t.speakerStatus, eq(t.speakerStatus.speakerId, t.speaker.id))
    .where(eq(t.speaker.gatewayId, p('gatewayId'))),
);

export interface SpeakerOfGateway {
  id: string;
  siteId: string;
  gridCode: string;
  status: SpeakerStatus | null;
}

export function speakersOf(db: Database, gatewayId: string): Promise<SpeakerOfGateway[]> {
  return db.read(selectSpeakers, { gatewayId });
}

export interface SpeakerRow {
  id: string;
  name: string;
  gatewayId: string | null;
  status: SpeakerStatus | null;
}

export function listSpeakers(db: Database, gatewayIds: readonly string[]): Promise<SpeakerRow[]> {
  return db.read((q, t) =>
    q
      .select({ id: t.speaker.id, name: t.speaker.name, gatewayId: t.speaker.gatewayId, status: t.speakerStatus })
      .from(t.speaker)
      .leftJoin(t.speakerStatus, eq(t.speakerStatus.speakerId, t.speaker.id))
      .where(inArray(t.speaker.gatewayId, [...gatewayIds]))
      .orderBy(asc(t.speaker.id)),
  );
}
