// Chapter 5, tasks: at whose door a task is, for who has to go there. The names stay in the register and in the roll-call.
import { and, eq } from 'drizzle-orm';
import type { Database } from '@laba/storage/database';
import type { Task } from './task-store.ts';

export interface Door {
  doorplate: string | null;
  name: string | null;
  /** Of who was found on the spot and is in no register. */
  nameCipher: string | null;
  /** Who asked for help: name and number as he gave them, JSON. */
  reporterCipher?: string | null;
}

/** The household or person of a task that speaks of one. */
export async function findDoor(db: Database, { source, sourceId, alertId }: Task): Promise<Door | undefined> {
  if (source === 'household') {
    const [row] = await db.read((q, t) =>
      q.select({ doorplate: t.household.doorplate, name: t.household.headName }).from(t.household).where(eq(t.household.id, sourceId)),
    );
    return row && { ...row, nameCipher: null };
  }
  if (source === 'report') {
    const [row] = await db.read((q, t) => q.select({ cipher: t.report.reporterCipher }).from(t.report).where(eq(t.report.id, sourceId)));
    return row && { doorplate: null, name: null, nameCipher: null, reporterCipher: row.cipher };
  }
  if (source !== 'person' || alertId === null) return undefined;
  const [row] = await db.read((q, t) =>
    q
      .select({ doorplate: t.household.doorplate, name: t.person.name, head: t.household.headName, nameCipher: t.rollcallPerson.nameCipher })
      .from(t.rollcallPerson)
      .leftJoin(t.person, eq(t.person.id, t.rollcallPerson.personId))
      .leftJoin(t.household, eq(t.household.id, t.rollcallPerson.householdId))
      .where(and(eq(t.rollcallPerson.alertId, alertId), eq(t.rollcallPerson.personId, sourceId))),
  );
  return row && { doorplate: row.doorplate, name: row.name ?? row.head, nameCipher: row.nameCipher };
}
