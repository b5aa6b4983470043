// A revoked box, perhaps a stolen one, has every code of its ground where it can be guessed at leisure: none of them is good any more.
import type { Deps, Reaction } from '@laba/runtime/service';
import { recordAll } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { localCodesUnder, removeLocalCode } from './local-officer-store.ts';

/** The reaction to a house's revocation. Codes made after it are for whatever stands there now. */
export async function voidLocalCodes(deps: Pick<Deps, 'config' | 'db' | 'clock' | 'ids'>, { event }: Job): Promise<Reaction> {
  // Below the county codes are only held.
  if (deps.config.node !== undefined) return {};
  const rows = await localCodesUnder(deps.db, event.gridCode, event.atMs);
  const told = { type: 'officer.local-code-revoked', atMs: deps.clock.now(), who: event.who, via: 'job', data: {} } as const;
  const events = rows.map(({ officerId, gridCode }) => ({ ...told, gridCode, subjectId: officerId }));
  return { ops: [...rows.map(({ id }) => removeLocalCode(id)), ...recordAll(deps.ids, events)] };
}
