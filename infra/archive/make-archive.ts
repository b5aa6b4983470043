// One archive for one processor: Node, the bundled program, what it reads beside itself, and the native addons. The same bytes each time.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { addonsOf, unpackedPackage, type Arch } from './addons.ts';
import { bundleVillage, LIB, ROOT } from './bundle.ts';
import { licencesOf, packageFolder } from './licences.ts';

const run = promisify(execFile);

/** The folder that everything lies in, as it is unpacked. */
const TOP = 'laba';
/** 2000-01-01: the same each time, and no tool finds it implausible. */
const TAR = ['--format=ustar', '--sort=name', '--mtime=@946684800', '--owner=0', '--group=0', '--numeric-owner', '--use-compress-program=gzip -4 -n'];
const EXECUTABLE = new Set(['laba', 'bin/node']);
/** What only an archive has: its launcher, and a word to the installer. */
const OWN_FILES = join(import.meta.dirname, 'files');
const DOCUMENTS = ['LICENSE', 'infra/systemd', 'infra/channels'];
const NODE = ['bin/node', 'LICENSE'];
/** Of migrations only what is run. */
const DRAFT = '_snapshot.json';

export interface MadeArchive {
  file: string;
  bytes: number;
  sha256: string;
}

/** Writes `laba-VERSION-linux-ARCH.tar.gz` and its `.sha256` into `out`. @throws when something is missing, or is not what was locked */
export async function makeArchive(arch: Arch, out: string): Promise<MadeArchive> {
  const stage = mkdtempSync(join(tmpdir(), 'laba-archive-'));
  try {
    await fill(join(stage, TOP), arch, join(stage, 'fetched'));
    settle(join(stage, TOP));
    mkdirSync(out, { recursive: true });
    const file = join(out, `laba-${version()}-linux-${arch}.tar.gz`);
    await run('tar', ['--create', ...TAR, `--file=${file}`, `--directory=${stage}`, TOP]);
    const sha256 = sumOf(file);
    writeFileSync(`${file}.sha256`, `${sha256}  ${basename(file)}\n`);
    return { file, bytes: statSync(file).size, sha256 };
  } finally {
    rmSync(stage, { recursive: true });
  }
}

const version = () => (JSON.parse(readFileSync(join(ROOT, 'services/host/package.json'), 'utf8')) as { version: string }).version;

async function fill(folder: string, arch: Arch, fetched: string): Promise<void> {
  const { chunks, beside } = await bundleVillage();
  mkdirSync(join(folder, LIB), { recursive: true });
  for (const { fileName, code } of chunks) writeFileSync(join(folder, LIB, fileName), code);
  for (const name of [...beside, ...DOCUMENTS]) cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter: (file) => !file.endsWith(DRAFT) });
  cpSync(OWN_FILES, folder, { recursive: true });
  const node = await unpackedPackage(`node-linux-${arch}`, fetched, NODE);
  for (const name of NODE) cpSync(join(node, name), join(folder, 'bin', basename(name)));
  const addons = await addonsOf(arch, fetched);
  for (const addon of addons)
    for (const part of ['package.json', ...addon.parts]) cpSync(join(addon.folder, part), join(folder, 'node_modules', addon.name, part), { recursive: true });
  const bundled = chunks.flatMap((chunk) => Object.keys(chunk.modules).flatMap((file) => packageFolder(file) ?? []));
  writeFileSync(
    join(folder, 'LICENSES-OF-OTHERS.txt'),
    licencesOf([...bundled, ...addons.map((addon) => addon.folder)], 'The programs of others in this archive. Node.js: see bin/LICENSE.'),
  );
}

// The same rights whatever the umask was, and the sum of every file, so that a bad stick is found before it is installed.
function settle(folder: string): void {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const isFolder = (name: string) => statSync(join(folder, name)).isDirectory();
  const sums = names.filter((name) => !isFolder(name)).map((name) => `${sumOf(join(folder, name))}  ${name}\n`);
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
  for (const name of ['.', 'SHA256SUMS', ...names]) chmodSync(join(folder, name), isFolder(name) || EXECUTABLE.has(name) ? 0o755 : 0o644);
}

function sumOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
