// Chapter 5, roll-call: whom tags are printed for, and in which alerts they count.
import { and, asc, desc, eq, ne } from 'drizzle-orm';
import type { Database } from '@laba/storage/database';

/** A household as a whole (`personId` null), or one of its persons. */
export interface Registered {
  gridCode: string;
  householdId: string;
  personId: string | null;
  doorplate: string;
  name: string;
}

/** Everybody of one grid node, each household before its persons, as the doorplates run. */
export async function registeredIn(db: Database, gridCode: string): Promise<Registered[]> {
  const rows = await db.read((q, { household, person }) =>
    q
      .select({ householdId: household.id, doorplate: household.doorplate, headName: household.headName, personId: person.id, name: person.name })
      .from(household)
      .leftJoin(person, eq(person.householdId, household.id))
      .where(eq(household.gridCode, gridCode))
      .orderBy(asc(household.doorplate), asc(household.id), asc(person.id)),
  );
  return rows.flatMap(({ householdId, doorplate, headName, personId, name }, i) => {
    const whole = { gridCode, householdId, personId: null, doorplate, name: headName };
    return [...(rows[i - 1]?.householdId === householdId ? [] : [whole]), ...(personId === null ? [] : [{ ...whole, personId, name: name ?? '' }])];
  });
}

/** Raised alerts on whose list this household stands: live ones before drills, the newest first. */
export function alertsListing(db: Database, householdId: string, gridCode: string): Promise<{ id: string; mode: string }[]> {
  return db.read((q, { alert, rollcallPerson: person }) =>
    q
      .selectDistinct({ id: alert.id, mode: alert.mode, raisedAtMs: alert.raisedAtMs })
      .from(alert)
      .innerJoin(person, and(eq(person.alertId, alert.id), eq(person.gridCode, gridCode), eq(person.householdId, householdId)))
      .where(and(eq(alert.state, 'raised'), ne(alert.mode, 'test')))
      .orderBy(desc(alert.mode), desc(alert.raisedAtMs)),
  );
}
