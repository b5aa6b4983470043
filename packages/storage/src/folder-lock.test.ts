// A data folder has one user at a time, and a dead one holds nothing.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from './folder-lock.ts';

const LOCK = JSON.stringify(new URL('folder-lock.ts', import.meta.url).href);

let dir: string;
let other: ChildProcess | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'laba-lock-'));
});
afterEach(() => {
  other?.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

test('the second one is refused until the first lets go', () => {
  const release = lockFolder(dir, 0);
  expect(release).toBeDefined();
  expect(lockFolder(dir, 0)).toBeUndefined();
  release?.();
  const again = lockFolder(dir, 0);
  expect(again).toBeDefined();
  again?.();
});

test('another process that is killed outright leaves the folder free', async () => {
  const program = `const { lockFolder } = await import(${LOCK}); const held = lockFolder(process.argv[1]) !== undefined; gc(); console.log(held); setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', program, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  other = child;
  const said = await new Promise<string>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
  expect(said).toBe('true');
  expect(lockFolder(dir, 0)).toBeUndefined();
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  const mine = lockFolder(dir, 1_000);
  expect(mine).toBeDefined();
  mine?.();
});
