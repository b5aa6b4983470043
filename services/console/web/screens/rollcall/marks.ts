// Marks, counts and scans on their way to the house: kept at this desk until it has them. What it answers is on the screen before the list is read anew.
import type { HouseholdView, ListedPersonView, PlacesView, RollCallView, TagView } from '@laba/domain/board-view';
import type { HEARD_MEANS, Mark } from '@laba/domain/rollcall';
import { newKey, post } from '../../api/client.ts';
import { Refused } from '../../api/problem.ts';
import { Outbox, type Kept } from '../../app/outbox.ts';
import { queries } from '../../app/queries.ts';
import { serverNow } from '../../app/server-time.ts';
import { Store } from '../../app/store.ts';
import { keptMarks } from './kept-as.ts';
import { rollCallOf } from './roll-reads.ts';

export type HeardMeans = (typeof HEARD_MEANS)[number];

export interface GivenMark {
  status: Mark;
  means: HeardMeans;
  words?: string;
  musterPointId?: string;
}

/** What is said, of whom. `named`: how the row is called on the screen. */
export type Said = { alertId: string; named: string } & (
  | { is: 'person'; personId: string; householdId: string | null; mark: GivenMark; version: number }
  | { is: 'household'; householdId: string; mark: GivenMark; version: number }
  | { is: 'found'; gridCode: string; mark: GivenMark; name: string }
  | { is: 'place'; placeId: string; counted: number; means: HeardMeans; version: number }
  | { is: 'scan'; code: string; musterPointId: string | undefined }
);
export type Waiting = Said & Kept;

/** What came of a scan. `tagged`: null until it is known whose it is. */
export interface Scanned {
  key: string;
  alertId: string;
  code: string;
  atMs: number;
  is: 'moved' | 'already' | 'seen' | 'wrong';
  tagged: TagView | null;
  changed: number;
  /** Why it was refused; undefined: it has not even the form of a tag. */
  error?: unknown;
}

/** The newest first. */
export const scans = new Store<readonly Scanned[]>([]);
const SCANS_KEPT = 100;

export function rememberScan(one: Scanned): void {
  scans.set([one, ...scans.value].slice(0, SCANS_KEPT));
}

type Marked = Omit<ListedPersonView, 'name' | 'needs' | 'markedByName'>;

function bodyOf(one: Waiting): readonly [path: string, body: object] {
  // What is said under one key never changes, whenever it is sent.
  const writtenAt = Math.round(one.writtenAtMs);
  switch (one.is) {
    case 'person':
      return [`persons/${encodeURIComponent(one.personId)}/mark`, { ...one.mark, version: one.version, writtenAt }];
    case 'household':
      return [`households/${encodeURIComponent(one.householdId)}/mark`, { ...one.mark, version: one.version, writtenAt }];
    case 'found': {
      const { musterPointId: _nowhere, ...mark } = one.mark;
      return ['found', { ...mark, name: one.name, gridCode: one.gridCode, writtenAt }];
    }
    case 'place':
      return [`places/${encodeURIComponent(one.placeId)}/count`, { counted: one.counted, means: one.means, version: one.version, writtenAt }];
    case 'scan':
      return ['scans', { code: one.code, scannedAt: writtenAt, ...(one.musterPointId === undefined ? {} : { musterPointId: one.musterPointId }) }];
  }
}

async function send(one: Waiting): Promise<void> {
  const [path, body] = bodyOf(one);
  const answer = await post<unknown>(`${rollCallOf(one.alertId)}/${path}`, body, { key: one.key }).catch((error: unknown) => {
    if (one.is === 'scan' && isWrongTag(error)) return rememberWrong(one, error);
    throw error;
  });
  if (answer === undefined) return;
  if (one.is === 'scan') rememberSent(one, answer as { tagged: TagView; changed: number });
  if (one.is === 'person') takeOver(one, [answer as Marked]);
  if (one.is === 'household') takeOver(one, (answer as { persons: Marked[] }).persons);
  if (one.is === 'place') takeOverPlace(one.alertId, answer as PlacesView['places'][number]);
}

const WRONG = ['link-invalid', 'not-found', 'out-of-scope', 'transition-refused', 'bad-input'];

// A tag that is nobody's will not be somebody's later: it stands among the scans and waits for nothing.
const isWrongTag = (error: unknown) => error instanceof Refused && WRONG.includes(error.problem.code);

