// Chapter 5, numbers: who is to be asked whether his number works, which tests are open, and the rounds.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { and, asc, count, eq, gt, gte, inArray, isNull, lt, lte, min, ne, or, sql, type SQL } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { isWithin, VILLAGE_DIGITS } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { CheckedChannel, NumberResult, TestEnd } from '@laba/domain/number-check';
import { inArea } from '@laba/storage/audience';
import { exactly, one, type Database, type Op } from '@laba/storage/database';
import { byTurns } from '@laba/storage/locks';
import { numbersInArea, testOf, type NumberArea, type NumberScope } from '@laba/storage/numbers';
import type { Tables } from '@laba/storage/tables';
import type { ListCursor } from '../page-cursor-store.ts';

export type Round = Tables['numberRound']['$inferSelect'];

export async function findRound(db: Database, id: string): Promise<Round | undefined> {
  return (await db.read((q, { numberRound }) => q.select().from(numberRound).where(eq(numberRound.id, id))))[0];
}

/** Breaks with `already-done` when it is there already. */
export function insertRound(round: Omit<Round, 'endedAtMs'>): Op {
  return one((q, { numberRound }) => q.insert(numberRound).values(round).onConflictDoNothing().returning({ id: numberRound.id }), {
    otherwise: () => new LabaError('already-done'),
  });
}

export function endRound(id: string, nowMs: number): Op {
  return one((q, { numberRound }) =>
    q
      .update(numberRound)
      .set({ endedAtMs: nowMs })
      .where(and(eq(numberRound.id, id), isNull(numberRound.endedAtMs)))
      .returning({ id: numberRound.id }),
  );
}

/** Rounds that officers started in these grid nodes and that go on. */
export function openRounds(db: Database, codes: readonly string[]): Promise<Round[]> {
  return db.read((q, { numberRound }) =>
    q
      .select()
      .from(numberRound)
      .where(and(isNull(numberRound.endedAtMs), sql`${numberRound.provenSinceMs} is not null`, inArea(numberRound.gridCode, codes)))
      .orderBy(asc(numberRound.startedAtMs)),
  );
}

/** Villages that are read in one go: a county's are not, so that nothing else waits for it. */
const VILLAGES_AT_ONCE = 5;

/** The area in parts: first the wider nodes' own people, then some villages at a time, by code. Other work goes on between two of them. */
export async function* partsOf(db: Database, codes: readonly string[]): AsyncGenerator<Required<NumberArea>> {
  const nodes = await db.read((q, { gridNode }) =>
    q
      .select({ code: gridNode.code })
      .from(gridNode)
      .where(and(inArea(gridNode.code, codes), or(ne(gridNode.tier, 'group'), inArray(gridNode.code, [...codes]))))
      .orderBy(asc(gridNode.code)),
  );
  const isWide = (code: string) => code.length < VILLAGE_DIGITS;
  const narrow = nodes.map(({ code }) => code).filter((code) => !isWide(code));
  yield { codes: [], exactly: nodes.map(({ code }) => code).filter(isWide), whole: codes };
  for (let at = 0; at < narrow.length; at += VILLAGES_AT_ONCE) {
    await nextTurn();
    yield { codes: narrow.slice(at, at + VILLAGES_AT_ONCE), exactly: [], whole: codes };
  }
}

const holds = ({ codes, exactly }: Required<NumberArea>, code: string) => exactly.includes(code) || codes.some((one) => isWithin(one, code));

export type NumberRow = Awaited<ReturnType<typeof readNumbers>>[number];

interface NumberFilter {
  result?: NumberResult | undefined;
  /** The last row of the page before, its id being `MEMBER TURN`. */
  after?: ListCursor | undefined;
}

/** A page of numbers: wider nodes first, then by grid code and member. */
export async function listNumbers(db: Database, scope: NumberScope, { result, after }: NumberFilter): Promise<NumberRow[]> {
  const page: NumberRow[] = [];
  let begins = after === undefined;
  for await (const part of partsOf(db, scope.codes)) {
    const here = !begins && holds(part, after!.gridCode);
    if (!begins && !here) continue;
    begins = true;
    page.push(...(await readNumbers(db, { ...scope, ...part }, { result, after: here ? after : undefined }, LIMITS.rowsPerPage - page.length)));
    if (page.length === LIMITS.rowsPerPage) break;
  }
  return page;
}

