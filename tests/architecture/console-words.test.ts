// The console's own words: both languages have the same keys and the same gaps to fill, and neither is left in the other's letters.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Words {
  name: string;
  zh: Record<string, string>;
  en: Record<string, string>;
}

const WEB = join(import.meta.dirname, '../../services/console/web');
const HAN = /[\u3400-\u9fff]/;
const files = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((name) => /(^|[/-])words\.ts$/.test(name));
const gaps = (words: string) => (words.match(/\{\w+\}/g) ?? []).sort();

async function wordsOf(file: string): Promise<Words[]> {
  const module = (await import(pathToFileURL(join(WEB, file)).href)) as Record<string, unknown>;
  return Object.values(module).filter((one): one is Words => typeof one === 'object' && one !== null && 'zh' in one && 'en' in one);
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

  it('have a name of their own for each screen', async () => {
    const names = (await Promise.all(files.map(wordsOf))).flat().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
