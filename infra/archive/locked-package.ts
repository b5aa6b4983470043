// Packages of another processor, as the lock files name them: fetched by npm, and refused when they are not what was locked.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './bundle.ts';

const run = promisify(execFile);
const KEPT = join(ROOT, '.tools', 'packages');
/** What npm has fetched before is not fetched again; a registry that stumbles, or a line that hangs, is tried again soon. */
const PATIENTLY = [
  '--silent',
  '--ignore-scripts',
  '--prefer-offline',
  '--fetch-retries=8',
  '--fetch-timeout=15000',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

export interface LockedPackage {
  name: string;
  version: string;
  /** `sha512-…`, of the tarball. */
  integrity: string;
}

interface NpmLock {
  packages: Record<string, { version: string; integrity?: string }>;
}

/** Looks into the toolchain's lock (npm), then into the house's (pnpm). @throws when none or several versions are locked */
export function lockedPackage(name: string): LockedPackage {
  const npm = JSON.parse(readFileSync(join(ROOT, 'infra', 'toolchain', 'package-lock.json'), 'utf8')) as NpmLock;
  const { version, integrity } = npm.packages[`node_modules/${name}`] ?? {};
  if (version !== undefined && integrity !== undefined) return { name, version, integrity };
  return inPnpmLock(name, readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8'));
}

function inPnpmLock(name: string, lock: string): LockedPackage {
  const entries = lock.matchAll(/^ {2}'?(@?[^@\s']+)@([^:(']+)'?:\n {4}resolution: \{integrity: ([^}]+)\}$/gm);
  const [found, ...more] = [...entries].filter((entry) => entry[1] === name);
  if (found === undefined || more.length > 0) throw new Error(`${name}: pnpm-lock.yaml names ${found === undefined ? 'none' : 'several'} of it.`);
  return { name, version: found[2]!, integrity: found[3]! };
}

/** Its tarball, kept under .tools for the next time. @throws when npm cannot bring it, or brings something else */
export async function tarballOf(wanted: LockedPackage): Promise<string> {
  const kept = join(KEPT, `${wanted.name.replace('@', '').replace('/', '-')}-${wanted.version}.tgz`);
  if (existsSync(kept) && isWhatWasLocked(wanted, kept)) return kept;
  mkdirSync(KEPT, { recursive: true });
  const unfinished = mkdtempSync(join(KEPT, 'fetch-'));
  try {
    const { stdout } = await run('npm', ['pack', `${wanted.name}@${wanted.version}`, ...PATIENTLY], { cwd: unfinished, env: ofTheMachine() });
    const brought = join(unfinished, stdout.trim());
    if (!isWhatWasLocked(wanted, brought)) throw new Error(`${wanted.name}@${wanted.version}: what npm brought is not what the lock file names.`);
    renameSync(brought, kept);
    return kept;
  } finally {
    rmSync(unfinished, { recursive: true });
  }
}

/** The machine's npm under the machine's Node: under another one it would not find the machine's own settings, such as who vouches for its registry. */
function ofTheMachine(): NodeJS.ProcessEnv {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.startsWith(join(ROOT, '.tools')));
  return { ...process.env, PATH: folders.join(delimiter) };
}

/** Whether these are the locked bytes. */
export function isWhatWasLocked({ integrity }: LockedPackage, tarball: string): boolean {
  const [algorithm] = integrity.split('-');
  return `${algorithm}-${createHash(algorithm!).update(readFileSync(tarball)).digest('base64')}` === integrity;
}