function rememberWrong({ key, alertId, code, writtenAtMs }: Waiting & { is: 'scan' }, error: unknown): undefined {
  rememberScan({ key, alertId, code, atMs: writtenAtMs, is: 'wrong', tagged: null, changed: 0, error });
}

function rememberSent({ key, alertId, code, writtenAtMs }: Waiting & { is: 'scan' }, { tagged, changed }: { tagged: TagView; changed: number }): void {
  rememberScan({ key, alertId, code, atMs: writtenAtMs, is: changed > 0 ? 'moved' : 'already', tagged, changed });
}

const isListOf = (alertId: string) => (query: { queryKey: readonly unknown[] }) =>
  query.queryKey[1] === 'pages' && String(query.queryKey[0]).startsWith(rollCallOf(alertId));

/** What the house wrote is shown at once; who marked it is told by the next reading. */
function takeOver(done: Waiting & { is: 'person' | 'household' }, marked: readonly Marked[]): void {
  const now = new Map(marked.map((person) => [person.personId, person]));
  const person = (was: ListedPersonView): ListedPersonView => {
    const is = now.get(was.personId);
    return is === undefined || is.version < was.version ? was : { ...was, ...is, markedByName: is.version === was.version ? was.markedByName : null };
  };
  const household = (was: HouseholdView): HouseholdView => {
    if (!was.persons.some(({ personId }) => now.has(personId))) return was;
    const persons = was.persons.map(person);
    return { ...was, persons, version: persons.reduce((sum, { version }) => sum + version, 0) };
  };
  queries.setQueriesData<{ pages: RollCallView[]; isCut: boolean }>({ predicate: isListOf(done.alertId) }, (was) =>
    was?.pages[0]?.list === undefined ? was : { ...was, pages: was.pages.map((page) => ({ ...page, list: page.list.map(household) })) },
  );
  for (const one of outbox.waiting.value) if (one.key !== done.key) rebase(one, done, now);
}

// Whoever marked twice before the house heard of the first did not disagree with himself.
function rebase(one: Waiting, done: Waiting & { is: 'person' | 'household' }, now: ReadonlyMap<string, Marked>): void {
  if (outbox.refused.value[one.key] !== undefined || (one.is !== 'person' && one.is !== 'household')) return;
  if (one.alertId !== done.alertId || one.householdId !== done.householdId) return;
  if (one.is === 'person') {
    const version = now.get(one.personId)?.version;
    if (version === one.version + 1) outbox.replace(one.key, { ...one, version });
    return;
  }
  const risen = done.is === 'household' ? [...now.values()].reduce((sum, { version }) => sum + version, 0) : one.version + 1;
  if (risen > one.version) outbox.replace(one.key, { ...one, version: risen });
}

function takeOverPlace(alertId: string, place: PlacesView['places'][number]): void {
  queries.setQueriesData<{ pages: PlacesView[]; isCut: boolean }>({ predicate: isListOf(alertId) }, (was) =>
    was?.pages[0]?.places === undefined
      ? was
      : {
          ...was,
          pages: was.pages.map((page) => ({ ...page, places: page.places.map((one) => (one.placeId === place.placeId ? { ...one, ...place } : one)) })),
        },
  );
}

const onSent = () => queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).includes('/rollcall') });

const outbox = new Outbox<Waiting>({ keptAs: keptMarks, send, onSent });

export const { waiting, refused } = outbox;
export const keepMarksOf = (officerId: string): void => outbox.keepOf(officerId);
export const dropMark = (key: string): void => outbox.drop(key);

const targetOf = (said: Said): string => {
  if (said.is === 'person') return `person ${said.personId}`;
  if (said.is === 'household') return `household ${said.householdId}`;
  return said.is === 'place' ? `place ${said.placeId}` : '';
};

/** Said anew before the house heard of the first: the first was never said. */
export function say(said: Said): void {
  const one = { ...said, key: newKey(), writtenAtMs: serverNow() };
  const before = waiting.value.find((other) => other.alertId === said.alertId && targetOf(said) !== '' && targetOf(other) === targetOf(said));
  if (before === undefined || outbox.isSending(before.key)) outbox.add(one);
  else outbox.replace(before.key, one);
}
