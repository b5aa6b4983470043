// The county's key book on the wire: signed like a command, but of another type, and by the root key alone.
import { createHmac } from 'node:crypto';
import { LabaError } from '@laba/domain/errors';
import { keyBookSchema, type KeyBook } from '@laba/domain/gateway-protocol';
import { ENVELOPE_CHARS, signJws, takeApart, type SigningKey } from './jws.ts';

export type KeyBookRefusal = 'malformed' | 'unknown-key' | 'algorithm' | 'signature' | 'county';

const TYPE = 'laba+keys';

/** @throws when it does not fit its own schema; `too-large` beyond one packet */
export function sealKeyBook(book: KeyBook, key: SigningKey): string {
  const wire = signJws(TYPE, keyBookSchema.parse(book), key);
  if (wire.length > ENVELOPE_CHARS) throw new LabaError('too-large', `A key book of ${book.keys.length} keys is larger than devices take.`);
  return wire;
}

/** The same book for a device that knows no root yet, signed with a key that it trusts. @throws when the wire is no key book */
export function introduceKeyBook(wire: string, key: SigningKey): string {
  return sealKeyBook(readKeyBook(wire), key);
}

/** What a book says that needs no proof: this house's own. @throws when the wire is no key book */
export function readKeyBook(wire: string): KeyBook {
  return keyBookSchema.parse(takeApart(wire)?.content());
}

/** Whether these bytes say that they are a key book. */
export function isKeyBook(wire: string): boolean {
  return takeApart(wire)?.type === TYPE;
}

/** Whoever is not among the signers is not believed, whatever he writes about himself. Whether it is newer is the device's own question. */
export function openKeyBook(
  wire: string,
  signers: readonly { kid: string; publicKey: string }[],
  county: string,
): { book: KeyBook } | { refused: KeyBookRefusal } {
  const parts = takeApart(wire);
  if (parts?.type !== TYPE) return { refused: 'malformed' };
  const key = signers.find(({ kid }) => kid === parts.kid);
  if (key === undefined) return { refused: 'unknown-key' };
  if (parts.alg !== 'EdDSA') return { refused: 'algorithm' };
  if (!parts.isSignedBy(key)) return { refused: 'signature' };
  const parsed = keyBookSchema.safeParse(parts.content());
  if (!parsed.success) return { refused: 'malformed' };
  return parsed.data.aud === county ? { book: parsed.data } : { refused: 'county' };
}

/**
 * That this is the newest version, said to one gateway in answer to its own question, by somebody who knows its password: a stolen
 * signing key is not enough to keep a gateway at the book in which that key still stands.
 */
export function keyBookProof(password: string, nonce: string, version: number): string {
  return createHmac('sha256', password).update(`key-book\0${nonce}\0${version}`).digest('base64url');
}
