// Peacetime: where nobody was since a deadline passed; for the lists and for the first screen alike.
import { sql, type SQL } from 'drizzle-orm';
import { NOT_KEEPING } from '@laba/domain/round';
import type { Tables } from './tables.ts';

/** Condition on a missed round: no round that keeps it was done since its window began, in time or late. */
export function isStandingMiss({ roundMissed: m, round: r }: Tables): SQL {
  const results = sql.join(
    NOT_KEEPING.map((result) => sql`${result}`),
    sql`, `,
  );
  return sql`not exists (select 1 from ${r} where ${r.planId} = ${m.planId} and ${r.doneAtMs} >= ${m.fromMs} and ${r.result} not in (${results}))`;
}