function readNumbers(db: Database, scope: NumberScope, { result, after }: NumberFilter, limit: number) {
  return db.read((q, t) => {
    const number = numbersInArea(q, t, scope);
    const [, memberId = '', turn = '0'] = /^(.*) (\d)$/.exec(after?.id ?? '') ?? [];
    const further =
      after === undefined
        ? undefined
        : or(
            gt(number.gridCode, after.gridCode),
            and(eq(number.gridCode, after.gridCode), or(gt(number.memberId, memberId), and(eq(number.memberId, memberId), gt(number.turn, Number(turn))))),
          );
    return q
      .select({ ...fields(number), gridName: t.gridNode.name })
      .from(number)
      .leftJoin(t.gridNode, eq(t.gridNode.code, number.gridCode))
      .where(and(result === undefined ? undefined : eq(number.result, result), further))
      .orderBy(asc(number.gridCode), asc(number.memberId), asc(number.turn))
      .limit(limit);
  });
}

export type VillageResult = Awaited<ReturnType<typeof countPart>>[number];

/** How many numbers of each village stand how; somebody of a wider node's ladder counts there. */
export async function countResults(db: Database, scope: NumberScope): Promise<VillageResult[]> {
  const all: VillageResult[] = [];
  for await (const part of partsOf(db, scope.codes)) all.push(...(await countPart(db, { ...scope, ...part })));
  return all;
}

function countPart(db: Database, scope: NumberScope) {
  return db.read((q, t) => {
    const number = numbersInArea(q, t, scope);
    const code = sql<string>`substr(${number.gridCode}, 1, ${sql.raw(String(VILLAGE_DIGITS))})`.as('village_code');
    const counted = q
      .select({ code, result: sql<NumberResult>`${number.result}`.as('village_result'), n: count().as('village_n') })
      .from(number)
      .groupBy(sql`1`, sql`2`)
      .as('counted');
    return q
      .select({
        code: sql<string>`${counted.code}`,
        name: t.gridNode.name,
        result: sql<NumberResult>`${counted.result}`,
        n: sql<number>`${counted.n}`.mapWith(Number),
      })
      .from(counted)
      .leftJoin(t.gridNode, eq(t.gridNode.code, counted.code))
      .orderBy(asc(counted.code));
  });
}

type Numbers = ReturnType<typeof numbersInArea>;

function fields(number: Numbers) {
  const { memberId, gridCode, name, phoneHash, channel, turn, result, state, reason, tries, askedAtMs, provenAtMs, nextAtMs, messageState, step, version } =
    number;
  return { memberId, gridCode, name, phoneHash, channel, turn, result, state, reason, tries, askedAtMs, provenAtMs, nextAtMs, messageState, step, version };
}

/** Whom a round asks. */
export interface Wanted extends NumberScope {
  /** Who was asked since then has been asked. */
  askedBeforeMs: number;
  tries: number;
  /** Also numbers that are known to be dead. */
  alsoDead: boolean;
}

export type DueNumber = Omit<NumberRow, 'gridName'>;

/**
 * Numbers that are to be asked now, in each part of the area tries that are due before the others. Whoever has an open test waits, and so
 * does everybody else with the same number: an answer says whose it is only while one of them is asked. Open tests wait for nobody, so that
 * each comes to its end.
 */
export async function dueNumbers(db: Database, wanted: Wanted, nowMs: number, limit: number): Promise<DueNumber[]> {
  const due: DueNumber[] = [];
  for await (const part of partsOf(db, wanted.codes)) {
    due.push(...(await dueInPart(db, { ...wanted, ...part }, nowMs, limit - due.length)));
    if (due.length === limit) break;
  }
  return due;
}

function dueInPart(db: Database, wanted: Wanted, nowMs: number, limit: number): Promise<DueNumber[]> {
  return db.read((q, t) => {
    const number = numbersInArea(q, t, wanted);
    // In this order: few are due, and who else has the number is looked up for those alone.
    const isDueAndFree = sql`case when ${isAgainDue(number, wanted, nowMs)} then 1
      when ${isWanted(number, wanted)} then case when ${isBusy(number)} then 0 else 1 end else 0 end`;
    return q
      .select(fields(number))
      .from(number)
      .where(and(eq(number.mayBeAsked, 1), eq(isDueAndFree, 1)))
      .orderBy(sql`case when ${number.state} = 'asked' then 0 else 1 end`, asc(number.gridCode), asc(number.memberId), asc(number.turn))
      .limit(limit);
  });
}

interface Open {
  people: number;
  numbers: number;
}

