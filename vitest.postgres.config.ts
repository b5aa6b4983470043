// The house's own tests once more, on PostgreSQL: `npx vitest run --config vitest.postgres.config.ts`.
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import onSqlite from './vitest.config.ts';

const inPlaceOfSqlite = fileURLToPath(new URL('./packages/storage/src/postgres-for-sqlite.test-kit.ts', import.meta.url));

/** A turn of the loop is enough for SQLite; here the fake clock also waits for the answers that are under way. */
const SETTLES_BY = 'setImmediate(resolve)';
const waitForAnswers = {
  name: 'wait-for-answers',
  transform: (code: string, id: string) =>
    id.endsWith('/fake-clock.ts') ? code.replace(SETTLES_BY, `(globalThis.whenAnswered ?? setImmediate)(resolve)`) : undefined,
};

export default mergeConfig(
  onSqlite,
  defineConfig({
    plugins: [waitForAnswers],
    resolve: { alias: [{ find: /^@laba\/storage\/sqlite$/, replacement: inPlaceOfSqlite }] },
    test: { exclude: ['packages/storage/**', 'packages/messaging/**', 'packages/engines/**', 'packages/domain/**', 'tests/**', 'infra/**', '**/node_modules/**'] },
  }),
);
