// What a server's starter may change on the machine: its own folder, and the right to walk down to it.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handOver } from './server-process.ts';

const SOMEBODY = { uid: 65_534, gid: 65_534 };
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

let parent: string;
let dir: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'laba-hand-over-'));
  dir = join(parent, 'engine');
  mkdirSync(dir, { mode: 0o700 });
});
afterEach(() => rmSync(parent, { recursive: true }));

describe.skipIf(process.getuid?.() !== 0)('a folder handed to a server (needs root)', () => {
  it('a folder that everybody may write in, as the one for temporary files, stays as it is', () => {
    chmodSync(parent, 0o1777);
    handOver(dir, SOMEBODY);
    expect(modeOf(parent)).toBe('1777');
  });

  it('a folder that was ours alone lets others walk through and read nothing', () => {
    chmodSync(parent, 0o700);
    handOver(dir, SOMEBODY);
    expect(modeOf(parent)).toBe('711');
  });

  it('what was written for the server is its own, and nobody else’s to read', () => {
    writeFileSync(join(dir, 'conf'), 'password', { mode: 0o600 });
    handOver(dir, SOMEBODY);
    expect(statSync(join(dir, 'conf')).uid).toBe(SOMEBODY.uid);
    expect(modeOf(join(dir, 'conf'))).toBe('600');
  });
});
