// What others wrote and the archive carries: whose it is and under which words, told in one file.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const WORDS = /^(licen[cs]e|copying|notice)/i;

/** `folders`: of installed packages; `head`: where they are. The same text for the same packages in whatever order. */
export function licencesOf(folders: readonly string[], head: string): string {
  const told = new Map(folders.map((folder): [string, string] => [titleOf(folder), wordsOf(folder)]));
  const parts = [...told].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, words]) => `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${words}\n`);
  return `${head}\n\n${parts.join('\n')}`;
}

function titleOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  return `${String(name)} ${String(version)} (${typeof license === 'string' ? license : 'see below'})`;
}

function wordsOf(folder: string): string {
  const files = readdirSync(folder)
    .filter((name) => WORDS.test(name))
    .sort();
  return files.length === 0 ? 'The package brings no text of its licence.' : files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
}

/** The package's folder that a bundled file lies in, if it is somebody else's. */
export function packageFolder(file: string): string | undefined {
  const folder = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
  return folder !== undefined && existsSync(join(folder, 'package.json')) ? folder : undefined;
}
