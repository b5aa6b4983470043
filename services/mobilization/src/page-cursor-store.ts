// Chapter 5, member: where a page of a list by grid code and id ended, and where the next one begins.
import { sql, type Column, type SQL } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';

/** A place in the order of a list: the last row of the page before. */
export interface ListCursor {
  gridCode: string;
  id: string;
}

/** The `next` of a full page; null when it was the last one. */
export function nextOf(page: readonly ListCursor[]): string | null {
  const last = page.at(-1);
  return last !== undefined && page.length === LIMITS.rowsPerPage ? `${last.gridCode}~${last.id}` : null;
}

/** @throws `bad-input` */
export function cursorOf(after: string | undefined): ListCursor | undefined {
  if (after === undefined) return undefined;
  const [, gridCode, id] = /^(\d{6,14})~(.{1,100})$/.exec(after) ?? [];
  if (gridCode === undefined || id === undefined) throw new LabaError('bad-input', 'after: this is not the `next` of an earlier page.', { field: 'after' });
  return { gridCode, id };
}

/** Condition: behind it, in a list by grid code and id. */
export function further(gridCode: Column | SQL<string>, id: Column | SQL<string>, after: ListCursor | undefined): SQL | undefined {
  return after === undefined ? undefined : sql`(${gridCode} > ${after.gridCode} or (${gridCode} = ${after.gridCode} and ${id} > ${after.id}))`;
}
