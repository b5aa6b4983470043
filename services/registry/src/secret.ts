// Secrets that leave the house once and are kept only as hashes.
import { createHash, randomBytes } from 'node:crypto';
import { DEVICE_PASSWORD, type Vault } from '@laba/runtime/vault';

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
