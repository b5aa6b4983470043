// What the roll-call screen reads, and where it leads: each read with the events that change it.
import type { AlertView, ListedAlertView } from '@laba/domain/alert-view';
import type { DoorsView, LaddersView, MusterPointView, OneHouseholdView, PlacesView, RollCallView } from '@laba/domain/board-view';
import { LIMITS } from '@laba/domain/limits';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { get } from '../../api/client.ts';
import { useRead, useReadPages } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';

const of = (alertId: string) => `/api/v1/alerts/${encodeURIComponent(alertId)}`;
export const rollCallOf = (alertId: string) => `${of(alertId)}/rollcall`;

/** `CODE` of the whole alert, in the address. */
export const ALL = 'all';

export function hrefOfPart(alertId: string, code: string, part?: string): string {
  return hrefOf('rollcall', alertId, code, ...(part === undefined ? [] : [part]));
}

const CHANGED_BY = /^(rollcall|person|place|door|shelter|alert)\./;
/** Of a whole county it is a dear question. */
const WIDE_MS = 15_000;

function pathOf(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((one): one is [string, string] => one[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

const groupOf = (code: string) => (code === ALL ? undefined : code);

export const useAlerts = () => useRead<{ alerts: ListedAlertView[] }>('/api/v1/alerts', { changedBy: /^alert\./ });
export const useAlert = (alertId: string) => useRead<AlertView>(of(alertId), { changedBy: /^alert\./ });
export const useTotals = (alertId: string) => useRead<RollCallView>(pathOf(rollCallOf(alertId), { totals: 'true' }), { changedBy: CHANGED_BY });
export const useLadders = (alertId: string) => useRead<LaddersView>(`${of(alertId)}/ladders`, { changedBy: /^(ladder|alert)\./ });

/** `only`: asked of the house where the whole list is more than is read at once. */
export const useHouseholds = (alertId: string, code: string, only: string | undefined) =>
  useReadPages<RollCallView>(pathOf(rollCallOf(alertId), { group: groupOf(code), only }), {
    changedBy: CHANGED_BY,
    ...(only === undefined ? {} : { every: WIDE_MS }),
  });

export const usePlacesOf = (alertId: string, code: string) =>
  useReadPages<PlacesView>(pathOf(`${rollCallOf(alertId)}/places`, { group: groupOf(code) }), { changedBy: /^(place|rollcall|alert)\./ });

export const useDoors = (alertId: string, code: string) =>
  useReadPages<DoorsView>(pathOf(`${rollCallOf(alertId)}/doors`, { group: groupOf(code) }), { changedBy: /^(door|rollcall)\./, every: WIDE_MS });

/** Where people are taken to, also from elsewhere: of the whole alert. */
export const useMusterPoints = (alertId: string) =>
  useRead<{ points: MusterPointView[] }>(`${rollCallOf(alertId)}/muster-points`, { changedBy: CHANGED_BY, every: WIDE_MS });

export const useOneHousehold = (alertId: string, id: string) =>
  useRead<OneHouseholdView>(`${rollCallOf(alertId)}/households/${encodeURIComponent(id)}`, { changedBy: CHANGED_BY });

/** Marks are still taken: people come back late. */
export function takesMarks({ state, mode, overAt }: Pick<ListedAlertView, 'state' | 'mode' | 'overAt'>, nowMs: number): boolean {
  if (mode === 'test') return false;
  return state === 'raised' || (overAt !== null && nowMs < Date.parse(overAt) + LIMITS.rollcallLateMs);
}

const ORDERS = ['move-now', 'prepare'];
const LEVELS = ['red', 'orange', 'yellow', 'blue'];

/** What moves people before what warns them, red first. */
function severity({ order, level }: Pick<ListedAlertView, 'order' | 'level'>): number {
  return order === null ? ORDERS.length + LEVELS.indexOf(level ?? 'blue') : ORDERS.indexOf(order);
}

/** Whose people may be counted: what is real before exercises, in force before over, the worst and then the newest first. */
export function countable(alerts: readonly ListedAlertView[]): ListedAlertView[] {
  const rank = ({ mode, state }: ListedAlertView) => (state === 'raised' ? 0 : 2) + (mode === 'live' ? 0 : 1);
  return alerts
    .filter(({ raisedAt, mode }) => raisedAt !== null && mode !== 'test')
    .toSorted((a, b) => rank(a) - rank(b) || severity(a) - severity(b) || Date.parse(b.raisedAt ?? '') - Date.parse(a.raisedAt ?? ''));
}

/** So many are looked through for one that lists somebody. */
const LOOKED_THROUGH = 8;

/** The first of these alerts that has somebody on its list; null: none of them. */
export function useFirstListed(alerts: readonly ListedAlertView[] | undefined): UseQueryResult<string | null> {
  const ids = (alerts ?? []).slice(0, LOOKED_THROUGH).map(({ id }) => id);
  return useQuery({
    queryKey: ['first roll-call', ...ids],
    enabled: alerts !== undefined,
    queryFn: async ({ signal }) => {
      for (const id of ids) {
        const { persons, places } = await get<RollCallView>(pathOf(rollCallOf(id), { totals: 'true' }), signal);
        if (persons.total + places.total > 0) return id;
      }
      return null;
    },
  });
}
