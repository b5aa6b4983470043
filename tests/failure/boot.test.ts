// Wrong settings of the clustered profile: clear at the start in one line, or visible on the running house; never a password, never a stack.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startMosquitto } from '@laba/engines/mosquitto-server';
import { startPostgres, type PostgresServer } from '@laba/engines/postgres-server';
import { startRedis, type RedisServer } from '@laba/engines/redis-server';
import { freeLocalPort } from '@laba/engines/server-process';
import { writeHouseFile } from '@laba/host/house-file';
import { Vault } from '@laba/runtime/vault';
import { command } from '@laba/storage/postgres.test-kit';
import { FakeTime, forgetFakeTimeOf } from '../harness/fake-time.ts';
import { isInstalled } from '../harness/installed.ts';
import { begin, laba, type Running } from '../harness/terminal.ts';

const has = isInstalled('pg_dump', 'postgres') && isInstalled('redis-server', 'redis') && isInstalled('mosquitto', 'mosquitto');
const COUNTY = '533324';
const WRONG = 'not-the-right-word';

describe.skipIf(!has)('a clustered house that is set up wrongly', () => {
  let dir: string;
  let home: string;
  let postgres: PostgresServer;
  let redis: RedisServer;
  let broker: ChildProcess;
  let brokerPort: number;
  let port: number;
  const running: Running[] = [];

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-boot-'));
    home = folderOf('home', COUNTY);
    brokerPort = await freeLocalPort();
    [postgres, redis] = await Promise.all([startPostgres({ dir: join(dir, 'pg') }), startRedis({ dir: join(dir, 'redis') })]);
    broker = spawn('mosquitto', ['-p', String(brokerPort)], { stdio: 'ignore' });
  });
  afterEach(async () => {
    for (const one of running.splice(0)) {
      one.child.kill('SIGKILL');
      await one.ended;
    }
  });
  afterAll(async () => {
    broker?.kill('SIGKILL');
    await Promise.all([postgres?.stop(), redis?.stop()]);
    rmSync(dir, { recursive: true, force: true });
  });

  function folderOf(name: string, county: string): string {
    const folder = join(dir, name);
    mkdirSync(folder);
    Vault.open(join(folder, 'secret.key'));
    writeHouseFile(folder, { county, demo: false, ready: true });
    return folder;
  }

  const settings = async (change: Record<string, string> = {}) => {
    port = await freeLocalPort();
    return {
      LABA_PROFILE: 'clustered',
      LABA_DATA: home,
      LABA_PORT: String(port),
      LABA_LOG_LEVEL: 'error',
      LABA_DATABASE_URL: postgres.url,
      LABA_REDIS_URL: redis.url,
      LABA_BROKER_URL: `mqtt://127.0.0.1:${brokerPort}`,
      ...change,
    };
  };
  const changed = (url: string, change: (url: URL) => unknown) => {
    const copy = new URL(url);
    change(copy);
    return copy.href;
  };
  /** Whatever is in there that nobody may read in a log. */
  const secretsIn = () => [new URL(postgres.url).password, new URL(redis.url).password, WRONG];
  const isClean = (text: string) => {
    for (const secret of secretsIn()) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/\n\s+at /);
  };
  const refused = async (change: Record<string, string>, words: RegExp) => {
    const said = await laba(await settings(change), 'start');
    const lines = `${said.out}${said.err}`.trim().split('\n');
    expect(lines).toEqual([expect.stringMatching(words)]);
    expect(said.code).toBe(1);
    isClean(lines.join('\n'));
  };
  const start = async (change: Record<string, string> = {}) => {
    const house = begin(await settings(change), 'start');
    running.push(house);
    return house;
  };
  const readyz = () =>
    fetch(`http://127.0.0.1:${port}/readyz`)
      .then((response) => response.json() as Promise<{ degraded: string[] }>)
      .then(
        (body) => body.degraded.join('\n'),
        () => 'no answer',
      );
  const emptyDatabase = async (name: string) => {
    await command(postgres.url, `CREATE DATABASE ${name}`);
    return changed(postgres.url, (url) => (url.pathname = `/${name}`));
  };

  it.each<[string, () => Record<string, string>, RegExp]>([
    [
      'the database, a wrong password',
      () => ({ LABA_DATABASE_URL: changed(postgres.url, (url) => (url.password = WRONG)) }),
      /refused the user "laba".*check the user and the password/,
    ],
    [
      'the database, a name that is not there',
      () => ({ LABA_DATABASE_URL: changed(postgres.url, (url) => (url.pathname = '/nowhere')) }),
      /no database "nowhere": create it/,
    ],
    ['the database, TLS where there is none', () => ({ LABA_DATABASE_URL: `${postgres.url}?sslmode=require` }), /do not agree on TLS.*sslmode/],
    [
      'Redis, a wrong password',
      () => ({ LABA_REDIS_URL: changed(redis.url, (url) => (url.password = WRONG)) }),
      /LABA_REDIS_URL: .*refuses this user or password/,
    ],
    [
      'Redis, TLS where there is none',
      () => ({ LABA_REDIS_URL: redis.url.replace('redis:', 'rediss:') }),
      /LABA_REDIS_URL: .*does not speak TLS: begin the address with redis:/,
    ],
    ['Redis, an address that is no Redis', () => ({ LABA_REDIS_URL: `redis://127.0.0.1:${postgres.port}/0` }), /LABA_REDIS_URL: /],
    ['a mixture of profiles', () => ({ LABA_PROFILE: 'embedded' }), /is for LABA_PROFILE=clustered/],
    ['an engine that is not named', () => ({ LABA_BROKER_URL: '' }), /LABA_BROKER_URL is not set/],
    ['an address of another kind', () => ({ LABA_DATABASE_URL: 'mysql://127.0.0.1/laba' }), /LABA_DATABASE_URL: must be an address that begins with postgres/],
  ])('%s: one line, exit code 1', (_, change, words) => refused(change(), words));

  it('Redis with a policy that drops jobs is refused with the command that mends it', async () => {
    const lru = await startRedis({ dir: join(dir, 'lru'), settings: { 'maxmemory-policy': 'allkeys-lru' } });
    try {
      await refused({ LABA_REDIS_URL: lru.url }, /allkeys-lru.*redis-cli config set maxmemory-policy noeviction/);
    } finally {
      await lru.stop();
    }
  });

  it('Redis that is the copy of another is refused with what to name instead', async () => {
    const { port: primary, password } = new URL(redis.url);
    const copy = await startRedis({ dir: join(dir, 'copy'), settings: { replicaof: `127.0.0.1 ${primary}`, masterauth: password } });
    try {
      await refused({ LABA_REDIS_URL: copy.url }, /is a replica and takes no writes; name its primary/);
    } finally {
      await copy.stop();
    }
  });

  it('a broker that refuses the password is said on the running house within a minute', async () => {
    const accounts = await startMosquitto({ dir: join(dir, 'mosquitto'), county: COUNTY, adminPassword: 'the right word of sixteen' });
    try {
      const house = await start({ LABA_BROKER_URL: changed(accounts.url, (url) => (url.password = WRONG)), LABA_LOG_LEVEL: 'warn' });
      await expect.poll(readyz, { timeout: 60_000, interval: 500 }).toMatch(/broker: .*(password|account|refuse)/i);
      isClean(house.said());
    } finally {
      await accounts.stop();
    }
  });

  it.skipIf(!isInstalled('faketime', 'faketime'))(
    'a machine whose clock is apart from the database is said on the running house within a minute, and no longer when it is set right',
    async () => {
      const time = new FakeTime(join(dir, 'clock'));
      time.jumpTo('+90s');
      const house = await start({ ...time.env, LABA_LOG_LEVEL: 'warn' });
      await expect.poll(readyz, { timeout: 60_000, interval: 500 }).toMatch(/clock: this machine is (89|90|91) s ahead of the database's; set both by NTP/);
      time.jumpTo('+0s');
      await expect.poll(readyz, { timeout: 70_000, interval: 500 }).not.toContain('clock:');
      house.child.kill('SIGKILL');
      await house.ended;
      forgetFakeTimeOf(house.child.pid);
    },
  );

  it('a database of another county, or of another secret, is refused before anything is written', async () => {
    const first = await start();
    await expect.poll(() => first.said(), { timeout: 60_000 }).toContain('ready in');
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    await refused({ LABA_DATA: folderOf('other-county', '530102') }, /holds county 533324, not 530102/);
    await refused({ LABA_DATA: folderOf('other-secret', COUNTY) }, /written with another secret.*secret\.key/);
  });

  it('a schema that a newer Laba made is refused', async () => {
    const url = await emptyDatabase('newer');
    const first = await start({ LABA_DATABASE_URL: url });
    await expect.poll(() => first.said(), { timeout: 60_000 }).toContain('ready in');
    first.child.kill('SIGTERM');
    await first.ended;
    await command(url, `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('x', 9999999999999)`);
    await refused({ LABA_DATABASE_URL: url }, /written by a newer Laba.*Start the newer version/);
  });

  it('killed while it makes its tables, however far it was, the next start is ready', async () => {
    const url = await emptyDatabase('half');
    for (const afterMs of [700, 1_000, 1_300, 1_700]) {
      const doomed = await start({ LABA_DATABASE_URL: url });
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      doomed.child.kill('SIGKILL');
      await doomed.ended;
    }
    const house = await start({ LABA_DATABASE_URL: url });
    await expect.poll(() => house.said(), { timeout: 60_000 }).toContain('ready in');
  });

  it('an engine that comes late is waited for with one line; one that never comes is one line and exit code 1', async () => {
    const latePort = await freeLocalPort();
    const url = changed(redis.url, (one) => (one.port = String(latePort)));
    const house = await start({ LABA_REDIS_URL: url, LABA_LOG_LEVEL: 'warn' });
    await expect.poll(() => house.said(), { timeout: 60_000 }).toContain('waiting for it');
    const late = await startRedis({ dir: join(dir, 'late'), port: latePort, password: new URL(redis.url).password });
    try {
      await expect.poll(() => house.said(), { timeout: 60_000 }).toContain('ready in');
      expect(house.said().split('waiting for it')).toHaveLength(2);
      isClean(house.said());
    } finally {
      running.splice(0).forEach((one) => one.child.kill('SIGKILL'));
      await house.ended;
      await late.stop();
    }
    await refused({ LABA_REDIS_URL: url }, /nobody listens at .*start Redis or correct the address/);
  });

  it.each<[string, (port: number) => string]>([
    ['absent', () => 'mqtt://127.0.0.1:1'],
    ['asked for TLS that it does not speak', (plain) => `mqtts://127.0.0.1:${plain}`],
  ])('a broker %s is said on the running house within a minute', async (_, url) => {
    const house = await start({ LABA_BROKER_URL: url(brokerPort), LABA_LOG_LEVEL: 'warn' });
    await expect.poll(readyz, { timeout: 60_000, interval: 500 }).toMatch(/broker: away for \d+ s/);
    isClean(house.said());
  });
});
