// The house's own tests once more, on PostgreSQL: `npx vitest run --config vitest.postgres.config.ts`.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const inPlaceOfSqlite = fileURLToPath(new URL('./packages/storage/src/postgres-for-sqlite.test-kit.ts', import.meta.url));

/** A turn of the loop is enough for SQLite; here the fake clock also waits for the answers that are under way. */
const SETTLES_BY = 'setImmediate(resolve)';
const waitForAnswers = {
  name: 'wait-for-answers',
  transform: (code: string, id: string) =>
    id.endsWith('/fake-clock.ts') ? code.replace(SETTLES_BY, `(globalThis.whenAnswered ?? setImmediate)(resolve)`) : undefined,
};

export default defineConfig({
  plugins: [waitForAnswers],
  resolve: { alias: [{ find: /^@laba\/storage\/sqlite$/, replacement: inPlaceOfSqlite }] },
  test: {
    include: ['packages/runtime/src/**/*.test.ts', 'services/*/src/**/*.test.ts'],
    globalSetup: ['tests/global-setup.ts'],
    testTimeout: 240_000,
    hookTimeout: 120_000,
    pool: 'forks',
    isolate: true,
  },
});
