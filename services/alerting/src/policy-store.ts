// The SQL of policy and templates.
import { and, eq } from 'drizzle-orm';
import type { Policy } from '@laba/domain/policy';
import { one, some, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

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
