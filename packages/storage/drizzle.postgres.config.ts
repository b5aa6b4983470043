// Generates the PostgreSQL migrations: `pnpm --filter @laba/storage exec drizzle-kit generate --config drizzle.postgres.config.ts`.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/migration-source.postgres.ts',
  out: './src/migrations/postgres',
  casing: 'snake_case',
});
