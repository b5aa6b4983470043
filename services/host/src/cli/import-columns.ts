// The kinds of lists that `laba import` takes, each with its columns as the county checks them.
import { importColumns, IMPORT_KINDS, type ImportKind } from '@laba/registry/import-csv';

export const IMPORT_COLUMNS = Object.fromEntries(IMPORT_KINDS.map((kind) => [kind, importColumns(kind)])) as Record<ImportKind, readonly string[]>;
