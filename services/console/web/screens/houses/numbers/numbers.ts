// Where it is read which numbers work, and how the results are summed for a table.
import { NUMBER_RESULT_NAMES, type NumberResult } from '@laba/domain/number-check';
import type { NumbersView } from '@laba/domain/number-view';
import { queries } from '../../../app/queries.ts';
import { hrefOf } from '../../../app/route.ts';

export const NUMBERS = '/api/v1/numbers';
export const CHANGED_BY = /^(number|numbers|reply)\./;

export type Counts = NumbersView['counts'];

/** By the address: of which place, and which result only. */
export interface Shown {
  code: string | undefined;
  result: NumberResult | undefined;
}

const ALL = 'all';

export const numbersHref = ({ code, result }: Shown): string =>
  hrefOf('houses', 'numbers', ...(code === undefined && result === undefined ? [] : [code ?? ALL]), ...(result === undefined ? [] : [result]));

export function shownIn([, place = '', result = '']: readonly string[]): Shown {
  return { code: /^\d{6,14}$/.test(place) ? place : undefined, result: NUMBER_RESULT_NAMES.find((name) => name === result) };
}

export function numbersPath({ code, result }: Shown, after: string): string {
  const asked = new URLSearchParams({
    ...(code === undefined ? {} : { grid: code }),
    ...(result === undefined ? {} : { result }),
    ...(after === '' ? {} : { after }),
  }).toString();
  return asked === '' ? NUMBERS : `${NUMBERS}?${asked}`;
}

export const readNumbersAnew = () => queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(NUMBERS) });

/** Neither proven nor known to be dead. */
export const doubtful = ({ unconfirmed, delivered, old, waiting }: Counts): number => unconfirmed + delivered + old + waiting;
export const dead = (counts: Counts): number => counts.dead + counts.none;
export const totalOf = (counts: Counts): number => Object.values(counts).reduce((sum, n) => sum + n, 0);

/** Where most numbers are dead first; else in the order of the grid. */
export const worstFirst = (villages: NumbersView['villages']): NumbersView['villages'] => [...villages].sort((a, b) => dead(b.counts) - dead(a.counts));