/** How many are still to be asked, or to answer, also where somebody else comes first. */
export async function countOpen(db: Database, wanted: Wanted): Promise<Open> {
  const sum = { people: 0, numbers: 0 };
  for await (const part of partsOf(db, wanted.codes)) {
    const { people, numbers } = await openInPart(db, { ...wanted, ...part });
    sum.people += people;
    sum.numbers += numbers;
  }
  return sum;
}

export async function isAnyOpen(db: Database, wanted: Wanted): Promise<boolean> {
  for await (const part of partsOf(db, wanted.codes)) if ((await openInPart(db, { ...wanted, ...part })).numbers > 0) return true;
  return false;
}

async function openInPart(db: Database, wanted: Wanted): Promise<Open> {
  const [row] = await db.read((q, t) => {
    const number = numbersInArea(q, t, wanted);
    return q
      .select({ people: sql<number>`count(distinct ${number.memberId})`.mapWith(Number), numbers: count() })
      .from(number)
      .where(or(eq(sql`coalesce(${number.state}, '')`, 'asked'), and(eq(number.mayBeAsked, 1), isWanted(number, wanted))));
  });
  return row!;
}

function isAgainDue(number: Numbers, { tries }: Wanted, nowMs: number): SQL | undefined {
  return and(sql`${number.state} = 'asked'`, lte(number.nextAtMs, nowMs), or(lt(number.tries, tries), sql`${number.messageState} = 'unneeded'`));
}

function isWanted(number: Numbers, { askedBeforeMs, provenSinceMs, alsoDead }: Wanted): SQL | undefined {
  return and(
    alsoDead ? sql`coalesce(${number.state}, '') <> 'asked'` : sql`coalesce(${number.state}, '') not in ('asked', 'failed')`,
    or(isNull(number.askedAtMs), lt(number.askedAtMs, askedBeforeMs)),
    or(isNull(number.provenAtMs), lt(number.provenAtMs, provenSinceMs)),
  );
}

// Another test of this number is open. Looked up by the few who have the number: of open tests there may be thousands, so their index is kept out.
function isBusy(number: Numbers): SQL {
  return sql`exists (select 1 from channel_proof as open where open.member_id in (select same.id from member as same where same.phone_hash = ${number.phoneHash})
    and coalesce(open.state, '') = 'asked' and not (open.member_id = ${number.memberId} and open.channel = ${number.channel}))`;
}

/** So many tests at most since then. */
export interface Rate {
  sinceMs: number;
  most: number;
}

/**
 * Puts down that these were asked. Rounds take turns: breaks with `changed-meanwhile` when since they were read one of them, or somebody else
 * with his number, was asked or answered, or when other rounds have used up a rate.
 */
export function writeAllAsked(due: readonly DueNumber[], rates: readonly Rate[], nowMs: number, nextAtMs: number): Op[] {
  return [byTurns('number tests'), nobodyIsAsked(due), ...due.map((number) => writeAsked(number, nowMs, nextAtMs)), ...rates.map(isKept)];
}

// Who is asked again has an open test already, and goes on with it. The index of open tests is kept out here too.
function nobodyIsAsked(due: readonly DueNumber[]): Op {
  const hashes = due.flatMap(({ state, phoneHash }) => (state === 'asked' || phoneHash === null ? [] : [phoneHash]));
  return exactly(0, (q, { channelProof: proof, member }) =>
    q
      .select({ memberId: proof.memberId })
      .from(member)
      .innerJoin(proof, eq(proof.memberId, member.id))
      .where(and(inArray(member.phoneHash, hashes), eq(sql`coalesce(${proof.state}, '')`, 'asked'))),
  );
}

function isKept({ sinceMs, most }: Rate): Op {
  return exactly(0, (q, { channelProof }) => q.select({ n: count() }).from(channelProof).where(gt(channelProof.askedAtMs, sinceMs)).having(gt(count(), most)));
}

// Breaks when he answered, or was asked by another round, since it was read.
function writeAsked(number: DueNumber, nowMs: number, nextAtMs: number): Op {
  const { memberId, channel, version, state } = number;
  const isNew = state === null;
  const asked = {
    ...{ state: 'asked' as const, addressHash: number.phoneHash, step: (number.step ?? 0) + 1, tries: triesOf(number) },
    ...{ askedAtMs: nowMs, nextAtMs, reason: null, changedAtMs: nowMs },
    // What another number proved is nothing about this one.
    ...(isNew ? { provenAtMs: null } : {}),
  };
  return one((q, { channelProof: proof }) =>
    q
      .insert(proof)
      .values({ memberId, channel, ...asked })
      .onConflictDoUpdate({
        target: [proof.memberId, proof.channel],
        set: { ...asked, version: sql`${proof.version} + 1` },
        setWhere: eq(proof.version, version ?? 0),
      })
      .returning({ memberId: proof.memberId }),
  );
}

