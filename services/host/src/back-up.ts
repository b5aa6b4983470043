// A county in one file, taken while the house runs.
import { existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Vault } from '@laba/runtime/vault';
import type { Config } from '@laba/runtime/config';
import { sha256Of, writeArchive, type Part } from './archive.ts';
import { backupEngine } from './backup-engines.ts';
import { FORMAT, MANIFEST, SECRET_MARK, type Manifest, type PartName } from './backup-manifest.ts';
import { identitiesFileOf } from './demo/seed-demo.ts';
import { readHouseFile } from './house-file.ts';

export interface BackupOptions {
  /** A file that does not exist, or a folder; the present folder when not given. */
  to?: string | undefined;
  withSecret: boolean;
  nowMs: number;
  labaVersion: string;
}

export interface MadeBackup {
  file: string;
  bytes: number;
  manifest: Manifest;
}

/** Times in file names are UTC, to the second. */
export function stampOf(nowMs: number): string {
  return new Date(nowMs)
    .toISOString()
    .replaceAll(/[-:]|\.\d+/g, '')
    .replace('T', '-');
}

/** @throws one line: nothing to back up, the target exists or cannot be written, the copy is not sound */
export async function backUp(config: Config, options: BackupOptions): Promise<MadeBackup> {
  const house = readHouseFile(config.dataDir);
  const secret = config.secretFile ?? join(config.dataDir, 'secret.key');
  if (house === undefined || !house.ready || !existsSync(secret))
    throw new Error(`${config.dataDir} holds no county yet: name the right folder with LABA_DATA.`);
  const file = fileFor(options, house.county);
  const work = makeWorkDir(file);
  try {
    const engine = backupEngine(config);
    const schema = await engine.copy(join(work, engine.part));
    const parts: (Part & { name: PartName })[] = [
      { name: 'house.json', file: join(config.dataDir, 'house.json') },
      { name: engine.part, file: join(work, engine.part) },
      ...(house.demo ? demoParts(config.dataDir) : []),
      ...(options.withSecret ? [{ name: 'secret.key' as const, file: secret }] : []),
    ];
    const manifest: Manifest = {
      format: FORMAT,
      laba: options.labaVersion,
      county: house.county,
      engine: engine.kind,
      schema,
      takenAt: new Date(options.nowMs).toISOString(),
      secretMark: Vault.open(secret).hash(...SECRET_MARK),
      parts: parts.map((part) => ({ name: part.name, bytes: statSync(part.file).size, sha256: sha256Of(part.file) })),
    };
    writeFileSync(join(work, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    const whole = join(work, 'whole');
    writeArchive(whole, [{ name: MANIFEST, file: join(work, MANIFEST) }, ...parts], options.nowMs);
    // Whole or not at all: whoever copies backups away must never see half of one.
    renameSync(whole, file);
    return { file, bytes: statSync(file).size, manifest };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function demoParts(dataDir: string): (Part & { name: PartName })[] {
  return [
    { name: 'demo-logins.json', file: join(dataDir, 'demo-logins.json') },
    { name: 'demo-identities.json', file: identitiesFileOf(dataDir) },
  ];
}

function fileFor({ to, nowMs }: BackupOptions, county: string): string {
  const own = `laba-${county}-${stampOf(nowMs)}.laba`;
  const file = to === undefined ? resolve(own) : isFolder(to) ? resolve(to, own) : resolve(to);
  if (existsSync(file)) throw new Error(`${file} exists: name another file with --to, or a folder.`);
  return file;
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

// Beside the target, so that the last step is one rename on one disk.
function makeWorkDir(file: string): string {
  try {
    return mkdtempSync(join(dirname(file), `.${basename(file)}-`));
  } catch {
    throw new Error(`Cannot write to ${dirname(file)}: give this user the right to, or name another file with --to.`);
  }
}
