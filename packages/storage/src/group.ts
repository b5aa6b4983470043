// One caller's statements on their way into a shared commit, and what became of them.
import { LabaError } from '@laba/domain/errors';
import type { Op } from './database.ts';

export interface Group<T> {
  ops: readonly Op<unknown, T>[];
  resolve: (rows: unknown[][]) => void;
  reject: (error: unknown) => void;
}

export type Outcome = { rows: unknown[][] } | { error: unknown };

/** What the caller is told when an expectation does not hold. */
export function broken(op: Op<unknown, never>): LabaError {
  return op.otherwise?.() ?? new LabaError('changed-meanwhile');
}

/** Tells each caller his own outcome. */
export function tell<T>(groups: readonly Group<T>[], outcomes: readonly Outcome[]): void {
  groups.forEach((group, i) => {
    const outcome = outcomes[i]!;
    if ('error' in outcome) group.reject(outcome.error);
    else group.resolve(outcome.rows);
  });
}

/** Lists of at most `size`, in order. */
export function slices<X>(list: readonly X[], size: number): X[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
