// The console's own words: both languages have the same keys and the same gaps to fill, and neither is left in the other's letters.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Words {
  name: string;
  zh: Record<string, string>;
  en: Record<string, string>;
}

const WEB = join(import.meta.dirname, '../../services/console/web');
const HAN = /[\u3400-\u9fff]/;
const sources = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
const files = sources.filter((name) => /(^|[/-])words\.ts$/.test(name));
const gaps = (words: string) => (words.match(/\{\w+\}/g) ?? []).sort();

async function wordsOf(file: string): Promise<Words[]> {
  const module = (await import(pathToFileURL(join(WEB, file)).href)) as Record<string, unknown>;
  return Object.values(module).filter((one): one is Words => typeof one === 'object' && one !== null && 'zh' in one && 'en' in one);
}

/** All that reads these words: whatever stands in or below their folder, or imports them. */
function readersOf(words: string): string {
  const imported = `${basename(dirname(words))}/${basename(words)}`;
  const texts = sources.filter((name) => name !== words).map((name) => [name, readFileSync(join(WEB, name), 'utf8')] as const);
  return texts.flatMap(([name, text]) => (name.startsWith(`${dirname(words)}/`) || text.includes(imported) ? [text] : [])).join('\n');
}

/** By its own name, or put together: `state.${…}`, `${verb}Title`. */
function isAskedFor(key: string, readers: string): boolean {
  if (new RegExp(`\\b${key.replaceAll('.', '\\.')}\\b`).test(readers)) return true;
  const tail = /[A-Z][a-z]+$/.exec(key)?.[0];
  return (key.includes('.') && readers.includes(`\`${key.split('.')[0]}.\${`)) || (tail !== undefined && readers.includes(`}${tail}\``));
}

describe('words of the console', () => {
  it('are found: the frame’s and each screen’s', () => {
    expect(files).toContain('i18n/frame-words.ts');
    expect(files.filter((name) => name.startsWith('screens/')).length).toBeGreaterThanOrEqual(3);
  });

  it.each(files)('%s says the same in both languages', async (file) => {
    const all = await wordsOf(file);
    expect(all).toHaveLength(1);
    const [{ zh, en }] = all as [Words];
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    for (const [key, words] of Object.entries(zh)) {
      // What is only figures is the same in every language.
      if (/\p{L}/u.test(words.replaceAll(/\{\w+\}/g, ''))) expect(words, key).toMatch(HAN);
      expect(en[key], key).not.toMatch(HAN);
      expect(en[key]!.trim(), key).not.toBe('');
      expect(gaps(en[key]!), key).toEqual(gaps(words));
    }
  });

  it.each(files)('%s holds none that no screen asks for', async (file) => {
    const readers = readersOf(file);
    const keys = (await wordsOf(file)).flatMap(({ zh }) => Object.keys(zh));
    expect(keys.filter((key) => !isAskedFor(key, readers))).toEqual([]);
  });

  it('have a name of their own for each screen', async () => {
    const names = (await Promise.all(files.map(wordsOf))).flat().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
