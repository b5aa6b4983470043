// A letter is read by the house it is for, from the house that wrote it, as it was written; else not at all, and says why.
import { describe, expect, test } from 'vitest';
import { newKeyPair } from './envelope.ts';
import { namesOn, newSealKeyPair, readLetter, writeLetter } from './letter.ts';

function house() {
  const [signing, sealing] = [newKeyPair(), newSealKeyPair()];
  return { own: { signKey: signing.privateKey, sealKey: sealing.privateKey }, known: { signKey: signing.publicKey, sealKey: sealing.publicKey } };
}

const [village, county, stranger] = [house(), house(), house()];
const NAMES = { from: 'village', to: 'county' };
const CONTENT = { rows: Array.from({ length: 200 }, (_, i) => ['person', `p${i}`, { name: '普阿友', needs: ['bedridden'], atMs: 1_782_842_400_000 + i }]) };
const letter = writeLetter(CONTENT, NAMES, village.own, county.known);
const read = (given: Buffer, names = NAMES) => readLetter(given, names, county.own, village.known);

describe('a letter', () => {
  test('is read as it was written, and is small', () => {
    expect(read(letter)).toEqual({ content: CONTENT });
    expect(namesOn(letter)).toEqual(NAMES);
    expect(letter.length).toBeLessThan(JSON.stringify(CONTENT).length / 5);
    expect(letter.includes('普阿友')).toBe(false);
  });

  test('is two letters when it is written twice', () => {
    expect(writeLetter(CONTENT, NAMES, village.own, county.known).equals(letter)).toBe(false);
  });

  test('with any one byte changed, cut short or made longer is not read', () => {
    for (let at = 0; at < letter.length; at += Math.ceil(letter.length / 150)) {
      const altered = Buffer.from(letter);
      altered[at]! ^= 1;
      expect(read(altered), `byte ${at}`).toHaveProperty('refused');
    }
    for (const length of [0, 1, 50, letter.length - 1]) expect(read(letter.subarray(0, length)), `${length} bytes`).toHaveProperty('refused');
    expect(read(Buffer.concat([letter, Buffer.from([0])]))).toEqual({ refused: 'signature' });
  });

  test('of a stranger, for another house or under another name is refused by its name', () => {
    expect(read(writeLetter(CONTENT, NAMES, stranger.own, county.known))).toEqual({ refused: 'signature' });
    expect(read(writeLetter(CONTENT, { ...NAMES, to: 'other' }, village.own, county.known))).toEqual({ refused: 'addressee' });
    expect(read(writeLetter(CONTENT, { ...NAMES, from: 'other' }, village.own, county.known))).toEqual({ refused: 'sender' });
    expect(read(writeLetter(CONTENT, NAMES, village.own, stranger.known))).toEqual({ refused: 'altered' });
    expect(read(Buffer.from('hello\n'.repeat(50)))).toEqual({ refused: 'malformed' });
  });

  test('that would unfold to more than a house takes is refused', () => {
    const bomb = writeLetter('0'.repeat(40_000_000), NAMES, village.own, county.known);
    expect(bomb.length).toBeLessThan(100_000);
    expect(read(bomb)).toEqual({ refused: 'too-large' });
  });
});
