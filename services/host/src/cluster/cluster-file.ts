// What a cluster on one machine keeps about itself between starts: addresses that gateways were told, passwords of its engines.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freeLocalPort, isFreePort } from '@laba/engines/server-process';
import { writeDurably } from '@laba/runtime/durable-file';
import { z } from 'zod';

const port = z.number().int().min(1).max(65_535);
const secret = z.string().min(16);

const clusterFileSchema = z.object({
  postgresPort: port,
  postgresPassword: secret,
  redisPort: port,
  redisPassword: secret,
  brokerPort: port,
  brokerPassword: secret,
});
export type ClusterFile = z.infer<typeof clusterFileSchema>;

/**
 * Reads it, or makes it (mode 0600) with free ports and new passwords. A port that only the house knows gives way when somebody else has
 * taken it; the broker's is `brokerPort`, and with 0 stays what it was. @throws one line that says what to do when it is damaged
 */
export async function openClusterFile(dataDir: string, brokerPort: number): Promise<ClusterFile> {
  const file = join(dataDir, 'cluster.json');
  const before = existsSync(file) ? read(file) : undefined;
  const now: ClusterFile = {
    postgresPort: await sameOrFree(before?.postgresPort),
    postgresPassword: before?.postgresPassword ?? newSecret(),
    redisPort: await sameOrFree(before?.redisPort),
    redisPassword: before?.redisPassword ?? newSecret(),
    brokerPort: brokerPort || (before?.brokerPort ?? (await freeLocalPort())),
    brokerPassword: before?.brokerPassword ?? newSecret(),
  };
  writeDurably(file, `${JSON.stringify(now, null, 2)}\n`);
  return now;
}

async function sameOrFree(port: number | undefined): Promise<number> {
  return port !== undefined && (await isFreePort(port)) ? port : freeLocalPort();
}

const newSecret = () => randomBytes(24).toString('base64url');

function read(file: string): ClusterFile {
  try {
    return clusterFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new Error(`${file} is damaged: restore it, or name another folder with LABA_DATA.`);
  }
}
