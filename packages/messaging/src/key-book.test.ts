// The signed key book: nobody but the root signs it, and it can never pass for a command.
import { describe, expect, it } from 'vitest';
import type { KeyBook, TrustedKey } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { newKeyPair, open, signingKey } from './envelope.ts';
import { signJws, ENVELOPE_CHARS } from './jws.ts';
import { introduceKeyBook, isKeyBook, keyBookProof, openKeyBook, readKeyBook, sealKeyBook } from './key-book.ts';

const COUNTY = '533324';
const pair = newKeyPair();
const root = signingKey('533324-root', pair.privateKey);
const signers = [{ kid: root.kid, publicKey: pair.publicKey }];
const trusted = (kid: string): TrustedKey => ({ kid, alg: 'Ed25519', publicKey: newKeyPair().publicKey, scope: COUNTY, modes: ['live'] });
const book = (more: Partial<KeyBook> = {}): KeyBook => ({
  aud: COUNTY,
  version: 7,
  issuedAt: '2026-07-01T00:00:00.000Z',
  root: signers[0]!,
  keys: [trusted(`${COUNTY}-live`)],
  ...more,
});

describe('a key book', () => {
  it('is read as it was signed, by who knows the root', () => {
    const written = book();
    const wire = sealKeyBook(written, root);
    expect(isKeyBook(wire)).toBe(true);
    expect(openKeyBook(wire, signers, COUNTY)).toEqual({ book: written });
    expect(readKeyBook(wire)).toEqual(written);
  });

  it.each<[string, string, string]>([
    ['malformed', 'something else', 'not a JWS'],
    [
      'malformed',
      sealKeyBook(book(), root).replace(/^[^.]+/, Buffer.from('{"alg":"EdDSA","kid":"533324-root","typ":"laba+jws"}').toString('base64url')),
      'a command’s header',
    ],
    ['malformed', signJws('laba+keys', { ...book(), version: 0 }, root), 'version 0'],
    ['malformed', signJws('laba+keys', { ...book(), keys: [] }, root), 'no keys'],
    ['unknown-key', sealKeyBook(book(), signingKey('another', pair.privateKey)), 'another signer'],
    [
      'unknown-key',
      sealKeyBook(book({ root: { kid: 'thief', publicKey: pair.publicKey } }), signingKey('thief', newKeyPair().privateKey)),
      'a signer that names itself root',
    ],
    ['signature', sealKeyBook(book(), signingKey(root.kid, newKeyPair().privateKey)), 'the root’s name alone'],
    [
      'algorithm',
      sealKeyBook(book(), root).replace(/^[^.]+/, Buffer.from('{"alg":"none","kid":"533324-root","typ":"laba+keys"}').toString('base64url')),
      'no algorithm',
    ],
    ['county', sealKeyBook(book({ aud: '533321' }), root), 'another county'],
  ])('is refused as %s', (reason, wire) => {
    expect(openKeyBook(wire, signers, COUNTY)).toEqual({ refused: reason });
  });

  it('is refused wherever a character is altered', () => {
    const wire = sealKeyBook(book(), root);
    for (let i = 0; i < wire.length; i += 7) {
      const altered = `${wire.slice(0, i)}${wire[i] === 'A' ? 'B' : 'A'}${wire.slice(i + 1)}`;
      if (altered !== wire) expect(openKeyBook(altered, signers, COUNTY)).toHaveProperty('refused');
    }
  });

  it('is no command, also signed with a key that commands, and a command is no book', () => {
    const live = newKeyPair();
    const key = { ...trusted('live'), publicKey: live.publicKey };
    expect(open(introduceKeyBook(sealKeyBook(book(), root), signingKey('live', live.privateKey)), [key], COUNTY)).toEqual({ refused: 'malformed' });
    expect(isKeyBook(signJws('laba+jws', book(), root))).toBe(false);
  });

  it('fits into one packet when it is full', () => {
    const keys = Array.from({ length: LIMITS.keysInBook }, (_, i) => ({
      ...trusted(`53332410020101-drill-${i}`),
      scope: '53332410020101',
      modes: ['drill' as const, 'test' as const],
    }));
    expect(sealKeyBook(book({ keys }), root).length).toBeLessThan(ENVELOPE_CHARS);
  });
});

it('a proof is of this password, this question and this version alone', () => {
  const proofs = [keyBookProof('a', 'n', 1), keyBookProof('b', 'n', 1), keyBookProof('a', 'm', 1), keyBookProof('a', 'n', 2), keyBookProof('a', 'n\0', 1)];
  expect(new Set(proofs).size).toBe(proofs.length);
  expect(keyBookProof('a', 'n', 1)).toBe(proofs[0]);
});
