// Where the six lines are read and written, and which events change them.
import type { StatusView } from '@laba/domain/status-view';
import { queries } from '../../../app/queries.ts';
import { hrefOf } from '../../../app/route.ts';

export const STATUSES = '/api/v1/statuses';
export const CHANGED_BY = /^(status|contact|person|rollcall)\./;

export const statusHref = (code?: string): string => (code === undefined ? hrefOf('houses', 'status') : hrefOf('houses', 'status', code));

/** Of one place all that was said, of all places the newest word of each. `after`: where the page before it ended. */
export function listPath(code: string | undefined, after: string): string {
  const what = code === undefined ? 'newest=true' : `grid=${code}`;
  return `${STATUSES}?${what}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`;
}

export const readStatusesAnew = () =>
  queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(STATUSES) || path === '/api/v1/now' });

/** The hour by the village's clocks; with its day where that is another than `asOf`. */
export function momentOf(time: string, asOf: string): string {
  return time.slice(0, 10) === asOf.slice(0, 10) ? time.slice(11, 16) : time.slice(5, 16).replace('T', ' ');
}

/** It is red until somebody has looked after it. */
export const isAlarm = ({ isGrave, isNewest, reconciled }: Pick<StatusView, 'isGrave' | 'isNewest' | 'reconciled'>) =>
  isGrave && isNewest && reconciled === null;
