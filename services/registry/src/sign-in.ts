// Sign in at the officer's own house: by user name and password.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { countedTry, type Door, type Tried } from './counted-try.ts';
import { usernameKey } from './create-officer.ts';
import { countTry, findByUsername, forgetFailures, lock, officerOfRow, type OfficerRow } from './officer-store.ts';
import { openSession } from './session-store.ts';
import { isPassword } from './password.ts';
import { newSecret, secretHash } from './secret.ts';
import type { SignInDesk } from './sign-in-desk.ts';

type Needs = Pick<Deps, 'db' | 'clock' | 'ids'>;

export interface SignedIn {
  officer: Officer;
  /** For the cookie; the house keeps its hash only. */
  token: string;
  csrfToken: string;
}

const PASSWORDS: Door<OfficerRow & Tried> = {
  find: async (db, username) => {
    const row = await findByUsername(db, username);
    return row && { ...row, officerId: row.id, gridCode: row.scopes[0]!, verifier: row.disabled ? null : row.passwordHash };
  },
  isRight: isPassword,
  countTry,
  lock,
  lineOf: (username) => username,
  mostFailures: LIMITS.signInFailures,
  lockMs: LIMITS.signInLockMs,
  wrong: () => new LabaError('sign-in-failed'),
  locked: () => new LabaError('locked-out'),
};

/** @throws `sign-in-failed`, `locked-out`, `too-many-requests`: the same for names that exist and names that do not */
export async function signIn(deps: Needs, desk: SignInDesk, given: { username: string; password: string }): Promise<SignedIn> {
  const row = await countedTry(deps, desk, PASSWORDS, usernameKey(given.username), given.password);
  const now = deps.clock.now();
  const { token, csrfToken, session } = newSession(row.id, now);
  const event = {
    type: 'officer.signed-in' as const,
    atMs: now,
    who: `officer:${row.id}`,
    via: 'http' as const,
    gridCode: row.gridCode,
    subjectId: row.id,
    data: {},
  };
  await deps.db.atomically([forgetFailures(row.id, row.passwordHash!), ...openSession(session, now), ...record(deps.ids, event)]);
  return { officer: officerOfRow(row), token, csrfToken };
}

/** What the browser is given, and what the house keeps of it. */
export function newSession(officerId: string, nowMs: number) {
  const [token, csrfToken] = [newSecret(), newSecret()];
  return { token, csrfToken, session: { tokenHash: secretHash(token), officerId, csrfToken, expiresAtMs: nowMs + LIMITS.sessionMs } };
}
