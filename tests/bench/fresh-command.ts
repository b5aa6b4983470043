// What a floor and a peer publish: the same bytes that the house would.
import { randomUUID } from 'node:crypto';
import type { SignedPayload } from '@laba/domain/gateway-protocol';
import { newKeyPair, seal, signingKey } from '@laba/messaging/envelope';
import { COUNTY } from './bench-county.ts';

/** A command as the house would sign it, so that the simulator does the same work. */
export function freshCommand(): string {
  const time = new Date(Date.now() + 3_600_000).toISOString();
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
    body: {
      action: 'play',
      purpose: 'alert',
      kind: 'order',
      level: null,
      order: 'move-now',
      eventCode: '11D00',
      texts: [],
      siren: false,
      playTimes: 1,
      intervalSeconds: 60,
      volume: 80,
      startTime: time,
      endTime: time,
      notAfter: time,
      quietHours: null,
      stopReason: null,
      areaCode: [COUNTY],
    },
  };
  return seal(payload, signingKey('bench', newKeyPair().privateKey));
}
