// Generates the SQLite migrations: `pnpm --filter @laba/storage exec drizzle-kit generate`.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: './src/migration-source.sqlite.ts',
  out: './src/migrations/sqlite',
  casing: 'snake_case',
});
