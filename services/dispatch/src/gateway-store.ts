// Chapter 4, speaker: how each gateway stands, and up to where its reports are held.
import { and, asc, eq, gt, lt, not, or, sql, type SQL } from 'drizzle-orm';
import type { GatewayState } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { POWER_LOW_HOURS } from '@laba/domain/power';
import { inArea } from '@laba/storage/audience';
import { exactly, one, prepared, type Database, type Op, type Sql } from '@laba/storage/database';
import { powerColumns } from '@laba/storage/gateway-power';
import { hasHouseBelow } from '@laba/storage/houses';
import { rowsOf } from '@laba/storage/rows-of';
import type { Tables } from '@laba/storage/tables';

export type GatewayStatus = Tables['gatewayStatus']['$inferSelect'];
type Gateway = Tables['gateway']['$inferSelect'];

const p = sql.placeholder;
/** A value of a prepared update; in an insert the placeholder itself goes through the column's own encoding. */
const v = (name: string) => sql`${p(name)}`;

export interface GatewayFound {
  gateway: Gateway;
  status: GatewayStatus | null;
}

const selectGateways = prepared('dispatch-gateways', (q, t) => {
  const { from, columns } = rowsOf(t, p('rows'), { id: 'text' });
  return q
    .select({ gateway: t.gateway, status: t.gatewayStatus })
    .from(from)
    .innerJoin(t.gateway, eq(t.gateway.id, columns.id))
    .leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.gateway.id));
});

/** By id; unknown ones are left out. */
export async function findGateways(db: Database, ids: readonly string[]): Promise<Map<string, GatewayFound>> {
  const rows = await db.read(selectGateways, { rows: JSON.stringify(ids.map((id) => ({ id }))) });
  return new Map(rows.map((row) => [row.gateway.id, row]));
}

export async function findGateway(db: Database, id: string): Promise<GatewayFound | undefined> {
  return (await findGateways(db, [id])).get(id);
}

const COLUMNS = {
  gatewayId: 'text',
  siteId: 'text',
  gridCode: 'text',
  online: 'flag',
  lastSeenAtMs: 'int',
  bootCounter: 'int',
  journalId: 'text',
  reportsHeldUpTo: 'int',
  state: 'json',
} as const;

// Of one journal more is held, never less: who looked earlier may write later.
function neverLess(t: Tables) {
  const s = t.gatewayStatus;
  return sql`case when ${s.journalId} = excluded.journal_id and ${s.reportsHeldUpTo} > excluded.reports_held_up_to then ${s.reportsHeldUpTo} else excluded.reports_held_up_to end`;
}

function upsert(q: Sql, t: Tables, set: (t: Tables) => Record<string, SQL>) {
  const { from, columns } = rowsOf(t, p('rows'), COLUMNS);
  return q
    .insert(t.gatewayStatus)
    .select(
      q
        .select(columns as never)
        .from(from)
        .where(sql`true`) as never,
    )
    .onConflictDoUpdate({ target: t.gatewayStatus.gatewayId, set: set(t) })
    .returning({ gatewayId: t.gatewayStatus.gatewayId });
}

const upsertHeld = prepared('dispatch-held-up-to', (q, t) =>
  upsert(q, t, () => ({ lastSeenAtMs: sql`excluded.last_seen_at_ms`, journalId: sql`excluded.journal_id`, reportsHeldUpTo: neverLess(t) })),
);

const upsertOnline = prepared('dispatch-gateways-online', (q, t) =>
  upsert(q, t, () => ({
    siteId: sql`excluded.site_id`,
    gridCode: sql`excluded.grid_code`,
    online: sql`excluded.online`,
    lastSeenAtMs: sql`excluded.last_seen_at_ms`,
    bootCounter: sql`excluded.boot_counter`,
    journalId: sql`excluded.journal_id`,
    reportsHeldUpTo: neverLess(t),
    state: sql`excluded.state`,
  })),
);

/** What one gateway's row is to say. */
export interface Heard {
  gateway: Gateway;
  journalId: string;
  reportsHeldUpTo: number;
  /** Its heartbeat, where that is what was heard. */
  state?: GatewayState;
}

function writeHeard(statement: typeof upsertHeld, heard: readonly Heard[], nowMs: number): Op[] {
  if (heard.length === 0) return [];
  const rows = heard.map(({ gateway, journalId, reportsHeldUpTo, state }) => ({
    gatewayId: gateway.id,
    siteId: gateway.siteId,
    gridCode: gateway.gridCode,
    online: true,
    lastSeenAtMs: nowMs,
    bootCounter: state?.bootCounter ?? 0,
    journalId,
    reportsHeldUpTo,
    state,
  }));
  return [exactly(rows.length, statement, { values: { rows: JSON.stringify(rows) } })];
}

/** Up to where reports are held, and that the gateways were heard. That a silent one is back is its heartbeat's to say. */
export function writeAllHeldUpTo(heard: readonly Heard[], nowMs: number): Op[] {
  return writeHeard(upsertHeld, heard, nowMs);
}

/** Of one gateway. */
export function writeHeldUpTo(gateway: Gateway, journalId: string, reportsHeldUpTo: number, nowMs: number): Op {
  return writeAllHeldUpTo([{ gateway, journalId, reportsHeldUpTo }], nowMs)[0]!;
}

export function writeHeartbeats(heard: readonly Heard[], nowMs: number): Op[] {
  return writeHeard(upsertOnline, heard, nowMs);
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

/** Online gateways in service on this house's own line, not heard since `beforeMs`, or only in a time that a stepped clock calls the future; the longest silent first. */
export async function unheardSince(db: Database, beforeMs: number, nowMs: number, limit: number): Promise<GatewayStatus[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ status: t.gatewayStatus })
      .from(t.gatewayStatus)
      .innerJoin(t.gateway, and(eq(t.gateway.id, t.gatewayStatus.gatewayId), eq(t.gateway.status, 'active')))
      .where(
        and(
          eq(t.gatewayStatus.online, true),
          or(lt(t.gatewayStatus.lastSeenAtMs, beforeMs), gt(t.gatewayStatus.lastSeenAtMs, nowMs)),
          not(hasHouseBelow(q, t, t.gatewayStatus.gridCode)),
        ),
      )
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

/** Gateways in service, heard, and fed by their battery; `low`: those of them whose battery soon ends. */
export async function countOnBattery(db: Database): Promise<{ onBattery: number; low: number }> {
  const [row] = await db.read((q, t) => {
    const { source, hoursLeft } = powerColumns(t);
    return q
      .select({ onBattery: sql`count(*)`.mapWith(Number), low: sql`count(case when ${hoursLeft} < ${POWER_LOW_HOURS} then 1 end)`.mapWith(Number) })
      .from(t.gatewayStatus)
      .innerJoin(t.gateway, and(eq(t.gateway.id, t.gatewayStatus.gatewayId), eq(t.gateway.status, 'active')))
      .where(and(eq(t.gatewayStatus.online, true), eq(source, 'battery')));
  });
  return row ?? { onBattery: 0, low: 0 };
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
