// The native addons of an archive: JavaScript as it is installed here, machine code as the lock file names it for the other processor.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './bundle.ts';
import { lockedPackage, tarballOf } from './locked-package.ts';

const run = promisify(execFile);

export const ARCHS = ['x64', 'arm64'] as const;
export type Arch = (typeof ARCHS)[number];

/** A package that goes into the archive's node_modules. */
export interface Addon {
  name: string;
  folder: string;
  /** What of it the archive needs, beside its package.json. */
  parts: readonly string[];
}

const installed = (room: string, name: string) => realpathSync(join(ROOT, room, 'node_modules', name));

/** Every package that the bundle leaves out, with what it stands on. `to`: where to unpack what is fetched. */
export async function addonsOf(arch: Arch, to: string): Promise<Addon[]> {
  const sharp = installed('packages/photos', 'sharp');
  const machineCode = [`@node-rs/argon2-linux-${arch}-gnu`, `@img/sharp-linux-${arch}`, `@img/sharp-libvips-linux-${arch}`];
  return [
    { name: 'better-sqlite3', folder: installed('packages/storage', 'better-sqlite3'), parts: ['lib', `prebuilds/linux-${arch}.node`] },
    { name: '@node-rs/argon2', folder: installed('services/registry', '@node-rs/argon2'), parts: ['index.js'] },
    { name: 'sharp', folder: sharp, parts: ['dist'] },
    // pnpm lays what a package stands on beside it.
    ...['@img/colour', 'detect-libc', 'semver'].map((name) => whole(name, realpathSync(join(sharp, '..', name)))),
    ...(await Promise.all(machineCode.map(async (name) => whole(name, await unpackedPackage(name, to))))),
  ];
}

function whole(name: string, folder: string): Addon {
  return { name, folder, parts: readdirSync(folder).filter((part) => part !== 'node_modules' && !/\.(md|d\.[cm]?ts)$/.test(part)) };
}

/** Fetches a locked package and unpacks it, or `only` these files of it. @returns its folder. @throws when it is not what was locked */
export async function unpackedPackage(name: string, to: string, only: readonly string[] = []): Promise<string> {
  const folder = join(to, name);
  mkdirSync(folder, { recursive: true });
  await run('tar', [
    '--extract',
    `--file=${await tarballOf(lockedPackage(name))}`,
    `--directory=${folder}`,
    '--strip-components=1',
    ...only.map((file) => `package/${file}`),
  ]);
  return folder;
}
