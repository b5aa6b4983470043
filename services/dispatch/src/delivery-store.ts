// Chapter 3, dispatch: one row per (alert, revision, purpose, speaker), from frozen to its named end.
import { and, asc, eq, inArray, lt, min, not, or, sql, type SQL } from 'drizzle-orm';
import type { Mode } from '@laba/domain/alert';
import { RESUMABLE_STOPS, type DeliveryState, type DeliveryView, type Purpose } from '@laba/domain/delivery';
import { inArea, speakersInArea } from '@laba/storage/audience';
import { any, exactly, prepared, type Database, type Op } from '@laba/storage/database';
import { recordEach } from '@laba/storage/events';
import { rowsOf } from '@laba/storage/rows-of';
import type { Ids } from '@laba/domain/ids';
import type { Tables } from '@laba/storage/tables';

export type Delivery = Tables['delivery']['$inferSelect'];

/** The deliveries of one sending. */
export interface DeliveryGroup {
  alertId: string;
  revision: number;
  purpose: Purpose;
}

const LETTERS: Record<Purpose, string> = { alert: 'a', 'all-clear': 'e', cancellation: 'c', bulletin: 'b' };
const UNREPORTED: DeliveryState[] = ['queued', 'sent'];
const ENDED: DeliveryState[] = ['stopped', 'refused', 'failed', 'expired'];
const REACHED: DeliveryState[] = ['received', 'playing', 'played', 'sounded', 'stopped'];

/** A delivery's id follows from what it is, so that the freeze can make it in SQL and a report can find it. */
export function deliveryId(group: DeliveryGroup, speakerId: string): string {
  return `${group.alertId}:${group.revision}:${LETTERS[group.purpose]}:${speakerId}`;
}

function idPrefix(group: DeliveryGroup): string {
  return deliveryId(group, '');
}

function inGroup(t: Tables, group: DeliveryGroup): SQL | undefined {
  return and(eq(t.delivery.alertId, group.alertId), eq(t.delivery.revision, group.revision), eq(t.delivery.purpose, group.purpose));
}

/** The SQL of `isEnded`, turned round. */
function notEnded(t: Tables): SQL | undefined {
  const d = t.delivery;
  return and(
    not(inArray(d.state, ENDED)),
    not(and(eq(d.mode, 'test'), eq(d.state, 'received'))!),
    not(and(sql`${d.playTimes} > 0`, inArray(d.state, ['played', 'sounded']), sql`${d.repeat} >= ${d.playTimes}`)!),
  );
}

/** Ended, and yet its box may find its voice again: `advanceDelivery` lets it. */
function resumable(t: Tables): SQL | undefined {
  const d = t.delivery;
  return and(sql`${d.gatewayId} is not null`, or(eq(d.state, 'failed'), and(eq(d.state, 'stopped'), inArray(d.reason, [...RESUMABLE_STOPS]))));
}

export interface Freeze extends DeliveryGroup {
  mode: Mode;
  playTimes: number;
  areaCodes: readonly string[];
  nowMs: number;
}

/** An engine refuses a condition that is nested too deeply. */
const CODES_PER_STEP = 200;

export interface FreezeStep {
  areaCodes: string[];
  /** How many there were when the steps were made. */
  speakers: number;
}

/** The codes at which speakers of the area stand, in lists of about `size` speakers, and of no more than so many codes. */
export async function placesInSteps(db: Database, areaCodes: readonly string[], size: number): Promise<FreezeStep[]> {
  const counts = await db.read((q, t) =>
    q
      .select({ code: t.speaker.gridCode, n: sql<number>`count(*)`.mapWith(Number) })
      .from(t.speaker)
      .where(inArea(t.speaker.gridCode, areaCodes))
      .groupBy(t.speaker.gridCode)
      .orderBy(asc(t.speaker.gridCode)),
  );
  const steps: FreezeStep[] = [];
  for (const { code, n } of counts) {
    const last = steps.at(-1);
    if (last !== undefined && last.speakers + n <= size && last.areaCodes.length < CODES_PER_STEP) {
      last.areaCodes.push(code);
      last.speakers += n;
    } else steps.push({ areaCodes: [code], speakers: n });
  }
  return steps;
}

