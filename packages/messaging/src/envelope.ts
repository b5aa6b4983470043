// The signed envelope: JWS compact serialisation (RFC 7515) with Ed25519 (RFC 8037), so that any JOSE library can check it.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { LabaError } from '@laba/domain/errors';
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

/** What fits into one MQTT packet beside its topic and headers. */
export const ENVELOPE_CHARS = LIMITS.mqttPacketBytes - 512;
const TYPE = 'laba+jws';

const b64 = (data: string | Buffer) => Buffer.from(data).toString('base64url');

export function newKeyPair(): FreshKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' });
  return { publicKey: jwk.x!, privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url') };
}

export function signingKey(kid: string, pkcs8: string): SigningKey {
  return { kid, privateKey: createPrivateKey({ key: Buffer.from(pkcs8, 'base64url'), format: 'der', type: 'pkcs8' }) };
}

/**
 * The bytes that go on the wire.
 * @throws when the payload does not fit its own schema: nothing malformed is ever signed; `too-large` beyond ENVELOPE_CHARS
 */
export function seal(payload: SignedPayload, key: SigningKey): string {
  const header = b64(JSON.stringify({ alg: 'EdDSA', kid: key.kid, typ: TYPE }));
  const body = b64(JSON.stringify(signedPayloadSchema.parse(payload)));
  const signature = sign(null, Buffer.from(`${header}.${body}`), key.privateKey);
  const wire = `${header}.${body}.${b64(signature)}`;
  if (wire.length > ENVELOPE_CHARS)
    throw new LabaError('too-large', `A signed ${payload.type} of ${wire.length} characters is larger than devices take (${ENVELOPE_CHARS}): split it.`);
  return wire;
}

const publicKeys = new WeakMap<TrustedKey, KeyObject>();

/** Undefined for a key that is no Ed25519 key: a device's faulty key book must not stop it. */
function publicKeyOf(key: TrustedKey): KeyObject | undefined {
  let object = publicKeys.get(key);
  if (object === undefined) {
    try {
      object = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey }, format: 'jwk' });
    } catch {
      return undefined;
    }
    publicKeys.set(key, object);
  }
  return object;
}

// Node reads base64url leniently: characters it does not know, and spare bits at the end, would make many wires of one message.
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return b64(bytes) === part ? bytes : undefined;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The three parts of a JWS in its only spelling, with the header's two names; undefined for anything else. */
function takeApart(wire: string): { alg: unknown; kid: string; signed: string; body: Buffer; signature: Buffer } | undefined {
  if (wire.length > ENVELOPE_CHARS) return undefined;
  const [head, text, mark, more] = wire.split('.', 4);
  if (head === undefined || text === undefined || mark === undefined || more !== undefined) return undefined;
  const [header, body, signature] = [decode(head), decode(text), decode(mark)];
  if (header === undefined || body === undefined || signature === undefined) return undefined;
  const named = parseJson(header) as { alg?: unknown; kid?: unknown; typ?: unknown; crit?: unknown } | null | undefined;
  // RFC 7515, 4.1.11: a header that must be understood and is not makes the whole JWS invalid.
  if (typeof named?.kid !== 'string' || named.typ !== TYPE || named.crit !== undefined) return undefined;
  return { alg: named.alg, kid: named.kid, signed: `${head}.${text}`, body, signature };
}

/**
 * Signature first, then the schema, the county, and whether that key may sign for this scope and mode.
 * The algorithm is the key's own; a header that names another one is refused, never followed.
 * Freshness, replay and area are the device's own questions, asked after this.
 */
export function open(wire: string, keys: readonly TrustedKey[], county: string): Opened {
  const parts = takeApart(wire);
  if (parts === undefined) return { refused: 'malformed' };
  const key = keys.find(({ kid }) => kid === parts.kid);
  const publicKey = key && publicKeyOf(key);
  if (key === undefined || publicKey === undefined) return { refused: 'unknown-key' };
  if (parts.alg !== 'EdDSA' || key.alg !== 'Ed25519') return { refused: 'algorithm' };
  if (!verify(null, Buffer.from(parts.signed), publicKey, parts.signature)) return { refused: 'signature' };
  const parsed = signedPayloadSchema.safeParse(parseJson(parts.body));
  if (!parsed.success) return { refused: 'malformed' };
  const payload = parsed.data;
  if (payload.aud !== county) return { refused: 'county' };
  if (!payload.scope.every((code) => isWithin(key.scope, code))) return { refused: 'key-scope' };
  if (!key.modes.includes(payload.mode)) return { refused: 'key-mode' };
  return { payload, kid: key.kid };
}
