// What the tests of PostgreSQL share: waiting, looking in from outside, and a line that loses answers.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';
import { findPostgres } from '@laba/engines/postgres-server';

export const isHere = findPostgres() !== undefined;
if (!isHere && process.env['LABA_REQUIRE']?.split(',').includes('postgres')) throw new Error('PostgreSQL is required and is not installed.');

/** How the tests' shared server is opened. */
export const OPEN = { mayLoseCommits: true };

/** Until `look` holds. */
export async function until(look: () => boolean | Promise<boolean>, patienceMs = 20_000): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!(await look())) {
    if (performance.now() > giveUpAt) throw new Error('It did not come about.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const changed = (url: string, change: (url: URL) => void): string => {
  const copy = new URL(url);
  change(copy);
  return copy.href;
};

export async function committing(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active' AND datname = current_database()`,
  );
  await client.end();
  return rows[0]!.n;
}

/** A line to the server that can lose the answer to the next COMMIT. */
export async function cuttingLine(url: string) {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let [isArmed, isRefusing, cuts] = [false, false, 0];
  const line = createServer((near) => {
    if (isRefusing) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    let isCut = false;
    near.on('data', (chunk: Buffer) => {
      if (isArmed && chunk.includes('COMMIT')) {
        [isArmed, isCut] = [false, true];
        cuts++;
        // Long enough for the commit itself.
        setTimeout(() => near.destroy(), 200);
      }
      far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => void (isCut || near.write(chunk)));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  return {
    url: changed(url, (copy) => (copy.port = String((line.address() as AddressInfo).port))),
    cutAtCommit: () => (isArmed = true),
    refuse: () => (isRefusing = true),
    cuts: () => cuts,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => line.close(resolve));
    },
  };
}

export async function waitingFor(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  );
  await client.end();
  return rows[0]!.n;
}
