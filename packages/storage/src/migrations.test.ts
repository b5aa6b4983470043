// A changed table without its migration is found here: both sets are what tables.ts asks for now.
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOM = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

for (const [engine, dialect] of [
  ['sqlite', 'sqlite'],
  ['postgres', 'postgresql'],
] as const)
  test(`the migrations for ${engine} leave nothing to generate`, async () => {
    // Inside the room: the generator writes to paths below its own folder only.
    const copy = mkdtempSync(join(ROOM, '.migrations-'));
    try {
      cpSync(join(ROOM, 'src/migrations', engine), copy, { recursive: true });
      const shipped = readdirSync(copy);
      const schema = `./src/migration-source.${engine}.ts`;
      const settings = ['--dialect', dialect, '--schema', schema, '--out', copy.slice(ROOM.length), '--casing', 'snake_case'];
      const { stdout } = await run(join(ROOM, 'node_modules/.bin/drizzle-kit'), ['generate', ...settings], { cwd: ROOM });
      expect(stdout).toMatch(/No schema changes/);
      expect(readdirSync(copy)).toEqual(shipped);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
