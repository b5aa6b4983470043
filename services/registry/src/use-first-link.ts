// The officer sets his password through his link. Of two at the same moment one wins.
import { LabaError } from '@laba/domain/errors';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { findByLink, setPassword, useLink, type OfficerRow } from './officer-store.ts';
import { endSessionsOf } from './session-store.ts';
import { checkPassword, hashPassword } from './password.ts';
import { secretHash } from './secret.ts';

type Needs = Pick<Deps, 'db' | 'clock' | 'ids'>;

/** Whose link it is; looking does not use it up. @throws `link-invalid` */
export async function lookAtLink(deps: Pick<Deps, 'db' | 'clock'>, token: string): Promise<OfficerRow> {
  const officer = await findByLink(deps.db, secretHash(token), deps.clock.now());
  if (officer === undefined) throw new LabaError('link-invalid', 'This link was used, has expired or never was: ask an administrator for a new one.');
  return officer;
}

/** Also ends his sessions: whoever knew the old password is out. @throws `link-invalid`, `bad-input` */
export async function useFirstLink(deps: Needs, token: string, password: string): Promise<OfficerRow> {
  const officer = await lookAtLink(deps, token);
  checkPassword(password, officer.username);
  const passwordHash = await hashPassword(password);
  const now = deps.clock.now();
  const event = {
    type: 'officer.password-set' as const,
    atMs: now,
    who: `officer:${officer.id}`,
    via: 'http' as const,
    gridCode: officer.scopes[0]!,
    subjectId: officer.id,
    data: {},
  };
  await deps.db.atomically([useLink(secretHash(token), now), setPassword(officer.id, passwordHash), endSessionsOf(officer.id), ...record(deps.ids, event)]);
  return officer;
}
