// The signed envelope of commands and answers, so that any JOSE library can check it.
import { LabaError } from '@laba/domain/errors';
import { signedPayloadSchema, type SignedPayload, type TrustedKey } from '@laba/domain/gateway-protocol';
import { isWithin } from '@laba/domain/grid';
import { ENVELOPE_CHARS, publicKeyOf, signJws, takeApart, type SigningKey } from './jws.ts';

export { ENVELOPE_CHARS, newKeyPair, signingKey, type FreshKeyPair, type SigningKey } from './jws.ts';

/** Why a device refuses, as it stands in its report. */
export type EnvelopeRefusal = 'malformed' | 'unknown-key' | 'algorithm' | 'signature' | 'county' | 'key-scope' | 'key-mode';

export type Opened = { payload: SignedPayload; kid: string } | { refused: EnvelopeRefusal };

const TYPE = 'laba+jws';

/**
 * The bytes that go on the wire.
 * @throws when the payload does not fit its own schema: nothing malformed is ever signed; `too-large` beyond ENVELOPE_CHARS
 */
export function seal(payload: SignedPayload, key: SigningKey): string {
  const wire = signJws(TYPE, signedPayloadSchema.parse(payload), key);
  if (wire.length > ENVELOPE_CHARS)
    throw new LabaError('too-large', `A signed ${payload.type} of ${wire.length} characters is larger than devices take (${ENVELOPE_CHARS}): split it.`);
  return wire;
}

/**
 * Signature first, then the schema, the county, and whether that key may sign for this scope and mode.
 * The algorithm is the key's own; a header that names another one is refused, never followed.
 * Freshness, replay and area are the device's own questions, asked after this.
 */
export function open(wire: string, keys: readonly TrustedKey[], county: string): Opened {
  const parts = takeApart(wire);
  if (parts?.type !== TYPE) return { refused: 'malformed' };
  const key = keys.find(({ kid }) => kid === parts.kid);
  if (key === undefined || publicKeyOf(key) === undefined) return { refused: 'unknown-key' };
  if (parts.alg !== 'EdDSA' || key.alg !== 'Ed25519') return { refused: 'algorithm' };
  if (!parts.isSignedBy(key)) return { refused: 'signature' };
  const parsed = signedPayloadSchema.safeParse(parts.content());
  if (!parsed.success) return { refused: 'malformed' };
  const payload = parsed.data;
  if (payload.aud !== county) return { refused: 'county' };
  if (!payload.scope.every((code) => isWithin(key.scope, code))) return { refused: 'key-scope' };
  if (!key.modes.includes(payload.mode)) return { refused: 'key-mode' };
  return { payload, kid: key.kid };
}