/** One row for every speaker of the area; one that no gateway serves has failed at once. Rows that are there stay as they are. */
export function insertAudience(freeze: Freeze): Op {
  return any((q, t) => {
    const audience = speakersInArea(q, t, freeze.areaCodes).as('audience');
    const rows = q
      .select({
        id: sql<string>`${idPrefix(freeze)} || ${audience.speakerId}`.as('id'),
        alertId: sql<string>`${freeze.alertId}`.as('alert_id'),
        revision: sql<number>`${freeze.revision}`.as('revision'),
        purpose: sql<Purpose>`${freeze.purpose}`.as('purpose'),
        speakerId: audience.speakerId,
        gatewayId: audience.gatewayId,
        siteId: audience.siteId,
        gridCode: audience.gridCode,
        mode: sql<Mode>`${freeze.mode}`.as('mode'),
        playTimes: sql<number>`${freeze.playTimes}`.as('play_times'),
        state: sql<DeliveryState>`case when ${audience.gatewayId} is null then 'failed' else 'queued' end`.as('state'),
        repeat: sql<number>`0`.as('repeat'),
        reason: sql<string | null>`case when ${audience.gatewayId} is null then 'no-gateway' end`.as('reason'),
        soundedLevelDb: sql<null>`null`.as('sounded_level_db'),
        attempts: sql<number>`0`.as('attempts'),
        changedAtMs: sql<number>`${freeze.nowMs}`.as('changed_at_ms'),
        version: sql<number>`1`.as('version'),
      })
      .from(audience)
      .where(sql`true`);
    return q.insert(t.delivery).select(rows).onConflictDoNothing().returning({ id: t.delivery.id });
  });
}

/** The announcement's own rows: for each speaker that had the alert, once, in whatever revision. */
export function insertAnnouncement(announcement: DeliveryGroup & { nowMs: number }): Op {
  return any((q, t) => {
    const d = t.delivery;
    const rows = q
      .select({
        id: sql<string>`${idPrefix(announcement)} || ${d.speakerId}`.as('id'),
        alertId: d.alertId,
        revision: sql<number>`${announcement.revision}`.as('revision'),
        purpose: sql<Purpose>`${announcement.purpose}`.as('purpose'),
        speakerId: d.speakerId,
        gatewayId: sql<string | null>`max(${d.gatewayId})`.as('gateway_id'),
        siteId: sql<string>`max(${d.siteId})`.as('site_id'),
        gridCode: sql<string>`max(${d.gridCode})`.as('grid_code'),
        mode: d.mode,
        playTimes: sql<number>`1`.as('play_times'),
        state: sql<DeliveryState>`'queued'`.as('state'),
        repeat: sql<number>`0`.as('repeat'),
        reason: sql<null>`null`.as('reason'),
        soundedLevelDb: sql<null>`null`.as('sounded_level_db'),
        attempts: sql<number>`0`.as('attempts'),
        changedAtMs: sql<number>`${announcement.nowMs}`.as('changed_at_ms'),
        version: sql<number>`1`.as('version'),
      })
      .from(d)
      .where(and(eq(d.alertId, announcement.alertId), eq(d.purpose, 'alert'), or(inArray(d.state, REACHED), and(eq(d.state, 'failed'), sql`${d.repeat} > 0`))))
      .groupBy(d.alertId, d.speakerId, d.mode);
    return q.insert(d).select(rows).onConflictDoNothing().returning({ id: d.id });
  });
}

export interface GroupCount {
  revision: number;
  purpose: Purpose;
  /** All rows. */
  total: number;
  /** Queued or sent: nobody there has said anything. */
  unreported: number;
  /** Begun and not in an end state. */
  unfinished: number;
  /** In an end state that a proven start of sound may leave. */
  resumable: number;
}

/** How each sending of an alert stands. */
export function countGroups(db: Database, alertId: string): Promise<GroupCount[]> {
  return db.read((q, t) =>
    q
      .select({
        revision: t.delivery.revision,
        purpose: t.delivery.purpose,
        total: sql<number>`count(*)`,
        unreported: sql<number>`count(*) filter (where ${inArray(t.delivery.state, UNREPORTED)})`,
        unfinished: sql<number>`count(*) filter (where ${and(notEnded(t), not(inArray(t.delivery.state, UNREPORTED)))})`,
        resumable: sql<number>`count(*) filter (where ${resumable(t)})`,
      })
      .from(t.delivery)
      .where(eq(t.delivery.alertId, alertId))
      .groupBy(t.delivery.revision, t.delivery.purpose)
      .orderBy(asc(t.delivery.revision)),
  );
}

