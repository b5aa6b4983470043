// Chapter 5, numbers: the check itself, a few tests each minute of the day; what came of a test is named, and nobody is asked twice at once.
import { LIMITS } from '@laba/domain/limits';
import { endOfTest, type NumberPolicy } from '@laba/domain/number-check';
import type { Policy } from '@laba/domain/policy';
import { dayBeganMs, quietFromMs, quietUntilMs } from '@laba/domain/quiet-hours';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { fact, record, recordFacts } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { queueMessages, type NewMessage } from '@laba/storage/messages';
import { testsMustWait, testSubject } from '@laba/storage/numbers';
import { findPolicy } from '@laba/storage/policy';
import {
  channelsWithoutProvider,
  countAsked,
  dueNumbers,
  endRound,
  findRound,
  isAnyOpen,
  nextTestMs,
  testsToJudge,
  writeAllAsked,
  writeEnd,
  type DueNumber,
  type Rate,
  type Round,
  type Wanted,
} from './number-store.ts';

type CheckDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What came of the last tests is looked at so long each minute, then when the next one ends. */
const SOON_MS = 10 * MINUTE_MS;

/** The reaction to `numbers.round-started`: goes on until everybody of the round has been asked; the standing one for ever. */
export async function checkNumbers(deps: CheckDeps, job: Job): Promise<Reaction> {
  const round = await findRound(deps.db, job.event.subjectId);
  if (round === undefined || round.endedAtMs !== null) return {};
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const nowMs = deps.clock.now();
  const ended = await endTests(deps, policy.numbers, nowMs);
  // Looked at again at once: who is to be asked next is read from what was written.
  if (ended.length > 0) return { ops: ended, againAtMs: nowMs };
  const pausedUntilMs = await pauseOf(deps, policy, nowMs);
  return pausedUntilMs === undefined ? ask(deps, round, policy, nowMs) : { againAtMs: pausedUntilMs };
}

/** Whom this round asks, as of now. */
export function wantedBy(round: Pick<Round, 'gridCode' | 'provenSinceMs' | 'startedAtMs'>, policy: NumberPolicy, nowMs: number): Wanted {
  const { channels, tries } = policy;
  const oldMs = nowMs - policy.provenForDays * DAY_MS;
  const isStanding = round.provenSinceMs === null;
  const when = { provenSinceMs: round.provenSinceMs ?? oldMs, askedBeforeMs: isStanding ? oldMs : round.startedAtMs };
  return { codes: [round.gridCode], channels, tries, ...when, alsoDead: !isStanding };
}

async function endTests(deps: CheckDeps, policy: NumberPolicy, nowMs: number): Promise<Op[]> {
  const open = await testsToJudge(deps.db, nowMs, nowMs - DAY_MS);
  const by = { atMs: nowMs, who: 'system', via: 'job' } as const;
  return open.flatMap((row) => {
    const { memberId, channel, messageState, reason, nextAtMs } = row;
    const mayBeAsked = row.mayBeAsked && (policy.channels as readonly string[]).includes(channel);
    const end = endOfTest({ ...row, mayBeAsked, messageState, reason, nextAtMs: nextAtMs ?? nowMs }, policy, nowMs);
    if (end === undefined) return [];
    const told = {
      ...by,
      gridCode: row.gridCode ?? deps.config.county,
      subjectId: memberId,
      data: { channel, ...(end.reason === null ? {} : { reason: end.reason }) },
    };
    const type = end.state === 'failed' ? 'number.dead' : 'number.unconfirmed';
    return [writeEnd(row, end, nowMs), ...recordFacts(deps.ids, [fact({ type, ...told })])];
  });
}

/** By day only, and not while an alert stands: its calls come first, and an answer to one is never an answer to the other. */
async function pauseOf(deps: CheckDeps, policy: Policy, nowMs: number): Promise<number | undefined> {
  const quiet = { ...policy.quietHours, utcOffsetMinutes: deps.config.utcOffsetMinutes };
  return quietUntilMs(quiet, nowMs) ?? ((await testsMustWait(deps.db)) ? nowMs + 5 * MINUTE_MS : undefined);
}

