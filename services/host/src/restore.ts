// A county out of one file. Whole or not at all; afterwards nothing of the past is sent by itself.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { holdRestored, type Held } from '@laba/dispatch/hold-restored';
import { forgetHouseId } from '@laba/registry/county-store';
import { endAllSessions } from '@laba/registry/session-store';
import type { Config } from '@laba/runtime/config';
import { syncFolder, writeDurably } from '@laba/runtime/durable-file';
import { Vault } from '@laba/runtime/vault';
import type { Database } from '@laba/storage/database';
import { extractEntry, readEntry } from './archive.ts';
import { SECRET_MARK, openBackup, type Manifest, type OpenBackup, type PartName } from './backup-manifest.ts';
import { stampOf } from './back-up.ts';
import { backupEngine, type BackupEngine } from './backup-engines.ts';
import { identitiesFileOf } from './demo/seed-demo.ts';
import { readHouseFile, restoringDirOf } from './house-file.ts';
import { holdDataDir } from './hold-data-dir.ts';
import type { World } from './world.ts';

export interface RestoreOptions {
  file: string;
  /** What is there is moved aside, into a folder beside what is restored. */
  replace: boolean;
  /** The county's secret.key, when the backup does not hold it. */
  secret?: string | undefined;
}

export interface Restored {
  manifest: Manifest;
  held: Held;
  /** Where the former content went. */
  aside: string | undefined;
}

const ASIDE = 'before-restore-';
const asideOf = (nowMs: number) => `${ASIDE}${stampOf(nowMs)}`;
/** Never moved aside, nor in the way: the lock is held by us, and what an earlier restore moved aside stays where it is. */
const isContent = (name: string) => name !== 'in-use.lock' && name !== 'restoring' && !name.startsWith(ASIDE);

/** @throws one line that says what to do; then the folder is as it was */
export async function restore(config: Config, world: World, options: RestoreOptions): Promise<Restored> {
  const backup = openBackup(options.file);
  try {
    const release = holdDataDir(config.dataDir);
    try {
      return await restoreInto(config, world, backup, options);
    } finally {
      release();
    }
  } finally {
    backup.close();
  }
}

async function restoreInto(config: Config, world: World, backup: OpenBackup, options: RestoreOptions): Promise<Restored> {
  const { dataDir } = config;
  const { manifest } = backup;
  const engine = backupEngine(config, world.mayLoseCommits);
  refuseUnfit(config, engine, manifest, options);
  await engine.refuseUsed(options.replace);
  const staging = restoringDirOf(dataDir);
  // A restore that was cut short had moved things aside, perhaps: what it staged is worth nothing, the rest is content.
  rmSync(staging, { recursive: true, force: true });
  const secret = findSecret(config, backup, options);
  mkdirSync(staging, { mode: 0o700 });
  let db: Database;
  try {
    extractParts(backup, staging, options.file);
    writeDurably(join(staging, 'secret.key'), secret);
    db = await engine.open(staging, asideOf(world.clock.now()));
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    throw error;
  }
  // Should this fail, the staging folder stays: no house starts here on a database that is not held.
  const held = await prepare({ ...config, county: manifest.county }, world, db, manifest);
  const aside = moveAside(dataDir, world.clock.now());
  const staged = readdirSync(staging);
  // house.json last: only with it this is a county.
  for (const name of staged.filter((one) => one !== 'house.json')) renameSync(join(staging, name), join(dataDir, name));
  syncFolder(dataDir);
  renameSync(join(staging, 'house.json'), join(dataDir, 'house.json'));
  syncFolder(dataDir);
  rmSync(staging, { recursive: true });
  return { manifest, held, aside };
}

const ENGINE_WORDS = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const;
const ENGINE_PROFILES = { sqlite: 'embedded', postgres: 'clustered' } as const;

function contentOf(dataDir: string): string[] {
  return readdirSync(dataDir).filter(isContent);
}

function refuseUnfit({ dataDir }: Config, engine: BackupEngine, manifest: Manifest, { file, replace }: RestoreOptions): void {
  if (contentOf(dataDir).length > 0 && !replace)
    throw new Error(`${dataDir} is not empty: name an empty folder with --to, or say --replace, which moves what is there aside.`);
  const present = existsSync(restoringDirOf(dataDir)) ? undefined : readHouseFile(dataDir);
  if (present !== undefined && present.county !== manifest.county)
    throw new Error(`${file} is of county ${manifest.county}, but ${dataDir} holds county ${present.county}: name another folder with --to.`);
  if (manifest.engine !== engine.kind)
    throw new Error(`${file} was taken from ${ENGINE_WORDS[manifest.engine]}: restore it with LABA_PROFILE=${ENGINE_PROFILES[manifest.engine]}.`);
  const known = engine.known();
  if (manifest.schema.steps > known.steps || manifest.schema.newestMs > known.newestMs)
    throw new Error(
      `${file} was made by a newer Laba (${manifest.laba}): it holds ${manifest.schema.steps} schema steps, this one knows ${known.steps}. Restore it with that version.`,
    );
}

/** The key that fits: from the backup, from `--secret`, or from the folder that is replaced. */
function findSecret({ dataDir }: Config, backup: OpenBackup, { secret, file }: RestoreOptions): Buffer {
  const fits = (key: Buffer) => key.length === 32 && new Vault(key).hash(...SECRET_MARK) === backup.manifest.secretMark;
  if (secret !== undefined) {
    if (!existsSync(secret)) throw new Error(`${secret}: no such file.`);
    const key = readFileSync(secret);
    if (!fits(key)) throw new Error(`${secret} is not the secret.key of this backup: the county's people and signing keys could not be read with it.`);
    return key;
  }
  if (backup.entries.has('secret.key')) {
    const key = readEntry(backup.fd, backup.entries.get('secret.key')!);
    if (!fits(key)) throw new Error(`${file} cannot be restored: its secret.key is damaged. Take another backup, or give the key with --secret FILE.`);
    return key;
  }
  const present = join(dataDir, 'secret.key');
  if (existsSync(present) && fits(readFileSync(present))) return readFileSync(present);
  throw new Error(
    `${file} holds no secret.key: give the one that was kept apart with --secret FILE. Without it nobody can read the county's keys and telephone numbers.`,
  );
}

const PLACES: Partial<Record<PartName, (dir: string) => string>> = { 'demo-identities.json': identitiesFileOf };

/** Every part into the staging folder, each held against its sum. */
function extractParts(backup: OpenBackup, staging: string, file: string): void {
  for (const part of backup.manifest.parts) {
    if (part.name === 'secret.key') continue;
    const to = PLACES[part.name]?.(staging) ?? join(staging, part.name);
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    if (extractEntry(backup.fd, backup.entries.get(part.name)!, to) !== part.sha256)
      throw new Error(`${file} cannot be restored: ${part.name} is damaged. Take another backup.`);
  }
}

/** Makes sure that nothing of its past is sent by itself. */
async function prepare(config: Config, { clock, ids }: World, db: Database, manifest: Manifest): Promise<Held> {
  try {
    const held = await holdRestored({ db, clock, ids, config }, manifest.takenAt);
    await db.atomically([endAllSessions(), forgetHouseId()]);
    return held;
  } finally {
    await db.close();
  }
}

function moveAside(dataDir: string, nowMs: number): string | undefined {
  const content = contentOf(dataDir);
  if (content.length === 0) return undefined;
  const aside = join(dataDir, asideOf(nowMs));
  mkdirSync(aside, { mode: 0o700 });
  for (const name of content) renameSync(join(dataDir, name), join(aside, name));
  return aside;
}
