// Sign in: each try is counted before the password is looked at, so that trying many at once gives no more tries.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { usernameKey } from './create-officer.ts';
import { countStranger, countTry, findByUsername, forgetFailures, lock, officerOfRow, type OfficerRow } from './officer-store.ts';
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

const LOCKED = () => new LabaError('locked-out');

/** @throws `sign-in-failed`, `locked-out`, `too-many-requests`: the same for names that exist and names that do not */
export function signIn(deps: Needs, desk: SignInDesk, given: { username: string; password: string }): Promise<SignedIn> {
  const username = usernameKey(given.username);
  return desk.inTurn(username, () => tryOnce(deps, desk, username, given.password));
}

async function tryOnce(deps: Needs, desk: SignInDesk, username: string, password: string): Promise<SignedIn> {
  const officer = await countedTry(deps, username);
  if (officer === undefined) {
    if (desk.isLocked(username, deps.clock.now())) throw LOCKED();
    await deps.db.atomically([countStranger(deps.clock.now())]);
  }
  const right = await isPassword(officer?.passwordHash ?? null, password);
  if (officer !== undefined && right && !officer.disabled) return open(deps, officer);
  if (officer !== undefined && officer.failures >= LIMITS.signInFailures) await lockOut(deps, officer);
  throw new LabaError('sign-in-failed');
}

// The officer with this try already counted.
async function countedTry(deps: Needs, username: string): Promise<OfficerRow | undefined> {
  for (;;) {
    const officer = await findByUsername(deps.db, username);
    if (officer === undefined) return undefined;
    const now = deps.clock.now();
    if (officer.lockedUntilMs !== null && officer.lockedUntilMs > now) throw LOCKED();
    const before = officer.lockedUntilMs === null ? officer.failures : 0;
    if (before >= LIMITS.signInFailures) {
      // The last try allowed is still being checked, or the house fell over it: lock, and let its success unlock.
      await lockOut(deps, officer);
      throw LOCKED();
    }
    const counted = await deps.db.atomically([countTry(officer, before + 1)]).then(() => true, unlessChanged);
    if (counted) return { ...officer, failures: before + 1, lockedUntilMs: null };
  }
}

function unlessChanged(error: unknown): false {
  if (error instanceof LabaError && error.code === 'changed-meanwhile') return false;
  throw error;
}

async function lockOut(deps: Needs, officer: OfficerRow): Promise<void> {
  const now = deps.clock.now();
  const untilMs = now + LIMITS.signInLockMs;
  const event = {
    type: 'officer.locked-out' as const,
    atMs: now,
    who: 'public',
    via: 'http' as const,
    gridCode: officer.scopes[0]!,
    subjectId: officer.id,
    data: { untilMs },
  };
  await deps.db.atomically([lock(officer.id, untilMs), ...record(deps.ids, event)]).catch(unlessChanged);
}

async function open(deps: Needs, row: OfficerRow): Promise<SignedIn> {
  const token = newSecret();
  const csrfToken = newSecret();
  const now = deps.clock.now();
  const session = { tokenHash: secretHash(token), officerId: row.id, csrfToken, expiresAtMs: now + LIMITS.sessionMs };
  const event = {
    type: 'officer.signed-in' as const,
    atMs: now,
    who: `officer:${row.id}`,
    via: 'http' as const,
    gridCode: row.scopes[0]!,
    subjectId: row.id,
    data: {},
  };
  await deps.db.atomically([forgetFailures(row.id, row.passwordHash!), ...openSession(session, now), ...record(deps.ids, event)]);
  return { officer: officerOfRow(row), token, csrfToken };
}
