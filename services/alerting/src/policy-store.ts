// The SQL of policy and templates.
import { and, desc, eq } from 'drizzle-orm';
import { capTime } from '@laba/domain/cap';
import type { Policy, PolicyView } from '@laba/domain/policy';
import type { Config } from '@laba/runtime/config';
import { one, some, type Database, type Op } from '@laba/storage/database';
import { findPolicy } from '@laba/storage/policy';
import type { Tables } from '@laba/storage/tables';

/** The county's policy as it decides at this house: at that of a village or township by the rows for it. */
export async function policyHere({ db, config }: { db: Database; config: Config }): Promise<Policy> {
  const { policy } = await findPolicy(db, config.county);
  return config.node === undefined ? policy : { ...policy, rows: policy.alone };
}

/** Who wrote the policy last, and when; nobody while it is the one that every county starts with. */
export async function lastChangeOfPolicy({ db, config }: { db: Database; config: Config }): Promise<Pick<PolicyView, 'changedBy' | 'changedAt'>> {
  // By the officer, whose events are few: a look for the type alone would go through all that ever happened.
  const [row] = await db.read((q, { event, officer }) =>
    q
      .select({ name: officer.name, atMs: event.atMs })
      .from(officer)
      .innerJoin(event, eq(event.subjectId, officer.id))
      .where(eq(event.type, 'policy.changed'))
      .orderBy(desc(event.seq))
      .limit(1),
  );
  return row === undefined ? { changedBy: null, changedAt: null } : { changedBy: row.name, changedAt: capTime(row.atMs, config.utcOffsetMinutes) };
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
