// Chapter 3, dispatch: alerts out of a backup are held: nothing of that revision is sent until an officer has decided anew.
import { and, eq, sql } from 'drizzle-orm';
import { any, one, prepared, type Database, type Op } from '@laba/storage/database';

/** A counter's name; its value is the revision. A later revision, an officer's own decision, is not held. */
export const HELD = 'held-alert:';
/** Its value is the revision that gateways know to be over. */
const OVER = 'over-elsewhere:';
const heldName = (alertId: string) => `${HELD}${alertId}`;

const selectHeld = prepared('dispatch-is-held', (q, t) =>
  q
    .select({ name: t.counter.name })
    .from(t.counter)
    .where(and(eq(t.counter.name, sql.placeholder('name')), eq(t.counter.value, sql`${sql.placeholder('revision')}`))),
);

export async function isHeldBack(db: Database, alertId: string, revision: number): Promise<boolean> {
  return (await db.read(selectHeld, { name: heldName(alertId), revision })).length > 0;
}

/** Holds every raised alert at its present revision. */
export function holdRaised(): Op<{ name: string }> {
  return any((q, t) =>
    q
      .insert(t.counter)
      .select(
        q
          .select({ name: sql<string>`${HELD} || ${t.alert.id}`.as('name'), value: t.alert.revision })
          .from(t.alert)
          .where(eq(t.alert.state, 'raised')),
      )
      .onConflictDoUpdate({ target: t.counter.name, set: { value: sql`excluded.value` } })
      .returning({ name: t.counter.name }),
  );
}

export function holdAlert(alertId: string, revision: number): Op {
  return one((q, t) =>
    q
      .insert(t.counter)
      .values({ name: heldName(alertId), value: revision })
      .onConflictDoUpdate({ target: t.counter.name, set: { value: revision } })
      .returning({ name: t.counter.name }),
  );
}

/** Written once per alert and revision; breaks with `changed-meanwhile` when it was told before. */
export function noteOverElsewhere(alertId: string, revision: number): Op {
  return one((q, t) =>
    q
      .insert(t.counter)
      .values({ name: `${OVER}${alertId}`, value: revision })
      .onConflictDoUpdate({ target: t.counter.name, set: { value: revision }, setWhere: sql`${t.counter.value} < ${revision}` })
      .returning({ name: t.counter.name }),
  );
}

/** How many raised alerts are held, and which of the raised ones gateways know to be over. */
export async function heldNow(db: Database): Promise<{ held: number; over: string[] }> {
  const rows = await db.read((q, t) =>
    q
      .select({ name: t.counter.name, alertId: t.alert.id })
      .from(t.alert)
      .innerJoin(t.counter, sql`${t.counter.name} in (${HELD} || ${t.alert.id}, ${OVER} || ${t.alert.id}) and ${t.counter.value} >= ${t.alert.revision}`)
      .where(eq(t.alert.state, 'raised')),
  );
  return {
    held: rows.filter((row) => row.name.startsWith(HELD)).length,
    over: rows.filter((row) => row.name.startsWith(OVER)).map((row) => row.alertId),
  };
}

export async function raisedAlerts(db: Database): Promise<{ alertId: string }[]> {
  return db.read((q, t) => q.select({ alertId: t.alert.id }).from(t.alert).where(eq(t.alert.state, 'raised')));
}

const seqName = (county: string) => `command-seq:${county}`;

/** The county's numbers go on above `least`; they never go back. */
export function liftSeq(county: string, least: number): Op {
  return any((q, t) =>
    q
      .insert(t.counter)
      .values({ name: seqName(county), value: least })
      .onConflictDoUpdate({ target: t.counter.name, set: { value: least }, setWhere: sql`${t.counter.value} < ${least}` })
      .returning({ value: t.counter.value }),
  );
}

const selectSeq = prepared('dispatch-last-seq', (q, t) =>
  q
    .select({ value: t.counter.value })
    .from(t.counter)
    .where(eq(t.counter.name, sql.placeholder('name'))),
);

/** The last number given to a command of this county. */
export async function lastSeq(db: Database, county: string): Promise<number> {
  return (await db.read(selectSeq, { name: seqName(county) }))[0]?.value ?? 0;
}
