// A letter between two houses: made small, readable for one of them only, signed by the other; the same over a thin line or on a USB stick.
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { LIMITS } from '@laba/domain/limits';
import type { FreshKeyPair } from './envelope.ts';

/** Which house wrote, and to which. */
export interface Names {
  from: string;
  to: string;
}

/** Ed25519 to sign and X25519 to open; private: PKCS 8 DER, base64url. */
export interface OwnKeys {
  signKey: string;
  sealKey: string;
}

/** The same two of the other house: raw, base64url. */
export interface TheirKeys {
  signKey: string;
  sealKey: string;
}

/** Why a letter is not read. */
export type LetterRefusal = 'malformed' | 'addressee' | 'sender' | 'signature' | 'altered' | 'too-large';

export type Read = { content: unknown } | { refused: LetterRefusal };

const FORM = 'laba-letter-1';
const SIGNATURE_BYTES = 64;
const TAG_BYTES = 16;

/** An X25519 pair, in the shapes of `newKeyPair`. */
export function newSealKeyPair(): FreshKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return { publicKey: publicKey.export({ format: 'jwk' }).x!, privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url') };
}

/**
 * First line: names and the key of this one letter; then the signature over all the rest; then what only the addressee can read.
 * @param content anything that JSON can carry
 */
export function writeLetter(content: unknown, names: Names, own: OwnKeys, their: TheirKeys): Buffer {
  const once = generateKeyPairSync('x25519');
  const head = Buffer.from(`${JSON.stringify({ form: FORM, from: names.from, to: names.to, key: once.publicKey.export({ format: 'jwk' }).x })}\n`);
  const small = brotliCompressSync(JSON.stringify(content), { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  const { key, iv } = letterKey(once.privateKey, publicKey('X25519', their.sealKey), head);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(head);
  const body = Buffer.concat([cipher.update(small), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([head, sign(null, Buffer.concat([head, body]), privateKey(own.signKey)), body]);
}

/** Who says that he wrote it, before anything is proven: to find his keys. */
export function namesOn(letter: Buffer): Names | undefined {
  return takeApart(letter)?.names;
}

/** Signature first, then what is inside. */
export function readLetter(letter: Buffer, names: Names, own: OwnKeys, their: TheirKeys): Read {
  const parts = takeApart(letter);
  if (parts === undefined) return { refused: 'malformed' };
  if (parts.names.to !== names.to) return { refused: 'addressee' };
  if (parts.names.from !== names.from) return { refused: 'sender' };
  try {
    if (!verify(null, Buffer.concat([parts.head, parts.body]), publicKey('Ed25519', their.signKey), parts.signature)) return { refused: 'signature' };
    const { key, iv } = letterKey(privateKey(own.sealKey), publicKey('X25519', parts.key), parts.head);
    const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(parts.head).setAuthTag(parts.body.subarray(-TAG_BYTES));
    const small = Buffer.concat([decipher.update(parts.body.subarray(0, -TAG_BYTES)), decipher.final()]);
    return { content: JSON.parse(brotliDecompressSync(small, { maxOutputLength: LIMITS.letterBytes }).toString('utf8')) };
  } catch (error) {
    return { refused: (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'altered' };
  }
}

/** Every letter has a key of its own; the first line is bound into it. */
function letterKey(own: KeyObject, their: KeyObject, head: Buffer): { key: Buffer; iv: Buffer } {
  const drawn = Buffer.from(hkdfSync('sha256', diffieHellman({ privateKey: own, publicKey: their }), '', Buffer.concat([Buffer.from(FORM), head]), 44));
  return { key: drawn.subarray(0, 32), iv: drawn.subarray(32) };
}

const publicKey = (crv: 'Ed25519' | 'X25519', x: string) => createPublicKey({ key: { kty: 'OKP', crv, x }, format: 'jwk' });
const privateKey = (pkcs8: string) => createPrivateKey({ key: Buffer.from(pkcs8, 'base64url'), format: 'der', type: 'pkcs8' });

interface Parts {
  names: Names;
  key: string;
  head: Buffer;
  signature: Buffer;
  body: Buffer;
}

function takeApart(letter: Buffer): Parts | undefined {
  const end = letter.subarray(0, LIMITS.letterHeadBytes).indexOf(0x0a) + 1;
  if (end === 0 || letter.length < end + SIGNATURE_BYTES + TAG_BYTES) return undefined;
  const head = letter.subarray(0, end);
  try {
    const { form, from, to, key } = JSON.parse(head.toString('utf8')) as Record<string, unknown>;
    if (form !== FORM || typeof from !== 'string' || typeof to !== 'string' || typeof key !== 'string') return undefined;
    return { names: { from, to }, key, head, signature: letter.subarray(end, end + SIGNATURE_BYTES), body: letter.subarray(end + SIGNATURE_BYTES) };
  } catch {
    return undefined;
  }
}
