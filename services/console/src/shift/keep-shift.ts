// Chapter 6, shift log: begun, written in, handed over, and taken over by a signature. Each of these is one line of the timeline.
import type { EventData, EventType } from '@laba/domain/events';
import { LabaError } from '@laba/domain/errors';
import { coveringCode } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import { assertGoesOn, postOf } from '@laba/domain/shift';
import { authorize, type Act, type Session } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { newestSeq } from '../event-store.ts';
import { openThings } from './open-things.ts';
import { closeRecord, digestOf, openRecord, type ShiftRecord } from './shift-record.ts';
import { addRemark, findShift, insertShift, lastShift, officerNames, remarksOf, writeShift, type Remark, type Shift } from './shift-store.ts';

type ShiftEvent = Extract<EventType, `shift.${string}`>;

/** Of whose ground, about what, by whom. */
function told<T extends ShiftEvent>(deps: Deps, type: T, shift: Pick<Shift, 'areaCodes'>, of: { act: Act; subjectId: string; data: EventData<T> }) {
  const gridCode = coveringCode(shift.areaCodes) ?? shift.areaCodes[0]!;
  const { act, subjectId, data } = of;
  return record(deps.ids, { type, atMs: deps.clock.now(), who: act.who, via: act.via, gridCode, subjectId, data });
}

/** @throws `not-found`, `role-refused`, `out-of-scope` without the whole of its ground */
export async function shiftFor(deps: Pick<Deps, 'db'>, id: string, officer: Officer, action: 'shift.read' | 'shift.keep' = 'shift.read'): Promise<Shift> {
  const shift = await findShift(deps.db, id);
  if (shift === undefined) throw new LabaError('not-found', 'No shift has this id.');
  authorize(officer, action, shift.areaCodes);
  return shift;
}

/** Only those of its own post keep a log. @throws as above; `already-done` when it is over, `changed-meanwhile` when it is not as he saw it */
async function ownShift(deps: Deps, given: { id: string; version?: number }, officer: Officer): Promise<Shift> {
  const shift = await shiftFor(deps, given.id, officer, 'shift.keep');
  if (shift.post !== postOf(officer.scopes).post)
    throw new LabaError('out-of-scope', `This shift is kept by those whose scope is ${shift.post}; you may read it.`, { post: shift.post });
  assertGoesOn(shift.state);
  if (given.version !== undefined && given.version !== shift.version)
    throw new LabaError('changed-meanwhile', 'Somebody wrote in this shift meanwhile: look at it again.', { version: shift.version });
  return shift;
}

function newShift(deps: Deps, officer: Officer, number: number, fromSeq: number): Shift {
  const nobody = { toSeq: null, offeredBy: null, offeredAtMs: null, takenOverBy: null, overAtMs: null, recordCipher: null, seal: null };
  return {
    id: deps.ids(),
    ...postOf(officer.scopes),
    number,
    state: 'running',
    officerId: officer.id,
    startedAtMs: deps.clock.now(),
    fromSeq,
    ...nobody,
    version: 1,
  };
}

/** The first of a post; every later one begins by taking over. @throws `already-done` where one goes on */
export async function beginShift(deps: Deps, officer: Officer, act: Act): Promise<Shift> {
  const { post, areaCodes } = postOf(officer.scopes);
  authorize(officer, 'shift.keep', areaCodes);
  if ((await lastShift(deps.db, post)) !== undefined) throw new LabaError('already-done', 'A shift goes on here: take it over.');
  const shift = newShift(deps, officer, 1, await newestSeq(deps.db));
  await deps.db.atomically([...act.once, insertShift(shift), ...told(deps, 'shift.begun', shift, { act, subjectId: shift.id, data: { number: 1 } })]);
  return shift;
}

/** A remark that is younger when it comes was not held up. */
const LATE_MS = 10_000;

/** Kept as it is written; whoever wants to correct it writes another. `writtenAtMs`: by the clock of who wrote it while the line was cut. */
export async function writeRemark(
  deps: Deps,
  given: { id: string; words: string; writtenAtMs?: number | undefined },
  officer: Officer,
  act: Act,
): Promise<Remark> {
  const shift = await ownShift(deps, { id: given.id }, officer);
  if ((await remarksOf(deps.db, shift.id)).length >= LIMITS.shiftRemarks)
    throw new LabaError('too-large', `A shift keeps ${LIMITS.shiftRemarks} remarks: hand it over.`);
  const atMs = deps.clock.now();
  // A clock that is wrong tells nothing, and what came at once needs no second time.
  const wasBefore = given.writtenAtMs !== undefined && given.writtenAtMs >= shift.startedAtMs && given.writtenAtMs < atMs - LATE_MS;
  const remark: Remark = {
    ...{ id: deps.ids(), shiftId: shift.id, officerId: officer.id, atMs, wordsCipher: deps.vault.encrypt(given.words) },
    writtenAtMs: wasBefore ? given.writtenAtMs! : null,
  };
  const data = { number: shift.number, shiftId: shift.id };
  await deps.db.atomically([...act.once, ...addRemark(remark), ...told(deps, 'shift.remarked', shift, { act, subjectId: remark.id, data })]);
  return remark;
}

