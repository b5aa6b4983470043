// Places: how many people are there tonight, from an officer who asked or from the place's own telephone.
import { LabaError } from '@laba/domain/errors';
import type { EventData } from '@laba/domain/events';
import { LIMITS } from '@laba/domain/limits';
import { readRollcallReply } from '@laba/domain/rollcall-reply';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { answersTest } from '@laba/storage/messages';
import { findInbound, findPlace, placesOfPhone, writeHeadCount, type Place } from './place-store.ts';

type TellDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>;

/** An officer was told tonight's number. @throws `not-found`, `out-of-scope` */
export async function tellHeadCount(
  deps: TellDeps,
  placeId: string,
  headCount: number,
  allow: (codes: readonly string[]) => Permit<'rollcall.mark'>,
  act: Act,
): Promise<Place> {
  const place = await findPlace(deps.db, placeId);
  if (place === undefined) throw new LabaError('not-found', 'No place has this id.');
  allow([place.gridCode]);
  const saidAtMs = deps.clock.now();
  await deps.db.atomically([...written(deps, place, headCount, saidAtMs, act), ...act.once]);
  return { ...place, headCount, headCountAtMs: saidAtMs };
}

/** The reaction to `message.replied`: a number from the telephone of a place's contact, who may keep several places, is not guessed at. */
export async function takeHeadCount(deps: TellDeps, job: Job): Promise<Reaction> {
  const { channel } = job.event.data as EventData<'message.replied'>;
  const inbound = channel === 'sms' ? await findInbound(deps.db, job.event.subjectId) : undefined;
  if (inbound === undefined || inbound.fromCipher === null) return {};
  const count = readRollcallReply(deps.vault.decrypt(inbound.wordsCipher))?.count;
  if (count === undefined || count > LIMITS.headCount) return {};
  // The key that a test of his number asks for is no number of guests.
  if (count === 1 && (await answersTest(deps.db, inbound))) return {};
  const [place, ...others] = await placesOfPhone(deps.db, deps.vault.hash('phone', deps.vault.decrypt(inbound.fromCipher)));
  if (place === undefined || others.length > 0 || (place.headCountAtMs ?? 0) >= inbound.receivedAtMs) return {};
  return { ops: written(deps, place, count, inbound.receivedAtMs, { who: `place:${place.id}`, via: 'job' }) };
}

function written(deps: TellDeps, place: Place, headCount: number, saidAtMs: number, by: Pick<Act, 'who' | 'via'>): Op[] {
  const { id: subjectId, gridCode } = place;
  const told = { who: by.who, via: by.via, atMs: deps.clock.now(), gridCode, subjectId } as const;
  return [writeHeadCount(place.id, headCount, saidAtMs), ...record(deps.ids, { ...told, type: 'place.head-count-told', data: { headCount } })];
}