/** What was held back for an alert was no try. */
function triesOf({ state, tries, messageState }: DueNumber): number {
  return state === 'asked' ? (tries ?? 0) + (messageState === 'unneeded' ? 0 : 1) : 1;
}

/** Tests since then. */
export async function countAsked(db: Database, sinceMs: number): Promise<number> {
  const [row] = await db.read((q, { channelProof }) => q.select({ n: count() }).from(channelProof).where(gt(channelProof.askedAtMs, sinceMs)));
  return row?.n ?? 0;
}

/** When the next open test ends or is made again; null: none is open. */
export async function nextTestMs(db: Database): Promise<number | null> {
  const [row] = await db.read((q, { channelProof: proof }) =>
    q
      .select({ atMs: min(proof.nextAtMs) })
      .from(proof)
      .where(eq(proof.state, 'asked')),
  );
  return row?.atMs ?? null;
}

export type OpenRow = Awaited<ReturnType<typeof testsToJudge>>[number];

/** Open tests about which something was learnt or whose time is over, with where their people belong. */
export function testsToJudge(db: Database, nowMs: number, sinceMs: number) {
  return db.read((q, t) => {
    const { channelProof: proof, member, message, membership, ladderRung } = t;
    const isHis = sql<number>`case when ${proof.addressHash} = ${member.phoneHash} then 1 else 0 end`;
    return q
      .select({
        ...{ memberId: proof.memberId, channel: proof.channel, tries: proof.tries, nextAtMs: proof.nextAtMs, version: proof.version },
        ...{ messageState: message.state, reason: message.reason },
        isHisNumber: isHis.mapWith(Boolean),
        mayBeAsked: sql<boolean>`case when ${member.available} and not ${member.offDuty} then 1 else 0 end`.mapWith(Boolean),
        isProviderWell: sql<boolean>`case when ${wasTakenSince(t, sinceMs)} then 1 else 0 end`.mapWith(Boolean),
        gridCode: sql<string | null>`coalesce((select min(${membership.gridCode}) from ${membership} where ${membership.memberId} = ${proof.memberId}),
          (select min(${ladderRung.gridCode}) from ${ladderRung} where ${ladderRung.memberId} = ${proof.memberId}))`,
      })
      .from(proof)
      .leftJoin(member, eq(member.id, proof.memberId))
      .leftJoin(message, testOf(t))
      .where(and(eq(proof.state, 'asked'), or(lte(proof.nextAtMs, nowMs), eq(message.state, 'failed'), sql`${isHis} = 0`)))
      .orderBy(asc(proof.memberId), asc(proof.channel))
      .limit(LIMITS.rowsPerInsert);
  });
}

// Some other message of the same channel.
function wasTakenSince({ channelProof: proof }: Tables, sinceMs: number): SQL {
  return sql`exists (select 1 from message as taken where taken.channel = ${proof.channel} and taken.state in ('sent', 'delivered', 'read')
    and taken.changed_at_ms > ${sql.param(sinceMs)})`;
}

/** The test is over. Breaks with `changed-meanwhile` when he answered at the same moment. */
export function writeEnd({ memberId, channel, version }: OpenRow, end: TestEnd, nowMs: number): Op {
  // Where the county has no provider nobody was asked, and is as soon as it has one.
  const notAsked = end.reason === 'no-channel' ? { askedAtMs: null } : {};
  return one((q, { channelProof: proof }) =>
    q
      .update(proof)
      .set({ ...end, ...notAsked, nextAtMs: null, changedAtMs: nowMs, version: version + 1 })
      .where(and(eq(proof.memberId, memberId), eq(proof.channel, channel), eq(proof.version, version), eq(proof.state, 'asked')))
      .returning({ memberId: proof.memberId }),
  );
}

/** Channels by which the county reached nobody since then because it has no provider: nobody is asked by them for now. */
export async function channelsWithoutProvider(db: Database, channels: readonly CheckedChannel[], sinceMs: number): Promise<CheckedChannel[]> {
  if (channels.length === 0) return [];
  const rows = await db.read((q, { channelProof: proof }) =>
    q
      .selectDistinct({ channel: proof.channel })
      .from(proof)
      .where(and(inArray(proof.channel, [...channels]), eq(proof.state, 'silent'), eq(proof.reason, 'no-channel'), gte(proof.changedAtMs, sinceMs))),
  );
  return channels.filter((channel) => rows.some((row) => row.channel === channel));
}
