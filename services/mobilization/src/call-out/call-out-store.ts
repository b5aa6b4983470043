// Chapter 5, call-out: the steps of an alert's calls, a batch by a few statements, however many members are called.
import { and, count, desc, eq, gt, inArray, isNotNull, lte, min, or, sql, type SQL } from 'drizzle-orm';
import { STEPS_PER_ASKING, stepsInAll, type CallOutPolicy, type OwnChannel } from '@laba/domain/call-out';
import { any, prepared, writes, type Database, type Op } from '@laba/storage/database';
import { queueMessagesOf } from '@laba/storage/messages';
import type { Tables } from '@laba/storage/tables';
import { hasWay } from '@laba/storage/ways';
import { OPEN_STATES, type Alert, type AlertRevision } from './call-store.ts';

/** One round of one alert's calls. */
export interface Round {
  alertId: string;
  policy: CallOutPolicy;
  nowMs: number;
  /** When the step after this one is due. */
  nextAtMs: number;
  /** Nobody sends this round's messages afterwards. */
  notAfterMs: number;
  urgent: boolean;
  limit: number;
}

const selectStanding = prepared('mobilization-standing-alert', (q, t) =>
  q
    .select({ alert: t.alert, revision: t.alertRevision })
    .from(t.alertRevision)
    .innerJoin(t.alert, eq(t.alert.id, t.alertRevision.alertId))
    .where(and(eq(t.alertRevision.alertId, sql.placeholder('alertId')), isNotNull(t.alertRevision.raisedAtMs), eq(t.alert.state, 'raised')))
    .orderBy(desc(t.alertRevision.revision))
    .limit(1),
);

/** The alert with its newest raised revision, while it is on. */
export async function findStanding(db: Database, alertId: string): Promise<{ alert: Alert; revision: AlertRevision } | undefined> {
  return (await db.read(selectStanding, { alertId }))[0];
}

/** How many calls of the alert are due, counted up to `limit`, and when the next of the others is. */
export async function dueCalls(db: Database, alertId: string, nowMs: number, limit: number): Promise<{ due: number; nextAtMs: number | undefined }> {
  const [rows, [next]] = await Promise.all([
    db.read((q, { call }) => {
      const due = q
        .select({ id: call.id })
        .from(call)
        .where(and(eq(call.alertId, alertId), lte(call.nextAtMs, nowMs)))
        .limit(limit)
        .as('due');
      return q.select({ n: count() }).from(due);
    }),
    db.read((q, { call }) =>
      q
        .select({ atMs: min(call.nextAtMs) })
        .from(call)
        .where(and(eq(call.alertId, alertId), gt(call.nextAtMs, nowMs))),
    ),
  ]);
  return { due: rows[0]?.n ?? 0, nextAtMs: next?.atMs ?? undefined };
}

/** Calls that are due and that no next step is for. */
export interface EndedCalls {
  /** Who said that he comes, and has not arrived in time. */
  ranOut: readonly string[];
  /** Every step was made. */
  tried: readonly string[];
}

/**
 * Those among the calls that this round takes. Looked for before anything is written, and the longest due only: of a prefecture's calls
 * every round would read all that wait.
 */
export async function endedCalls(db: Database, round: Round): Promise<EndedCalls> {
  const rows = await db.read((q, t) => {
    const due = q
      .select({ id: t.call.id, state: t.call.state, made: sql<number>`${made(t)}`.as('made') })
      .from(t.call)
      .where(and(eq(t.call.alertId, round.alertId), lte(t.call.nextAtMs, round.nowMs)))
      .orderBy(t.call.nextAtMs)
      .limit(round.limit)
      .as('due');
    return q
      .select({ id: due.id, state: due.state })
      .from(due)
      .where(or(eq(due.state, 'answered'), sql`${due.made} >= ${sql.raw(String(stepsInAll(round.policy)))}`));
  });
  const ids = (isAnswered: boolean) => rows.filter(({ state }) => (state === 'answered') === isAnswered).map(({ id }) => id);
  return { ranOut: ids(true), tried: ids(false) };
}

/** Those of these calls whose answer has run out still. */
export function answerRanOut({ call }: Tables, ids: readonly string[], nowMs: number): SQL | undefined {
  return and(inArray(call.id, [...ids]), eq(call.state, 'answered'), lte(call.nextAtMs, nowMs));
}

/** They are called anew, from the first step on. */
export function askAgain(ids: readonly string[], nowMs: number): Op {
  return any((q, t) =>
    q
      .update(t.call)
      .set({
        state: 'queued',
        answer: null,
        answeredAtMs: null,
        answeredBy: null,
        saidAtMs: null,
        step: sql`(${t.call.step} / ${sql.raw(String(STEPS_PER_ASKING))} + 1) * ${sql.raw(String(STEPS_PER_ASKING))}`,
        nextAtMs: nowMs,
        reason: 'answer-expired',
        changedAtMs: nowMs,
        version: sql`${t.call.version} + 1`,
      })
      .where(answerRanOut(t, ids, nowMs))
      .returning({ id: t.call.id }),
  );
}

const made = ({ call }: Tables) => sql`(${call.step} % ${sql.raw(String(STEPS_PER_ASKING))})`;

const isOpen = ({ call }: Tables, alertId: string) => and(eq(call.alertId, alertId), inArray(call.state, [...OPEN_STATES]));

/** The message of the call's last step has not ended yet: its interval begins when it has. */
const waitsForMessage = ({ call, message }: Tables): SQL =>
  sql`exists (select 1 from ${message} where ${message.subjectId} = ${call.id} and ${message.step} = ${call.step} and ${message.state} in ('queued', 'sending'))`;

