// A new box says who it is: it makes its own key, shows the claim code once, and keeps what the county answers.
import { LabaError, ERRORS, type ErrorCode } from '@laba/domain/errors';
import { gatewayIdentitySchema, type GatewayIdentity } from '@laba/domain/gateway-protocol';
import { newKeyPair } from '@laba/messaging/envelope';
import { fingerprint } from '@laba/messaging/fingerprint';
import { writeIdentity } from './identity-file.ts';

export interface Claim {
  /** `http://host:port` of the county. */
  countyUrl: string;
  /** Single use, 15 minutes. */
  code: string;
  /** Where `identity.json` is written, mode 0600. */
  dir: string;
}

/** `fingerprint`: of the new key, for the officer who confirms. @throws `claim-invalid` and whatever else the county answers; an error of one line when it cannot be reached */
export async function claimGateway(claim: Claim): Promise<GatewayIdentity & { fingerprint: string }> {
  const pair = newKeyPair();
  const response = await fetch(new URL('/api/v1/gateways/claim', claim.countyUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': pair.publicKey },
    body: JSON.stringify({ code: claim.code, publicKey: pair.publicKey }),
  });
  const answer = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  if (!response.ok) throw refusalOf(response.status, answer);
  const identity = gatewayIdentitySchema.parse(answer);
  writeIdentity(claim.dir, identity, pair.privateKey);
  return { ...identity, fingerprint: fingerprint(pair.publicKey) };
}

function refusalOf(status: number, problem: { code?: string; detail?: string }): Error {
  const code = problem.code ?? '';
  if (code in ERRORS) return new LabaError(code as ErrorCode, problem.detail);
  return new Error(`The county answered ${status}: ${problem.detail ?? 'no reason given'}.`);
}
