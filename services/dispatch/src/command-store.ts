// Chapter 3, dispatch: signed commands as they were sent. The stored bytes are what every further try sends again.
import { and, asc, desc, eq, exists, gt, inArray, isNotNull, isNull, lt, lte, ne, not, notExists, or, sql } from 'drizzle-orm';
import type { Purpose } from '@laba/domain/delivery';
import { isWithin } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { any, one, prepared, type Database, type Op, type Sql } from '@laba/storage/database';
import { slices } from '@laba/storage/group';
import { rowsOf } from '@laba/storage/rows-of';
import type { Tables } from '@laba/storage/tables';
import { HELD } from './hold-store.ts';

export type Command = Tables['command']['$inferSelect'];
export type NewCommand = Tables['command']['$inferInsert'];

const v = (name: string) => sql<number>`${sql.placeholder(name)}`;

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

const selectCommands = prepared('dispatch-commands', (q, t) =>
  q
    .select()
    .from(t.command)
    .where(
      and(
        eq(t.command.alertId, sql.placeholder('alertId')),
        eq(t.command.revision, sql.placeholder('revision')),
        eq(t.command.purpose, sql.placeholder('purpose')),
        eq(t.command.action, sql.placeholder('action')),
      ),
    )
    .orderBy(asc(t.command.areaCode)),
);

export function findCommands(db: Database, { alertId, revision, purpose, action }: CommandKey): Promise<Command[]> {
  return db.read(selectCommands, { alertId, revision, purpose, action });
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

const COMMANDS_LOOKED_AT = 256;

/** Some of those that a device would still take, by id. */
export function commandsAfter(db: Database, afterId: string, nowMs: number): Promise<Command[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.command)
      .where(and(gt(t.command.id, afterId), gt(t.command.expiresAtMs, nowMs)))
      .orderBy(asc(t.command.id))
      .limit(COMMANDS_LOOKED_AT),
  );
}

