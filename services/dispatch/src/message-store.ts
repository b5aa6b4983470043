// Chapter 5, the messages: whom they are for and what their alerts say. Read only; the messages themselves are storage's.
import { and, eq, inArray, sql, type Column } from 'drizzle-orm';
import type { AlertState } from '@laba/domain/alert';
import { lineage } from '@laba/domain/grid';
import type { Channel } from '@laba/domain/message';
import type { AlertWords } from '@laba/domain/message-words';
import { prepared, type Database, type Sql } from '@laba/storage/database';
import { countedFor, countTaken, type Lane, type Message } from '@laba/storage/messages';
import { rowsOf } from '@laba/storage/rows-of';
import type { Tables } from '@laba/storage/tables';

const LANE = { channel: 'text', urgent: 'flag', count: 'int', fromMs: 'int', toMs: 'int' } as const;

const selectDueLanes = prepared('lanes-with-due-messages', (q, t) => {
  const { from, columns: lane } = rowsOf(t, sql.placeholder('lanes'), LANE);
  const { message } = t;
  const due = sql`exists (select 1 from ${message} where ${message.channel} = ${lane.channel} and ${message.state} = 'queued'
    and ${message.urgent} = ${lane.urgent} and ${message.dueAtMs} <= ${sql.placeholder('nowMs')})`;
  return q
    .select({
      channel: lane.channel,
      urgent: lane.urgent.mapWith(Boolean),
      isFull: sql`case when ${lane.count} <= ${countTaken(t, lane)} then 1 else 0 end`.mapWith(Boolean),
    })
    .from(from)
    .where(due);
});

/** Those of the lanes in which something is due, and of them those whose rate leaves room; `full`: those whose rate does not. */
export async function dueLanes(db: Database, lanes: readonly Lane[], nowMs: number): Promise<{ open: Lane[]; full: Lane[] }> {
  if (lanes.length === 0) return { open: [], full: [] };
  const rows = lanes.map(({ channel, urgent, rate }) => ({ channel, urgent, ...(rate && { count: rate.count, ...countedFor(rate, nowMs) }) }));
  const due = await db.read(selectDueLanes, { lanes: JSON.stringify(rows), nowMs });
  const those = (isFull: boolean) =>
    lanes.filter((lane) => due.some((one) => one.channel === lane.channel && one.urgent === lane.urgent && one.isFull === isFull));
  return { open: those(false), full: those(true) };
}

/** An alert as a message needs it: whether it is still on, and what was said last. */
export interface MessageAlert extends AlertWords {
  state: AlertState;
}

// Hot: prepared, with however many ids in one JSON text.
const given = (t: Tables, name: string) => rowsOf(t, sql.placeholder(name), { id: 'text' }, name);
const asRows = (ids: readonly string[]) => JSON.stringify(ids.map((id) => ({ id })));
const isGiven = (q: Sql, t: Tables, column: Column, name: string) => {
  const { from, columns } = given(t, name);
  return inArray(column, q.select({ id: columns.id }).from(from));
};

const selectAlerts = prepared('alerts-of-messages', (q, t) => {
  const { alert, alertRevision } = t;
  const newest = sql`(select max(raised.revision) from alert_revision as raised where raised.alert_id = ${alert.id} and raised.raised_at_ms is not null)`;
  return q
    .select({
      id: alert.id,
      state: alert.state,
      mode: alert.mode,
      kind: alertRevision.kind,
      level: alertRevision.level,
      order: alertRevision.order,
      texts: alertRevision.texts,
    })
    .from(alert)
    .innerJoin(alertRevision, and(eq(alertRevision.alertId, alert.id), eq(alertRevision.revision, newest)))
    .where(isGiven(q, t, alert.id, 'alerts'));
});

export async function alertsOf(db: Database, alertIds: readonly string[]): Promise<Map<string, MessageAlert>> {
  if (alertIds.length === 0) return new Map();
  const rows = await db.read(selectAlerts, { alerts: asRows(alertIds) });
  return new Map(rows.map(({ id, ...alert }) => [id, alert]));
}

/** Addresses as they are stored, encrypted. */
export interface SealedAddresses {
  phoneCipher: string | null;
  emailCipher: string | null;
  pushCipher: string | null;
  /** When the number's owner asked for no more routine messages; null: he did not. */
  unsubscribedAtMs: number | null;
}

const selectAddresses = prepared('addresses-of-messages', (q, t) => {
  const { member, pushSubscription, unsubscribed } = t;
  return q
    .select({
      id: member.id,
      phoneCipher: member.phoneCipher,
      emailCipher: member.emailCipher,
      pushCipher: pushSubscription.cipher,
      unsubscribedAtMs: unsubscribed.atMs,
    })
    .from(member)
    .leftJoin(unsubscribed, eq(unsubscribed.phoneHash, member.phoneHash))
    .leftJoin(pushSubscription, eq(pushSubscription.memberId, member.id))
    .where(isGiven(q, t, member.id, 'members'));
});

export async function addressesOf(db: Database, memberIds: readonly string[]): Promise<Map<string, SealedAddresses>> {
  if (memberIds.length === 0) return new Map();
  const rows = await db.read(selectAddresses, { members: asRows(memberIds) });
  return new Map(rows.map(({ id, ...sealed }) => [id, sealed]));
}

const selectLinkVersions = prepared('link-versions-of-messages', (q, t) => {
  const { linkVersion: link } = t;
  return q
    .select({ alertId: link.alertId, memberId: link.memberId, version: link.version })
    .from(link)
    .where(and(isGiven(q, t, link.alertId, 'alerts'), isGiven(q, t, link.memberId, 'members')));
});

/** The version that the links of these members for these alerts carry now: 1 until they were revoked. */
export async function linkVersionsOf(
  db: Database,
  alertIds: readonly string[],
  memberIds: readonly string[],
): Promise<(alertId: string | null, memberId: string | null) => number> {
  const rows = alertIds.length === 0 ? [] : await db.read(selectLinkVersions, { alerts: asRows(alertIds), members: asRows(memberIds) });
  return (alertId, memberId) => rows.find((row) => row.alertId === alertId && row.memberId === memberId)?.version ?? 1;
}

/** Who made these reports, as they gave their names and numbers, encrypted. */
export async function reportersOf(db: Database, reportIds: readonly string[]): Promise<Map<string, string>> {
  if (reportIds.length === 0) return new Map();
  const rows = await db.read((q, { report }) =>
    q
      .select({ id: report.id, cipher: report.reporterCipher })
      .from(report)
      .where(inArray(report.id, [...reportIds])),
  );
  return new Map(rows.flatMap(({ id, cipher }) => (cipher === null ? [] : [[id, cipher]])));
}

export type Robot = Tables['robot']['$inferSelect'];

/** For each message to a chat group: the robot of its grid node or of the nearest node above that has one. */
export async function robotsOf(
  db: Database,
  messages: readonly Pick<Message, 'gridCode' | 'channel'>[],
): Promise<(channel: Channel, gridCode: string) => Robot | undefined> {
  const codes = [...new Set(messages.flatMap(({ gridCode }) => lineage(gridCode)))];
  const rows = codes.length === 0 ? [] : await db.read((q, { robot }) => q.select().from(robot).where(inArray(robot.gridCode, codes)));
  return (channel, gridCode) =>
    lineage(gridCode)
      .toSorted((a, b) => b.length - a.length)
      .map((code) => rows.find((row) => row.channel === channel && row.gridCode === code))
      .find((row) => row !== undefined);
}
