// Sign out: this session ends, others of the same officer stay.
import type { Officer } from '@laba/domain/officer';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { endSession } from './session-store.ts';
import { secretHash } from './secret.ts';

/** @throws `not-signed-in` when it had ended already */
export async function signOut(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, officer: Officer, token: string): Promise<void> {
  const event = {
    type: 'officer.signed-out' as const,
    atMs: deps.clock.now(),
    who: `officer:${officer.id}`,
    via: 'http' as const,
    gridCode: officer.scopes[0]!,
    subjectId: officer.id,
    data: {},
  };
  await deps.db.atomically([endSession(secretHash(token)), ...record(deps.ids, event)]);
}
