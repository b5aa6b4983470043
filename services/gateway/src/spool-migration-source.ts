// drizzle-kit finds tables among a file's named exports only; the list of names is checked against the tables by a test.
import { spoolTables } from './spool-tables.ts';

export const { spoolMeta, spoolCommand, spoolKeyBook, spoolSeen, spoolTombstone, spoolRepeat, spoolReport } = spoolTables;
