// Which database this is, for two that hold the same rows: a copy that runs elsewhere says something else.
import { sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { prepared, type Database } from './database.ts';

const selectIdentity = prepared('database-identity', (q) =>
  q
    .select({
      identity: sql<string>`(select system_identifier from pg_control_system())::text || '.' || (select oid from pg_database where datname = current_database())::text`,
    })
    .from(sql`(select 1) as moment`),
);

/**
 * PostgreSQL's number of the server (a standby that takes over keeps it) and of the database in it; empty where the account may not ask for it.
 * @throws what the database says when it is away
 */
export async function databaseIdentity(db: Database): Promise<string> {
  try {
    return (await db.read(selectIdentity))[0]!.identity;
  } catch (error) {
    if (error instanceof LabaError && /permission denied/i.test(error.message)) return '';
    throw error;
  }
}
