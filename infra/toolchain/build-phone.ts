// Builds the phone page's script: one file for browsers from 2017 on, measured. Prints its size; `buildPhone` is also what the tests run first.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'services', 'mobilization');

/** What a phone on a weak line may be asked to load, compressed. */
export const PHONE_LIMIT_BYTES = 60_000;

export async function buildPhone(): Promise<{ bytes: number; gzipBytes: number }> {
  const bundle = await rolldown({
    input: join(folder, 'phone', 'main.tsx'),
    platform: 'browser',
    transform: { target: 'es2017', jsx: { runtime: 'automatic', importSource: 'preact' } },
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  const [{ code }] = output;
  mkdirSync(join(folder, 'dist'), { recursive: true });
  // Whole or not at all: somebody may be starting beside.
  const unfinished = join(folder, 'dist', `phone.js.${process.pid}`);
  writeFileSync(unfinished, code);
  renameSync(unfinished, join(folder, 'dist', 'phone.js'));
  return { bytes: Buffer.byteLength(code), gzipBytes: gzipSync(code).length };
}

if (process.argv[1] === import.meta.filename) {
  const { bytes, gzipBytes } = await buildPhone();
  const kilo = (n: number) => `${(n / 1_000).toFixed(1)} kB`;
  console.log(`phone page: ${kilo(bytes)} of JavaScript, ${kilo(gzipBytes)} compressed (limit ${kilo(PHONE_LIMIT_BYTES)})`);
  if (gzipBytes > PHONE_LIMIT_BYTES) process.exitCode = 1;
}
