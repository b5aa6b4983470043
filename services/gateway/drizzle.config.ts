// Generates the spool's migrations: `pnpm --filter @laba/gateway exec drizzle-kit generate`.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: './src/spool-migration-source.ts',
  out: './src/migrations',
  casing: 'snake_case',
});
