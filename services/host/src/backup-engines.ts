// What a backup needs of the engine that keeps the county: SQLite in the data folder, or PostgreSQL by its own programs.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findPostgres } from '@laba/engines/postgres-server';
import { findServer } from '@laba/engines/server-process';
import type { Config } from '@laba/runtime/config';
import { dumpPostgres, restorePostgres, usePostgres } from '@laba/storage/backup-postgres';
import { checkSqlite, copySqlite, knownSchema, type SchemaStamp } from '@laba/storage/backup-sqlite';
import type { Database } from '@laba/storage/database';
import { HOUSE as POSTGRES_HOUSE, PostgresDatabase } from '@laba/storage/postgres';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import type { Manifest, PartName } from './backup-manifest.ts';

export interface BackupEngine {
  readonly kind: Manifest['engine'];
  readonly part: PartName;
  /** What this version of the house knows. */
  known(): SchemaStamp;
  /** A copy as of now, while the house runs. */
  copy(to: string): Promise<SchemaStamp>;
  /** @throws one line when a house runs on it, or it is not empty and `replace` was not said */
  refuseUsed(replace: boolean): Promise<void>;
  /** The restored database, on this version's schema; only the caller uses it. `staging` holds the extracted part, `aside` names what was there. */
  open(staging: string, aside: string): Promise<Database>;
}

export function backupEngine(config: Config, mayLoseCommits = false): BackupEngine {
  return config.profile === 'clustered' ? postgresEngine(config.databaseUrl ?? '', mayLoseCommits) : sqliteEngine(config);
}

function sqliteEngine({ dataDir }: Config): BackupEngine {
  const part = 'laba.db';
  return {
    kind: 'sqlite',
    part,
    known: () => knownSchema(HOUSE.migrations),
    copy: async (to) => copySqlite(join(dataDir, part), to),
    // The folder's own lock and content say it all.
    refuseUsed: async () => {},
    open: async (staging) => {
      checkSqlite(join(staging, part));
      return SqliteDatabase.open(join(staging, part), HOUSE);
    },
  };
}

function postgresEngine(url: string, mayLoseCommits: boolean): BackupEngine {
  const part = 'laba.pgdump';
  return {
    kind: 'postgres',
    part,
    known: () => knownSchema(POSTGRES_HOUSE.migrations),
    copy: (to) => dumpPostgres(url, programOf('pg_dump'), to),
    refuseUsed: async (replace) => {
      programOf('pg_restore');
      const { houses, tables } = await usePostgres(url);
      if (houses > 0) throw new Error(`A Laba still uses this database (${houses} connections): stop all its processes first.`);
      if (tables > 0 && !replace)
        throw new Error('The database is not empty: name an empty one, or say --replace, which moves what is there into a schema beside it.');
    },
    open: async (staging, aside) => {
      await restorePostgres(url, programOf('pg_restore'), join(staging, part), aside.replaceAll('-', '_'));
      // It is in the database now; the folder keeps none of it.
      rmSync(join(staging, part));
      return PostgresDatabase.open(url, undefined, { mayLoseCommits });
    },
  };
}

function programOf(name: string): string {
  const server = findPostgres();
  const program = findServer(name, server === undefined ? [] : [server]);
  if (program === undefined) throw new Error(`${name} is not installed: on Debian it is in the package postgresql-client-15.`);
  return program;
}
