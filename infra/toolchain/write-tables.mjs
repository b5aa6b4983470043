// Writes the README's tables anew from the code: node infra/toolchain/write-tables.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readmeTables } from './measure/readme.ts';
import { READMES, withTable } from './measure/marked-tables.ts';

const root = join(import.meta.dirname, '..', '..');
for (const [language, path] of Object.entries(READMES)) {
  const file = join(root, path);
  const text = Object.entries(readmeTables(language)).reduce((before, [name, table]) => withTable(before, name, table), readFileSync(file, 'utf8'));
  writeFileSync(file, text);
}
