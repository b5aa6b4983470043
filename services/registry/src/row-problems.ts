// What is wrong with an imported file, row by row, in both languages. Names codes and columns, never people or telephones.
import { LIMITS } from '@laba/domain/limits';

export interface RowProblem {
  /** As a spreadsheet counts: the header is row 1. */
  row: number;
  /** Empty when the whole row is meant. */
  column: string;
  message: string;
  messageZh: string;
}

/** Collects problems: all are counted, the first ones are kept. */
export class RowProblems {
  readonly shown: RowProblem[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(row: number, column: string, messageZh: string, message: string): void {
    this.#total += 1;
    if (this.shown.length < LIMITS.importErrorsShown) this.shown.push({ row, column, message, messageZh });
  }
}
