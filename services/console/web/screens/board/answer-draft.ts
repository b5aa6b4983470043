// What an officer has filled in for a village and not sent yet: it outlives a closed panel, for the telephone rings while he writes.
import type { LadderView } from '@laba/domain/board-view';
import { LIMITS } from '@laba/domain/limits';
import { useState } from 'react';
import { session } from '../../api/session.ts';
import type { Means } from './heard-by.tsx';

export interface AnswerDraft {
  said: 'got-it' | 'moving';
  persons: string;
  /** Who of those that were asked; empty: somebody else, by name; undefined: not said yet. */
  memberId: string | undefined;
  name: string;
  means: Means;
  words: string;
}

const drafts = new Map<string, AnswerDraft>();

/** Of this officer: whoever signs in at this desk after him finds nothing. */
function keyOf(alertId: string, gridCode: string): string {
  const { value } = session;
  return `${'officer' in value ? value.officer.id : ''} ${alertId} ${gridCode}`;
}

export interface Asked {
  memberId: string;
  name: string;
  duty: LadderView['asked'][number]['duty'];
}

/** Those whose names the officer may see, who was asked last first, each once. */
export function askedOf({ asked }: LadderView): Asked[] {
  const found = new Map<string, Asked>();
  for (const { memberId, name, duty } of asked.toReversed())
    if (memberId !== null && name !== null && !found.has(memberId)) found.set(memberId, { memberId, name, duty });
  return [...found.values()];
}

/** What is asked for next is filled in; who answered never is: nobody is named whom the officer did not name. */
function begin(ladder: LadderView): AnswerDraft {
  const memberId = askedOf(ladder).length === 0 ? '' : undefined;
  return { said: ladder.state === 'asked' ? 'got-it' : 'moving', persons: '', memberId, name: '', means: 'telephone', words: '' };
}

export function useAnswerDraft(alertId: string, ladder: LadderView) {
  const key = keyOf(alertId, ladder.gridCode);
  const [draft, set] = useState(() => drafts.get(key) ?? begin(ladder));
  const change = (part: Partial<AnswerDraft>) => {
    const next = { ...draft, ...part };
    drafts.set(key, next);
    set(next);
  };
  return { draft, change, drop: () => void drafts.delete(key) };
}

export type Lack = 'why.who' | 'why.name' | 'why.persons';

/** What is still to be filled in. */
export function lackOf({ memberId, name, said, persons }: AnswerDraft): Lack | undefined {
  if (memberId === undefined) return 'why.who';
  if (memberId === '' && name.trim() === '') return 'why.name';
  const n = Number(persons);
  return said === 'moving' && !(Number.isInteger(n) && n >= 1 && n <= LIMITS.headCount) ? 'why.persons' : undefined;
}

export function bodyOf({ memberId = '', name, said, persons, means, words }: AnswerDraft, version: number) {
  return {
    ...{ means, version, by: memberId === '' ? { name: name.trim() } : { memberId } },
    ...(words.trim() === '' ? {} : { words: words.trim() }),
    ...(said === 'moving' ? { moving: { persons: Number(persons) } } : {}),
  };
}
