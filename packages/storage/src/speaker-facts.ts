// What is known of the loudspeakers that an area's alert or broadcast would go to: the same for whoever forecasts either.
import { eq } from 'drizzle-orm';
import { SILENT_AFTER_MS } from '@laba/domain/gateway-protocol';
import { speakersInArea } from './audience.ts';
import type { Database } from './database.ts';

export type SpeakerFact = Awaited<ReturnType<typeof speakerFacts>>[number];

/** Each speaker of the area with its site, its gateway's line and its own last proofs. */
export function speakerFacts(db: Database, areaCodes: readonly string[]) {
  return db.read((q, t) => {
    const audience = speakersInArea(q, t, areaCodes).as('audience');
    return q
      .select({
        speakerId: audience.speakerId,
        gridCode: audience.gridCode,
        siteId: audience.siteId,
        gatewayId: audience.gatewayId,
        name: t.speaker.name,
        siteName: t.site.name,
        gridName: t.gridNode.name,
        gatewayStatus: t.gateway.status,
        online: t.gatewayStatus.online,
        lastSeenAtMs: t.gatewayStatus.lastSeenAtMs,
        player: t.speakerStatus.player,
        playerReason: t.speakerStatus.reason,
        lastPlayedAtMs: t.speakerStatus.lastPlayedAtMs,
        lastSoundedAtMs: t.speakerStatus.lastSoundedAtMs,
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

/** There is a gateway that may be told at all. */
export const hasGateway = ({ gatewayId, gatewayStatus }: SpeakerFact) => gatewayId !== null && gatewayStatus === 'active';

/** Its gateway said so itself, lately enough to be believed. */
export const isOnline = (fact: SpeakerFact, nowMs: number) => hasGateway(fact) && fact.online === true && nowMs - (fact.lastSeenAtMs ?? 0) <= SILENT_AFTER_MS;

/** When it was last heard to play or its sound was confirmed; 0: never. */
export const provenAtMs = ({ lastPlayedAtMs, lastSoundedAtMs }: SpeakerFact) => Math.max(lastPlayedAtMs ?? 0, lastSoundedAtMs ?? 0);
