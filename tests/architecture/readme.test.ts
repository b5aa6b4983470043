// The README in both languages says what the code says, and names only commands and folders that exist.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { READMES, tableFaults, type Language } from '../../infra/toolchain/measure/marked-tables.ts';
import { readmeTables } from '../../infra/toolchain/measure/readme.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe.each(Object.entries(READMES) as [Language, string][])('%s', (language, path) => {
  const text = read(path);

  test('the tables of refusals, settings and limits are those of the code', () => {
    expect(tableFaults(path, text, readmeTables(language))).toEqual([]);
  });

  test('every folder and file it names is there', () => {
    const named = [...text.matchAll(/`((?:services|packages|infra|tests)\/[\w./@-]+|\.ci\/run|\.\/laba)/g)].map((match) => match[1]!);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((one) => !existsSync(join(root, one)))).toEqual([]);
  });

  test('every link leads somewhere', () => {
    const links = [...text.matchAll(/\]\((?!http)([^)]+)\)/g)].map((match) => match[1]!);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  test('every npm script and command of ./laba that it names is there', () => {
    const scripts = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const main = read('services/host/src/main.ts');
    const npm = [...text.matchAll(/npm (?:run )?(start|test|check|bench|\w+)\b/g)].map((match) => match[1]!).filter((name) => name !== 'run');
    expect(npm.filter((name) => scripts.scripts[name] === undefined)).toEqual([]);
    const commands = [...text.matchAll(/\.\/laba (\w+)/g)].map((match) => match[1]!);
    expect(commands.filter((name) => !new RegExp(`^  ${name}: |^const HELP_WORDS = .*'${name}'`, 'm').test(main))).toEqual([]);
  });
});

test('both languages have the same sections', () => {
  const shape = (path: string) =>
    read(path)
      .split('\n')
      .filter((line) => /^(#|```|\|---)/.test(line))
      .map((line) => line.replace(/ .*/, ''));
  expect(shape('README.zh-CN.md')).toEqual(shape('README.md'));
});
