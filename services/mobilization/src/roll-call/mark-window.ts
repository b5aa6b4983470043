// Chapter 5, roll-call: how long marks are taken, and what is told to who comes second.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Database } from '@laba/storage/database';
import { findAlert } from '../alert-store.ts';
import { markerName } from './rollcall-store.ts';

/** Whether the alert is over already: people come back late, and a late mark says that it is one. @throws `not-found`, `transition-refused` */
export async function markIsLate(db: Database, alertId: string, nowMs: number): Promise<boolean> {
  const alert = await findAlert(db, alertId);
  if (alert === undefined) throw new LabaError('not-found', 'No alert has this id.');
  const { state, mode, overAtMs, raisedAtMs } = alert;
  if (raisedAtMs === null || mode === 'test') throw new LabaError('transition-refused', 'This alert moves nobody: there is no roll-call.', { state, mode });
  if (state === 'raised') return false;
  if (overAtMs === null || nowMs > overAtMs + LIMITS.rollcallLateMs)
    throw new LabaError('transition-refused', 'The alert has been over for more than 24 hours: the roll-call is closed.', { state });
  return true;
}

/** Who marked it meanwhile, and how it stands now. */
export async function markedMeanwhile(
  db: Database,
  now: { markedBy: string | null; markedAtMs: number | null; version: number; status?: string },
): Promise<LabaError> {
  const { markedBy, markedAtMs, version, status } = now;
  const name = markedBy === null ? null : await markerName(db, markedBy);
  const why = name === null ? 'The list changed meanwhile: look at it again.' : `${name} marked this meanwhile: look at it again.`;
  return new LabaError('changed-meanwhile', why, {
    markedBy,
    markedByName: name,
    markedAtMs,
    version,
    ...(status === undefined ? {} : { personStatus: status }),
  });
}
