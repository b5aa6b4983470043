// What houses above and below tell each other: for each table which rows belong to a grid node, and how two versions of a row become one.
import { and, eq, exists, gte, inArray, isNotNull, isNull, lt, not, notInArray, or, type Column, type SQL } from 'drizzle-orm';
import { lineage } from '@laba/domain/grid';
import { FROM_ABOVE, ONLY_ADDED, type MergeRule, type Rising, type Row } from '@laba/domain/merge';
import { inArea } from '../audience.ts';
import type { Database, Sql } from '../database.ts';
import { isNewestBook } from '../keys.ts';
import type { Tables } from '../tables.ts';
import { OWN, type OwnTable } from './own-tables.ts';

/** Which part of the county two houses share, and since when. */
export interface Ground {
  /** The lower house's grid node. */
  code: string;
  /** Alerts that were over before are history, and stay where they are. */
  sinceMs: number;
}

export interface SharedTable {
  /** The columns that name a row, the same at every house. */
  key: readonly string[];
  rule: MergeRule;
  /** Condition on the table's own columns. */
  within: (q: Sql, t: Tables, ground: Ground) => SQL | undefined;
  /** Columns that stay at home, and what stands there where the row arrives. */
  atHome?: Readonly<Record<string, unknown>>;
  /** Told in the order of this column: what happened first arrives first. */
  inOrderOf?: string;
  /** A row that the house above no longer has is taken away below; other tables only grow. */
  mayGo?: boolean;
  /** Rows here that were told to nobody, and give way to a told one of the same key. */
  givesWay?: SharedTable['within'];
  /** What the house below may say of the table, where that is less: nothing, or these rows. A stolen box must not reach further. */
  fromBelow?: 'nothing' | SharedTable['within'];
  /** What of a stored row is told; of what was told it is the same again. */
  trim?: (row: Row) => Row;
  /** Rows that stand nowhere here, and are made up for the telling. */
  counted?: (db: Database, ground: Ground) => Promise<Row[]>;
}

/** Where a secret's keyed hash stands beside it, and under which purpose: each house has a key of its own. */
export const HASH_OF: Readonly<Record<string, { column: string; purpose: string }>> = {
  phoneCipher: { column: 'phoneHash', purpose: 'phone' },
  codeCipher: { column: 'codeHash', purpose: 'join-code' },
};

const under = (column: Column, { code }: Ground) => inArea(column, [code]);
const underOrAbove = (column: Column, ground: Ground) => or(under(column, ground), inArray(column, lineage(ground.code)));

/** Undecided, or over before the two houses knew each other. */
function notShared(q: Sql, t: Tables, { sinceMs }: Ground) {
  return q
    .select({ id: t.alert.id })
    .from(t.alert)
    .where(or(inArray(t.alert.state, ['draft', 'discarded']), lt(t.alert.overAtMs, sinceMs)));
}

/** Alerts that reach into the ground. Their areas travel first: so each row says by itself whether it belongs. */
function alertsOf(q: Sql, t: Tables, ground: Ground) {
  return q
    .select({ id: t.alertArea.alertId })
    .from(t.alertArea)
    .where(and(underOrAbove(t.alertArea.code, ground), notInArray(t.alertArea.alertId, notShared(q, t, ground))));
}

/** Those of them that reach no further: all that a house below may decide upon. */
export function alertsWithin(q: Sql, t: Tables, ground: Ground) {
  const further = q
    .select({ id: t.alertArea.alertId })
    .from(t.alertArea)
    .where(not(under(t.alertArea.code, ground)));
  return q
    .select({ id: t.alertArea.alertId })
    .from(t.alertArea)
    .where(and(under(t.alertArea.code, ground), notInArray(t.alertArea.alertId, further)));
}

/** Rows of an alert of the ground, each at its own place in it. */
const ofAlertsUnder = (alertId: Column, gridCode: Column) => (q: Sql, t: Tables, ground: Ground) =>
  and(inArray(alertId, alertsOf(q, t, ground)), under(gridCode, ground));

/** Who belongs here, and who answers for this place from further up. */
function membersOf(q: Sql, t: Tables, ground: Ground): SQL | undefined {
  const belong = q.select({ id: t.membership.memberId }).from(t.membership).where(under(t.membership.gridCode, ground));
  const answer = q.select({ id: t.ladderRung.memberId }).from(t.ladderRung).where(underOrAbove(t.ladderRung.gridCode, ground));
  return or(inArray(t.member.id, belong), inArray(t.member.id, answer));
}

