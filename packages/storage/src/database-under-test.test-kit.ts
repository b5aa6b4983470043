// What the contract suites are given: one database, empty but for its schema.
import { asc } from 'drizzle-orm';
import { one, type Database } from './database.ts';

export interface DatabaseUnderTest {
  db: Database;
  /** Another connection to the same data: sees only what is committed. */
  another(): Promise<Database>;
  stop(): Promise<void>;
}

/** One row of any kind, by name. */
export const put = (name: string, value: unknown = 1) => one((q, t) => q.insert(t.setting).values({ name, value }).returning({ name: t.setting.name }));
export const names = async (db: Database) =>
  (await db.read((q, t) => q.select({ name: t.setting.name }).from(t.setting).orderBy(asc(t.setting.name)))).map(({ name }) => name);
