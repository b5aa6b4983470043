// Builds the officers' console for today's browsers: one chunk per screen, names by content, compressed beside. Prints its size and holds the first screen to its limit.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown, type OutputChunk, type Plugin } from 'rolldown';
import { licencesOf, packageFolder } from '../archive/licences.ts';

const root = join(import.meta.dirname, '..', '..');
const web = join(root, 'services', 'console', 'web');
const dist = join(root, 'services', 'console', 'dist');

/** What the first screen may load, compressed: the frame, the sign-in and "Now". */
export const FIRST_SCREEN_LIMIT_BYTES = 350_000;
const FIRST_SCREEN = 'screens/now/now-screen.tsx';

const STYLE_DOORS = /@rc-component\/util\/es\/Dom\/dynamicCSS\.js$|@ant-design\/icons\/es\/cssUtils\.js$/;

// Style elements made by a script would need an unsafe content policy: the library's own doors to them are replaced by ours.
const ownStyleSheets: Plugin = {
  name: 'own-style-sheets',
  load: (id) => (STYLE_DOORS.test(id) ? `export * from ${JSON.stringify(join(web, 'app', 'adopted-styles.ts'))};` : undefined),
};

interface Asset {
  name: string;
  text: string;
}

export interface BuiltConsole {
  chunks: number;
  gzipBytes: number;
  firstScreenGzipBytes: number;
}

export async function buildConsole(): Promise<BuiltConsole> {
  const chunks = await bundle();
  const css = readFileSync(join(web, 'console.css'), 'utf8');
  const style = { name: `console-${createHash('sha256').update(css).digest('base64url').slice(0, 8)}.css`, text: css };
  const main = chunks.find((chunk) => chunk.isEntry)!;
  const page = readFileSync(join(web, 'index.html'), 'utf8').replaceAll('console.css', style.name).replaceAll('main.js', main.fileName);
  const assets: Asset[] = [...chunks.map(({ fileName, code }) => ({ name: fileName, text: code })), style, { name: 'index.html', text: page }];
  write(
    assets,
    licencesOf(
      chunks.flatMap(({ moduleIds }) => moduleIds.flatMap((file) => packageFolder(file) ?? [])),
      'The programs of others in the officers’ console.',
    ),
  );
  const sizes = new Map(assets.map(({ name, text }) => [name, gzipSync(text).length]));
  const sum = (names: Iterable<string>) => [...names].reduce((bytes, name) => bytes + sizes.get(name)!, 0);
  return { chunks: chunks.length, gzipBytes: sum(sizes.keys()), firstScreenGzipBytes: sum([...loadedFirst(chunks, main), style.name, 'index.html']) };
}

async function bundle(): Promise<OutputChunk[]> {
  const built = await rolldown({
    input: { console: join(web, 'main.tsx') },
    cwd: root,
    platform: 'browser',
    plugins: [ownStyleSheets],
    checks: { moduleLevelDirective: false },
    transform: { target: 'es2023', jsx: { runtime: 'automatic' }, define: { 'process.env.NODE_ENV': '"production"' } },
  });
  const names = { entryFileNames: '[name]-[hash].js', chunkFileNames: '[name]-[hash].js' };
  const { output } = await built.generate({ format: 'es', minify: true, ...names });
  await built.close();
  return output.filter((part) => part.type === 'chunk');
}

/** What the browser fetches until "Now" stands: the entry, that screen's chunk, and whatever both import. */
function loadedFirst(chunks: readonly OutputChunk[], main: OutputChunk): Set<string> {
  const loaded = new Set<string>();
  const enter = (name: string): void => {
    const chunk = chunks.find(({ fileName }) => fileName === name);
    if (chunk === undefined || loaded.has(name)) return;
    loaded.add(name);
    chunk.imports.forEach(enter);
  };
  enter(main.fileName);
  enter(chunks.find((chunk) => chunk.facadeModuleId?.endsWith(FIRST_SCREEN))!.fileName);
  return loaded;
}

// Whole or not at all: somebody may be starting beside.
function write(assets: readonly Asset[], licences: string): void {
  const unfinished = `${dist}.${process.pid}`;
  const old = `${dist}.old.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  for (const { name, text } of assets) {
    writeFileSync(join(unfinished, name), text);
    writeFileSync(join(unfinished, `${name}.gz`), gzipSync(text, { level: 9 }));
  }
  writeFileSync(join(unfinished, 'LICENSES-OF-OTHERS.txt'), licences);
  mkdirSync(dist, { recursive: true });
  renameSync(dist, old);
  renameSync(unfinished, dist);
  rmSync(old, { recursive: true });
}

if (process.argv[1] === import.meta.filename) {
  const { chunks, gzipBytes, firstScreenGzipBytes } = await buildConsole();
  const kilo = (n: number) => `${(n / 1_000).toFixed(1)} kB`;
  console.log(
    `console: first screen ${kilo(firstScreenGzipBytes)} compressed (limit ${kilo(FIRST_SCREEN_LIMIT_BYTES)}), ${kilo(gzipBytes)} in all, ${chunks} chunks`,
  );
  if (firstScreenGzipBytes > FIRST_SCREEN_LIMIT_BYTES) process.exitCode = 1;
}
