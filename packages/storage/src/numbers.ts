// Which numbers are proven to work: one rule for the check that asks them, for the list of its results, and for the forecast before the button.
import { and, eq, gte, inArray, isNotNull, isNull, ne, not, or, sql, type Column, type SQL } from 'drizzle-orm';
import type { OwnChannel } from '@laba/domain/call-out';
import { isCheckedChannel, type CheckedChannel, type NumberResult, type ProofState } from '@laba/domain/number-check';
import { inArea } from './audience.ts';
import type { Database, Sql } from './database.ts';
import { rowsOf } from './rows-of.ts';
import type { Tables } from './tables.ts';
import { hasWay } from './ways.ts';

/** Where people are looked for: `codes` with all under them, `exactly` alone. */
export interface NumberArea {
  codes: readonly string[];
  exactly?: readonly string[];
  /** The area of which this is a part: nobody is found in two parts of it. */
  whole?: readonly string[];
}

/**
 * Everybody who is called or must answer there: members of the groups and whoever stands on a ladder, once each, at the smallest code where
 * he is a member, or else stands on a ladder. `rungsOf`: nodes whose ladder counts too.
 */
export function peopleInArea(q: Sql, t: Tables, { codes, exactly = [], whole = codes }: NumberArea, rungsOf: readonly string[] = []) {
  const { membership, ladderRung: rung } = t;
  const isMember = sql`exists (select 1 from membership as his where his.member_id = ${rung.memberId} and ${inArea(sql`his.grid_code`, whole)})`;
  const hasSmaller = (table: SQL, his: Column, code: Column) =>
    sql`exists (select 1 from ${table} as smaller where smaller.member_id = ${his} and smaller.grid_code < ${code} and ${inArea(sql`smaller.grid_code`, whole)})`;
  const members = q
    .select({ memberId: sql<string>`${membership.memberId}`.as('person_member_id'), gridCode: sql<string>`${membership.gridCode}`.as('person_grid_code') })
    .from(membership)
    .where(
      and(
        or(inArea(membership.gridCode, codes), inArray(membership.gridCode, [...exactly])),
        not(hasSmaller(sql`membership`, membership.memberId, membership.gridCode)),
      ),
    );
  const rungs = q
    .selectDistinct({ memberId: sql<string>`${rung.memberId}`.as('person_member_id'), gridCode: sql<string>`${rung.gridCode}`.as('person_grid_code') })
    .from(rung)
    .where(
      and(
        or(inArea(rung.gridCode, codes), inArray(rung.gridCode, [...exactly, ...rungsOf])),
        not(isMember),
        not(hasSmaller(sql`ladder_rung`, rung.memberId, rung.gridCode)),
      ),
    );
  return members.unionAll(rungs).as('people');
}

/** A proof, or a failure, is about the number that he has now. `member` and `channelProof` must be in the statement. */
const isOfHisNumber = ({ member, channelProof }: Tables) => sql`${channelProof.addressHash} = ${member.phoneHash}`;

export interface NumberScope extends NumberArea {
  channels: readonly CheckedChannel[];
  /** What was proven before is too old. */
  provenSinceMs: number;
}

/**
 * One row for each person of these grid nodes and channel of his, with what is known of the number that he has now; who has none has one row.
 * `step` and `version` are those of the row of his proof, of whatever number.
 */