/** Whoever belongs to another place too, or answers there: no house below makes him one of its own, and so learns who he is. */
function membersElsewhere(q: Sql, t: Tables, ground: Ground) {
  const belong = q
    .select({ id: t.membership.memberId })
    .from(t.membership)
    .where(not(under(t.membership.gridCode, ground)));
  const answer = q
    .select({ id: t.ladderRung.memberId })
    .from(t.ladderRung)
    .where(not(under(t.ladderRung.gridCode, ground)));
  return belong.union(answer);
}

/** The call by which the member of a link stands in the ground. */
function hisCall(q: Sql, t: Tables, ground: Ground) {
  const { call, linkVersion: link } = t;
  return q
    .select({ id: call.id })
    .from(call)
    .where(and(eq(call.alertId, link.alertId), eq(call.memberId, link.memberId), under(call.gridCode, ground)));
}

const householdsOf = (q: Sql, t: Tables, ground: Ground) => q.select({ id: t.household.id }).from(t.household).where(under(t.household.gridCode, ground));
const laddersOf = (q: Sql, t: Tables, ground: Ground) =>
  q
    .select({ id: t.ladder.id })
    .from(t.ladder)
    .where(ofAlertsUnder(t.ladder.alertId, t.ladder.gridCode)(q, t, ground));
const watchesOf = (q: Sql, t: Tables, ground: Ground) =>
  q
    .select({ id: t.safetyWatch.id })
    .from(t.safetyWatch)
    .where(ofAlertsUnder(t.safetyWatch.alertId, t.safetyWatch.gridCode)(q, t, ground));

const rising = (column: string, ...words: (string | readonly string[])[]): Rising => ({ column, rising: words });
const all = () => undefined;
const ownedAbove = { rule: FROM_ABOVE, mayGo: true } as const;
const onlyDown = { ...ownedAbove, within: all, fromBelow: 'nothing' } as const;

