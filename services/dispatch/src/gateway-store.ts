// Chapter 4, speaker: how each gateway stands, and up to where its reports are held.
import { and, asc, eq, gt, lt, or, sql } from 'drizzle-orm';
import type { GatewayState } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { inArea } from '@laba/storage/audience';
import { one, prepared, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type GatewayStatus = Tables['gatewayStatus']['$inferSelect'];
type Gateway = Tables['gateway']['$inferSelect'];

const p = sql.placeholder;
/** A value of a prepared update; in an insert the placeholder itself goes through the column's own encoding. */
const v = (name: string) => sql`${p(name)}`;

const selectGateway = prepared('dispatch-gateway', (q, t) =>
  q
    .select({ gateway: t.gateway, status: t.gatewayStatus })
    .from(t.gateway)
    .leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.gateway.id))
    .where(eq(t.gateway.id, p('gatewayId'))),
);

export async function findGateway(db: Database, gatewayId: string): Promise<{ gateway: Gateway; status: GatewayStatus | null } | undefined> {
  const [row] = await db.read(selectGateway, { gatewayId });
  return row;
}

const upsertHeld = prepared('dispatch-held-up-to', (q, t) =>
  q
    .insert(t.gatewayStatus)
    .values({
      gatewayId: p('gatewayId'),
      siteId: p('siteId'),
      gridCode: p('gridCode'),
      online: p('online'),
      lastSeenAtMs: p('lastSeenAtMs'),
      bootCounter: p('bootCounter'),
      journalId: p('journalId'),
      reportsHeldUpTo: p('reportsHeldUpTo'),
    })
    .onConflictDoUpdate({
      target: t.gatewayStatus.gatewayId,
      set: { lastSeenAtMs: sql`excluded.last_seen_at_ms`, journalId: sql`excluded.journal_id`, reportsHeldUpTo: sql`excluded.reports_held_up_to` },
    })
    .returning({ gatewayId: t.gatewayStatus.gatewayId }),
);

/** Up to where a gateway's reports are held, and that it was heard. That a silent one is back is its heartbeat's to say. */
export function writeHeldUpTo(gateway: Gateway, journalId: string, reportsHeldUpTo: number, nowMs: number): Op {
  return one(upsertHeld, {
    values: {
      gatewayId: gateway.id,
      siteId: gateway.siteId,
      gridCode: gateway.gridCode,
      online: true,
      lastSeenAtMs: nowMs,
      bootCounter: 0,
      journalId,
      reportsHeldUpTo,
    },
  });
}

const upsertOnline = prepared('dispatch-gateway-online', (q, t) =>
  q
    .insert(t.gatewayStatus)
    .values({
      gatewayId: p('gatewayId'),
      siteId: p('siteId'),
      gridCode: p('gridCode'),
      online: p('online'),
      lastSeenAtMs: p('lastSeenAtMs'),
      bootCounter: p('bootCounter'),
      journalId: p('journalId'),
      reportsHeldUpTo: p('reportsHeldUpTo'),
      state: p('state'),
    })
    .onConflictDoUpdate({
      target: t.gatewayStatus.gatewayId,
      set: {
        siteId: sql`excluded.site_id`,
        gridCode: sql`excluded.grid_code`,
        online: sql`excluded.online`,
        lastSeenAtMs: sql`excluded.last_seen_at_ms`,
        bootCounter: sql`excluded.boot_counter`,
        journalId: sql`excluded.journal_id`,
        reportsHeldUpTo: sql`excluded.reports_held_up_to`,
        state: sql`excluded.state`,
      },
    })
    .returning({ gatewayId: t.gatewayStatus.gatewayId }),
);

export function writeHeartbeat(gateway: Gateway, state: GatewayState, reportsHeldUpTo: number, nowMs: number): Op {
  return one(upsertOnline, {
    values: {
      gatewayId: gateway.id,
      siteId: gateway.siteId,
      gridCode: gateway.gridCode,
      online: true,
      lastSeenAtMs: nowMs,
      bootCounter: state.bootCounter,
      journalId: state.journalId,
      reportsHeldUpTo,
      state,
    },
  });
}

const setOffline = prepared('dispatch-gateway-offline', (q, t) =>
  q
    .update(t.gatewayStatus)
    .set({ online: false })
    .where(and(eq(t.gatewayStatus.gatewayId, v('gatewayId')), eq(t.gatewayStatus.online, true), eq(t.gatewayStatus.lastSeenAtMs, v('lastSeenAtMs'))))
    .returning({ gatewayId: t.gatewayStatus.gatewayId }),
);

/** Breaks with `changed-meanwhile` when the gateway was heard since, or is offline already. */
export function writeOffline(status: Pick<GatewayStatus, 'gatewayId' | 'lastSeenAtMs'>): Op {
  return one(setOffline, { values: { gatewayId: status.gatewayId, lastSeenAtMs: status.lastSeenAtMs } });
}

/** Online gateways in service not heard since `beforeMs`, or only in a time that a stepped clock calls the future; the longest silent first. */
export async function unheardSince(db: Database, beforeMs: number, nowMs: number, limit: number): Promise<GatewayStatus[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ status: t.gatewayStatus })
      .from(t.gatewayStatus)
      .innerJoin(t.gateway, and(eq(t.gateway.id, t.gatewayStatus.gatewayId), eq(t.gateway.status, 'active')))
      .where(and(eq(t.gatewayStatus.online, true), or(lt(t.gatewayStatus.lastSeenAtMs, beforeMs), gt(t.gatewayStatus.lastSeenAtMs, nowMs))))
      .orderBy(asc(t.gatewayStatus.lastSeenAtMs))
      .limit(limit),
  );
  return rows.map((row) => row.status);
}

/** Gateways in service that were heard once and are not online. */
export async function countSilent(db: Database): Promise<number> {
  const [row] = await db.read((q, t) =>
    q
      .select({ n: sql<number>`count(*)` })
      .from(t.gatewayStatus)
      .innerJoin(t.gateway, and(eq(t.gateway.id, t.gatewayStatus.gatewayId), eq(t.gateway.status, 'active')))
      .where(eq(t.gatewayStatus.online, false)),
  );
  return row?.n ?? 0;
}

export interface GatewayRow {
  gateway: Gateway;
  status: GatewayStatus | null;
  siteName: string | null;
}

/** A page of gateways inside `scopes`, by id. */
export function listGateways(db: Database, scopes: readonly string[], afterId: string): Promise<GatewayRow[]> {
  return db.read((q, t) =>
    q
      .select({ gateway: t.gateway, status: t.gatewayStatus, siteName: t.site.name })
      .from(t.gateway)
      .leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.gateway.id))
      .leftJoin(t.site, eq(t.site.id, t.gateway.siteId))
      .where(and(inArea(t.gateway.gridCode, scopes), gt(t.gateway.id, afterId)))
      .orderBy(asc(t.gateway.id))
      .limit(LIMITS.rowsPerPage),
  );
}
