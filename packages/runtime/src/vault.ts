// Secrets at rest: personal data and private keys as AES-256-GCM ciphertext, look-ups by keyed hash.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { makeDurably } from './durable-file.ts';

const VERSION = 'v1';
/** The purpose under which a device's id becomes its password at the broker. */
export const DEVICE_PASSWORD = 'device-password';

export class Vault {
  // Key objects: bytes would be taken for a key anew at every use, which costs six times what it is used for.
  readonly #cipherKey: KeyObject;
  readonly #hashKey: KeyObject;

  /** `master`: 32 bytes. */
  constructor(master: Buffer) {
    if (master.length !== 32) throw new Error('The secret file must hold 32 bytes.');
    const key = (purpose: string) => createSecretKey(Buffer.from(hkdfSync('sha256', master, '', purpose, 32)));
    this.#cipherKey = key('laba cipher');
    this.#hashKey = key('laba hash');
  }

  /** Reads the secret file, or makes it (mode 0600) when it does not exist: whole on the disk before anything is encrypted with it. */
  static open(file: string): Vault {
    if (!existsSync(file)) makeDurably(file, randomBytes(32));
    return new Vault(readFileSync(file));
  }

  encrypt(plain: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#cipherKey, iv);
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  /** @throws when the text was altered or belongs to another secret. */
  decrypt(text: string): string {
    const [version, body] = text.split('.');
    if (version !== VERSION || body === undefined) throw new Error('Unknown ciphertext version.');
    const bytes = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.#cipherKey, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  }

  /** Keyed hash, base64url, 43 characters: the same input always gives the same hash, and only here. */
  hash(purpose: string, text: string): string {
    return createHmac('sha256', this.#hashKey).update(`${purpose}\0${text}`).digest('base64url');
  }
}

/** Compares two secrets in constant time. */
export function sameSecret(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
