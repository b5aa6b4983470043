// Peacetime: each loudspeaker with its site, its gateway's line and its own last proofs, in the database. Reads only.
import { asc, eq, inArray, sql } from 'drizzle-orm';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';
import { hasHouseBelow, hasSilentHouse } from '@laba/storage/houses';

export type SpeakerFact = Awaited<ReturnType<typeof speakerFacts>>[number];

export function speakerFacts(db: Database, codes: readonly string[]) {
  return db.read((q, t) =>
    q
      .select({
        speakerId: t.speaker.id,
        name: t.speaker.name,
        gridCode: t.speaker.gridCode,
        siteName: t.site.name,
        gatewayStatus: t.gateway.status,
        online: t.gatewayStatus.online,
        lastSeenAtMs: t.gatewayStatus.lastSeenAtMs,
        player: t.speakerStatus.player,
        reason: t.speakerStatus.reason,
        lastPlayedAtMs: t.speakerStatus.lastPlayedAtMs,
        lastSoundedAtMs: t.speakerStatus.lastSoundedAtMs,
        hasHouse: sql<boolean>`${hasHouseBelow(q, t, t.speaker.gridCode)}`.mapWith(Boolean),
        hasSilentHouse: sql<boolean>`${hasSilentHouse(q, t, t.speaker.gridCode)}`.mapWith(Boolean),
      })
      .from(t.speaker)
      .innerJoin(t.site, eq(t.site.id, t.speaker.siteId))
      .leftJoin(t.gateway, eq(t.gateway.id, t.speaker.gatewayId))
      .leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.speaker.gatewayId))
      .leftJoin(t.speakerStatus, eq(t.speakerStatus.speakerId, t.speaker.id))
      .where(inArea(t.speaker.gridCode, codes))
      .orderBy(asc(t.speaker.gridCode), asc(t.speaker.id)),
  );
}

export async function namesOf(db: Database, codes: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(codes)];
  const rows = await db.read((q, { gridNode: n }) => q.select({ code: n.code, name: n.name }).from(n).where(inArray(n.code, wanted)));
  return new Map(rows.map(({ code, name }) => [code, name]));
}
