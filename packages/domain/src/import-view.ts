// A county's own lists as they are imported and exported: what each is called, and what an import would do.

/** Every kind of list, in the order in which a new county fills them. */
export const LISTS = {
  divisions: { zh: '行政区划', en: 'divisions' },
  groups: { zh: '村民小组', en: 'villager groups' },
  sites: { zh: '活动室和喇叭', en: 'activity rooms and speakers' },
  members: { zh: '成员', en: 'members' },
  households: { zh: '户', en: 'households' },
  persons: { zh: '家庭成员', en: 'persons of households' },
  places: { zh: '场所', en: 'places' },
  'muster-points': { zh: '集合点', en: 'muster points' },
  ladders: { zh: '叫应名单', en: 'ladders' },
  neighbours: { zh: '邻近网格', en: 'neighbours' },
  'hazard-points': { zh: '隐患点', en: 'hazard points' },
} as const;
export type ListKind = keyof typeof LISTS;

export interface ImportColumn {
  /** As in the file's header. */
  name: string;
  isOptional: boolean;
  zh: string;
  en: string;
}

export interface ImportListsView {
  lists: { kind: ListKind; columns: ImportColumn[] }[];
}

export interface ImportProblem {
  /** As a spreadsheet counts: the header is row 1. */
  row: number;
  /** Empty when the whole row is meant. */
  column: string;
  message: string;
  messageZh: string;
}

/** What one row of the file, or one that the file leaves out, changes. */
export interface ImportChange {
  is: 'new' | 'changed' | 'removed';
  /** Null of what is removed. */
  row: number | null;
  /** What tells the row from all others: its id, or its codes. */
  id: string;
  /** Of a new row every filled cell, of a changed one those that differ. */
  cells: { column: string; was: string; becomes: string }[];
}

export interface ImportResultView {
  kind: ListKind;
  dryRun: boolean;
  /** Rows of the file that count. */
  rows: number;
  /** Things, not rows: a member who belongs to two groups is one. */
  inserted: number;
  /** Things that were known before, whether or not the file says anything else of them. */
  updated: number;
  /** Rows of which nothing is known yet, that say something else, and that say what is known. */
  fresh: number;
  changed: number;
  unchanged: number;
  /** Rows with at least one fault. */
  refused: number;
  /** Rungs that the file leaves out of a ladder that it names. */
  removed: number;
  /** The first changes; of a dry run only. */
  changes: ImportChange[];
  /** Stands for all changes: given back with the import it makes sure that just these are written. */
  seen: string;
  ignoredColumns: string[];
  errorCount: number;
  /** The first ones. Empty when it was written. */
  errors: ImportProblem[];
}
