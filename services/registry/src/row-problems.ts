// What is wrong with an imported file, row by row, in both languages. Names codes and columns, never people or telephones.
import type { ImportProblem } from '@laba/domain/import-view';
import { LIMITS } from '@laba/domain/limits';

export type RowProblem = ImportProblem;

/** Collects problems: all are counted, the first ones are kept. */
export class RowProblems {
  readonly shown: RowProblem[] = [];
  /** Every row that has one. */
  readonly rows = new Set<number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(row: number, column: string, messageZh: string, message: string): void {
    this.#total += 1;
    this.rows.add(row);
    if (this.shown.length < LIMITS.importErrorsShown) this.shown.push({ row, column, message, messageZh });
  }
}
