// Chapter 3, dispatch: signed commands as they were sent. The stored bytes are what every further try sends again.
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, notExists, sql } from 'drizzle-orm';
import type { Purpose } from '@laba/domain/delivery';
import { LIMITS } from '@laba/domain/limits';
import { any, one, type Database, type Op, type Sql } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import { HELD } from './hold-store.ts';

export type Command = Tables['command']['$inferSelect'];
export type NewCommand = Tables['command']['$inferInsert'];

/** Takes `count` numbers of the county's command sequence; returns the first. */
export async function allocateSeqs(db: Database, county: string, count: number): Promise<number> {
  const [rows] = await db.atomically([
    one((q, t) =>
      q
        .insert(t.counter)
        .values({ name: `command-seq:${county}`, value: count })
        .onConflictDoUpdate({ target: t.counter.name, set: { value: sql`${t.counter.value} + ${count}` } })
        .returning({ value: t.counter.value }),
    ),
  ]);
  return rows[0]!.value - count + 1;
}

/** Keeps what is there already: the first run's bytes are the only ones ever sent. */
export function insertCommand(command: NewCommand): Op {
  return any((q, t) =>
    q
      .insert(t.command)
      .values(command)
      .onConflictDoNothing({ target: [t.command.alertId, t.command.revision, t.command.purpose, t.command.action, t.command.areaCode] })
      .returning({ id: t.command.id }),
  );
}

export interface CommandKey {
  alertId: string;
  revision: number;
  purpose: Purpose;
  action: string;
}

export function findCommands(db: Database, key: CommandKey): Promise<Command[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.command)
      .where(
        and(eq(t.command.alertId, key.alertId), eq(t.command.revision, key.revision), eq(t.command.purpose, key.purpose), eq(t.command.action, key.action)),
      )
      .orderBy(asc(t.command.areaCode)),
  );
}

/** The stops of an alert, the latest revision first. */
export function findStops(db: Database, alertId: string): Promise<Command[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.command)
      .where(and(eq(t.command.alertId, alertId), eq(t.command.action, 'stop')))
      .orderBy(desc(t.command.revision)),
  );
}

export function markPublished(id: string, nowMs: number): Op {
  return one((q, t) =>
    q
      .update(t.command)
      .set({ publishedAtMs: nowMs })
      .where(and(eq(t.command.id, id), isNull(t.command.publishedAtMs)))
      .returning({ id: t.command.id }),
  );
}

/** Commands of raised alerts' current revisions for these nodes, but for what is held since a restore: what quietened them before the plays, so that none sounds meanwhile; the newest alert first. */
export function activeCommands(db: Database, lineage: readonly string[], nowMs: number): Promise<Command[]> {
  return db
    .read((q, t) =>
      q
        .select({ command: t.command })
        .from(t.command)
        .innerJoin(t.alert, and(eq(t.alert.id, t.command.alertId), eq(t.alert.revision, t.command.revision)))
        .where(
          and(
            eq(t.alert.state, 'raised'),
            inArray(t.command.areaCode, [...lineage]),
            eq(t.command.purpose, 'alert'),
            inArray(t.command.action, ['play', 'quieten']),
            gt(t.command.expiresAtMs, nowMs),
            notHeld(q, t),
          ),
        )
        .orderBy(desc(t.alert.raisedAtMs), desc(t.command.action), asc(t.command.seq)),
    )
    .then((rows) => rows.map((row) => row.command));
}

/** A condition on an alert's row. */
function notHeld(q: Sql, t: Tables) {
  return notExists(
    q
      .select({ name: t.counter.name })
      .from(t.counter)
      .where(and(eq(t.counter.name, sql`${HELD} || ${t.alert.id}`), eq(t.counter.value, t.alert.revision))),
  );
}

export interface OverAlert {
  alertId: string;
  revision: number;
  state: string;
  overAtMs: number | null;
  endTimeMs: number;
}

/** Alerts that touched these nodes and are over since `sinceMs`, the latest first. */
export function alertsOver(db: Database, lineage: readonly string[], sinceMs: number, limit: number): Promise<OverAlert[]> {
  return db.read((q, t) =>
    q
      .selectDistinct({ alertId: t.alert.id, revision: t.alert.revision, state: t.alert.state, overAtMs: t.alert.overAtMs, endTimeMs: t.alert.endTimeMs })
      .from(t.alert)
      .innerJoin(t.alertArea, eq(t.alertArea.alertId, t.alert.id))
      .where(and(inArray(t.alertArea.code, [...lineage]), inArray(t.alert.state, ['ended', 'cancelled', 'expired']), gt(t.alert.overAtMs, sinceMs)))
      .orderBy(desc(t.alert.overAtMs))
      .limit(limit),
  );
}

/** Raised alerts that touched these nodes in an earlier revision, with all nodes of their current one. */
export async function alertsMovedAway(db: Database, lineage: readonly string[], limit: number): Promise<OverAlert[]> {
  const rows = await db.read((q, t) =>
    q
      .selectDistinct({
        alertId: t.alert.id,
        revision: t.alert.revision,
        state: t.alert.state,
        overAtMs: t.alertRevision.raisedAtMs,
        endTimeMs: t.alert.endTimeMs,
        codes: t.alertRevision.areaCodes,
      })
      .from(t.alert)
      .innerJoin(t.alertArea, and(eq(t.alertArea.alertId, t.alert.id), lt(t.alertArea.revision, t.alert.revision)))
      .innerJoin(t.alertRevision, and(eq(t.alertRevision.alertId, t.alert.id), eq(t.alertRevision.revision, t.alert.revision)))
      .where(and(eq(t.alert.state, 'raised'), inArray(t.alertArea.code, [...lineage])))
      .limit(limit),
  );
  return rows.filter((row) => !row.codes.some((code) => lineage.includes(code)));
}

/** The highest published number of each area topic. */
export async function highestSeqs(db: Database): Promise<Map<string, number>> {
  const rows = await db.read((q, t) =>
    q
      .select({ areaCode: t.command.areaCode, seq: sql<number>`max(${t.command.seq})` })
      .from(t.command)
      .where(isNotNull(t.command.publishedAtMs))
      .groupBy(t.command.areaCode),
  );
  return new Map(rows.map((row) => [row.areaCode, row.seq]));
}

/** Dispatch jobs that publish, are due and not done: what a broker that came back has waited for. */
export function waitingPublishers(db: Database, nowMs: number): Promise<{ id: string }[]> {
  return db.read((q, t) =>
    q
      .select({ id: t.job.id })
      .from(t.job)
      .where(
        and(
          isNull(t.job.doneAtMs),
          lte(t.job.dueAtMs, nowMs),
          inArray(t.job.consumer, ['dispatch.announce', 'dispatch.announce-quiet', 'dispatch.announce-end']),
        ),
      )
      .limit(LIMITS.jobsPerPush),
  );
}
