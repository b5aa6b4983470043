// Where shifts are read and kept, and what an officer typed but has not sent.
import { queries } from '../../app/queries.ts';
import { Store } from '../../app/store.ts';
import type { Language } from '../../i18n/language.ts';

export const SHIFTS = '/api/v1/shifts';
/** Whatever a log tells of. */
export const CHANGED_BY =
  /^(alert|report|site|status|contact|house|ladder|rollcall|place|task|situation|shift|officer|pair|withdrawal|commander|callout|broker|county|job|speaker|clock|policy|shelter)\./;
const OWN = /^shift\./;
export const SHIFT_CHANGED = { changedBy: OWN } as const;

const idOf = (id: string) => `${SHIFTS}/${encodeURIComponent(id)}`;

export const paths = {
  open: `${SHIFTS}/open-things`,
  one: idOf,
  log: (id: string, before: number | undefined) => `${idOf(id)}/log${before === undefined ? '' : `?before=${before}`}`,
  print: (id: string, language: Language) => `${idOf(id)}/print?lang=${language === 'zh' ? 'zh-CN' : 'en'}`,
  handOver: (id: string) => `${idOf(id)}/hand-over`,
  withdraw: (id: string) => `${idOf(id)}/withdraw`,
  takeOver: (id: string) => `${idOf(id)}/take-over`,
};

export const readShiftsAnew = () =>
  queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(SHIFTS) || path === '/api/v1/now' });

/** Outlive the screen, so that a look at the board loses nothing. */
export const typedRemark = new Store('');
export const typedHandOver = new Store('');

/** To the minute, in the county's own time. */
export const clockOf = (at: string) => at.slice(0, 16).replace('T', ' ');
