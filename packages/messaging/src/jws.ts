// The form of everything signed: JWS compact serialisation (RFC 7515) with Ed25519 (RFC 8037), in its only spelling.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
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

/** What fits into one MQTT packet beside its topic and headers. */
export const ENVELOPE_CHARS = LIMITS.mqttPacketBytes - 512;

const b64 = (data: string | Buffer) => Buffer.from(data).toString('base64url');

export function newKeyPair(): FreshKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' });
  return { publicKey: jwk.x!, privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url') };
}

export function signingKey(kid: string, pkcs8: string): SigningKey {
  return { kid, privateKey: createPrivateKey({ key: Buffer.from(pkcs8, 'base64url'), format: 'der', type: 'pkcs8' }) };
}

/** `type`: what is signed, so that one thing can never pass for another. */
export function signJws(type: string, content: unknown, key: SigningKey): string {
  const header = b64(JSON.stringify({ alg: 'EdDSA', kid: key.kid, typ: type }));
  const body = b64(JSON.stringify(content));
  const signature = sign(null, Buffer.from(`${header}.${body}`), key.privateKey);
  return `${header}.${body}.${b64(signature)}`;
}

/** The parts of a JWS, nothing of it proven yet. */
export interface Parts {
  type: string;
  alg: unknown;
  kid: string;
  content: () => unknown;
  isSignedBy: (key: PublicKey) => boolean;
}

/** Undefined for anything that is not a JWS in its only spelling. */
export function takeApart(wire: string): Parts | undefined {
  if (wire.length > ENVELOPE_CHARS) return undefined;
  const [head, text, mark, more] = wire.split('.', 4);
  if (head === undefined || text === undefined || mark === undefined || more !== undefined) return undefined;
  const [header, body, signature] = [decode(head), decode(text), decode(mark)];
  if (header === undefined || body === undefined || signature === undefined) return undefined;
  const named = parseJson(header) as { alg?: unknown; kid?: unknown; typ?: unknown; crit?: unknown } | null | undefined;
  // RFC 7515, 4.1.11: a header that must be understood and is not makes the whole JWS invalid.
  if (typeof named?.kid !== 'string' || typeof named.typ !== 'string' || named.crit !== undefined) return undefined;
  return {
    type: named.typ,
    alg: named.alg,
    kid: named.kid,
    content: () => parseJson(body),
    isSignedBy: (key) => {
      const publicKey = publicKeyOf(key);
      return publicKey !== undefined && verify(null, Buffer.from(`${head}.${text}`), publicKey, signature);
    },
  };
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

/** Raw, 32 bytes, base64url. */
export interface PublicKey {
  readonly publicKey: string;
}

const publicKeys = new WeakMap<PublicKey, KeyObject>();

/** Undefined for a key that is no Ed25519 key: a faulty key book must not stop a device. */
export function publicKeyOf(key: PublicKey): KeyObject | undefined {
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
