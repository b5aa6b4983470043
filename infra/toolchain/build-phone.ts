// Builds the phone page's scripts, the page's and its worker's, for browsers from 2017 on, measured. Prints its size; `buildPhone` is also what the tests run first.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'services', 'mobilization');
const dist = join(folder, 'dist');

/** What a phone on a weak line may be asked to load, compressed. */
export const PHONE_LIMIT_BYTES = 60_000;

export async function buildPhone(): Promise<{ bytes: number; gzipBytes: number }> {
  const [page, worker] = await Promise.all([bundle('main.tsx'), bundle('service-worker.ts')]);
  mkdirSync(dist, { recursive: true });
  write('phone.js', page);
  write('service-worker.js', worker);
  return { bytes: Buffer.byteLength(page + worker), gzipBytes: gzipSync(page).length + gzipSync(worker).length };
}

async function bundle(entry: string): Promise<string> {
  const built = await rolldown({
    input: join(folder, 'phone', entry),
    platform: 'browser',
    transform: { target: 'es2017', jsx: { runtime: 'automatic', importSource: 'preact' } },
  });
  const { output } = await built.generate({ format: 'iife', minify: true });
  await built.close();
  return output[0].code;
}

// Whole or not at all: somebody may be starting beside.
function write(name: string, code: string): void {
  const unfinished = join(dist, `${name}.${process.pid}`);
  writeFileSync(unfinished, code);
  renameSync(unfinished, join(dist, name));
}

if (process.argv[1] === import.meta.filename) {
  const { bytes, gzipBytes } = await buildPhone();
  const kilo = (n: number) => `${(n / 1_000).toFixed(1)} kB`;
  console.log(`phone page: ${kilo(bytes)} of JavaScript, ${kilo(gzipBytes)} compressed (limit ${kilo(PHONE_LIMIT_BYTES)})`);
  if (gzipBytes > PHONE_LIMIT_BYTES) process.exitCode = 1;
}
