// Chapter 5, roll-call: an officer says how a person, or a whole household, is; each change is one line of the timeline.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { followsHousehold, isConfirmed, type Mark, type MarkMeans } from '@laba/domain/rollcall';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { recordAll, type NewEvent } from '@laba/storage/events';
import { decidedAgain } from '../decided-again.ts';
import { markedMeanwhile, markIsLate } from './mark-window.ts';
import { openMusterPoint } from './muster-store.ts';
import type { OwnDoors } from './own-doors.ts';
import { findListedHousehold, findListedPerson, holdList, householdVersion, roundOf, writeMark, type ListedPerson, type Said } from './rollcall-store.ts';
import { dueOfMark } from '../tasks/person-task.ts';
import { settle } from './settle-store.ts';

export type MarkDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>;

export interface GivenMark {
  status: Mark;
  means: MarkMeans;
  /** In his own words, for who looks for this person; kept encrypted. */
  words?: string | undefined;
  /** Where he was taken to; only of who was moved. */
  musterPointId?: string | undefined;
  /** The round in which it was said, when it arrives late; else the one that is going on. */
  round?: number | undefined;
  /** When it was said, if it was not said to this house at once: whatever was marked since then stands. */
  saidAtMs?: number | undefined;
  /** When it was written down at a desk whose line was cut: to the round of that moment it belongs. `version` says what was marked since. */
  writtenAtMs?: number | undefined;
  /** As the marker saw it: of the person, or the sum over the household's persons. Undefined: whatever it is now. */
  version: number | undefined;
}

/** Proves that whoever marks may mark these, or throws. */
export type MayMark = (listed: readonly ListedPerson[]) => Permit<'rollcall.mark'> | OwnDoors;

/** Marks one person. The same mark again at once, in the same round, is one; later it is said anew: another house may have heard otherwise meanwhile. @throws `not-found`, `out-of-scope`, `changed-meanwhile`, `transition-refused` */
export async function markPerson(deps: MarkDeps, who: { alertId: string; personId: string }, given: GivenMark, may: MayMark, act: Act): Promise<ListedPerson> {
  return (await markPersonKnown(deps, who, given, may, act)).person;
}

/** The same; `was`: how he stood when this was decided. @throws as `markPerson` */
export function markPersonKnown(
  deps: MarkDeps,
  who: { alertId: string; personId: string },
  given: GivenMark,
  may: MayMark,
  act: Act,
): Promise<{ was: ListedPerson; person: ListedPerson }> {
  return decidedAgain(async () => {
    const person = await findListedPerson(deps.db, who.alertId, who.personId);
    if (person === undefined) throw new LabaError('not-found', 'Nobody on this alert’s list has this id.');
    may([person]);
    const standing = await standingOf(deps, who.alertId, given);
    if (isOvertaken(person, given) || isSaid(deps, person, given, standing.round)) return { was: person, person };
    if (given.version !== undefined && person.version !== given.version) throw await markedMeanwhile(deps.db, person);
    const [marked] = await write(deps, [person], given, standing, act);
    return { was: person, person: marked! };
  });
}

/**
 * Marks everybody of a household of whom nothing of his own was said (away, relocated, injured, dead). Answers with all of them.
 * @throws as `markPerson`
 */
export function markHousehold(
  deps: MarkDeps,
  which: { alertId: string; householdId: string },
  given: GivenMark,
  may: MayMark,
  act: Act,
): Promise<{ persons: ListedPerson[]; changed: number }> {
  return decidedAgain(async () => {
    const persons = await findListedHousehold(deps.db, which.alertId, which.householdId);
    if (persons.length === 0) throw new LabaError('not-found', 'No household on this alert’s list has this id.');
    may(persons);
    const standing = await standingOf(deps, which.alertId, given);
    const following = persons.filter(
      (person) => !isOvertaken(person, given) && (followsHousehold(person, given.status, standing.round) || isElsewhere(person, given)),
    );
    if (following.length === 0) return { persons, changed: 0 };
    if (given.version !== undefined && householdVersion(persons) !== given.version)
      throw await markedMeanwhile(deps.db, { ...lastMarked(persons), version: householdVersion(persons) });
    const marked = new Map((await write(deps, following, given, standing, act)).map((person) => [person.personId, person]));
    return { persons: persons.map((person) => marked.get(person.personId) ?? person), changed: marked.size };
  });
}

interface Standing {
  /** The alert is over already. */
  late: boolean;
  /** To which round the mark belongs. */
  round: number;
}

async function standingOf(deps: MarkDeps, alertId: string, given: GivenMark): Promise<Standing> {
  const [late, current] = await Promise.all([markIsLate(deps.db, alertId, deps.clock.now()), roundOf(deps.db, alertId, given.saidAtMs ?? given.writtenAtMs)]);
  if (given.musterPointId !== undefined) await openMusterPoint(deps.db, given.musterPointId, alertId, given.status);
  return { late, round: Math.min(given.round ?? current, current) };
}

function lastMarked(persons: readonly ListedPerson[]): ListedPerson {
  return persons.reduce((last, person) => ((person.markedAtMs ?? 0) > (last.markedAtMs ?? 0) ? person : last));
}

// Moved as before, but to somewhere else.
function isElsewhere(person: ListedPerson, { status, musterPointId }: GivenMark): boolean {
  return person.status === status && musterPointId !== undefined && person.musterPointId !== musterPointId;
}

function isOvertaken(person: ListedPerson, { saidAtMs }: GivenMark): boolean {
  return saidAtMs !== undefined && person.markedAtMs !== null && person.markedAtMs > saidAtMs;
}

function isSaid(deps: MarkDeps, person: ListedPerson, given: GivenMark, round: number): boolean {
  const held = person.wordsCipher === null ? undefined : deps.vault.decrypt(person.wordsCipher);
  const sameWords = given.words === undefined || given.words === held;
  const isAtOnce = (given.saidAtMs ?? deps.clock.now()) - (person.markedAtMs ?? -Infinity) < LIMITS.sameMarkMs;
  return isAtOnce && person.status === given.status && isConfirmed(person, round) && sameWords && !isElsewhere(person, given);
}

async function write(deps: MarkDeps, persons: readonly ListedPerson[], given: GivenMark, standing: Standing, act: Act): Promise<ListedPerson[]> {
  const { status, means, words } = given;
  const { late, round } = standing;
  const alertId = persons[0]!.alertId;
  const atMs = deps.clock.now();
  const by = { means, markedBy: act.who, markedAtMs: atMs };
  const said = (person: ListedPerson): Said => ({
    status,
    round: Math.max(round, person.round),
    musterPointId: given.musterPointId ?? (person.status === status ? person.musterPointId : null),
    wordsCipher: words === undefined ? null : deps.vault.encrypt(words),
  });
  const marked = persons.map((person) => ({ ...person, ...by, ...said(person), version: person.version + 1 }));
  const told = persons.map((person): NewEvent<'person.marked'> => ({
    type: 'person.marked',
    atMs,
    who: act.who,
    via: act.via,
    gridCode: person.gridCode,
    alertId,
    subjectId: person.personId,
    data: { status, was: person.status, means, ...(late ? { late } : {}), ...(round > 1 ? { round } : {}) },
    due: dueOfMark(status),
  }));
  await deps.db.atomically([
    holdList(alertId, atMs),
    ...persons.map((person, i) => writeMark(person, marked[i]!, by)),
    ...act.once,
    ...recordAll(deps.ids, told),
    ...settle(deps.ids, { alertId, who: act.who, via: act.via, atMs }),
  ]);
  return marked;
}
