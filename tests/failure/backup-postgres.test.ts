// Backup and restore of a county on PostgreSQL: the same commands, the same promises.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp } from '@laba/host/back-up';
import { restore as restoreFrom, type RestoreOptions } from '@laba/host/restore';
import { realWorld } from '@laba/host/start-house';
import { writeHouseFile } from '@laba/host/house-file';
import { configSchema } from '@laba/runtime/config';
import { Vault } from '@laba/runtime/vault';
import { restorePostgres } from '@laba/storage/backup-postgres';
import { one } from '@laba/storage/database';
import { PostgresDatabase } from '@laba/storage/postgres';
import { freshDatabaseUrl } from '@laba/storage/postgres.test-kit';
import { isInstalled } from '../harness/installed.ts';

const COUNTY = '533324';
const open = (url: string) => PostgresDatabase.open(url, undefined, { mayLoseCommits: true });

describe.skipIf(!isInstalled('pg_dump', 'postgres'))('backup and restore on PostgreSQL', () => {
  let dir: string;
  let home: string;
  let from: Awaited<ReturnType<typeof freshDatabaseUrl>>;
  let to: Awaited<ReturnType<typeof freshDatabaseUrl>>;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-pg-'));
    home = join(dir, 'home');
    mkdirSync(home);
    Vault.open(join(home, 'secret.key'));
    writeHouseFile(home, { county: COUNTY, demo: false, ready: true });
    [from, to] = [await freshDatabaseUrl(), await freshDatabaseUrl()];
    const db = await open(from.url);
    await db.atomically([
      one((q, t) =>
        q
          .insert(t.setting)
          .values({ name: 'mark', value: { a: 7 } })
          .returning({ name: t.setting.name }),
      ),
      one((q, t) =>
        q
          .insert(t.counter)
          .values({ name: `command-seq:${COUNTY}`, value: 5 })
          .returning({ name: t.counter.name }),
      ),
      one((q, t) => q.insert(t.alert).values(raisedAlert).returning({ id: t.alert.id })),
      one((q, t) => q.insert(t.session).values({ tokenHash: 'x', officerId: 'o', csrfToken: 'c', expiresAtMs: 1 }).returning({ id: t.session.tokenHash })),
    ]);
    await db.close();
  });
  afterEach(async () => {
    await from.drop();
    await to.drop();
    rmSync(dir, { recursive: true, force: true });
  });

  const raisedAlert = {
    id: 'a-1',
    mode: 'live',
    kind: 'order',
    level: null,
    order: 'move-now',
    eventCode: '11D00',
    state: 'raised',
    revision: 2,
    draftedBy: 'o',
    createdAtMs: 1,
    endTimeMs: 2,
  } as const;

  const config = (dataDir: string, databaseUrl: string) => configSchema.parse({ dataDir, databaseUrl, profile: 'clustered', logLevel: 'silent' });
  const file = () => join(dir, 'one.laba');
  const backup = (url = from.url) => backUp(config(home, url), { to: file(), withSecret: true, nowMs: 1_780_000_000_000, labaVersion: '1' });
  const restore = (options: Partial<RestoreOptions> = {}, url = to.url, folder = join(dir, 'new')) =>
    restoreFrom(config(folder, url), { ...realWorld(config(folder, url), false), mayLoseCommits: true }, { file: file(), replace: true, ...options });
  const contentOf = async (url: string) => {
    const db = await open(url);
    const settings = await db.read((q, t) => q.select().from(t.setting));
    const counters = await db.read((q, t) => q.select().from(t.counter).orderBy(t.counter.name));
    const events = await db.read((q, t) => q.select({ type: t.event.type, data: t.event.data }).from(t.event));
    const sessions = await db.read((q, t) => q.select().from(t.session));
    await db.close();
    return { settings, counters, events, sessions };
  };

  it('what was in it is in the other database, held, its numbers lifted, nobody signed in; the former content lies in a schema beside it', async () => {
    const other = await open(to.url);
    await other.atomically([one((q, t) => q.insert(t.setting).values({ name: 'former', value: 1 }).returning({ name: t.setting.name }))]);
    await other.close();
    expect(await backup()).toMatchObject({ manifest: { engine: 'postgres', county: COUNTY } });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect((await restore()).held.alerts).toEqual(['a-1']);
    expect(await contentOf(to.url)).toEqual({
      settings: [{ name: 'mark', value: { a: 7 } }],
      counters: [
        { name: `command-seq:${COUNTY}`, value: 1_000_005 },
        { name: 'held-alert:a-1', value: 2 },
      ],
      events: [{ type: 'county.restored', data: { takenAt: '2026-05-28T20:26:40.000Z', held: 1 } }],
      sessions: [],
    });
    expect(readdirSync(join(dir, 'new')).toSorted()).toEqual(['house.json', 'in-use.lock', 'secret.key']);
    expect(readFileSync(join(dir, 'new', 'secret.key'))).toEqual(readFileSync(join(home, 'secret.key')));
    await expect(restore({ replace: false }, to.url, join(dir, 'third'))).rejects.toThrow(/database is not empty.*--replace/);
  });

  it('a dump that cannot be read leaves the database as it was', async () => {
    const before = await contentOf(from.url);
    const garbage = join(dir, 'garbage');
    writeFileSync(garbage, 'no dump');
    await expect(restorePostgres(from.url, 'pg_restore', garbage, 'aside_1')).rejects.toThrow(/^pg_restore could not restore the database: .+/);
    expect(await contentOf(from.url)).toEqual(before);
  });

  it('a house that still uses the database is left alone', async () => {
    await backup();
    const house = await open(to.url);
    await expect(restore()).rejects.toThrow(/A Laba still uses this database \(\d+ connections\)/);
    await house.close();
  });

  it('a backup of the other engine, a wrong password, a server that is away: one line, without the password', async () => {
    await backup();
    const embedded = configSchema.parse({ dataDir: join(dir, 'new'), logLevel: 'silent' });
    await expect(restoreFrom(embedded, realWorld(embedded, false), { file: file(), replace: false })).rejects.toThrow(
      /taken from PostgreSQL.*LABA_PROFILE=clustered/,
    );
    for (const change of [(url: URL) => (url.password = 'a-wrong-word'), (url: URL) => (url.port = '1')]) {
      const url = new URL(to.url);
      change(url);
      const said = await backUp(config(home, url.href), { to: join(dir, 'two.laba'), withSecret: false, nowMs: 0, labaVersion: '1' }).catch(
        (error: Error) => error.message,
      );
      expect(said).toMatch(/PostgreSQL|database/);
      expect(said).not.toMatch(/\n|a-wrong-word|laba-on-this-machine/);
    }
    expect(readdirSync(dir).toSorted()).toEqual(['home', 'new', 'one.laba']);
  });
});
