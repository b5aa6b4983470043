// The pages that are built for browsers, and whether what was built is still what the sources say.
// Imports nothing but Node itself: it is read before anything is installed. Run by itself, it builds what is out of date.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const domain = join(root, 'packages', 'domain', 'src');

const PAGES = [
  { builder: 'build-phone.ts', sources: join(root, 'services', 'mobilization', 'phone'), dist: join(root, 'services', 'mobilization', 'dist') },
  { builder: 'build-console.ts', sources: join(root, 'services', 'console', 'web'), dist: join(root, 'services', 'console', 'dist') },
];

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function hashOf({ builder, sources }) {
  const hash = createHash('sha256');
  for (const file of [join(root, 'pnpm-lock.yaml'), join(here, builder), ...filesUnder(sources), ...filesUnder(domain)])
    hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

/** The pages that must be built: each with the file that builds it and `done()` for afterwards. */
export function stalePages() {
  return PAGES.filter(({ sources }) => existsSync(sources)).flatMap((page) => {
    const stamp = join(page.dist, 'stamp');
    const wanted = hashOf(page);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return [];
    return [{ builder: join(here, page.builder), done: () => writeFileSync(stamp, wanted) }];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const { builder, done } of stalePages()) {
    execFileSync(process.execPath, [builder], { cwd: root, stdio: 'inherit' });
    done();
  }
