// What a floor and a peer publish: the same bytes that the house would.
import { randomUUID } from 'node:crypto';
import type { SignedPayload } from '@laba/domain/gateway-protocol';
import { newKeyPair, seal, signingKey } from '@laba/messaging/envelope';
import { playOrder } from '../harness/play-order.ts';
import { COUNTY } from './bench-county.ts';

/** A command as the house would sign it, so that the simulator does the same work. */
export function freshCommand(): string {
  const payload: SignedPayload = {
    type: 'command',
    aud: COUNTY,
    mode: 'test',
    commandId: 'echo',
    alertId: randomUUID(),
    revision: 1,
    seq: 1,
    iat: Date.now() / 1000,
    exp: Date.now() / 1000 + 3_600,
    scope: [COUNTY],
    body: playOrder(COUNTY, Date.now(), { texts: [], siren: false, playTimes: 1 }),
  };
  return seal(payload, signingKey('bench', newKeyPair().privateKey));
}
