// A new officer: what he may do (role) and where (scopes). Without a password he sets one himself through a one-time link.
import { LabaError } from '@laba/domain/errors';
import { withoutCovered } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Officer, Role } from '@laba/domain/officer';
import { cleanText } from '@laba/domain/text';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { insertOfficer, unknownCodes } from './officer-store.ts';
import { checkPassword, hashPassword } from './password.ts';

export interface OfficerDraft {
  username: string;
  name: string;
  role: Role;
  /** Grid codes; what another one covers is dropped. */
  scopes: readonly string[];
  password?: string | undefined;
}

const USERNAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{1,31}$/u;

/** User names do not differ by case or width. */
export function usernameKey(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase();
}

/**
 * Over HTTP a permit for exactly these scopes is needed: nobody gives away more than he has.
 * @throws `bad-input`, `unknown-code`, `empty-area`, `already-done` when the user name is taken
 */
export async function createOfficer(
  deps: Pick<Deps, 'db' | 'clock' | 'ids'>,
  draft: OfficerDraft,
  act: Act,
  permit?: Permit<'officer.manage'>,
): Promise<Officer> {
  const scopes = withoutCovered(draft.scopes);
  if (act.via === 'http' && !scopes.every((code) => permit?.codes.includes(code)))
    throw new LabaError('role-refused', 'A new officer needs a permit for each of his scopes.');
  const username = usernameKey(draft.username);
  const name = cleanText(draft.name);
  if (!USERNAME.test(username))
    throw new LabaError('bad-input', 'A user name has 2 to 32 letters, digits or . _ - and begins with a letter or digit.', { field: 'username' });
  if (name === '' || name.length > LIMITS.nameChars) throw new LabaError('bad-input', `A name has 1 to ${LIMITS.nameChars} characters.`, { field: 'name' });
  if (scopes.length === 0) throw new LabaError('empty-area', 'An officer needs at least one grid node as scope.');
  if (scopes.length > LIMITS.scopesPerOfficer)
    throw new LabaError('bad-input', `An officer has at most ${LIMITS.scopesPerOfficer} scopes.`, { field: 'scopes' });
  const unknown = await unknownCodes(deps.db, scopes);
  if (unknown.length > 0) throw new LabaError('unknown-code', `No grid node has the code ${unknown[0]}: import divisions first.`, { codes: unknown });
  if (draft.password !== undefined) checkPassword(draft.password, username);
  const passwordHash = draft.password === undefined ? null : await hashPassword(draft.password);
  const officer: Officer = { id: deps.ids(), username, name, role: draft.role, scopes };
  const event = {
    type: 'officer.created' as const,
    atMs: deps.clock.now(),
    who: act.who,
    via: act.via,
    gridCode: scopes[0]!,
    subjectId: officer.id,
    data: { role: draft.role },
  };
  await deps.db.atomically([insertOfficer({ ...officer, scopes, passwordHash }), ...record(deps.ids, event), ...act.once]);
  return officer;
}
