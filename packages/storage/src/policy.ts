// The county's policy, read by every room that decides by it; alerting writes it.
import { eq, sql } from 'drizzle-orm';
import { DEFAULT_POLICY, policySchema, type Policy } from '@laba/domain/policy';
import { prepared, type Database } from './database.ts';

const selectPolicy = prepared('select-policy', (q, t) =>
  q
    .select()
    .from(t.policy)
    .where(eq(t.policy.county, sql.placeholder('county'))),
);

/** The policy in force; version 0 is the one every county starts with. What an older policy does not say is as in that one. */
export async function findPolicy(db: Database, county: string): Promise<{ policy: Policy; version: number }> {
  const [row] = await db.read(selectPolicy, { county });
  return row === undefined ? { policy: DEFAULT_POLICY, version: 0 } : { policy: policySchema.parse(row.policy), version: row.version };
}
