// At the officer's own house: a code for the house of a village or township is made, told once, made anew, revoked.
import { randomInt } from 'node:crypto';
import { LabaError } from '@laba/domain/errors';
import { sharedCodes, tierOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { LOCAL_TIERS, spellLocalCode } from '@laba/domain/local-code';
import type { Officer } from '@laba/domain/officer';
import { authorize, type Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { findOfficer, type OfficerRow } from '../officer-store.ts';
import { hashLocalCode } from '../password.ts';
import { findLocalCode, findLocalOfficer, localOfficersAt, openNode, removeLocalCode, touchOfficer, writeLocalCode } from './local-officer-store.ts';

type Needs = Pick<Deps, 'config' | 'db' | 'clock' | 'ids'>;

/** Everybody for himself, an administrator for who stands under him. @throws `not-found`, `role-refused`, `out-of-scope` */
export async function officerWithCodes(deps: Needs, me: Officer, officerId: string): Promise<OfficerRow> {
  const row = await findOfficer(deps.db, officerId);
  if (row === undefined || row.disabled) throw new LabaError('not-found', 'There is no such officer, or he is disabled.');
  if (row.id !== me.id) authorize(me, 'officer.manage', row.scopes);
  return row;
}

export interface MadeCode {
  id: string;
  /** As it is printed and said; kept nowhere. */
  code: string;
  gridName: string;
  createdAtMs: number;
}

/**
 * `replaces`: the code that was there when he asked, so that a page sent twice does not void what was just printed.
 * @throws `transition-refused` at a village's own house, `bad-input`, `unknown-code`, `out-of-scope`, `changed-meanwhile`
 */
export async function makeLocalCode(deps: Needs, officer: OfficerRow, given: { gridCode: string; replaces: string | undefined }, act: Act): Promise<MadeCode> {
  const { gridCode, replaces } = given;
  assertHouseAbove(deps);
  const tier = tierOf(gridCode);
  if (tier === undefined || !LOCAL_TIERS.includes(tier))
    throw new LabaError('bad-input', 'gridCode: local codes are for the house of a township, a village or a group.', { field: 'gridCode' });
  const node = await openNode(deps.db, gridCode);
  if (node === undefined) throw new LabaError('unknown-code', `No grid node has the code ${gridCode}.`, { gridCode });
  const scopes = sharedCodes([gridCode], officer.scopes);
  if (scopes.length === 0) throw new LabaError('out-of-scope', `Nothing of ${gridCode} lies in this officer's scope.`, { gridCode });
  const present = await findLocalOfficer(deps.db, gridCode, officer.username);
  if (present?.id !== replaces) throw new LabaError('changed-meanwhile', 'Another code was made or revoked meanwhile: look at the list, then make a new one.');
  if (present === undefined && (await localOfficersAt(deps.db, gridCode)).length >= LIMITS.localOfficersPerNode)
    throw new LabaError('bad-input', `${gridCode} has ${LIMITS.localOfficersPerNode} local codes already: revoke one first.`, { field: 'gridCode' });
  const digits = String(randomInt(10 ** LIMITS.localCodeDigits)).padStart(LIMITS.localCodeDigits, '0');
  const { id: officerId, username, name, role } = officer;
  const id = deps.ids();
  const createdAtMs = deps.clock.now();
  const row = { id, officerId, gridCode, username, name, role, scopes, codeVerifier: await hashLocalCode(digits), createdAtMs };
  const event = {
    type: 'officer.local-code-made' as const,
    atMs: createdAtMs,
    who: act.who,
    via: act.via,
    gridCode,
    subjectId: officerId,
    data: { renewed: present !== undefined },
  };
  await deps.db.atomically([touchOfficer(officerId), ...writeLocalCode(row, present?.id), ...record(deps.ids, event), ...act.once]);
  return { id, code: spellLocalCode(digits), gridName: node.name, createdAtMs };
}

/** @throws `transition-refused` at a village's own house, `not-found`, `role-refused`, `out-of-scope`, `changed-meanwhile` */
export async function revokeLocalCode(deps: Needs, me: Officer, id: string, act: Act): Promise<void> {
  assertHouseAbove(deps);
  const row = await findLocalCode(deps.db, id);
  if (row === undefined) throw new LabaError('not-found', 'There is no such local code, or it was revoked.');
  await officerWithCodes(deps, me, row.officerId);
  const event = {
    type: 'officer.local-code-revoked' as const,
    atMs: deps.clock.now(),
    who: act.who,
    via: act.via,
    gridCode: row.gridCode,
    subjectId: row.officerId,
    data: {},
  };
  await deps.db.atomically([removeLocalCode(id), ...record(deps.ids, event), ...act.once]);
}

/** What a village's house makes up by itself would be unknown above, and a stolen box could let anybody in. @throws `transition-refused` */
export function assertHouseAbove({ config }: Pick<Deps, 'config'>): void {
  if (config.node !== undefined) throw new LabaError('transition-refused', 'Local codes are made and revoked at the house above this one.');
}
