// Import: what every kind of file has in common.
import { tierOf, TIERS, type Tier } from '@laba/domain/grid';
import type { Database, Op } from '@laba/storage/database';
import type { Vault } from '@laba/runtime/vault';
import type { CsvRow, CsvTable } from './import-table.ts';
import type { RowProblems } from './row-problems.ts';
import { RowReader } from './row-reader.ts';

export interface ImportContext {
  db: Database;
  vault: Vault;
  table: CsvTable;
  problems: RowProblems;
  /** When the file comes in. */
  nowMs: number;
  /** Keep only this county's divisions. */
  county: string | undefined;
  /** The grid as it is, before this file. */
  nodes: ReadonlyMap<string, Tier>;
  inScope(code: string): boolean;
}

export interface ImportPlan {
  /** Rows of the file that count. */
  rows: number;
  inserted: number;
  updated: number;
  /** Grid codes that are touched. */
  codes: readonly string[];
  ops: readonly Op[];
}

/** One kind of file: its columns, and what its rows mean. */
export interface ImportRecipe {
  columns: readonly string[];
  /** Columns that a file may have. What it does not have stays as it is. */
  optional?: readonly string[];
  plan(context: ImportContext): Promise<ImportPlan>;
}

/** Reads each row by `read`; what it returns after a fault is dropped with the whole import. */
export function readRows<R>(context: ImportContext, read: (row: RowReader) => R): R[] {
  return context.table.rows.map((row: CsvRow) => read(new RowReader(context.table, row, context.problems)));
}

/** A code that must be a grid node in the importing officer's scope. */
export function knownCode(context: ImportContext, row: RowReader, column = 'grid_code', tiers: readonly Tier[] = TIERS): string {
  const code = row.code(column, tiers);
  if (code === '') return code;
  if (!context.nodes.has(code)) row.refuse(column, `没有这个网格编码：${code}`, `no grid node has the code ${code}: import divisions and groups first`);
  else refuseOutside(context, row, column, code);
  return code;
}

/** Also asked of what a row of the same id says today: nobody takes over what lies elsewhere. */
export function refuseOutside(context: ImportContext, row: RowReader, column: string, code: string): void {
  if (!context.inScope(code)) row.refuse(column, `${code} 不在您的管辖范围内`, `${code} lies outside your grid scope`);
}

/** Notes the second of two rows with the same key. */
export function onceEach(): (row: RowReader, column: string, key: string) => void {
  const seen = new Map<string, number>();
  return (row, column, key) => {
    const first = seen.get(key);
    if (first === undefined) seen.set(key, row.row);
    else if (key !== '') row.refuse(column, `与第 ${first} 行重复`, `the same as in row ${first}`);
  };
}

/** A telephone as it is stored: ciphertext, and a keyed hash for finding it again. */
export function sealPhone(vault: Vault, phone: string | null): { phoneCipher: string | null; phoneHash: string | null } {
  if (phone === null) return { phoneCipher: null, phoneHash: null };
  return { phoneCipher: vault.encrypt(phone), phoneHash: vault.hash('phone', phone) };
}

/** The plan of rows that each have one id. */
export function planOf(ids: readonly string[], known: { has(id: string): boolean }, codes: readonly string[], ops: readonly Op[]): ImportPlan {
  const updated = ids.filter((id) => known.has(id)).length;
  return { rows: ids.length, inserted: ids.length - updated, updated, codes, ops };
}

/** The widest node that all codes have in common, or undefined when they share none. */
export function commonNode(codes: readonly string[]): string | undefined {
  const [first, ...others] = codes;
  if (first === undefined) return undefined;
  let shared = first;
  for (const code of others) while (!code.startsWith(shared)) shared = shared.slice(0, -1);
  while (shared.length > 0 && tierOf(shared) === undefined) shared = shared.slice(0, -1);
  return shared === '' ? undefined : shared;
}
