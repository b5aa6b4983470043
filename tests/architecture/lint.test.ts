// The linter's configuration finds what it is there for: each of these lines was planted.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const HEAD = '// Planted.\nexport async function work(): Promise<void> {}\n';

const PLANTED: Record<string, string> = {
  'typescript(no-floating-promises)': 'export function a(): void { work(); }',
  'typescript(no-misused-promises)': 'export function a(): void { [1].forEach(async () => { await work(); }); }',
  'typescript(await-thenable)': 'export async function a(n: number): Promise<void> { await n; }',
  'typescript(no-explicit-any)': 'export const a: any = 1;',
  'typescript(switch-exhaustiveness-check)': "export function a(l: 'red' | 'blue'): void { switch (l) { case 'red': return; } }",
  'import(no-default-export)': 'export default 1;',
  'node(no-process-env)': "export const a = process.env['PATH'];",
  'eslint(no-restricted-globals)': 'setTimeout(() => {}, 1);',
  'eslint(no-restricted-properties)': 'export const a = Date.now();',
  'eslint(eqeqeq)': 'export const a = (x: number, y: number) => x == y;',
};

const ALLOWED: Record<string, string> = {
  'packages/runtime/src/clock.ts': 'setTimeout(() => {}, Date.now());',
  'services/host/src/main.ts': "process.exit(process.env['X'] === undefined ? 0 : 1);",
  'tests/story/x.test.ts': 'setTimeout(() => {}, Date.now());',
  'packages/storage/drizzle.config.ts': 'export default {};',
  'services/alerting/src/right.ts': 'export async function a(): Promise<void> { await work(); }',
};

let folder: string;
const found = new Map<string, string[]>();

const fileOf = (rule: string) => `services/alerting/src/${rule.replace(/\W+/g, '-')}x.ts`;

function plant(path: string, line: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `${HEAD}${line}\n`);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'laba-lint-'));
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'tsconfig.base.json', 'package.json']) copyFileSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [rule, line] of Object.entries(PLANTED)) plant(fileOf(rule), line);
  for (const [path, line] of Object.entries(ALLOWED)) plant(path, line);
  const run = spawnSync(join(root, 'node_modules', '.bin', 'oxlint'), ['-f', 'json'], { cwd: folder, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: { code: string; filename: string }[] };
  for (const { code, filename } of diagnostics) found.set(filename, [...(found.get(filename) ?? []), code]);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('what was planted is found', () => {
  test.each(Object.keys(PLANTED))('%s', (rule) => {
    expect(found.get(fileOf(rule))).toContain(rule);
  });
});

describe('what is allowed there is left alone', () => {
  test.each(Object.keys(ALLOWED))('%s', (path) => {
    expect(found.get(path)).toBeUndefined();
  });
});