/** What is open at this moment is put down beside the words of who goes; again, with what is open now, as long as nobody came. */
export async function offerShift(deps: Deps, given: { id: string; version: number; words: string }, officer: Officer, act: Act): Promise<Shift> {
  const shift = await ownShift(deps, given, officer);
  if (shift.officerId !== officer.id) throw new LabaError('transition-refused', 'Only who is on duty hands over; whoever comes takes over.');
  const open = await openThings(deps, officer);
  const anew = shift.state === 'offered';
  const { recordCipher } = closeRecord(deps.vault, { ...emptyRecord(shift, officer.name), offered: { ...open, by: officer.name, words: given.words } });
  const later = { state: 'offered', offeredBy: officer.id, offeredAtMs: open.asOfMs, recordCipher } as const;
  const data = { number: shift.number, open: sumOf(open.counts), anew };
  await deps.db.atomically([...act.once, writeShift(shift, later), ...told(deps, 'shift.offered', shift, { act, subjectId: shift.id, data })]);
  return { ...shift, ...later, version: shift.version + 1 };
}

/** Nobody came: who handed over goes on. */
export async function withdrawOffer(deps: Deps, given: { id: string; version: number }, officer: Officer, act: Act): Promise<Shift> {
  const shift = await ownShift(deps, given, officer);
  if (shift.state !== 'offered' || shift.officerId !== officer.id)
    throw new LabaError('transition-refused', 'Only who handed over takes it back, while nobody has taken over.');
  const later = { state: 'running', offeredBy: null, offeredAtMs: null, recordCipher: null } as const;
  const data = { number: shift.number };
  await deps.db.atomically([...act.once, writeShift(shift, later), ...told(deps, 'shift.withdrawn', shift, { act, subjectId: shift.id, data })]);
  return { ...shift, ...later, version: shift.version + 1 };
}

/**
 * The signature of who comes: he entered his password for it. The shift before is sealed with what was open, and his own begins in the same commit.
 * @throws as above; `same-officer`, `signature-needed`, `bad-input` when nobody handed over and he does not say why
 */
export async function takeOver(deps: Deps, given: { id: string; version: number; words: string }, { officer, openedAtMs }: Session, act: Act): Promise<Shift> {
  const shift = await ownShift(deps, given, officer);
  if (shift.officerId === officer.id) throw new LabaError('same-officer', 'Nobody takes over from himself: the next officer signs.');
  if (deps.clock.now() - openedAtMs > LIMITS.signatureMs) throw new LabaError('signature-needed');
  const isOffered = shift.state === 'offered';
  if (!isOffered && given.words === '') throw new LabaError('bad-input', 'words: nobody handed over; say why you take over.', { field: 'words' });
  const [fromSeq, open, remarks] = [await newestSeq(deps.db), await openThings(deps, officer), await remarksOf(deps.db, shift.id)];
  const offered = openRecord(deps.vault, shift).record?.offered ?? null;
  const name = (await officerNames(deps.db, [shift.officerId])).get(shift.officerId) ?? shift.officerId;
  const whole = { ...emptyRecord(shift, name), offered, taken: { ...open, by: officer.name, words: given.words }, remarks: digestOf(deps.vault, remarks) };
  const closed = closeRecord(deps.vault, whole);
  const next = newShift(deps, officer, shift.number + 1, fromSeq);
  const over = { state: 'over', toSeq: fromSeq, takenOverBy: officer.id, overAtMs: next.startedAtMs, ...closed } as const;
  const data = { number: shift.number, next: next.id, offered: isOffered, seal: closed.seal };
  await deps.db.atomically([
    ...act.once,
    writeShift(shift, over),
    insertShift(next),
    ...told(deps, 'shift.taken-over', shift, { act, subjectId: shift.id, data }),
  ]);
  return next;
}

function emptyRecord({ id, number, post }: Shift, officerName: string): ShiftRecord {
  return { id, number, post, officerName, offered: null, taken: null, remarks: null };
}

const sumOf = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((sum, n) => sum + n, 0);
