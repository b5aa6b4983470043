// Chapter 5, ladder: somebody answers for a village: by his link, by SMS or key, or by an officer who heard it. Nothing said is thrown away.
import { LabaError } from '@laba/domain/errors';
import { heard, type AnswerEffect, type LadderMeans, type Said } from '@laba/domain/ladder';
import { standingPace } from '@laba/domain/ladder-policy';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { dropMessages } from '@laba/storage/messages';
import { findPolicy } from '@laba/storage/policy';
import type { Ladder } from './climb.ts';
import { countedAnswer, findLadder, insertAnswer } from './ladder-answer-store.ts';
import { unsentSteps, writeLadders } from './ladder-store.ts';
import { decidedAgain } from '../decided-again.ts';
import { markIsLate, markedMeanwhile } from '../roll-call/mark-window.ts';

export type AnswerDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

export interface GivenAnswer {
  /** Of what came in, so that it is kept once; a new one when none is given. */
  id?: string;
  said: Said;
  means: LadderMeans;
  /** Who answered: a member, or a name that an officer wrote down. */
  by: { memberId: string } | { name: string };
  words?: string | undefined;
  /** How many answers the officer had seen, and one: see `versionOf`. Not asked of who answers himself. */
  version?: number | undefined;
}

export interface Answered {
  ladder: Ladder;
  effect: AnswerEffect;
}

/** What an officer must have seen to answer: it rises with every answer, not with the climb. */
export function versionOf(ladder: Pick<Ladder, 'answers'>): number {
  return ladder.answers + 1;
}

/**
 * Writes the answer down, and what it changes: the first 收到 starts the second clock, a number of people ends the asking.
 * @param allow whether the permit covers the village; a rung who answers himself needs none
 * @throws `not-found`, `out-of-scope`, `changed-meanwhile` with who answered meanwhile, `transition-refused` 24 hours after the end,
 * `already-done` when an answer of this id was kept before
 */
export function answerLadder(
  deps: AnswerDeps,
  which: { alertId: string; gridCode: string },
  given: GivenAnswer,
  act: Act,
  allow?: (codes: readonly string[]) => Permit<'ladder.answer-for'>,
): Promise<Answered> {
  return decidedAgain(async () => {
    const ladder = await findLadder(deps.db, which.alertId, which.gridCode);
    if (ladder === undefined) throw new LabaError('not-found', 'This alert asks nobody in this village.');
    allow?.([ladder.gridCode]);
    const isOver = await markIsLate(deps.db, ladder.alertId, deps.clock.now());
    if (given.version !== undefined && given.version !== versionOf(ladder)) throw await answeredMeanwhile(deps, ladder);
    return write(deps, ladder, given, isOver, act);
  });
}

async function answeredMeanwhile({ db }: AnswerDeps, ladder: Ladder): Promise<LabaError> {
  const last = await countedAnswer(db, ladder.id);
  const { recordedBy: markedBy, atMs: markedAtMs } = last ?? { recordedBy: null, atMs: null };
  const told = await markedMeanwhile(db, { markedBy, markedAtMs, version: versionOf(ladder) });
  return new LabaError(told.code, told.message, { ...told.fields, state: ladder.state });
}

async function write(deps: AnswerDeps, ladder: Ladder, given: GivenAnswer, isOver: boolean, act: Act): Promise<Answered> {
  const { said, means, by, words } = given;
  const { db, clock, ids, vault, config } = deps;
  const atMs = clock.now();
  const { state, effect } = heard(isOver ? { state: 'closed', persons: null } : ladder, said);
  const counts = effect === 'counted';
  const [{ policy }, unsent] = await Promise.all([
    findPolicy(db, config.county),
    counts ? unsentSteps(db, { alertId: ladder.alertId, ladderId: ladder.id }) : [],
  ]);
  const pace = standingPace(policy.ladders, ladder.degree);
  const changed = !counts ? {} : state === 'answered' ? answered(atMs, pace.movingMinutes) : moving(ladder, said, atMs);
  const next: Ladder = { ...ladder, ...changed, ...(counts ? { state } : {}), answers: ladder.answers + 1, changedAtMs: atMs };
  const answer = {
    id: given.id ?? ids(),
    ladderId: ladder.id,
    alertId: ladder.alertId,
    kind: said.kind,
    persons: said.kind === 'moving' ? said.persons : null,
    means,
    memberId: 'memberId' in by ? by.memberId : null,
    nameCipher: 'name' in by ? vault.encrypt(by.name) : null,
    wordsCipher: words === undefined || words === '' ? null : vault.encrypt(words),
    recordedBy: act.who,
    effect,
    atMs,
  };
  await db.atomically([
    ...writeLadders([next]),
    insertAnswer(answer),
    ...(unsent.length === 0 ? [] : [dropMessages({ subjectIds: unsent, nowMs: atMs })]),
    ...act.once,
    ...tell(deps, ladder, given, effect, act),
  ]);
  return { ladder: { ...next, version: ladder.version + 1 }, effect };
}

function answered(atMs: number, movingMinutes: number): Partial<Ladder> {
  const movingDueAtMs = atMs + movingMinutes * 60_000;
  return { answeredAtMs: atMs, movingDueAtMs, askAtMs: movingDueAtMs, round: 1, askedCode: null, askedPosition: null };
}

function moving(ladder: Ladder, said: Said, atMs: number): Partial<Ladder> {
  const persons = said.kind === 'moving' ? said.persons : null;
  return { answeredAtMs: ladder.answeredAtMs ?? atMs, movingAtMs: ladder.movingAtMs ?? atMs, persons, askAtMs: null };
}

function tell(deps: AnswerDeps, ladder: Ladder, { said, means }: GivenAnswer, effect: AnswerEffect, act: Act) {
  const { gridCode, alertId, id: subjectId } = ladder;
  const about = { atMs: deps.clock.now(), who: act.who, via: act.via, gridCode, alertId, subjectId };
  const persons = said.kind === 'moving' ? { persons: said.persons } : {};
  if (effect !== 'counted') return record(deps.ids, { ...about, type: 'ladder.heard-again', data: { means, ...persons, effect } });
  const overdue = (ladder.state === 'asked' ? ladder.answerOverdueAtMs : ladder.movingOverdueAtMs) !== null;
  if (said.kind === 'got-it') return record(deps.ids, { ...about, type: 'ladder.answered', data: { means, overdue } });
  const was = ladder.persons === null ? {} : { was: ladder.persons };
  return record(deps.ids, { ...about, type: 'ladder.moving', data: { means, overdue, persons: said.persons, ...was } });
}
