// A box says the code it was given and its own public key; from then on it exists, and waits for an officer to confirm it.
import { LabaError } from '@laba/domain/errors';
import type { GatewayIdentity } from '@laba/domain/gateway-protocol';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { readSpokenCode } from '@laba/runtime/spoken-code';
import { record } from '@laba/storage/events';
import { identityOf } from './gateway-identity.ts';
import { findClaim, insertGateway, useClaim } from './gateway-store.ts';
import { trustOf } from './key-store.ts';
import { devicePassword, secretHash } from './secret.ts';

const INVALID = () => new LabaError('claim-invalid');

/** The password is in the answer and nowhere else. @throws `claim-invalid`: wrong, used or expired; of two at once one wins */
export async function claimGateway(
  deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'ids' | 'config'>,
  given: { code: string; publicKey: string },
  act: Act,
): Promise<GatewayIdentity> {
  const code = readSpokenCode(given.code);
  if (code === undefined) throw INVALID();
  const codeHash = deps.vault.hash('claim', code);
  const now = deps.clock.now();
  const claim = await findClaim(deps.db, codeHash, now);
  if (claim === undefined) throw INVALID();
  const { siteId, gridCode } = claim;
  const gatewayId = deps.ids();
  const box = { gatewayId, siteId, gridCode, password: devicePassword(deps.vault, gatewayId) };
  const identity = await identityOf(deps, box, (await trustOf(deps.db))(gridCode));
  const row = {
    id: box.gatewayId,
    siteId,
    gridCode,
    status: 'claimed' as const,
    passwordHash: secretHash(box.password),
    publicKey: given.publicKey,
    createdAtMs: now,
  };
  const event = {
    type: 'gateway.claimed' as const,
    atMs: now,
    who: `gateway:${box.gatewayId}`,
    via: act.via,
    gridCode,
    subjectId: box.gatewayId,
    data: { siteId },
  };
  await deps.db.atomically([useClaim(codeHash, box.gatewayId, now), insertGateway(row), ...record(deps.ids, event), ...act.once]);
  return identity;
}