export function numbersInArea(q: Sql, t: Tables, { channels, provenSinceMs, ...area }: NumberScope) {
  const { member, channelProof: proof, message } = t;
  const people = peopleInArea(q, t, area);
  const ways = channels.map((channel, turn) => ({ channel, turn }));
  const { from, columns: way } = rowsOf(t, JSON.stringify(ways), { channel: 'text', turn: 'int' }, 'way');
  const known = <V>(value: Column) => sql<V | null>`case when ${isOfHisNumber(t)} then ${value} end`;
  const num = (value: Column, name: string) => known<number>(value).mapWith(orNull).as(name);
  return q
    .select({
      memberId: sql<string>`${people.memberId}`.as('number_member_id'),
      gridCode: sql<string>`${people.gridCode}`.as('number_grid_code'),
      name: sql<string>`${member.name}`.as('number_name'),
      phoneHash: sql<string | null>`${member.phoneHash}`.as('number_phone_hash'),
      mayBeAsked: sql<number>`case when ${member.available} and not ${member.offDuty} and ${member.phoneHash} is not null then 1 else 0 end`.as('may_be_asked'),
      channel: sql<CheckedChannel>`${way.channel}`.as('number_channel'),
      turn: sql<number>`${way.turn}`.mapWith(Number).as('number_turn'),
      result: resultOf(t, provenSinceMs).as('number_result'),
      state: known<ProofState>(proof.state).as('number_state'),
      reason: known<string>(proof.reason).as('number_reason'),
      tries: num(proof.tries, 'number_tries'),
      askedAtMs: num(proof.askedAtMs, 'number_asked_at_ms'),
      provenAtMs: num(proof.provenAtMs, 'number_proven_at_ms'),
      nextAtMs: num(proof.nextAtMs, 'number_next_at_ms'),
      messageState: known<string>(message.state).as('number_message_state'),
      step: sql<number | null>`${proof.step}`.mapWith(orNull).as('number_step'),
      version: sql<number | null>`${proof.version}`.mapWith(orNull).as('number_version'),
    })
    .from(people)
    .innerJoin(member, and(eq(member.id, people.memberId), isNull(member.alertId)))
    .innerJoin(from as never, sql`true`)
    .leftJoin(proof, and(eq(proof.memberId, member.id), sql`${proof.channel} = ${way.channel}`))
    .leftJoin(message, testOf(t))
    .where(or(isNotNull(member.phoneCipher), sql`${way.turn} = 0`))
    .as('numbers');
}

/** What a test message is about. */
export function testSubject(channel: CheckedChannel, memberId: string): string {
  return `number ${channel} ${memberId}`;
}

/** The message of the proof's last test; `testSubject` as SQL. */
export function testOf({ channelProof: proof, message }: Tables): SQL {
  return sql`${message.subjectId} = 'number ' || ${proof.channel} || ' ' || ${proof.memberId} and ${message.channel} = ${proof.channel} and ${message.step} = ${proof.step}`;
}

const orNull = (value: unknown) => (value === null ? null : Number(value));

function resultOf(t: Tables, provenSinceMs: number): SQL<NumberResult> {
  const { member, channelProof: proof } = t;
  return sql<NumberResult>`case when ${member.phoneCipher} is null then 'none' when ${isOfHisNumber(t)} then case ${proof.state}
    when 'failed' then 'dead' when 'asked' then 'waiting' when 'delivered' then 'delivered'
    when 'silent' then 'unconfirmed' else case when ${proof.provenAtMs} >= ${sql.param(provenSinceMs)} then 'proven' else 'old' end end else 'never' end`;
}

/** Whether any of these channels reaches the member of this row, as far as is known: it has an address, and that one is not known to be dead. */
export function hasWorkingWay(t: Tables, channels: readonly OwnChannel[]): SQL {
  const works = channels.map((channel) => (isCheckedChannel(channel) ? sql`(${hasWay(t, channel)} and not ${isDead(t, channel)})` : hasWay(t, channel)));
  return sql`(${sql.join(works, sql` or `)})`;
}

function isDead(t: Tables, channel: CheckedChannel): SQL {
  const { channelProof: proof } = t;
  return sql`exists (select 1 from ${proof} where ${and(eq(proof.memberId, t.member.id), eq(proof.channel, channel), eq(proof.state, 'failed'), isOfHisNumber(t))})`;
}

/** Whether he answered by any channel with the number that he has now; `sinceMs`: not longer ago. */
export function isProven(t: Tables, sinceMs = 0): SQL {
  const { channelProof: proof } = t;
  const fits = and(eq(proof.memberId, t.member.id), isOfHisNumber(t), gte(proof.provenAtMs, sinceMs));
  return sql`exists (select 1 from ${proof} where ${fits})`;
}

/**
 * Sorts messages: while an alert stands, tests of numbers come after everything else, whatever receipt came last. Somebody who answers then
 * answers the alert; that his number works is shown by it as well.
 */
export function testsLast({ alert, message }: Tables): SQL {
  return sql`case when ${message.purpose} = 'number-check' and exists (select 1 from ${alert} where ${alert.state} = 'raised' and ${alert.mode} <> 'test') then 1 else 0 end`;
}

/** Whether tests of numbers wait because an alert stands that calls people: an answer must never be taken for one to the other. */
export async function testsMustWait(db: Database): Promise<boolean> {
  const standing = await db.read((q, { alert }) =>
    q
      .select({ id: alert.id })
      .from(alert)
      .where(and(eq(alert.state, 'raised'), ne(alert.mode, 'test')))
      .limit(1),
  );
  return standing.length > 0;
}
