// The SQL of policy and templates.
import { and, eq, sql } from 'drizzle-orm';
import { DEFAULT_POLICY, type Policy } from '@laba/domain/policy';
import { one, prepared, some, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

const selectPolicy = prepared('select-policy', (q, t) =>
  q
    .select()
    .from(t.policy)
    .where(eq(t.policy.county, sql.placeholder('county'))),
);

/** The county's policy; version 0 is the one every county starts with. */
export async function findPolicy(db: Database, county: string): Promise<{ policy: Policy; version: number }> {
  const [row] = await db.read(selectPolicy, { county });
  return row === undefined ? { policy: DEFAULT_POLICY, version: 0 } : { policy: row.policy, version: row.version };
}

export function writePolicy(county: string, policy: Policy, seenVersion: number): Op {
  if (seenVersion === 0)
    return one((q, t) => q.insert(t.policy).values({ county, policy, version: 1 }).onConflictDoNothing().returning({ version: t.policy.version }));
  return one((q, t) =>
    q
      .update(t.policy)
      .set({ policy, version: seenVersion + 1 })
      .where(and(eq(t.policy.county, county), eq(t.policy.version, seenVersion)))
      .returning({ version: t.policy.version }),
  );
}

export function writeTemplates(rows: readonly Tables['template']['$inferInsert'][]): Op {
  return some((q, t) =>
    q
      .insert(t.template)
      .values([...rows])
      .onConflictDoNothing()
      .returning({ id: t.template.id }),
  );
}
