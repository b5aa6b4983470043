// A data folder has one user at a time, and a dead one holds nothing.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from './folder-lock.ts';

const LOCK = JSON.stringify(new URL('folder-lock.ts', import.meta.url).href);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'laba-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

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
  const program = `const { lockFolder } = await import(${LOCK}); console.log(lockFolder(process.argv[1]) !== undefined); setInterval(() => {}, 1_000);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', program, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise<string>((resolve) => other.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
  expect(said).toBe('true');
  expect(lockFolder(dir, 0)).toBeUndefined();
  const gone = new Promise((resolve) => other.once('exit', resolve));
  other.kill('SIGKILL');
  await gone;
  const mine = lockFolder(dir, 1_000);
  expect(mine).toBeDefined();
  mine?.();
});
