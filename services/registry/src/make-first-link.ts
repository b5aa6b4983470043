// A link that lets an officer set his password, once, within a day. The newest ends those before it.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { findOfficer, replaceLinks } from './officer-store.ts';
import { newSecret, secretHash } from './secret.ts';

const BY_HAND: Act = { who: 'system', via: 'cli', once: [] };

/** The token; the page is `/first/{token}`. @throws `not-found` */
export async function makeFirstLink(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, officerId: string, act: Act = BY_HAND): Promise<string> {
  const officer = await findOfficer(deps.db, officerId);
  if (officer === undefined || officer.disabled) throw new LabaError('not-found', 'There is no such officer, or he is disabled.');
  const token = newSecret();
  const now = deps.clock.now();
  const event = { type: 'officer.link-made' as const, atMs: now, who: act.who, via: act.via, gridCode: officer.scopes[0]!, subjectId: officerId, data: {} };
  await deps.db.atomically([
    ...replaceLinks({ tokenHash: secretHash(token), officerId, expiresAtMs: now + LIMITS.firstLinkMs }),
    ...record(deps.ids, event),
    ...act.once,
  ]);
  return token;
}