/** The same words under a new id and signature. Breaks when that was done meanwhile. */
export function replaceCommand(old: Command, fresh: Pick<Command, 'id' | 'envelope'>): Op {
  return one((q, t) => q.update(t.command).set(fresh).where(eq(t.command.id, old.id)).returning({ id: t.command.id }));
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

/** The codes of the placeholder `nodes`, as `nodesAsRows` writes them. */
function givenNodes(q: Sql, t: Tables) {
  const { from, columns } = rowsOf(t, sql.placeholder('nodes'), { code: 'text' });
  return q.select({ code: columns.code }).from(from);
}

const nodesAsRows = (nodes: readonly string[]) => JSON.stringify(nodes.map((code) => ({ code })));

const selectActive = prepared('dispatch-active-commands', (q, t) =>
  q
    .select({ command: t.command })
    .from(t.command)
    .innerJoin(t.alert, and(eq(t.alert.id, t.command.alertId), eq(t.alert.revision, t.command.revision)))
    .innerJoin(t.alertRevision, and(eq(t.alertRevision.alertId, t.alert.id), eq(t.alertRevision.revision, t.alert.revision)))
    .where(
      and(
        eq(t.alert.state, 'raised'),
        gt(t.alertRevision.raisedAtMs, v('waitsUpToMs')),
        inArray(t.command.areaCode, givenNodes(q, t)),
        eq(t.command.purpose, 'alert'),
        inArray(t.command.action, ['play', 'quieten']),
        gt(t.command.expiresAtMs, v('nowMs')),
        notHeld(q, t),
      ),
    )
    .orderBy(desc(t.alert.raisedAtMs), desc(t.command.action), asc(t.command.seq)),
);

/** `waitsUpToMs`: what was decided up to then waits until the time is known. */
export interface Moment {
  nowMs: number;
  waitsUpToMs: number;
}

/**
 * Commands of raised alerts' current revisions for these nodes, but for what is held since a restore: what quietened them before the plays,
 * so that none sounds meanwhile; the newest alert first.
 */
export async function activeCommands(db: Database, nodes: readonly string[], moment: Moment): Promise<Command[]> {
  return (await db.read(selectActive, { nodes: nodesAsRows(nodes), ...moment })).map((row) => row.command);
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
  /** The node of the alert's area by which it was found. */
  code: string;
  revision: number;
  state: string;
  overAtMs: number | null;
  endTimeMs: number;
}

const selectOver = prepared('dispatch-alerts-over', (q, t) =>
  q
    .selectDistinct({
      alertId: t.alert.id,
      code: t.alertArea.code,
      revision: t.alert.revision,
      state: t.alert.state,
      overAtMs: t.alert.overAtMs,
      endTimeMs: t.alert.endTimeMs,
    })
    .from(t.alert)
    .innerJoin(t.alertArea, eq(t.alertArea.alertId, t.alert.id))
    .where(and(inArray(t.alertArea.code, givenNodes(q, t)), inArray(t.alert.state, ['ended', 'cancelled', 'expired']), gt(t.alert.overAtMs, v('sinceMs'))))
    .orderBy(desc(t.alert.overAtMs))
    .limit(sql.placeholder('limit')),
);

/** Alerts that touched these nodes and are over since `sinceMs`, the latest first, once for each node. */
export function alertsOver(db: Database, nodes: readonly string[], sinceMs: number, limit: number): Promise<OverAlert[]> {
  return db.read(selectOver, { nodes: nodesAsRows(nodes), sinceMs, limit });
}

const selectMovedAway = prepared('dispatch-alerts-moved-away', (q, t) =>
  q
    .selectDistinct({
      alertId: t.alert.id,
      code: t.alertArea.code,
      revision: t.alert.revision,
      state: t.alert.state,
      overAtMs: t.alertRevision.raisedAtMs,
      endTimeMs: t.alert.endTimeMs,
      codes: t.alertRevision.areaCodes,
    })
    .from(t.alert)
    .innerJoin(t.alertArea, and(eq(t.alertArea.alertId, t.alert.id), lt(t.alertArea.revision, t.alert.revision)))
    .innerJoin(t.alertRevision, and(eq(t.alertRevision.alertId, t.alert.id), eq(t.alertRevision.revision, t.alert.revision)))
    .where(and(eq(t.alert.state, 'raised'), inArray(t.alertArea.code, givenNodes(q, t))))
    .limit(sql.placeholder('limit')),
);

/** As `OverAlert`, with all nodes of the present area. */
export interface MovedAlert extends OverAlert {
  codes: string[];
}

/** Raised alerts that touched these nodes in an earlier revision, once for each node; they may do so still. */
export function alertsMovedAway(db: Database, nodes: readonly string[], limit: number): Promise<MovedAlert[]> {
  return db.read(selectMovedAway, { nodes: nodesAsRows(nodes), limit });
}

const selectWaitingWords = prepared('dispatch-waiting-words', (q, t) => {
  const { command, delivery } = t;
  const { from, columns } = rowsOf(t, sql.placeholder('gateways'), { id: 'text' });
  return q
    .selectDistinct({
      gatewayId: columns.id,
      areaCode: command.areaCode,
      gridCode: delivery.gridCode,
      envelope: command.envelope,
      action: command.action,
      id: command.id,
    })
    .from(command)
    .innerJoin(delivery, and(eq(delivery.alertId, command.alertId), eq(delivery.revision, command.revision), eq(delivery.purpose, command.purpose)))
    .innerJoin(from, eq(columns.id, delivery.gatewayId))
    .where(
      and(
        gt(command.notAfterMs, v('nowMs')),
        or(
          and(ne(command.purpose, 'alert'), eq(command.action, 'play'), inArray(delivery.state, ['queued', 'sent'])),
          // What was taken back is told also to who has it already.
          and(eq(command.purpose, 'bulletin'), eq(command.action, 'stop'), not(inArray(delivery.state, ['failed', 'refused', 'expired']))),
        ),
      ),
    )
    .orderBy(desc(command.action), asc(command.id));
});

/**
 * Spoken ends and bulletins that are good still and of which a gateway has said nothing: it may have been away when they were said, and nobody else says them
 * again; before them the bulletins that were taken back.
 */
export async function waitingWords(db: Database, gatewayIds: readonly string[], nowMs: number): Promise<Map<string, string[]>> {
  const rows = await db.read(selectWaitingWords, { gateways: JSON.stringify(gatewayIds.map((id) => ({ id }))), nowMs });
  const here = rows.filter(({ areaCode, gridCode }) => isWithin(areaCode, gridCode));
  return new Map([...Map.groupBy(here, ({ gatewayId }) => gatewayId)].map(([id, some]) => [id, some.map(({ envelope }) => envelope)]));
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

function isPast(q: Sql, t: Tables) {
  const past = q
    .select({ id: t.alert.id })
    .from(t.alert)
    .where(and(eq(t.alert.id, t.command.alertId), or(not(eq(t.alert.state, 'raised')), gt(t.alert.revision, t.command.revision))));
  return and(eq(t.command.action, 'play'), eq(t.command.purpose, 'alert'), exists(past))!;
}

/** Of these the ones that were never said to this house's loudspeakers and are good still; no sound of an alert that is over or further by another house's word. */
export async function commandsToRelay(db: Database, ids: readonly string[], nowMs: number): Promise<Command[]> {
  const found: Command[] = [];
  for (const some of slices(ids, LIMITS.rowsPerPage))
    found.push(
      ...(await db.read((q, t) =>
        q
          .select()
          .from(t.command)
          .where(and(inArray(t.command.id, [...some]), isNull(t.command.publishedAtMs), gt(t.command.expiresAtMs, nowMs), not(isPast(q, t))))
          .orderBy(asc(t.command.seq)),
      )),
    );
  return found;
}

/** Those that were never said to this house's loudspeakers and are good still. */
export async function commandsNotSaid(db: Database, nowMs: number): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ id: t.command.id })
      .from(t.command)
      .where(and(isNull(t.command.publishedAtMs), gt(t.command.expiresAtMs, nowMs))),
  );
  return rows.map(({ id }) => id);
}

/** Alerts that are over, with an order to sound that is good still. */
export async function alertsOverAndSounding(db: Database, nowMs: number): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .selectDistinct({ id: t.command.alertId })
      .from(t.command)
      .innerJoin(t.alert, eq(t.alert.id, t.command.alertId))
      .where(and(eq(t.command.action, 'play'), eq(t.command.purpose, 'alert'), gt(t.command.expiresAtMs, nowMs), ne(t.alert.state, 'raised'))),
  );
  return rows.map(({ id }) => id);
}