/** The list. A table that stands nowhere here does not compile. */
export const SHARED: Record<keyof Tables, SharedTable | OwnTable> = {
  // The place and its people.
  gridNode: {
    key: ['code'],
    within: (_q, t, ground) => underOrAbove(t.gridNode.code, ground),
    fromBelow: (_q, t, ground) => under(t.gridNode.code, ground),
    ...ownedAbove,
  },
  neighbour: { key: ['code', 'neighbourCode'], within: (_q, t, ground) => under(t.neighbour.code, ground), ...ownedAbove },
  site: { key: ['id'], within: (_q, t, ground) => under(t.site.gridCode, ground), ...ownedAbove },
  // Revoked by either is revoked; at which house's broker a loudspeaker hangs is known by the house that enrolled it, whichever that is.
  gateway: {
    key: ['id'],
    within: (_q, t, ground) => under(t.gateway.gridCode, ground),
    rule: [{ columns: ['status'], by: [rising('status', 'claimed', 'active', 'revoked')] }, { by: 'above' }],
    mayGo: true,
  },
  speaker: {
    key: ['id'],
    within: (_q, t, ground) => under(t.speaker.gridCode, ground),
    rule: [{ columns: ['gatewayId'], by: [] }, { by: 'above' }],
    mayGo: true,
  },
  // Before those whom they name: a member belongs here by these.
  membership: {
    key: ['memberId', 'gridCode'],
    within: (_q, t, ground) => under(t.membership.gridCode, ground),
    fromBelow: (q, t, ground) => notInArray(t.membership.memberId, membersElsewhere(q, t, ground)),
    ...ownedAbove,
  },
  ladderRung: {
    key: ['gridCode', 'position'],
    within: (_q, t, ground) => underOrAbove(t.ladderRung.gridCode, ground),
    fromBelow: (q, t, ground) => and(under(t.ladderRung.gridCode, ground), notInArray(t.ladderRung.memberId, membersElsewhere(q, t, ground))),
    ...ownedAbove,
  },
  member: { key: ['id'], within: membersOf, ...ownedAbove },
  household: { key: ['id'], within: (_q, t, ground) => under(t.household.gridCode, ground), ...ownedAbove },
  person: { key: ['id'], within: (q, t, ground) => inArray(t.person.householdId, householdsOf(q, t, ground)), ...ownedAbove },
  place: {
    key: ['id'],
    within: (_q, t, ground) => under(t.place.gridCode, ground),
    rule: [{ columns: ['headCount', 'headCountAtMs'], by: ['headCountAtMs'] }, { by: 'above' }],
    mayGo: true,
  },
  musterPoint: { key: ['id'], within: (_q, t, ground) => under(t.musterPoint.gridCode, ground), ...ownedAbove },
  hazardPoint: { key: ['id'], within: (_q, t, ground) => under(t.hazardPoint.gridCode, ground), ...ownedAbove },
  sensor: { key: ['id'], within: (_q, t, ground) => under(t.sensor.gridCode, ground), ...ownedAbove },
  reportLink: { key: ['token'], within: (_q, t, ground) => under(t.reportLink.gridCode, ground), ...ownedAbove },
  template: { key: ['id'], ...onlyDown },
  taskTemplate: { key: ['id'], ...onlyDown },
  policy: { key: ['county'], ...onlyDown },
  localOfficer: {
    key: ['id'],
    ...onlyDown,
    within: (_q, t, ground) => under(t.localOfficer.gridCode, ground),
    // Wrong codes are counted where they are typed.
    atHome: { failures: 0, lockedUntilMs: null },
  },
  // The private halves of keys that reach no further than the lower house's node. A key book is never taken back.
  signingKey: { key: ['kid'], ...onlyDown, within: (_q, t, ground) => under(t.signingKey.scope, ground) },
  keyBook: {
    key: ['version', 'gridCode'],
    rule: FROM_ABOVE,
    within: (q, t, ground) => and(isNewestBook(q, t), or(eq(t.keyBook.gridCode, ''), underOrAbove(t.keyBook.gridCode, ground))),
    fromBelow: 'nothing',
  },
  // What was seen and decided.
  report: {
    key: ['id'],
    within: (_q, t, ground) => and(under(t.report.gridCode, ground), gte(t.report.receivedAtMs, ground.sinceMs)),
    rule: [{ columns: ['mergedCount'], by: ['mergedCount'] }, { by: ['verifiedAtMs', 'version'] }],
  },
  alertArea: {
    key: ['alertId', 'revision', 'code'],
    within: (q, t, ground) => and(underOrAbove(t.alertArea.code, ground), notInArray(t.alertArea.alertId, notShared(q, t, ground))),
    fromBelow: (q, t, ground) => and(under(t.alertArea.code, ground), inArray(t.alertArea.alertId, alertsWithin(q, t, ground))),
    rule: ONLY_ADDED,
  },
  alert: {
    key: ['id'],
    within: (q, t, ground) => inArray(t.alert.id, alertsOf(q, t, ground)),
    fromBelow: (q, t, ground) => inArray(t.alert.id, alertsWithin(q, t, ground)),
    // That somebody ended it outweighs every revision; that its time ran out where nobody heard of a later one does not.
    rule: [{ by: [rising('state', ['draft', 'discarded'], ['raised', 'expired'], ['ended', 'cancelled']), 'revision', 'overAtMs', 'version'] }],
  },
  alertRevision: {
    key: ['alertId', 'revision'],
    within: (q, t, ground) => and(isNotNull(t.alertRevision.raisedAtMs), inArray(t.alertRevision.alertId, alertsOf(q, t, ground))),
    fromBelow: (q, t, ground) => inArray(t.alertRevision.alertId, alertsWithin(q, t, ground)),
    // What was raised outweighs what was only drafted under its number.
    rule: [{ by: ['raisedAtMs'] }],
    givesWay: (q, t, ground) => and(isNull(t.alertRevision.raisedAtMs), inArray(t.alertRevision.alertId, alertsWithin(q, t, ground))),
  },
  approval: {
    key: ['alertId', 'revision', 'officerId'],
    within: (q, t, ground) => inArray(t.approval.alertId, alertsOf(q, t, ground)),
    fromBelow: (q, t, ground) => inArray(t.approval.alertId, alertsWithin(q, t, ground)),
    rule: [{ by: ['countersignedAtMs', 'atMs'] }],
  },
  event: {
    key: ['id'],
    within: (q, t, ground) =>
      and(
        gte(t.event.atMs, ground.sinceMs),
        or(under(t.event.gridCode, ground), and(underOrAbove(t.event.gridCode, ground), inArray(t.event.alertId, alertsOf(q, t, ground)))),
      ),
    fromBelow: (_q, t, ground) => under(t.event.gridCode, ground),
    rule: ONLY_ADDED,
    inOrderOf: 'seq',
    atHome: { seq: undefined },
  },
  // What the loudspeakers were told and did: of two houses the one that was told more by the device itself knows better. A delivery before its
  // command: a box that is told to play answers at once.
  delivery: {
    key: ['id'],
    within: (q, t, ground) => ofAlertsUnder(t.delivery.alertId, t.delivery.gridCode)(q, t, ground),
    rule: [
      {
        by: [
          'repeat',
          rising('state', 'queued', 'sent', 'failed', 'expired', 'refused', 'received', 'playing', 'played', 'sounded', 'stopped'),
          'changedAtMs',
          'version',
        ],
      },
    ],
  },
  command: {
    key: ['id'],
    within: (q, t, ground) => and(inArray(t.command.alertId, alertsOf(q, t, ground)), underOrAbove(t.command.areaCode, ground)),
    fromBelow: (q, t, ground) => and(inArray(t.command.alertId, alertsWithin(q, t, ground)), under(t.command.areaCode, ground)),
    rule: ONLY_ADDED,
    atHome: { publishedAtMs: null },
  },
  gatewayStatus: { key: ['gatewayId'], within: (_q, t, ground) => under(t.gatewayStatus.gridCode, ground), rule: [{ by: ['lastSeenAtMs'] }] },
  speakerStatus: {
    key: ['speakerId'],
    within: (q, t, ground) => inArray(t.speakerStatus.speakerId, q.select({ id: t.speaker.id }).from(t.speaker).where(under(t.speaker.gridCode, ground))),
    rule: [{ by: ['lastSoundedAtMs', 'lastPlayedAtMs', 'lastReceivedAtMs'] }],
  },
  // Each member for himself: what he said is one part, what was tried with him another.
  call: {
    key: ['id'],
    within: (q, t, ground) => ofAlertsUnder(t.call.alertId, t.call.gridCode)(q, t, ground),
    rule: [
      { columns: ['answer', 'answeredAtMs', 'saidAtMs', 'answeredBy', 'nextAtMs'], by: ['answeredAtMs', 'saidAtMs'] },
      { columns: ['helpAtMs', 'helpWordsCipher'], by: ['helpAtMs'] },
      { columns: ['state'], by: [rising('state', 'queued', 'sent', 'delivered', 'read', 'answered', 'closed')] },
      { by: ['step', 'changedAtMs', 'version'] },
    ],
  },
  joinCode: {
    key: ['id'],
    within: (q, t, ground) => ofAlertsUnder(t.joinCode.alertId, t.joinCode.gridCode)(q, t, ground),
    rule: [{ columns: ['joins'], by: ['joins'] }, { columns: ['wrongTries'], by: ['wrongTries'] }, { by: ['closedAtMs', 'version'] }],
  },
  joiner: { key: ['memberId'], within: (q, t, ground) => ofAlertsUnder(t.joiner.alertId, t.joiner.gridCode)(q, t, ground), rule: ONLY_ADDED },
  linkVersion: {
    key: ['alertId', 'memberId'],
    within: (q, t, ground) => and(inArray(t.linkVersion.alertId, alertsOf(q, t, ground)), exists(hisCall(q, t, ground))),
    rule: [{ by: ['version', 'changedAtMs'] }],
  },
  // The ladder: that they move outweighs that they heard, and that outweighs all asking.
  ladder: {
    key: ['id'],
    within: (q, t, ground) => ofAlertsUnder(t.ladder.alertId, t.ladder.gridCode)(q, t, ground),
    rule: [
      { columns: ['state', 'closeReason'], by: [rising('state', 'asked', 'answered', 'moving', 'closed')] },
      { columns: ['steps'], by: ['steps'] },
      { columns: ['answers'], by: ['answers'] },
      { by: ['movingAtMs', 'answeredAtMs', 'changedAtMs', 'version'] },
    ],
  },
  ladderStep: { key: ['id'], within: (q, t, ground) => inArray(t.ladderStep.ladderId, laddersOf(q, t, ground)), rule: ONLY_ADDED },
  ladderAnswer: { key: ['id'], within: (q, t, ground) => inArray(t.ladderAnswer.ladderId, laddersOf(q, t, ground)), rule: ONLY_ADDED },
  sectionGroup: {
    key: ['alertId', 'gridCode'],
    within: (q, t, ground) => ofAlertsUnder(t.sectionGroup.alertId, t.sectionGroup.gridCode)(q, t, ground),
    rule: [{ by: ['revision', 'version'] }],
  },
  sectionNeed: {
    key: ['alertId', 'gridCode', 'section'],
    within: (q, t, ground) => ofAlertsUnder(t.sectionNeed.alertId, t.sectionNeed.gridCode)(q, t, ground),
    rule: FROM_ABOVE,
  },
  sectionSeat: {
    key: ['alertId', 'memberId'],
    within: (q, t, ground) => ofAlertsUnder(t.sectionSeat.alertId, t.sectionSeat.gridCode)(q, t, ground),
    rule: [{ by: ['changedAtMs', 'version'] }],
  },
  sceneCommander: {
    key: ['alertId', 'gridCode', 'number'],
    within: (q, t, ground) => ofAlertsUnder(t.sceneCommander.alertId, t.sceneCommander.gridCode)(q, t, ground),
    rule: [{ by: ['namedAtMs', 'acknowledgedAtMs'] }],
  },
  safetyWatch: {
    key: ['id'],
    within: (q, t, ground) => ofAlertsUnder(t.safetyWatch.alertId, t.safetyWatch.gridCode)(q, t, ground),
    rule: [{ by: [rising('state', 'out', 'withdrawn', 'back'), 'heardAtMs', 'version'] }],
  },
  safetyWatchMember: {
    key: ['watchId', 'memberId'],
    within: (q, t, ground) => inArray(t.safetyWatchMember.watchId, watchesOf(q, t, ground)),
    rule: [{ by: ['backAtMs'] }],
  },
  // Everybody is accounted for: the later word about a person stands, and every word is an event. Whether a list is complete each house finds for its own ground.
  rollcall: {
    key: ['alertId'],
    within: (q, t, ground) => inArray(t.rollcall.alertId, alertsOf(q, t, ground)),
    fromBelow: (q, t, ground) => inArray(t.rollcall.alertId, alertsWithin(q, t, ground)),
    rule: [{ by: ['round', 'roundAtMs'] }],
    atHome: { complete: false, changedAtMs: 0, version: 1 },
  },
  rollcallPerson: {
    key: ['alertId', 'personId'],
    within: (q, t, ground) => ofAlertsUnder(t.rollcallPerson.alertId, t.rollcallPerson.gridCode)(q, t, ground),
    rule: [{ by: ['round', 'markedAtMs', 'version'] }],
  },
  rollcallPlace: {
    key: ['alertId', 'placeId'],
    within: (q, t, ground) => ofAlertsUnder(t.rollcallPlace.alertId, t.rollcallPlace.gridCode)(q, t, ground),
    rule: [{ by: ['round', 'markedAtMs', 'version'] }],
  },
  doorAssignment: {
    key: ['alertId', 'householdId'],
    within: (q, t, ground) => ofAlertsUnder(t.doorAssignment.alertId, t.doorAssignment.gridCode)(q, t, ground),
    rule: [{ by: ['assignedAtMs', 'version'] }],
  },
  task: {
    key: ['id'],
    within: (q, t, ground) => and(under(t.task.gridCode, ground), or(isNull(t.task.alertId), inArray(t.task.alertId, alertsOf(q, t, ground)))),
    rule: [{ by: ['closedAtMs', 'doneAtMs', 'changedAtMs', 'version'] }],
  },
  // Who was there. A house that is cut off goes on; what both heard of is one row.
  round: {
    key: ['id'],
    within: (_q, t, ground) => and(under(t.round.gridCode, ground), gte(t.round.doneAtMs, ground.sinceMs)),
    rule: ONLY_ADDED,
  },
  // What was said stands as it was said; who was heard of again is not overdue any more.
  spokenStatus: {
    key: ['id'],
    within: (_q, t, ground) => and(under(t.spokenStatus.gridCode, ground), gte(t.spokenStatus.saidAtMs, ground.sinceMs)),
    rule: [
      { columns: ['reconciledBy', 'reconciledAtMs'], by: ['reconciledAtMs'] },
      { columns: ['contact'], by: [rising('contact', 'awaited', 'overdue', 'met')] },
      { by: ['version'] },
    ],
  },
  ...OWN,
};

/** The tables that are shared, in the order in which they are told: the place before its people, the decision before what follows from it. */
export const SHARED_NAMES = (Object.keys(SHARED) as (keyof Tables)[]).filter((name) => sharedTable(name) !== undefined);

/** What must sound, and whether a box is there, does not wait for a look at all of them. */
export const HOT_TABLES = [
  'keyBook',
  'alertArea',
  'alert',
  'alertRevision',
  'delivery',
  'command',
  'gatewayStatus',
] as const satisfies readonly (keyof Tables)[];

/** Undefined for a table that is not shared, also for one that only a newer house has. */
export function sharedTable(name: string): SharedTable | undefined {
  const one = (SHARED as Record<string, SharedTable | OwnTable | undefined>)[name];
  return one === undefined || 'own' in one ? undefined : one;
}
