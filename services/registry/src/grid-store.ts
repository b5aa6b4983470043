// The grid and its activity rooms, read within an officer's scope.
import { and, asc, eq, gt, inArray, isNull, or, sql, type AnyColumn, type SQL } from 'drizzle-orm';
import { lineage, TIERS, type Tier } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';
import { toldPeople, type PeopleCount } from '@laba/storage/people';

export interface GridNode {
  code: string;
  tier: Tier;
  name: string;
  parentCode: string | null;
  languages: string[] | null;
  partyBranch: string | null;
  /** Temporary: a shelter of this alert. */
  alertId: string | null;
}

export interface CountedNode extends GridNode {
  /** Everything under the node included; a member of two groups of a village counts once there. */
  sites: number;
  members: number;
  households: number;
}

const DIGITS: Record<Tier, number> = { county: 6, township: 9, village: 12, group: 14 };

/** By code. `depth` counts real parents: 0 is the node itself. */
export async function nodesUnder(db: Database, codes: readonly string[], depth: number): Promise<GridNode[]> {
  const rows = await db.read((q, t) =>
    q
      .select()
      .from(t.gridNode)
      .where(and(inArea(t.gridNode.code, codes), isNull(t.gridNode.closedAtMs)))
      .orderBy(asc(t.gridNode.code))
      .limit(LIMITS.gridNodesShown),
  );
  const depths = new Map<string, number>();
  return rows.filter((row) => {
    const above = row.parentCode === null ? undefined : depths.get(row.parentCode);
    const own = codes.includes(row.code) || above === undefined ? 0 : above + 1;
    depths.set(row.code, own);
    return own <= depth;
  });
}

export async function countUnder(db: Database, nodes: readonly GridNode[], codes: readonly string[]): Promise<CountedNode[]> {
  const counts = { sites: new Map<string, number>(), members: new Map<string, number>(), households: new Map<string, number>() };
  for (const tier of TIERS.filter((one) => nodes.some((node) => node.tier === one))) {
    const digits = DIGITS[tier];
    // The number of digits is ours, not the caller's: it may stand in the statement, and must, or grouping would not see the same expression.
    const at = (column: AnyColumn) => sql<string>`substr(${column}, 1, ${sql.raw(String(digits))})`;
    const deepEnough = (column: AnyColumn) => and(inArea(column as never, codes), sql`length(${column}) >= ${digits}`);
    const rows = {
      sites: await db.read((q, t) =>
        q
          .select({ code: at(t.site.gridCode), n: sql<number>`count(*)` })
          .from(t.site)
          .where(deepEnough(t.site.gridCode))
          .groupBy(at(t.site.gridCode)),
      ),
      members: await db.read((q, t) =>
        q
          .select({ code: at(t.membership.gridCode), n: sql<number>`count(distinct ${t.membership.memberId})` })
          .from(t.membership)
          .innerJoin(t.member, and(eq(t.member.id, t.membership.memberId), isNull(t.member.alertId)))
          .where(deepEnough(t.membership.gridCode))
          .groupBy(at(t.membership.gridCode)),
      ),
      households: await db.read((q, t) =>
        q
          .select({ code: at(t.household.gridCode), n: sql<number>`count(*)` })
          .from(t.household)
          .where(deepEnough(t.household.gridCode))
          .groupBy(at(t.household.gridCode)),
      ),
    };
    for (const what of ['sites', 'members', 'households'] as const) for (const { code, n } of rows[what]) counts[what].set(code, Number(n));
  }
  const told = await toldPeople(db, codes);
  return nodes.map((node) => {
    const under = told.filter(({ gridCode }) => gridCode.startsWith(node.code));
    return {
      ...node,
      sites: counts.sites.get(node.code) ?? 0,
      members: sum(under, 'members') + (counts.members.get(node.code) ?? 0),
      households: sum(under, 'households') + (counts.households.get(node.code) ?? 0),
    };
  });
}

const sum = (rows: readonly PeopleCount[], what: 'members' | 'households') => rows.reduce((all, row) => all + row[what], 0);

export interface SearchHit {
  code: string;
  tier: Tier;
  name: string;
  /** Names from the county down to the node's parent. */
  path: string[];
}

