// Enrolment without a code, for the house itself: the demo county's boxes, all at once, leaving the same rows and events.
import { LabaError } from '@laba/domain/errors';
import type { GatewayIdentity } from '@laba/domain/gateway-protocol';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { identityOf } from './gateway-identity.ts';
import { assignSpeakers, changeStatus, insertGateway, othersAt } from './gateway-store.ts';
import { findSite } from './grid-store.ts';
import { trustOf } from './key-store.ts';
import { devicePassword, secretHash } from './secret.ts';

type Needs = Pick<Deps, 'db' | 'clock' | 'ids' | 'config' | 'vault'>;

export interface DirectEnrolment {
  siteId: string;
  /** Raw Ed25519, base64url. */
  publicKey: string;
}

/** One active gateway per site, in the order given, all in one commit. @throws `not-found` for an unknown site; over HTTP never */
export async function enrolDirectly(deps: Needs, boxes: readonly DirectEnrolment[], act: Act): Promise<GatewayIdentity[]> {
  if (act.via === 'http') throw new LabaError('role-refused', 'Over HTTP a gateway is enrolled by a claim code and a confirmation.');
  const trustAt = await trustOf(deps.db);
  const ops: Op[] = [];
  const identities: GatewayIdentity[] = [];
  for (const { siteId, publicKey } of boxes) {
    const site = await findSite(deps.db, siteId);
    if (site === undefined) throw new LabaError('not-found', `There is no site ${siteId}.`);
    const gatewayId = deps.ids();
    const box = { gatewayId, siteId, gridCode: site.gridCode, password: devicePassword(deps.vault, gatewayId) };
    identities.push(await identityOf(deps, box, trustAt(site.gridCode)));
    ops.push(...(await enrolmentOps(deps, box, publicKey, act)));
  }
  await deps.db.atomically([...ops, ...act.once]);
  return identities;
}

async function enrolmentOps(
  deps: Needs,
  box: { gatewayId: string; siteId: string; gridCode: string; password: string },
  publicKey: string,
  act: Act,
): Promise<Op[]> {
  const { gatewayId, siteId, gridCode } = box;
  const replaced = await othersAt(deps.db, siteId, gatewayId);
  const told = { atMs: deps.clock.now(), who: act.who, via: act.via, gridCode };
  return [
    ...replaced.flatMap((other) => [
      changeStatus(other, ['claimed', 'active'], 'revoked'),
      ...record(deps.ids, { ...told, type: 'gateway.revoked', subjectId: other.id, data: { siteId, why: 'replaced' } }),
    ]),
    insertGateway({ id: gatewayId, siteId, gridCode, status: 'active', passwordHash: secretHash(box.password), publicKey, createdAtMs: told.atMs }),
    ...record(deps.ids, { ...told, type: 'gateway.claimed', subjectId: gatewayId, data: { siteId } }),
    assignSpeakers(siteId, gatewayId),
    ...record(deps.ids, { ...told, type: 'gateway.confirmed', subjectId: gatewayId, data: { siteId } }),
  ];
}
