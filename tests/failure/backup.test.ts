// Backup and restore as the operator meets them: one line for everything that cannot be, and nothing is ever half restored.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of, writeArchive } from '@laba/host/archive';
import { backUp } from '@laba/host/back-up';
import { manifestSchema, openBackup, type Manifest } from '@laba/host/backup-manifest';
import { writeHouseFile } from '@laba/host/house-file';
import { restore as restoreFrom, type RestoreOptions } from '@laba/host/restore';
import { realWorld } from '@laba/host/start-house';
import { configSchema } from '@laba/runtime/config';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { lockFolder } from '@laba/storage/folder-lock';
import { Vault } from '@laba/runtime/vault';
import { one } from '@laba/storage/database';
import { laba, type Said } from '../harness/terminal.ts';

describe('laba backup and restore', () => {
  let dir: string;
  let home: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-backup-'));
    home = join(dir, 'home');
    mkdirSync(home);
    const db = SqliteDatabase.open(join(home, 'laba.db'), HOUSE);
    await db.atomically([one((q, t) => q.insert(t.setting).values({ name: 'mark', value: 7 }).returning({ name: t.setting.name }))]);
    await db.close();
    Vault.open(join(home, 'secret.key'));
    writeHouseFile(home, { county: '533324', demo: false, ready: true });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  // The same as the commands, without a process for each.
  const config = (dataDir: string) => configSchema.parse({ dataDir, logLevel: 'silent' });
  const file = () => join(dir, 'one.laba');
  const told = (work: Promise<unknown>): Promise<Said> =>
    work.then(
      () => ({ code: 0, out: '', err: '' }),
      (error: Error) => ({ code: 1, out: '', err: error.message }),
    );
  const backup = (withSecret = false, to = file()) => told(backUp(config(home), { to, withSecret, nowMs: 1_780_000_000_000, labaVersion: '1' }));
  const restore = (to: string, options: Partial<RestoreOptions> = {}) =>
    told(restoreFrom(config(to), realWorld(config(to), false), { file: file(), replace: false, ...options }));
  const oneLine = (said: Said, words: RegExp) => {
    expect(said.code).toBe(1);
    expect(said.err.trim().split('\n')).toEqual([expect.stringMatching(words)]);
    expect(said.err).not.toMatch(/\n\s+at /);
  };
  const marksIn = async (folder: string) => {
    const db = SqliteDatabase.open(join(folder, 'laba.db'), HOUSE);
    const rows = await db.read((q, t) => q.select({ name: t.setting.name, value: t.setting.value }).from(t.setting));
    await db.close();
    return rows;
  };
  /** The same archive with another manifest, as another Laba would have made it. */
  const forge = (change: (manifest: Manifest) => object) => {
    const { manifest, close } = openBackup(file());
    close();
    const parts = join(dir, 'parts');
    mkdirSync(parts);
    execFileSync('tar', ['-xf', file(), '-C', parts]);
    writeFileSync(join(parts, 'manifest.json'), JSON.stringify(change(manifest)));
    rmSync(file());
    writeArchive(
      file(),
      ['manifest.json', ...manifest.parts.map((part) => part.name)].map((name) => ({ name, file: join(parts, name) })),
      0,
    );
  };

  it('a backup is a plain tar for this user only, without the secret, and any tar program opens it', async () => {
    const said = await laba({ LABA_DATA: home }, 'backup', '--to', join(dir, 'one.laba'));
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatch(/secret\.key: keep a copy of that apart/);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(execFileSync('tar', ['-tf', file()], { encoding: 'utf8' }).trim().split('\n')).toEqual(['manifest.json', 'house.json', 'laba.db']);
    const manifest = manifestSchema.parse(JSON.parse(execFileSync('tar', ['-xOf', file(), 'manifest.json'], { encoding: 'utf8' })));
    expect(manifest).toMatchObject({ county: '533324', engine: 'sqlite', format: 1 });
    const bytes = readFileSync(file());
    expect(bytes.includes(readFileSync(join(home, 'secret.key')))).toBe(false);
    expect(readdirSync(dir).toSorted()).toEqual(['home', 'one.laba']);
  });

  it('with the secret it restores alone, into a folder that any house may use', async () => {
    expect((await laba({ LABA_DATA: home }, 'backup', '--to', file(), '--with-secret')).out).toMatch(/It holds secret\.key/);
    const to = join(dir, 'new');
    expect(await laba({ LABA_DATA: to }, 'restore', file())).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(to).toSorted()).toEqual(['house.json', 'in-use.lock', 'laba.db', 'secret.key']);
    expect(readFileSync(join(to, 'secret.key'))).toEqual(readFileSync(join(home, 'secret.key')));
    expect(await marksIn(to)).toEqual([{ name: 'mark', value: 7 }]);
    for (const name of readdirSync(to)) expect(statSync(join(to, name)).mode & 0o077).toBe(0);
  });

  it('without the secret it asks for it, and a wrong one is refused', async () => {
    await backup();
    const to = join(dir, 'new');
    oneLine(await restore(to), /holds no secret\.key.*--secret FILE/);
    writeFileSync(join(dir, 'wrong.key'), Buffer.alloc(32, 1));
    oneLine(await restore(to, { secret: join(dir, 'wrong.key') }), /not the secret\.key of this backup/);
    expect(existsSync(join(to, 'house.json'))).toBe(false);
    expect(await restore(to, { secret: join(home, 'secret.key') })).toMatchObject({ code: 0 });
  });

  it('a folder with something in it is refused; --replace moves that aside and takes its secret when it fits', async () => {
    await backup();
    oneLine(await restore(home), /is not empty.*--replace/);
    const said = await restore(home, { replace: true });
    expect(said).toMatchObject({ code: 0, err: '' });
    const aside = readdirSync(home).filter((name) => name.startsWith('before-restore-'));
    expect(aside).toHaveLength(1);
    expect(readdirSync(join(home, aside[0]!)).toSorted()).toEqual(['house.json', 'laba.db', 'secret.key']);
    expect(await marksIn(home)).toEqual([{ name: 'mark', value: 7 }]);
  });

  it('a house that runs on the folder is left alone', async () => {
    await backup(true);
    const release = lockFolder(home);
    oneLine(await restore(home, { replace: true }), /A Laba already runs on/);
    release?.();
    expect(readdirSync(home)).not.toContain('restoring');
  });

  it('another county, a newer schema, a newer format: refused, each in one line', async () => {
    await backup(true);
    const other = join(dir, 'other');
    mkdirSync(other);
    writeHouseFile(other, { county: '530102', demo: false, ready: true });
    oneLine(await restore(other, { replace: true }), /is of county 533324.*holds county 530102/);
    expect(readdirSync(other).toSorted()).toEqual(['house.json', 'in-use.lock']);
    forge((manifest) => ({ ...manifest, schema: { steps: 99, newestMs: 0 } }));
    oneLine(await restore(join(dir, 'new')), /made by a newer Laba.*99 schema steps/);
  });

  it('a newer format says so', async () => {
    await backup(true);
    forge((manifest) => ({ ...manifest, format: 2 }));
    oneLine(await restore(join(dir, 'new')), /newer Laba \(format 2/);
  });

  it.each(['house.json', 'laba.db', 'secret.key'])('one flipped bit in %s is found, and the folder stays as it was', async (name) => {
    await backup(true);
    const { entries, close } = openBackup(file());
    close();
    const bytes = readFileSync(file());
    const entry = entries.get(name)!;
    bytes[entry.offset + Math.floor(entry.bytes / 2)]! ^= 1;
    writeFileSync(file(), bytes);
    const to = join(dir, 'new');
    oneLine(await restore(to), new RegExp(`${name.replace('.', '\\.')} is damaged`));
    expect(readdirSync(to)).toEqual(['in-use.lock']);
  });

  it.each([0, 100, 512, 5_000, 60_000])('a file cut after %i bytes, or no backup at all, is refused in one line', async (bytes) => {
    await backup(true);
    writeFileSync(file(), readFileSync(file()).subarray(0, bytes));
    oneLine(await restore(join(dir, 'new')), /cannot be restored/);
  });

  it('a restore that was cut short is no empty folder: the next start refuses, the next restore ends it', async () => {
    await backup(true);
    const to = join(dir, 'new');
    mkdirSync(join(to, 'restoring'), { recursive: true });
    oneLine(await laba({ LABA_DATA: to, LABA_PORT: '0', LABA_MQTT_PORT: '0' }, 'start'), /A restore into .* was interrupted: run it again/);
    expect(await restore(to, { replace: true })).toMatchObject({ code: 0, err: '' });
    expect(await marksIn(to)).toEqual([{ name: 'mark', value: 7 }]);
  });

  it('an empty folder has nothing to back up, a file that exists is not overwritten, a folder gets a name with county and time', async () => {
    oneLine(await laba({ LABA_DATA: join(dir, 'nothing') }, 'backup'), /holds no county yet/);
    await backup();
    oneLine(await backup(), /exists: name another file/);
    expect(await backup(false, dir)).toMatchObject({ code: 0 });
    expect(readdirSync(dir).some((name) => /^laba-533324-\d{8}-\d{6}Z\.laba$/.test(name))).toBe(true);
    oneLine(await backup(false, join(dir, 'no', 'such', 'folder')), /Cannot write to/);
    expect(sha256Of(join(dir, 'one.laba'))).toMatch(/^[0-9a-f]{64}$/);
  });
});
