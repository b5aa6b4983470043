// What two people read to each other to know that they speak of the same key.
import { createHash } from 'node:crypto';

/** Sixteen hex digits of a public key in fours: what a box shows and an officer compares. */
export function fingerprint(publicKey: string): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 16).match(/.{4}/g)!.join(' ');
}
