// Gateways and their claim codes in tables.
import { and, asc, eq, gt, inArray, isNull, lte, ne, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { inArea } from '@laba/storage/audience';
import { any, one, prepared, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type GatewayRow = Tables['gateway']['$inferSelect'];
export type GatewayStatus = GatewayRow['status'];

export function insertClaim(row: { codeHash: string; siteId: string; madeBy: string; expiresAtMs: number }, nowMs: number): Op[] {
  return [
    any((q, t) => q.delete(t.gatewayClaim).where(lte(t.gatewayClaim.expiresAtMs, nowMs)).returning({ id: t.gatewayClaim.codeHash })),
    one((q, t) => q.insert(t.gatewayClaim).values(row).returning({ id: t.gatewayClaim.codeHash })),
  ];
}

/** The site that an unused, unexpired code claims. */
export async function findClaim(db: Database, codeHash: string, nowMs: number): Promise<{ siteId: string; gridCode: string; madeBy: string } | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select({ siteId: t.site.id, gridCode: t.site.gridCode, madeBy: t.gatewayClaim.madeBy })
      .from(t.gatewayClaim)
      .innerJoin(t.site, eq(t.site.id, t.gatewayClaim.siteId))
      .where(and(eq(t.gatewayClaim.codeHash, codeHash), isNull(t.gatewayClaim.usedBy), gt(t.gatewayClaim.expiresAtMs, nowMs))),
  );
  return row;
}

export function useClaim(codeHash: string, gatewayId: string, nowMs: number): Op {
  return one(
    (q, t) =>
      q
        .update(t.gatewayClaim)
        .set({ usedBy: gatewayId })
        .where(and(eq(t.gatewayClaim.codeHash, codeHash), isNull(t.gatewayClaim.usedBy), gt(t.gatewayClaim.expiresAtMs, nowMs)))
        .returning({ id: t.gatewayClaim.codeHash }),
    { otherwise: () => new LabaError('claim-invalid') },
  );
}

export interface NewGateway {
  id: string;
  siteId: string;
  gridCode: string;
  status: GatewayStatus;
  passwordHash: string;
  publicKey: string;
  createdAtMs: number;
}

export function insertGateway(row: NewGateway): Op {
  return one((q, t) => q.insert(t.gateway).values(row).returning({ id: t.gateway.id }));
}

export async function findGateway(db: Database, id: string): Promise<GatewayRow | undefined> {
  const [row] = await db.read((q, t) => q.select().from(t.gateway).where(eq(t.gateway.id, id)));
  return row;
}

const selectForBroker = prepared('gateway-for-broker', (q, t) =>
  q
    .select({ id: t.gateway.id, gridCode: t.gateway.gridCode, status: t.gateway.status, passwordHash: t.gateway.passwordHash })
    .from(t.gateway)
    .where(eq(t.gateway.id, sql.placeholder('id'))),
);

const selectSensor = prepared('sensor-for-broker', (q, t) =>
  q
    .select({ id: t.sensor.id, passwordHash: t.sensor.passwordHash })
    .from(t.sensor)
    .where(eq(t.sensor.id, sql.placeholder('id'))),
);

export async function gatewayForBroker(db: Database, id: string): Promise<Pick<GatewayRow, 'id' | 'gridCode' | 'status' | 'passwordHash'> | undefined> {
  return (await db.read(selectForBroker, { id }))[0];
}

export async function sensorForBroker(db: Database, id: string): Promise<{ id: string; passwordHash: string } | undefined> {
  return (await db.read(selectSensor, { id }))[0];
}

const selectHouse = prepared('registry-house-for-broker', (q, t) =>
  q
    .select({ id: t.peer.id, gridCode: t.peer.gridCode, passwordHash: t.peer.passwordHash })
    .from(t.peer)
    .where(and(eq(t.peer.id, sql.placeholder('id')), eq(t.peer.side, 'below'), eq(t.peer.status, 'active'))),
);

