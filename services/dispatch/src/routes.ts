// Chapters 3 and 4: the gateways and speakers of an officer's own area, and when each was last proven.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import type { GatewayView } from '@laba/domain/gateway-view';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { LIMITS } from '@laba/domain/limits';
import type { Power } from '@laba/domain/power';
import { listGateways, type GatewayRow } from './gateway-store.ts';
import { listSpeakers, type SpeakerRow } from './speaker-store.ts';

const time = z.string().nullable();
const speakerSchema = z.object({
  speakerId: z.string(),
  name: z.string(),
  player: z.enum(['ok', 'failed', 'unknown']),
  reason: z.string().nullable(),
  lastReceived: time,
  lastPlayed: time,
  lastSounded: time,
});
const gatewaySchema = z.object({
  gatewayId: z.string(),
  siteId: z.string(),
  siteName: z.string().nullable(),
  gridCode: z.string(),
  status: z.enum(['claimed', 'active', 'revoked']),
  /** Null: never heard of. */
  online: z.boolean().nullable(),
  lastSeen: time,
  bootCounter: z.number().int().nullable(),
  power: z.object({ source: z.enum(['mains', 'battery', 'unknown']), batteryPercent: z.number().nullable(), hoursLeft: z.number().nullable() }).nullable(),
  clockKnown: z.boolean().nullable(),
  reportsWaiting: z.number().int().nullable(),
  speakers: z.array(speakerSchema),
});
const pageSchema = z.object({ gateways: z.array(gatewaySchema), next: z.string().nullable() });

export function dispatchRoutes(app: App, deps: Pick<Deps, 'db' | 'config'>): void {
  app.get(
    '/api/v1/gateways',
    {
      config: { access: 'site.read' },
      schema: {
        summary: "Gateways in the officer's scope: online, last seen, and each speaker with its last proofs",
        tags: ['dispatch'],
        querystring: z.object({ after: z.string().max(64).optional() }),
        response: { 200: pageSchema },
      },
    },
    async (request) => {
      const officer = officerOf(request);
      const rows = await listGateways(deps.db, officer.scopes, request.query.after ?? '');
      const speakers =
        rows.length === 0
          ? []
          : await listSpeakers(
              deps.db,
              rows.map((row) => row.gateway.id),
            );
      const byGateway = Map.groupBy(speakers, (speaker) => speaker.gatewayId);
      const at = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : capTime(ms, deps.config.utcOffsetMinutes));
      return {
        gateways: rows.map((row) => gatewayAnswer(row, byGateway.get(row.gateway.id) ?? [], at)),
        next: rows.length === LIMITS.rowsPerPage ? rows.at(-1)!.gateway.id : null,
      };
    },
  );
}

function powerAnswer({ source, batteryPercent, hoursLeft }: Power): GatewayView['power'] {
  return { source, batteryPercent: batteryPercent ?? null, hoursLeft: hoursLeft ?? null };
}

function gatewayAnswer(
  { gateway, status, siteName }: GatewayRow,
  speakers: readonly SpeakerRow[],
  at: (ms: number | null | undefined) => string | null,
): GatewayView {
  const state = status?.state ?? null;
  return {
    gatewayId: gateway.id,
    siteId: gateway.siteId,
    siteName,
    gridCode: gateway.gridCode,
    status: gateway.status,
    online: status?.online ?? null,
    lastSeen: at(status?.lastSeenAtMs),
    bootCounter: status?.bootCounter ?? null,
    power: state === null ? null : powerAnswer(state.power),
    clockKnown: state?.clockKnown ?? null,
    reportsWaiting: state?.reportsWaiting ?? null,
    speakers: speakers.map((speaker) => ({
      speakerId: speaker.id,
      name: speaker.name,
      player: speaker.status?.player ?? 'unknown',
      reason: speaker.status?.reason ?? null,
      lastReceived: at(speaker.status?.lastReceivedAtMs),
      lastPlayed: at(speaker.status?.lastPlayedAtMs),
      lastSounded: at(speaker.status?.lastSoundedAtMs),
    })),
  };
}
