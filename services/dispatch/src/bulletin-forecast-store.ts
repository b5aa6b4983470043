// Routine broadcasts: what is known of the loudspeakers of an area before one is planned.
import { eq } from 'drizzle-orm';
import { speakersInArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';

/** Each loudspeaker of an area, with its gateway's line and how its player is. */
export function speakerFacts(db: Database, areaCodes: readonly string[]) {
  return db.read((q, t) => {
    const audience = speakersInArea(q, t, areaCodes).as('audience');
    return q
      .select({
        ...{ speakerId: audience.speakerId, gridCode: audience.gridCode, gatewayId: audience.gatewayId, speakerName: t.speaker.name },
        ...{ siteName: t.site.name, placeName: t.gridNode.name, status: t.gateway.status, online: t.gatewayStatus.online },
        ...{ lastSeenAtMs: t.gatewayStatus.lastSeenAtMs, player: t.speakerStatus.player },
      })
      .from(audience)
      .innerJoin(t.speaker, eq(t.speaker.id, audience.speakerId))
      .leftJoin(t.site, eq(t.site.id, audience.siteId))
      .leftJoin(t.gridNode, eq(t.gridNode.code, audience.gridCode))
      .leftJoin(t.gateway, eq(t.gateway.id, audience.gatewayId))
      .leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, audience.gatewayId))
      .leftJoin(t.speakerStatus, eq(t.speakerStatus.speakerId, audience.speakerId))
      .orderBy(audience.gridCode, audience.speakerId);
  });
}

export type SpeakerFact = Awaited<ReturnType<typeof speakerFacts>>[number];
