// Where tasks are read and moved, and how long a deadline may be given.
import { queries } from '../../app/queries.ts';

export const TASKS = '/api/v1/tasks';
export const TEMPLATES = '/api/v1/task-templates';
export const CHANGED_BY = /^task\./;

const idOf = (id: string) => `${TASKS}/${encodeURIComponent(id)}`;
export const paths = {
  one: idOf,
  timeline: (id: string) => `${idOf(id)}/timeline`,
  move: (id: string, move: string) => `${idOf(id)}/${move}`,
  photos: (id: string) => `${idOf(id)}/photos`,
  photo: (id: string, photoId: string) => `${idOf(id)}/photos/${encodeURIComponent(photoId)}`,
  sheet: (id: string) => `${idOf(id)}/reminder`,
};

export const readTasksAnew = () => queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(TASKS) || path === '/api/v1/now' });

export const LISTS = ['overdue', 'waiting', 'open', 'closed'] as const;
export type ListName = (typeof LISTS)[number];

export interface Filter {
  grid: string | undefined;
  /** An alert's id; `none`. */
  alert: string | undefined;
  /** An officer's id; `none`. */
  owner: string | undefined;
  text: string;
}
export const NO_FILTER: Filter = { grid: undefined, alert: undefined, owner: undefined, text: '' };

export function listPath(list: ListName, { grid, alert, owner, text }: Filter, after: string | undefined): string {
  const ofAlert: Record<string, string | undefined> = alert === 'none' ? { alert } : { alertId: alert };
  const asked = { list, grid, owner, after, text: text.trim() === '' ? undefined : text.trim(), ...ofAlert };
  const query = new URLSearchParams(Object.entries(asked).filter((one): one is [string, string] => one[1] !== undefined));
  return `${TASKS}?${query.toString()}`;
}

const HOUR = 60;
const DAY = 24 * HOUR;
/** Minutes; an officer at 3 a.m. chooses, and does not reckon. */
export const SPANS = [15, 30, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY];

/** To the minute, in the county's own time. */
export const clockOf = (at: string) => at.slice(0, 16).replace('T', ' ');
