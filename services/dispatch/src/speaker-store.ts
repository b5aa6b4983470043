// Chapter 4, speaker: how each loudspeaker stands, and when it was last proven.
import { asc, eq, inArray, sql } from 'drizzle-orm';
import { exactly, prepared, type Database, type Op } from '@laba/storage/database';
import { rowsOf } from '@laba/storage/rows-of';
import type { Tables } from '@laba/storage/tables';

export type SpeakerStatus = Tables['speakerStatus']['$inferSelect'];

const p = sql.placeholder;

const upsertSpeakers = prepared('dispatch-speaker-statuses', (q, t) => {
  const { from, columns } = rowsOf(t, p('rows'), {
    speakerId: 'text',
    player: 'text',
    reason: 'text',
    lastReceivedAtMs: 'int',
    lastPlayedAtMs: 'int',
    lastSoundedAtMs: 'int',
  });
  return q
    .insert(t.speakerStatus)
    .select(
      q
        .select(columns as never)
        .from(from)
        .where(sql`true`) as never,
    )
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
    .returning({ speakerId: t.speakerStatus.speakerId });
});

/** Each speaker once. */
export function writeSpeakerStatuses(statuses: readonly SpeakerStatus[]): Op[] {
  return statuses.length === 0 ? [] : [exactly(statuses.length, upsertSpeakers, { values: { rows: JSON.stringify(statuses) } })];
}

const selectSpeakers = prepared('dispatch-gateways-speakers', (q, t) => {
  const { from, columns } = rowsOf(t, p('rows'), { id: 'text' });
  return q
    .select({ id: t.speaker.id, gatewayId: columns.id, siteId: t.speaker.siteId, gridCode: t.speaker.gridCode, status: t.speakerStatus })
    .from(from)
    .innerJoin(t.speaker, eq(t.speaker.gatewayId, columns.id))
    .leftJoin(t.speakerStatus, eq(t.speakerStatus.speakerId, t.speaker.id));
});

export interface SpeakerOfGateway {
  id: string;
  gatewayId: string;
  siteId: string;
  gridCode: string;
  status: SpeakerStatus | null;
}

export function speakersOf(db: Database, gatewayIds: readonly string[]): Promise<SpeakerOfGateway[]> {
  return db.read(selectSpeakers, { rows: JSON.stringify(gatewayIds.map((id) => ({ id }))) });
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