/** Nodes whose name holds the words or whose code begins with them. */
export async function searchNodes(db: Database, scopes: readonly string[], words: string): Promise<SearchHit[]> {
  const pattern = (before: string) => `${before}${words.replace(/[\\%_]/g, '\\$&')}%`;
  const like = (column: AnyColumn, before: string): SQL => sql`${column} like ${pattern(before)} escape '\\'`;
  const rows = await db.read((q, t) =>
    q
      .select()
      .from(t.gridNode)
      .where(and(inArea(t.gridNode.code, scopes), or(like(t.gridNode.name, '%'), like(t.gridNode.code, ''))))
      .orderBy(asc(t.gridNode.code))
      .limit(LIMITS.searchHits),
  );
  const above = [...new Set(rows.flatMap((row) => lineage(row.code)))];
  const names = new Map(
    (await db.read((q, t) => q.select({ code: t.gridNode.code, name: t.gridNode.name }).from(t.gridNode).where(inArray(t.gridNode.code, above)))).map((row) => [
      row.code,
      row.name,
    ]),
  );
  return rows.map(({ code, tier, name }) => ({
    code,
    tier,
    name,
    path: lineage(code)
      .slice(0, -1)
      .flatMap((ancestor) => names.get(ancestor) ?? []),
  }));
}

export interface SiteView {
  id: string;
  name: string;
  gridCode: string;
  placedBy: string;
  speakers: { id: string; name: string; gatewayId: string | null }[];
  gateways: { id: string; status: 'claimed' | 'active' | 'revoked' }[];
}

/** A page of sites by id, after `after`. */
export async function listSites(db: Database, codes: readonly string[], after: string, limit: number): Promise<SiteView[]> {
  const sites = await db.read((q, t) =>
    q
      .select()
      .from(t.site)
      .where(and(inArea(t.site.gridCode, codes), gt(t.site.id, after)))
      .orderBy(asc(t.site.id))
      .limit(limit),
  );
  const ids = sites.map((site) => site.id);
  const speakers = await db.read((q, t) =>
    q
      .select({ id: t.speaker.id, siteId: t.speaker.siteId, name: t.speaker.name, gatewayId: t.speaker.gatewayId })
      .from(t.speaker)
      .where(inArray(t.speaker.siteId, ids))
      .orderBy(asc(t.speaker.id)),
  );
  const gateways = await db.read((q, t) =>
    q
      .select({ id: t.gateway.id, siteId: t.gateway.siteId, status: t.gateway.status })
      .from(t.gateway)
      .where(inArray(t.gateway.siteId, ids))
      .orderBy(asc(t.gateway.createdAtMs)),
  );
  const speakersOf = Map.groupBy(speakers, (speaker) => speaker.siteId);
  const gatewaysOf = Map.groupBy(gateways, (gateway) => gateway.siteId);
  return sites.map((site) => ({
    ...site,
    speakers: (speakersOf.get(site.id) ?? []).map(({ id, name, gatewayId }) => ({ id, name, gatewayId })),
    gateways: (gatewaysOf.get(site.id) ?? []).map(({ id, status }) => ({ id, status })),
  }));
}

export async function findSite(db: Database, id: string): Promise<{ id: string; gridCode: string } | undefined> {
  const [row] = await db.read((q, t) => q.select({ id: t.site.id, gridCode: t.site.gridCode }).from(t.site).where(eq(t.site.id, id)));
  return row;
}

/** Whether a house of its own stands at this node. */
export async function hasHouse(db: Database, code: string): Promise<boolean> {
  const rows = await db.read((q, t) =>
    q
      .select({ id: t.peer.id })
      .from(t.peer)
      .where(and(eq(t.peer.gridCode, code), eq(t.peer.side, 'below'), eq(t.peer.status, 'active')))
      .limit(1),
  );
  return rows.length > 0;
}

/** Ids of the activity rooms at a node and below it, those at the node itself first. */
export async function sitesUnder(db: Database, code: string): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ id: t.site.id })
      .from(t.site)
      .where(inArea(t.site.gridCode, [code]))
      .orderBy(asc(t.site.gridCode), asc(t.site.id)),
  );
  return rows.map(({ id }) => id);
}

/** Whether this house holds a key of this node's own. */
export async function signsFor(db: Database, code: string): Promise<boolean> {
  const rows = await db.read((q, t) =>
    q
      .select({ kid: t.signingKey.kid })
      .from(t.signingKey)
      .where(and(eq(t.signingKey.scope, code), isNull(t.signingKey.revokedAtMs)))
      .limit(1),
  );
  return rows.length > 0;
}
