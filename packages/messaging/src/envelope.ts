// The signed envelope: JWS compact serialisation (RFC 7515) with Ed25519 (RFC 8037), so that any JOSE library can check it.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { signedPayloadSchema, type SignedPayload, type TrustedKey } from '@laba/domain/gateway-protocol';
import { isWithin } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
}

export interface FreshKeyPair {
  /** Raw, 32 bytes, base64url. */
  publicKey: string;
  /** PKCS 8 DER, base64url. */
  privateKey: string;
}

/** Why a device refuses, as it stands in its report. */
export type EnvelopeRefusal = 'malformed' | 'unknown-key' | 'algorithm' | 'signature' | 'county' | 'key-scope' | 'key-mode';

export type Opened = { payload: SignedPayload; kid: string } | { refused: EnvelopeRefusal };

const b64 = (data: string | Buffer) => Buffer.from(data).toString('base64url');

export function newKeyPair(): FreshKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' });
  return { publicKey: jwk.x!, privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url') };
}

export function signingKey(kid: string, pkcs8: string): SigningKey {
  return { kid, privateKey: createPrivateKey({ key: Buffer.from(pkcs8, 'base64url'), format: 'der', type: 'pkcs8' }) };
}

/** The bytes that go on the wire. @throws when the payload does not fit its own schema: nothing malformed is ever signed. */
export function seal(payload: SignedPayload, key: SigningKey): string {
  const header = b64(JSON.stringify({ alg: 'EdDSA', kid: key.kid, typ: 'laba+jws' }));
  const body = b64(JSON.stringify(signedPayloadSchema.parse(payload)));
  const signature = sign(null, Buffer.from(`${header}.${body}`), key.privateKey);
  return `${header}.${body}.${b64(signature)}`;
}

const publicKeys = new WeakMap<TrustedKey, KeyObject>();

function publicKeyOf(key: TrustedKey): KeyObject {
  let object = publicKeys.get(key);
  if (object === undefined) {
    object = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey }, format: 'jwk' });
    publicKeys.set(key, object);
  }
  return object;
}

function parseJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Signature first, then the schema, the county, and whether that key may sign for this scope and mode.
 * The algorithm is the key's own; a header that names another one is refused, never followed.
 * Freshness, replay and area are the device's own questions, asked after this.
 */
export function open(wire: string, keys: readonly TrustedKey[], county: string): Opened {
  if (wire.length > LIMITS.mqttPacketBytes) return { refused: 'malformed' };
  const [head, body, signature, more] = wire.split('.');
  if (head === undefined || body === undefined || signature === undefined || more !== undefined) return { refused: 'malformed' };
  const header = parseJson(head) as { alg?: unknown; kid?: unknown } | undefined;
  if (typeof header?.kid !== 'string') return { refused: 'malformed' };
  const key = keys.find((candidate) => candidate.kid === header.kid);
  if (key === undefined) return { refused: 'unknown-key' };
  if (header.alg !== 'EdDSA' || key.alg !== 'Ed25519') return { refused: 'algorithm' };
  if (!verify(null, Buffer.from(`${head}.${body}`), publicKeyOf(key), Buffer.from(signature, 'base64url'))) return { refused: 'signature' };
  const parsed = signedPayloadSchema.safeParse(parseJson(body));
  if (!parsed.success) return { refused: 'malformed' };
  const payload = parsed.data;
  if (payload.aud !== county) return { refused: 'county' };
  if (!payload.scope.every((code) => isWithin(key.scope, code))) return { refused: 'key-scope' };
  if (!key.modes.includes(payload.mode)) return { refused: 'key-mode' };
  return { payload, kid: key.kid };
}