/** Those of these calls of which every step was made still, and nothing of the last one is under way. */
export function triedAll(t: Tables, ids: readonly string[], { alertId, policy, nowMs }: Round): SQL | undefined {
  const spent = sql`${made(t)} >= ${sql.raw(String(stepsInAll(policy)))}`;
  return and(inArray(t.call.id, [...ids]), isOpen(t, alertId), lte(t.call.nextAtMs, nowMs), spent, sql`not ${waitsForMessage(t)}`);
}

export function giveUp(ids: readonly string[], round: Round): Op {
  return any((q, t) =>
    q
      .update(t.call)
      .set({ nextAtMs: null, reason: 'no-answer', changedAtMs: round.nowMs, version: sql`${t.call.version} + 1` })
      .where(triedAll(t, ids, round))
      .returning({ id: t.call.id }),
  );
}

/** What could not be sent at all is not waited for, but for the last channel of the order: its failure must not hurry through all rounds. */
export function hurryFailed({ alertId, policy, nowMs }: Round): Op {
  return any((q, t) => {
    const { message } = t;
    const ofAlert = and(eq(message.alertId, alertId), inArray(message.state, ['failed', 'expired']), eq(message.purpose, 'call'));
    const failed = sql`(${t.call.id}, ${t.call.step}) in (select ${message.subjectId}, ${message.step} from ${message} where ${ofAlert})`;
    return q
      .update(t.call)
      .set({ nextAtMs: nowMs })
      .where(and(isOpen(t, alertId), gt(t.call.nextAtMs, nowMs), sql`${made(t)} % ${sql.raw(String(policy.channels.length))} <> 0`, failed))
      .returning({ id: t.call.id });
  });
}

/** By what of the order, counted from `made`, the member can be reached next: 1 to its length, or null. The rule is `nextStep`'s. */
function offset(t: Tables, channels: readonly OwnChannel[]): SQL {
  const length = sql.raw(String(channels.length));
  const from = (made: number) => channels.map((_, i) => sql`when ${hasWay(t, channels[(made + i) % channels.length]!)} then ${sql.raw(String(i + 1))}`);
  const cases = channels.map((_, at) => sql`when ${sql.raw(String(at))} then case ${sql.join(from(at), sql` `)} end`);
  return sql`case ${made(t)} % ${length} ${sql.join(cases, sql` `)} end`;
}

/**
 * The next step of the calls that are due, the longest due first: where its message has not ended, the same step goes on; where nothing is
 * left, the last step is taken as made, and the next round gives up.
 */
function takeStep(round: Round): Op {
  const { alertId, policy, nowMs, nextAtMs, limit } = round;
  const last = sql.raw(String(stepsInAll(policy)));
  return writes('any', (q, t) => {
    const due = q
      .select({
        callId: sql`${t.call.id}`.as('call_id'),
        seen: sql`${t.call.version}`.as('seen'),
        waits: sql`${waitsForMessage(t)}`.as('waits'),
        far: sql`${made(t)} + ${offset(t, policy.channels)}`.as('far'),
      })
      .from(t.call)
      .leftJoin(t.member, eq(t.member.id, t.call.memberId))
      .where(and(isOpen(t, alertId), lte(t.call.nextAtMs, nowMs)))
      // By nothing else: a whole prefecture is due in the same moment, and would be sorted anew for each round.
      .orderBy(t.call.nextAtMs)
      .limit(limit)
      .as('due');
    const isLeft = sql`${due.far} <= ${last}`;
    return (
      q
        .update(t.call)
        .set({
          step: sql`case when ${due.waits} then ${t.call.step} else ${t.call.step} - ${made(t)} + case when ${isLeft} then ${due.far} else ${last} end end`,
          nextAtMs: sql`case when ${due.waits} or ${isLeft} then cast(${nextAtMs} as bigint) else cast(${nowMs} as bigint) end`,
          version: sql`${t.call.version} + 1`,
        } as never)
        .from(due as never)
        // By id and version alone: whoever changed it meanwhile is left to the next round, and no engine walks the batch once for each call.
        .where(and(eq(t.call.id, due.callId), eq(t.call.version, due.seen)))
    );
  });
}

/** The messages of the steps that `takeStep` took. Of a call that waits there is one already: it is left as it is. */
function queueSteps({ alertId, policy, nowMs, nextAtMs, notAfterMs, urgent }: Round): Op {
  return queueMessagesOf((t) => {
    const { call, message } = t;
    const names = policy.channels.map((channel, i) => sql`when ${sql.raw(String(i))} then ${channel}`);
    const given = <V>(value: V, column: Parameters<typeof sql.param>[1]) => sql`${sql.param(value, column)}`;
    const columns = {
      id: sql`${call.id} || '-' || ${call.step}`,
      alertId: sql`${call.alertId}`,
      purpose: sql`'call'`,
      subjectId: sql`${call.id}`,
      memberId: sql`${call.memberId}`,
      gridCode: sql`${call.gridCode}`,
      channel: sql`case (${made(t)} - 1) % ${sql.raw(String(policy.channels.length))} ${sql.join(names, sql` `)} end`,
      step: sql`${call.step}`,
      urgent: given(urgent, message.urgent),
      facts: given({}, message.facts),
      dueAtMs: sql`cast(${nowMs} as bigint)`,
      notAfterMs: sql`cast(${notAfterMs} as bigint)`,
      changedAtMs: sql`cast(${nowMs} as bigint)`,
    };
    return { columns, from: sql`${call}`, where: and(isOpen(t, alertId), eq(call.nextAtMs, nextAtMs), gt(made(t), 0))! };
  });
}

/** The next step of everybody who is due, and its messages. */
export function stepOps(round: Round): Op[] {
  return [takeStep(round), queueSteps(round)];
}
