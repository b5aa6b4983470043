// An officer lets one box be enrolled at one site: a code for a quarter of an hour, good for one use.
import { LIMITS } from '@laba/domain/limits';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { newSpokenCode } from '@laba/runtime/spoken-code';
import { record } from '@laba/storage/events';
import { insertClaim } from './gateway-store.ts';

/** `expiresAtMs`: ms since 1970. The code itself is told once and kept as a keyed hash: forty bits could be guessed from a plain one. */
export async function makeClaimCode(
  deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'ids'>,
  permit: Permit<'gateway.enrol'>,
  site: { id: string; gridCode: string },
  act: Act,
): Promise<{ code: string; expiresAtMs: number }> {
  const code = newSpokenCode();
  const now = deps.clock.now();
  const expiresAtMs = now + LIMITS.claimCodeMs;
  const event = {
    type: 'gateway.claim-made' as const,
    atMs: now,
    who: act.who,
    via: act.via,
    gridCode: site.gridCode,
    subjectId: site.id,
    data: { siteId: site.id },
  };
  const claim = { codeHash: deps.vault.hash('claim', code), siteId: site.id, madeBy: permit.officer.id, expiresAtMs };
  await deps.db.atomically([...insertClaim(claim, now), ...record(deps.ids, event), ...act.once]);
  return { code, expiresAtMs };
}
