// Whether a row that a house below told can stand in this one's tables: SQLite takes anything into any column, and whoever reads it later would fail.
import { getTableColumns, type Column } from 'drizzle-orm';
import type { Row } from '@laba/domain/merge';
import { sqliteTables } from '../tables.ts';
import { tableOf, type RowKey, type TableName } from './images.ts';
import type { SharedTable } from './shared-tables.ts';

/** JSON columns whose readers go through them as a list. */
export const TEXT_LISTS: ReadonlySet<string> = new Set([
  'areaCodes',
  'degrees',
  'eventCodes',
  'lacking',
  'languages',
  'modes',
  'needs',
  'reasons',
  'scopes',
  'skills',
]);
export const OBJECT_LISTS: ReadonlySet<string> = new Set(['actions', 'cancelTexts', 'endTexts', 'texts']);

export function isKey(key: RowKey, shared: SharedTable): boolean {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) && parts.length === shared.key.length && parts.every((part) => isText(part) || Number.isSafeInteger(part));
  } catch {
    return false;
  }
}

export function isStorable(name: TableName, image: Row): boolean {
  const columns: Readonly<Record<string, Column>> = getTableColumns(tableOf(sqliteTables, name));
  return Object.entries(image).every(([column, value]) => fits(column, columns[column]!, value));
}

function fits(name: string, column: Column, value: unknown): boolean {
  if (value === null || value === undefined) return !column.notNull;
  const isInteger = column.getSQLType() === 'integer';
  if (column.dataType === 'string') return isText(value);
  if (column.dataType === 'number') return isInteger ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (isInteger) return typeof value === 'boolean';
  if (TEXT_LISTS.has(name)) return Array.isArray(value) && value.every(isText);
  if (OBJECT_LISTS.has(name)) return Array.isArray(value) && value.every(isObject);
  return typeof value === 'object';
}

// PostgreSQL keeps no text with a NUL in it.
const isText = (value: unknown) => typeof value === 'string' && !value.includes('\0');
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
