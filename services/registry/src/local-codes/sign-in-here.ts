// At the house of a village: an officer of the county signs in by his local code, and may there what a village may alone.
import { LabaError } from '@laba/domain/errors';
import { sharedCodes } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { readLocalCode, roleAt } from '@laba/domain/local-code';
import type { Officer } from '@laba/domain/officer';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { countedTry, type Door, type Tried } from '../counted-try.ts';
import { usernameKey } from '../create-officer.ts';
import { isLocalCode } from '../password.ts';
import { openSession } from '../session-store.ts';
import type { SignInDesk } from '../sign-in-desk.ts';
import { newSession, type SignedIn } from '../sign-in.ts';
import { countCode, findLocalOfficer, forgetWrongCodes, keepAsOfficer, lockCode, type LocalOfficerRow } from './local-officer-store.ts';

type Needs = Pick<Deps, 'config' | 'db' | 'clock' | 'ids'>;

/** The grid node whose house this is. @throws `not-found` at a county's house: there officers have passwords */
export function ownNode({ config }: Pick<Deps, 'config'>): string {
  if (config.node === undefined) throw new LabaError('not-found', 'Local codes are for the house of a village: sign in here by user name and password.');
  return config.node;
}

const doorOf = (node: string): Door<LocalOfficerRow & Tried> => ({
  find: async (db, username) => {
    const row = await findLocalOfficer(db, node, username);
    return row && { ...row, verifier: row.codeVerifier };
  },
  isRight: isLocalCode,
  countTry: countCode,
  lock: lockCode,
  // One at a time: each takes 64 MiB for a moment, and the box is small.
  lineOf: () => 'all',
  mostFailures: LIMITS.localCodeFailures,
  lockMs: LIMITS.localCodeLockMs,
  wrong: () => new LabaError('local-code-wrong'),
  locked: () => new LabaError('local-code-locked'),
});

/** @throws `not-found` at a county's house; `local-code-wrong`, `local-code-locked`, `too-many-requests`: the same for names that exist and names that do not */
export async function signInHere(deps: Needs, desk: SignInDesk, given: { username: string; code: string }): Promise<SignedIn> {
  const node = ownNode(deps);
  // What cannot be a code is a try like any other.
  const row = await countedTry(deps, desk, doorOf(node), usernameKey(given.username), readLocalCode(given.code) ?? '');
  const officer = officerHere(row, node);
  const now = deps.clock.now();
  const { token, csrfToken, session } = newSession(officer.id, now);
  const event = {
    type: 'officer.signed-in' as const,
    atMs: now,
    who: `officer:${officer.id}`,
    via: 'http' as const,
    gridCode: node,
    subjectId: officer.id,
    data: {},
  };
  await deps.db.atomically([
    forgetWrongCodes(row.id),
    keepAsOfficer(officer),
    ...openSession({ ...session, localOfficerId: row.id }, now),
    ...record(deps.ids, event),
  ]);
  return { officer, token, csrfToken };
}

function officerHere({ officerId, username, name, role, scopes }: LocalOfficerRow, node: string): Officer {
  return { id: officerId, username, name, role: roleAt(node, role), scopes: sharedCodes([node], scopes) };
}