export interface Target {
  gatewayId: string;
  gridCode: string;
}

/** Gateways that have said nothing about this sending; those tried least often first. */
export function unreportedGateways(db: Database, group: DeliveryGroup, limit: number): Promise<Target[]> {
  return db.read((q, t) => gatewaysWhere(q, t, and(inGroup(t, group), inArray(t.delivery.state, UNREPORTED)), limit));
}

/** Gateways that began this sending and have not said how it ended. */
export function unfinishedGateways(db: Database, group: DeliveryGroup, limit: number): Promise<Target[]> {
  return db.read((q, t) => gatewaysWhere(q, t, and(inGroup(t, group), notEnded(t), not(inArray(t.delivery.state, UNREPORTED))), limit));
}

function gatewaysWhere(q: Parameters<typeof speakersInArea>[0], t: Tables, where: SQL | undefined, limit: number) {
  const d = t.delivery;
  return q
    .select({ gatewayId: sql<string>`${d.gatewayId}`, gridCode: sql<string>`${min(d.gridCode)}` })
    .from(d)
    .where(and(where, sql`${d.gatewayId} is not null`))
    .groupBy(d.gatewayId)
    .orderBy(asc(min(d.attempts)), asc(d.gatewayId))
    .limit(limit);
}

/** Where the speakers stand that an earlier revision covered. */
export async function gridCodesOf(db: Database, alertId: string, beforeRevision: number): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .selectDistinct({ code: t.delivery.gridCode })
      .from(t.delivery)
      .where(and(eq(t.delivery.alertId, alertId), eq(t.delivery.purpose, 'alert'), lt(t.delivery.revision, beforeRevision))),
  );
  return rows.map((row) => row.code);
}

const SYSTEM = { who: 'system', via: 'job' } as const;

/** Queued becomes sent, with its event: the broker took it. `gatewayIds`: only theirs, and one more try for those already sent. */
export function markSent(ids: Ids, group: DeliveryGroup, nowMs: number, gatewayIds?: readonly string[]): Op[] {
  const theirs = (t: Tables) => (gatewayIds === undefined ? undefined : inArray(t.delivery.gatewayId, [...gatewayIds]));
  const queued = (t: Tables) => and(inGroup(t, group), eq(t.delivery.state, 'queued'), theirs(t));
  const d = (t: Tables) => t.delivery;
  const again: Op[] =
    gatewayIds === undefined
      ? []
      : [
          any((q, t) =>
            q
              .update(t.delivery)
              .set({ attempts: sql`${d(t).attempts} + 1` })
              .where(and(inGroup(t, group), eq(t.delivery.state, 'sent'), theirs(t)))
              .returning({ id: t.delivery.id }),
          ),
        ];
  return [...again, ...sentOps(ids, group, nowMs, queued)];
}

function sentOps(ids: Ids, group: DeliveryGroup, nowMs: number, queued: (t: Tables) => SQL | undefined): Op[] {
  return [
    recordEach(
      ids,
      { ...SYSTEM, type: 'delivery.sent', atMs: nowMs, alertId: group.alertId, data: { purpose: group.purpose, revision: group.revision } },
      (t) => ({ from: t.delivery, subjectId: t.delivery.id, gridCode: t.delivery.gridCode, where: queued(t) }),
    ),
    any((q, t) =>
      q
        .update(t.delivery)
        .set({ state: 'sent', attempts: sql`${t.delivery.attempts} + 1`, changedAtMs: nowMs, version: sql`${t.delivery.version} + 1` })
        .where(queued(t))
        .returning({ id: t.delivery.id }),
    ),
  ];
}

const selectQueued = prepared('dispatch-queued-deliveries', (q, t) => {
  const d = t.delivery;
  return q
    .select({ id: d.id })
    .from(d)
    .where(
      and(
        eq(d.alertId, sql.placeholder('alertId')),
        eq(d.revision, sql.placeholder('revision')),
        eq(d.purpose, sql.placeholder('purpose')),
        eq(d.state, 'queued'),
      ),
    )
    .orderBy(asc(d.speakerId));
});

