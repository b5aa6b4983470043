// Codes that are read out, typed and written on paper: forty bits, told once, kept as a keyed hash.
import { randomBytes } from 'node:crypto';

// Crockford's base 32: no I, L, O, U, so that a code survives a telephone and a keypad.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_CHARS = 8;

/** 40 bits as `7K3M-9QXT`. */
export function newSpokenCode(): string {
  const chars = [...randomBytes(CODE_CHARS)].map((byte) => ALPHABET[byte & 31]).join('');
  return `${chars.slice(0, 4)}-${chars.slice(4)}`;
}

/** What was typed, as the code is spelled: case, spaces, dashes and look-alikes do not matter. Undefined when it cannot be one. */
export function readSpokenCode(typed: string): string | undefined {
  const plain = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-‐-―]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (plain.length !== CODE_CHARS || [...plain].some((char) => !ALPHABET.includes(char))) return undefined;
  return `${plain.slice(0, 4)}-${plain.slice(4)}`;
}
