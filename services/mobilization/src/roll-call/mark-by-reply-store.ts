// Chapter 5, roll-call: whose a short message is that speaks of the list.
import { and, desc, eq, ne } from 'drizzle-orm';
import type { Database } from '@laba/storage/database';

/** The call by which a member helps: of the alert that he answers, else live before a drill, the newest first. */
export async function helperCall(db: Database, memberId: string, answered: string | null) {
  const rows = await db.read((q, { call, alert }) =>
    q
      .select({ id: call.id, alertId: call.alertId, memberId: call.memberId, gridCode: call.gridCode })
      .from(call)
      .innerJoin(alert, eq(alert.id, call.alertId))
      .where(and(eq(call.memberId, memberId), eq(alert.state, 'raised'), ne(alert.mode, 'test')))
      .orderBy(desc(alert.mode), desc(alert.raisedAtMs)),
  );
  return rows.find(({ alertId }) => alertId === answered) ?? rows[0];
}

/** The households with this telephone, in each raised alert that lists them. */
export function householdsOfPhone(db: Database, phoneHash: string): Promise<{ alertId: string; householdId: string }[]> {
  return db.read((q, { household, rollcallPerson: person, alert }) =>
    q
      .selectDistinct({ alertId: alert.id, householdId: household.id })
      .from(household)
      .innerJoin(alert, and(eq(alert.state, 'raised'), ne(alert.mode, 'test')))
      .innerJoin(person, and(eq(person.alertId, alert.id), eq(person.gridCode, household.gridCode), eq(person.householdId, household.id)))
      .where(eq(household.phoneHash, phoneHash)),
  );
}