/** Those of whom nothing was said yet, in order. */
export async function queuedDeliveries(db: Database, group: DeliveryGroup): Promise<string[]> {
  return (await db.read(selectQueued, { ...group })).map((row) => row.id);
}

/** As `markSent`, of these alone, where they are still queued. */
export function markTheseSent(ids: Ids, group: DeliveryGroup, nowMs: number, deliveryIds: readonly string[]): Op[] {
  const rows = JSON.stringify(deliveryIds.map((id) => ({ id })));
  const queued = (t: Tables) => {
    const { from, columns } = rowsOf(t, rows, { id: 'text' });
    return and(sql`${t.delivery.id} in (select ${columns.id} from ${from})`, eq(t.delivery.state, 'queued'));
  };
  return sentOps(ids, group, nowMs, queued);
}

/** `never-received`: those nobody reported. `no-word`: those that began and fell silent without a word. */
export function markExpired(ids: Ids, group: DeliveryGroup, reason: 'never-received' | 'no-word', nowMs: number): Op[] {
  const which = (t: Tables) =>
    and(inGroup(t, group), reason === 'never-received' ? inArray(t.delivery.state, UNREPORTED) : and(notEnded(t), not(inArray(t.delivery.state, UNREPORTED))));
  return [
    recordEach(
      ids,
      { ...SYSTEM, type: 'delivery.expired', atMs: nowMs, alertId: group.alertId, data: { reason, purpose: group.purpose, revision: group.revision } },
      (t) => ({ from: t.delivery, subjectId: t.delivery.id, gridCode: t.delivery.gridCode, where: which(t) }),
    ),
    any((q, t) =>
      q
        .update(t.delivery)
        .set({ state: 'expired', reason, changedAtMs: nowMs, version: sql`${t.delivery.version} + 1` })
        .where(which(t))
        .returning({ id: t.delivery.id }),
    ),
  ];
}

/** The events of those that had failed when they were frozen. */
export function recordNoGateway(ids: Ids, group: DeliveryGroup, nowMs: number): Op {
  return recordEach(
    ids,
    {
      ...SYSTEM,
      type: 'delivery.failed',
      atMs: nowMs,
      alertId: group.alertId,
      data: { reason: 'no-gateway', purpose: group.purpose, revision: group.revision },
    },
    (t) => ({
      from: t.delivery,
      subjectId: t.delivery.id,
      gridCode: t.delivery.gridCode,
      where: and(inGroup(t, group), eq(t.delivery.state, 'failed'), eq(t.delivery.reason, 'no-gateway')),
    }),
  );
}

const advance = prepared('dispatch-advance-deliveries', (q, t) => {
  const { from, columns: c } = rowsOf(t, sql.placeholder('rows'), {
    id: 'text',
    version: 'int',
    state: 'text',
    repeat: 'int',
    reason: 'text',
    soundedLevelDb: 'number',
    atMs: 'int',
  });
  return q
    .update(t.delivery)
    .set({
      state: sql`${c.state}`,
      repeat: sql`${c.repeat}`,
      reason: sql`${c.reason}`,
      soundedLevelDb: sql`coalesce(${c.soundedLevelDb}, ${t.delivery.soundedLevelDb})`,
      changedAtMs: sql`${c.atMs}`,
      version: sql`${c.version} + 1`,
    })
    .from(from)
    .where(and(eq(t.delivery.id, c.id), eq(t.delivery.version, c.version)))
    .returning({ id: t.delivery.id });
});

/** A delivery as a device's word makes it, on top of the version it was decided on. */
export interface Advance extends DeliveryView {
  id: string;
  version: number;
  soundedLevelDb: number | null;
  atMs: number;
}

/**
 * What devices said, each delivery once; breaks with `changed-meanwhile` when one of them was moved since. In the order in which
 * `recordEach` takes rows: two that take the same rows in two orders wait for each other until the server breaks one off.
 */
export function writeProgress(advances: readonly Advance[]): Op[] {
  const inOrder = advances.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return inOrder.length === 0 ? [] : [exactly(inOrder.length, advance, { values: { rows: JSON.stringify(inOrder) } })];
}
