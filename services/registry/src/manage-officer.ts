// An administrator ends an officer's access, or lets a locked-out officer in again.
import { LabaError } from '@laba/domain/errors';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { removeLocalCodesOf } from './local-codes/local-officer-store.ts';
import { disable, unlock, type OfficerRow } from './officer-store.ts';
import { endSessionsOf } from './session-store.ts';

type Needs = Pick<Deps, 'db' | 'clock' | 'ids'>;

async function change(
  deps: Needs,
  permit: Permit<'officer.manage'>,
  row: OfficerRow,
  type: 'officer.disabled' | 'officer.unlocked',
  ops: readonly Op[],
  act: Act,
): Promise<void> {
  if (!row.scopes.every((code) => permit.codes.includes(code))) throw new LabaError('out-of-scope');
  const event = { type, atMs: deps.clock.now(), who: act.who, via: act.via, gridCode: row.scopes[0]!, subjectId: row.id, data: {} };
  await deps.db.atomically([...ops, ...record(deps.ids, event), ...act.once]);
}

/** Ends his sessions and his local codes in the same commit. @throws `transition-refused` for oneself and for who is disabled already */
export function disableOfficer(deps: Needs, permit: Permit<'officer.manage'>, row: OfficerRow, act: Act): Promise<void> {
  if (row.id === permit.officer.id) throw new LabaError('transition-refused', 'You cannot disable yourself: another administrator can.');
  if (row.disabled) throw new LabaError('transition-refused', 'This officer is disabled already.');
  return change(deps, permit, row, 'officer.disabled', [disable(row), endSessionsOf(row.id), removeLocalCodesOf(row.id)], act);
}

/** @throws `transition-refused` when nothing is locked */
export function unlockOfficer(deps: Needs, permit: Permit<'officer.manage'>, row: OfficerRow, act: Act): Promise<void> {
  if (row.failures === 0 && row.lockedUntilMs === null) throw new LabaError('transition-refused', 'This officer is not locked out.');
  return change(deps, permit, row, 'officer.unlocked', [unlock(row)], act);
}
