// Where a house below this one stands: its gateways hang on its own line, and when it is silent so is all that it serves.
import { and, eq, sql, type Column, type SQL } from 'drizzle-orm';
import type { Sql } from './database.ts';
import type { Tables } from './tables.ts';

const covers = (scope: Column, gridCode: Column) => sql`substr(${gridCode}, 1, length(${scope})) = ${scope}`;

/** Whether the place is a house's below: what is heard of its gateways comes by that house. */
export function hasHouseBelow(q: Sql, t: Tables, gridCode: Column): SQL {
  const { peer } = t;
  return sql`exists ${q
    .select({ id: peer.id })
    .from(peer)
    .where(and(eq(peer.side, 'below'), eq(peer.status, 'active'), covers(peer.gridCode, gridCode)))}`;
}

/** Whether the house that serves the place is silent. */
export function hasSilentHouse(q: Sql, t: Tables, gridCode: Column): SQL {
  const { silentHouse } = t;
  return sql`exists ${q.select({ id: silentHouse.peerId }).from(silentHouse).where(covers(silentHouse.gridCode, gridCode))}`;
}
