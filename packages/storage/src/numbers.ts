// Which numbers are proven to work: one rule for the check that asks them, for the list of its results, and for the forecast before the button.
import { and, eq, gte, inArray, isNotNull, ne, or, sql, type Column, type SQL } from 'drizzle-orm';
import type { OwnChannel } from '@laba/domain/call-out';
import { CHECKED_CHANNELS, type CheckedChannel, type NumberResult, type ProofState } from '@laba/domain/number-check';
import { inArea } from './audience.ts';
import type { Database, Sql } from './database.ts';
import { rowsOf } from './rows-of.ts';
import type { Tables } from './tables.ts';
import { hasWay } from './ways.ts';

/**
 * Everybody who is called or must answer in these grid nodes: members of the groups there and whoever stands on a ladder there, once each,
 * where he belongs. `above`: grid nodes whose own ladder counts too, without what lies under them.
 */
export function peopleInArea(q: Sql, t: Tables, codes: readonly string[], above: readonly string[] = []) {
  const members = q
    .select({ memberId: t.membership.memberId, gridCode: t.membership.gridCode, rung: sql<number>`0`.as('rung') })
    .from(t.membership)
    .where(inArea(t.membership.gridCode, codes));
  const rungs = q
    .select({ memberId: t.ladderRung.memberId, gridCode: t.ladderRung.gridCode, rung: sql<number>`1`.as('rung') })
    .from(t.ladderRung)
    .where(or(inArea(t.ladderRung.gridCode, codes), inArray(t.ladderRung.gridCode, [...above])));
  const both = members.unionAll(rungs).as('both');
  return q
    .select({
      memberId: both.memberId,
      gridCode: sql<string>`coalesce(min(case when ${both.rung} = 0 then ${both.gridCode} end), min(${both.gridCode}))`.as('person_grid_code'),
      isRung: sql<number>`max(${both.rung})`.mapWith(Number).as('is_rung'),
    })
    .from(both)
    .groupBy(both.memberId)
    .as('people');
}

/** A proof, or a failure, is about the number that he has now. `member` and `channelProof` must be in the statement. */
const isOfHisNumber = ({ member, channelProof }: Tables) => sql`${channelProof.addressHash} = ${member.phoneHash}`;

export interface NumberScope {
  codes: readonly string[];
  channels: readonly CheckedChannel[];
  /** What was proven before is too old. */
  provenSinceMs: number;
}

/**
 * One row for each person of these grid nodes and channel of his, with what is known of the number that he has now; who has none has one row.
 * `step` and `version` are those of the row of his proof, of whatever number.
 */
export function numbersInArea(q: Sql, t: Tables, { codes, channels, provenSinceMs }: NumberScope) {
  const { member, channelProof: proof, message } = t;
  const people = peopleInArea(q, t, codes);
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
    .innerJoin(member, eq(member.id, people.memberId))
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

const isChecked = (channel: OwnChannel): channel is CheckedChannel => (CHECKED_CHANNELS as readonly OwnChannel[]).includes(channel);

/** Whether any of these channels reaches the member of this row, as far as is known: it has an address, and that one is not known to be dead. */
export function hasWorkingWay(t: Tables, channels: readonly OwnChannel[]): SQL {
  const works = channels.map((channel) => (isChecked(channel) ? sql`(${hasWay(t, channel)} and not ${isDead(t, channel)})` : hasWay(t, channel)));
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
