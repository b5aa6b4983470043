// Whole, private, and replaced in one step.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDurably, writeDurably } from './durable-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'laba-durable-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it('writes for its owner only, replaces what was there, and leaves nothing beside it', () => {
  const file = join(dir, 'house.json');
  writeDurably(file, 'one, which is longer');
  writeDurably(file, 'two');
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir)).toEqual(['house.json']);
});

it('makes a file once: who comes second leaves it as it is', () => {
  const file = join(dir, 'secret.key');
  expect([makeDurably(file, 'first'), makeDurably(file, 'second')]).toEqual([true, false]);
  expect(readFileSync(file, 'utf8')).toBe('first');
  expect(readdirSync(dir)).toEqual(['secret.key']);
});