/** A house below this one that speaks with it. */
export async function houseForBroker(db: Database, id: string): Promise<(DeviceRow & { gridCode: string }) | undefined> {
  const [row] = await db.read(selectHouse, { id });
  return row?.passwordHash === null || row === undefined ? undefined : { ...row, passwordHash: row.passwordHash };
}

export interface DeviceRow {
  id: string;
  passwordHash: string;
}

type PlacedRow = DeviceRow & { gridCode: string };

/** Every active gateway and house below, and every sensor: who may connect to the broker. */
export async function devicesForBroker(db: Database): Promise<{ gateways: PlacedRow[]; houses: PlacedRow[]; sensors: DeviceRow[] }> {
  const { gateways, houses, sensors } = {
    gateways: db.read((q, t) =>
      q
        .select({ id: t.gateway.id, gridCode: t.gateway.gridCode, passwordHash: t.gateway.passwordHash })
        .from(t.gateway)
        .where(eq(t.gateway.status, 'active'))
        .orderBy(asc(t.gateway.id)),
    ),
    houses: db.read((q, t) =>
      q
        .select({ id: t.peer.id, gridCode: t.peer.gridCode, passwordHash: sql<string>`coalesce(${t.peer.passwordHash}, '')` })
        .from(t.peer)
        .where(and(eq(t.peer.side, 'below'), eq(t.peer.status, 'active')))
        .orderBy(asc(t.peer.id)),
    ),
    sensors: db.read((q, t) => q.select({ id: t.sensor.id, passwordHash: t.sensor.passwordHash }).from(t.sensor).orderBy(asc(t.sensor.id))),
  };
  return { gateways: await gateways, houses: await houses, sensors: await sensors };
}

/** Gateways at the site that are claimed or active, but for one. */
export function othersAt(db: Database, siteId: string, exceptId: string): Promise<GatewayRow[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.gateway)
      .where(and(eq(t.gateway.siteId, siteId), ne(t.gateway.id, exceptId), ne(t.gateway.status, 'revoked'))),
  );
}

export function changeStatus(row: Pick<GatewayRow, 'id' | 'version'>, from: readonly GatewayStatus[], to: GatewayStatus): Op {
  return one((q, t) =>
    q
      .update(t.gateway)
      .set({ status: to, version: row.version + 1 })
      .where(and(eq(t.gateway.id, row.id), eq(t.gateway.version, row.version), inArray(t.gateway.status, [...from])))
      .returning({ id: t.gateway.id }),
  );
}

/** From now on this gateway plays the site's speakers. */
export function assignSpeakers(siteId: string, gatewayId: string): Op {
  return any((q, t) => q.update(t.speaker).set({ gatewayId }).where(eq(t.speaker.siteId, siteId)).returning({ id: t.speaker.id }));
}

export function releaseSpeakers(gatewayId: string): Op {
  return any((q, t) => q.update(t.speaker).set({ gatewayId: null }).where(eq(t.speaker.gatewayId, gatewayId)).returning({ id: t.speaker.id }));
}

const selectSpeakers = prepared('speakers-of-site', (q, t) =>
  q
    .select({ speakerId: t.speaker.id, name: t.speaker.name })
    .from(t.speaker)
    .where(eq(t.speaker.siteId, sql.placeholder('siteId')))
    .orderBy(asc(t.speaker.id)),
);

export function speakersOf(db: Database, siteId: string): Promise<{ speakerId: string; name: string }[]> {
  return db.read(selectSpeakers, { siteId });
}

/** A page of gateways by id, after `after`. */
export function listGateways(db: Database, codes: readonly string[], status: GatewayStatus | undefined, after: string, limit: number): Promise<GatewayRow[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.gateway)
      .where(and(inArea(t.gateway.gridCode, codes), gt(t.gateway.id, after), status === undefined ? undefined : eq(t.gateway.status, status)))
      .orderBy(asc(t.gateway.id))
      .limit(limit),
  );
}