async function ask(deps: CheckDeps, round: Round, policy: Policy, nowMs: number): Promise<Reaction> {
  const wanted = { ...wantedBy(round, policy.numbers, nowMs) };
  const without = await channelsWithoutProvider(deps.db, wanted.channels, nowMs - DAY_MS);
  wanted.channels = wanted.channels.filter((channel) => !without.includes(channel));
  const rates = ratesOf(deps, round, policy.numbers, nowMs);
  const room = await roomIn(deps, rates);
  const due = room > 0 ? onePerPhone(await dueNumbers(deps.db, wanted, nowMs, room)) : [];
  if (due.length > 0) return { ops: askAll(deps, due, rates, policy, nowMs), againAtMs: nowMs + MINUTE_MS };
  if (round.provenSinceMs !== null && !(await isAnyOpen(deps.db, wanted))) return { ops: endOf(deps, round, nowMs) };
  const isSoon = (await countAsked(deps.db, nowMs - SOON_MS)) > 0;
  const nextMs = (await nextTestMs(deps.db)) ?? Number.POSITIVE_INFINITY;
  return { againAtMs: isSoon ? nowMs + MINUTE_MS : Math.max(nowMs + MINUTE_MS, Math.min(nextMs, nowMs + HOUR_MS)) };
}

function ratesOf(deps: CheckDeps, round: Round, { perMinute, perDay }: NumberPolicy, nowMs: number): Rate[] {
  const ofMinute = { sinceMs: nowMs - MINUTE_MS, most: perMinute };
  const ofDay = { sinceMs: dayBeganMs({ utcOffsetMinutes: deps.config.utcOffsetMinutes }, nowMs) - 1, most: perDay };
  return round.provenSinceMs === null ? [ofMinute, ofDay] : [ofMinute];
}

async function roomIn({ db }: CheckDeps, rates: readonly Rate[]): Promise<number> {
  const left = await Promise.all(rates.map(async ({ sinceMs, most }) => most - (await countAsked(db, sinceMs))));
  return Math.min(...left, LIMITS.numbersPerRound);
}

function onePerPhone(due: readonly DueNumber[]): DueNumber[] {
  const seen = new Set<string | null>();
  return due.filter(({ phoneHash }) => seen.size < seen.add(phoneHash).size);
}

function askAll(deps: CheckDeps, due: readonly DueNumber[], rates: readonly Rate[], { numbers, quietHours }: Policy, nowMs: number): Op[] {
  const nextAtMs = nowMs + numbers.repeatAfterMinutes * MINUTE_MS;
  const quietMs = quietFromMs({ ...quietHours, utcOffsetMinutes: deps.config.utcOffsetMinutes }, nowMs);
  const by = { atMs: nowMs, who: 'system', via: 'job' } as const;
  const messages = due.map(({ memberId, channel, gridCode, step }): NewMessage => {
    const about = { alertId: null, purpose: 'number-check', subjectId: testSubject(channel, memberId), memberId, gridCode, channel } as const;
    const notAfterMs = Math.min(nextAtMs, quietHours.from === quietHours.to ? nextAtMs : quietMs);
    return { id: deps.ids(), ...about, step: (step ?? 0) + 1, urgent: false, facts: {}, dueAtMs: nowMs, notAfterMs, changedAtMs: nowMs };
  });
  return [
    ...writeAllAsked(due, rates, nowMs, nextAtMs),
    ...queueMessages(messages),
    ...recordFacts(
      deps.ids,
      due.map(({ memberId, channel, gridCode }) => fact({ ...by, type: 'number.asked', gridCode, subjectId: memberId, data: { channel } })),
    ),
  ];
}

function endOf(deps: CheckDeps, { id, gridCode }: Round, nowMs: number): Op[] {
  const told = { type: 'numbers.round-ended', atMs: nowMs, who: 'system', via: 'job', gridCode, subjectId: id, data: {} } as const;
  return [endRound(id, nowMs), ...record(deps.ids, told)];
}
