// The box's identity on its disk: what the county gave it, and its own private key. Only its owner may read it.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayIdentitySchema, type GatewayIdentity } from '@laba/domain/gateway-protocol';
import { writeDurably } from '@laba/runtime/durable-file';

const FILE = 'identity.json';

/** @throws an error of one line that says what is wrong with the file */
export function readIdentity(dir: string): GatewayIdentity {
  const file = join(dir, FILE);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as Error).message}); claim the gateway first.`);
  }
  const parsed = gatewayIdentitySchema.safeParse(content);
  if (!parsed.success) throw new Error(`${file} is no gateway identity: ${parsed.error.issues[0]!.path.join('.')} ${parsed.error.issues[0]!.message}`);
  return parsed.data;
}

/** `privateKey`: PKCS 8, base64url. Mode 0600, whole or not at all. */
export function writeIdentity(dir: string, identity: GatewayIdentity, privateKey: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeDurably(join(dir, FILE), JSON.stringify({ ...identity, privateKey }, null, 2));
}
