// A free port outside the range of outgoing connections: while its server is dead, no client's own connection may sit on it.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Linux takes outgoing ports from 32768 on. A client that calls a dead server's port in that range may end up talking to itself. */
const RANGE = [12_000, 32_000] as const;
const TRIES = 50;

/** @throws when fifty tries found none free */
export async function quietPort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(...RANGE);
    if (await isFree(port)) return port;
  }
  throw new Error('No free port was found.');
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
