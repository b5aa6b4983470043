// Chapter 5, roll-call: an officer says how a person, or a whole household, is; each change is one line of the timeline.
import { LabaError } from '@laba/domain/errors';
import { followsHousehold, type Mark, type MarkMeans } from '@laba/domain/rollcall';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { fact, recordFacts } from '@laba/storage/events';
import { decidedAgain, markedMeanwhile, markIsLate } from './mark-window.ts';
import { findListedHousehold, findListedPerson, holdList, writeMark, type ListedPerson } from './rollcall-store.ts';
import { settle } from './settle-store.ts';

export type MarkDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>;

export interface GivenMark {
  status: Mark;
  means: MarkMeans;
  /** In his own words, for who looks for this person; kept encrypted. */
  words?: string | undefined;
  /** As the marker saw it: of the person, or the sum over the household's persons. */
  version: number;
}

/** Whether the permit covers where the person is listed. */
type Allow = (codes: readonly string[]) => Permit<'rollcall.mark'>;

/** Marks one person. The same mark again changes nothing. @throws `not-found`, `out-of-scope`, `changed-meanwhile`, `transition-refused` */
export function markPerson(deps: MarkDeps, who: { alertId: string; personId: string }, given: GivenMark, allow: Allow, act: Act): Promise<ListedPerson> {
  return decidedAgain(async () => {
    const person = await findListedPerson(deps.db, who.alertId, who.personId);
    if (person === undefined) throw new LabaError('not-found', 'Nobody on this alert’s list has this id.');
    allow([person.gridCode]);
    const late = await markIsLate(deps.db, who.alertId, deps.clock.now());
    if (isSaid(deps, person, given)) return person;
    if (person.version !== given.version) throw await markedMeanwhile(deps.db, person);
    const [marked] = await write(deps, [person], given, late, act);
    return marked!;
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
  allow: Allow,
  act: Act,
): Promise<{ persons: ListedPerson[]; changed: number }> {
  return decidedAgain(async () => {
    const persons = await findListedHousehold(deps.db, which.alertId, which.householdId);
    if (persons.length === 0) throw new LabaError('not-found', 'No household on this alert’s list has this id.');
    allow(persons.map((person) => person.gridCode));
    const late = await markIsLate(deps.db, which.alertId, deps.clock.now());
    const following = persons.filter((person) => followsHousehold(person.status, given.status));
    if (following.length === 0) return { persons, changed: 0 };
    if (householdVersion(persons) !== given.version) throw await markedMeanwhile(deps.db, { ...lastMarked(persons), version: householdVersion(persons) });
    const marked = new Map((await write(deps, following, given, late, act)).map((person) => [person.personId, person]));
    return { persons: persons.map((person) => marked.get(person.personId) ?? person), changed: marked.size };
  });
}

/** Rises with every mark in the household. */
export function householdVersion(persons: readonly Pick<ListedPerson, 'version'>[]): number {
  return persons.reduce((sum, person) => sum + person.version, 0);
}

function lastMarked(persons: readonly ListedPerson[]): ListedPerson {
  return persons.reduce((last, person) => ((person.markedAtMs ?? 0) > (last.markedAtMs ?? 0) ? person : last));
}

function isSaid(deps: MarkDeps, person: ListedPerson, given: GivenMark): boolean {
  const held = person.wordsCipher === null ? undefined : deps.vault.decrypt(person.wordsCipher);
  return person.status === given.status && (given.words === undefined || given.words === held);
}

async function write(deps: MarkDeps, persons: readonly ListedPerson[], given: GivenMark, late: boolean, act: Act): Promise<ListedPerson[]> {
  const { status, means, words } = given;
  const alertId = persons[0]!.alertId;
  const atMs = deps.clock.now();
  const by = { means, markedBy: act.who, markedAtMs: atMs };
  const marked = persons.map((person) => ({
    ...person,
    ...by,
    status,
    wordsCipher: words === undefined ? null : deps.vault.encrypt(words),
    version: person.version + 1,
  }));
  const told = persons.map((person) =>
    fact({
      type: 'person.marked',
      atMs,
      who: act.who,
      via: act.via,
      gridCode: person.gridCode,
      alertId,
      subjectId: person.personId,
      data: { status, was: person.status, means, ...(late ? { late } : {}) },
    }),
  );
  await deps.db.atomically([
    holdList(alertId, atMs),
    ...persons.map((person, i) => writeMark(person, status, marked[i]!.wordsCipher, by)),
    ...act.once,
    ...recordFacts(deps.ids, told),
    ...settle(deps.ids, { alertId, who: act.who, via: act.via, atMs }),
  ]);
  return marked;
}
