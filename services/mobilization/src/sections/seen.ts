// Chapter 5, sections: an officer changes exactly what he saw; when somebody else was first, he is told who, when and how it stands now.
import { LabaError } from '@laba/domain/errors';
import type { Database } from '@laba/storage/database';
import type { FastifyRequest } from 'fastify';
import { gridNames } from '../grid-node-store.ts';
import { markerName } from '../roll-call/rollcall-store.ts';
import type { SceneCommander } from './commander-store.ts';
import type { SectionSeat } from './section-store.ts';

/** The version of the seat, or the number of the commander, that he saw; 0: there was none. Undefined: he does not say. */
export function seenOf(request: FastifyRequest): number | undefined {
  const tag = request.headers['if-match'];
  if (tag === undefined || tag === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(tag)?.[1];
  if (version === undefined)
    throw new LabaError('bad-input', 'If-Match: give the version of what you saw, as "3"; "0" for what was not there.', { field: 'If-Match' });
  return Number(version);
}

// The rule is nobody's name.
const nameOf = async (db: Database, who: string) => (who === 'rule' ? null : markerName(db, who));

/** @throws `changed-meanwhile`, with who decided on this seat, when, and how it stands */
export async function refuseOtherSeat(db: Database, seat: SectionSeat | undefined, seen: number | undefined): Promise<void> {
  if (seen === undefined || seen === (seat?.version ?? 0)) return;
  const name = seat === undefined ? null : await nameOf(db, seat.decidedBy);
  const why = name === null ? 'His place changed meanwhile: look at it again.' : `${name} changed his place meanwhile: look at it again.`;
  const [place] = seat === undefined ? [] : await gridNames(db, [seat.gridCode]);
  throw new LabaError('changed-meanwhile', why, {
    version: seat?.version ?? 0,
    changedByName: name,
    changedAtMs: seat?.changedAtMs ?? null,
    section: seat?.section ?? null,
    seatState: seat?.state ?? null,
    gridName: place ?? null,
  });
}

/** @throws `changed-meanwhile`, with who was named there last, by whom and when */
export async function refuseOtherCommander(db: Database, newest: SceneCommander | undefined, seen: number | undefined): Promise<void> {
  if (newest === undefined || seen === undefined || seen === newest.number) return;
  const [changedByName, commanderName] = await Promise.all([nameOf(db, newest.namedBy), markerName(db, `member:${newest.memberId}`)]);
  throw new LabaError('changed-meanwhile', `${changedByName ?? newest.namedBy} named ${commanderName} meanwhile: look at it again.`, {
    version: newest.number,
    changedByName,
    changedAtMs: newest.namedAtMs,
    commanderName,
  });
}
