// The reverse proxy of the clustered profile on one machine: Debian's nginx with a configuration made for it.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findServer, startServer, type ServerProcess } from './server-process.ts';

/** Where nginx is, or undefined. */
export function findProxy(): string | undefined {
  return findServer('nginx');
}

/**
 * Starts nginx in the foreground. `conf` names every folder it writes to; `url` is asked until something answers there.
 * @throws one line when nginx is not installed or refuses the configuration
 */
export async function startProxy({ dir, conf, url }: { dir: string; conf: string; url: string }): Promise<ServerProcess> {
  const program = findProxy();
  if (program === undefined) throw new Error('nginx is not installed: apt-get install nginx');
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'nginx.conf');
  writeFileSync(file, conf);
  // Its workers are another user when root starts it.
  chmodSync(dir, 0o711);
  return startServer({
    name: 'nginx',
    command: program,
    args: ['-c', file, '-p', dir],
    dir,
    stopSignal: 'SIGQUIT',
    endsWithStarter: true,
    // Any answer will do: the services behind it may still be starting.
    answers: async () => (await fetch(url, { signal: AbortSignal.timeout(1_000) })).status > 0,
  });
}
