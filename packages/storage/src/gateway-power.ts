// What a gateway said of its power, as columns: the state is kept as the device wrote it.
import { sql, type SQL } from 'drizzle-orm';
import type { Power } from '@laba/domain/power';
import type { Tables } from './tables.ts';

/** Null: never said, or not known. */
export function powerColumns(t: Tables) {
  const { state } = t.gatewayStatus;
  const number = (name: string): SQL<number | null> => sql`cast(${state} -> 'power' ->> ${sql.raw(`'${name}'`)} as double precision)`;
  return {
    source: sql<Power['source'] | null>`${state} -> 'power' ->> 'source'`,
    batteryPercent: number('batteryPercent'),
    hoursLeft: number('hoursLeft'),
  };
}
