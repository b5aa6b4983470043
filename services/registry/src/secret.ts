// Secrets that leave the house once and are kept only as hashes.
import { createHash, randomBytes } from 'node:crypto';
import { DEVICE_PASSWORD, type Vault } from '@laba/runtime/vault';

// Crockford's base 32: no I, L, O, U, so that a code survives a telephone and a keypad.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_CHARS = 8;

/** 256 bits, base64url, 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What a gateway or sensor says to the broker: 256 bits, base64url, made of its id and the house's secret. So a broker of its own that
 * lost its accounts can be told them again, and a stolen database holds no password.
 */
export function devicePassword(vault: Vault, deviceId: string): string {
  return vault.hash(DEVICE_PASSWORD, deviceId);
}

/** SHA-256, hex: enough for secrets of 256 bits. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** 40 bits as `7K3M-9QXT`. */
export function newClaimCode(): string {
  const chars = [...randomBytes(CODE_CHARS)].map((byte) => ALPHABET[byte & 31]).join('');
  return `${chars.slice(0, 4)}-${chars.slice(4)}`;
}

/** What was typed, as the code is spelled: case, spaces, dashes and look-alikes do not matter. Undefined when it cannot be one. */
export function readClaimCode(typed: string): string | undefined {
  const plain = typed.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (plain.length !== CODE_CHARS || [...plain].some((char) => !ALPHABET.includes(char))) return undefined;
  return `${plain.slice(0, 4)}-${plain.slice(4)}`;
}

/** Sixteen hex digits of a public key in fours: what the box shows and the officer compares. */
export function fingerprint(publicKey: string): string {
  return secretHash(publicKey).slice(0, 16).match(/.{4}/g)!.join(' ');
}
