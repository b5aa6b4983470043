// Where rounds are read and written, and in which order their lists stand.
import { ROUND_KIND_NAMES, type RoundKind } from '@laba/domain/round';
import type { PeaceVillage, RoundRow } from '@laba/domain/round-view';
import { queries } from '../../app/queries.ts';

/** What stands in the lists: what is looked at again and again, and the loudspeakers. */
export const LISTS = [...ROUND_KIND_NAMES, 'speakers'] as const;
export type ListName = (typeof LISTS)[number];

export const PEACE = '/api/v1/rounds';
export const CHANGED_BY = /^(round|rounds|room|task|grid|policy|alert)\./;
/** Figures change by time alone too, but slowly: the deadlines of rounds lie hours apart. */
export const READ_AGAIN_MS = 15_000;
/** More rows than anybody reads at once. */
export const SHOWN_ROWS = 300;

export const listPath = (kind: RoundKind, grid: string | undefined): string => `${PEACE}/list?kind=${kind}${grid === undefined ? '' : `&grid=${grid}`}`;
export const csvPath = (kind: RoundKind, grid: string | undefined, lang: string): string =>
  `${PEACE}/list.csv?kind=${kind}&lang=${lang}${grid === undefined ? '' : `&grid=${grid}`}`;
const SPEAKERS = '/api/v1/speakers';
export const SPEAKERS_CHANGED_BY = /^(speaker|gateway|site|house|grid)\./;
export const speakersPath = (grid: string | undefined): string => `${SPEAKERS}${grid === undefined ? '' : `?grid=${grid}`}`;
export const speakersCsvPath = (grid: string | undefined, lang: string): string => `${SPEAKERS}.csv?lang=${lang}${grid === undefined ? '' : `&grid=${grid}`}`;

export const actPath = (planId: string, act: 'done' | 'confirm' | 'contact' | 'new-link'): string => `${PEACE}/${encodeURIComponent(planId)}/${act}`;

export const readPeaceAnew = () => queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(PEACE) || path === '/api/v1/now' });

const missedOf = (village: PeaceVillage) => ROUND_KIND_NAMES.reduce((sum, kind) => sum + village[kind].missed, 0);

/** Where most was missed first; else in the order of the grid, as the house tells them. */
export const worstFirst = (villages: readonly PeaceVillage[]): PeaceVillage[] => [...villages].sort((a, b) => missedOf(b) - missedOf(a));

const rankOf = ({ missed, room }: RoundRow) =>
  missed > 0 ? 0 : room !== null && room.waitsSinceMs !== null ? 1 : room !== null && room.lacking.length > 0 ? 2 : 3;

/** What was missed first, the longest first; then what waits for somebody; then what falls due soonest. */
export function inOrder(rows: readonly RoundRow[]): RoundRow[] {
  return [...rows].sort(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      (a.missedSinceMs ?? 0) - (b.missedSinceMs ?? 0) ||
      (a.dueAtMs ?? Infinity) - (b.dueAtMs ?? Infinity) ||
      a.gridCode.localeCompare(b.gridCode) ||
      a.planId.localeCompare(b.planId),
  );
}
