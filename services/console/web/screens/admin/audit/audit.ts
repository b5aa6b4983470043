// What is looked for in the audit, as an address of the house, and its answers page after page.
import type { AuditKind, AuditView } from '@laba/domain/audit-view';
import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '../../../api/client.ts';

export const AUDIT = '/api/v1/audit';

export type Span = 'day' | 'week' | 'month' | 'all' | 'own';
const DAY_MS = 86_400_000;
const SPAN_MS: Record<Exclude<Span, 'all' | 'own'>, number> = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };

export interface Search {
  officer: string | undefined;
  kind: AuditKind | undefined;
  area: string | undefined;
  span: Span;
  /** Days of the county's calendar, of the span `own`. */
  from: string;
  until: string;
  words: string;
  everybody: boolean;
}

export const NO_SEARCH: Search = { officer: undefined, kind: undefined, area: undefined, span: 'week', from: '', until: '', words: '', everybody: false };

/** `nowMs`: by the house's clock. */
export function queryOf({ officer, kind, area, span, from, until, words, everybody }: Search, nowMs: number): string {
  const query = new URLSearchParams();
  const asked = { officer, about: kind, area, words: words.trim(), ...(span === 'own' ? { from, until } : {}) };
  for (const [name, value] of Object.entries(asked)) if (value !== undefined && value !== '') query.set(name, value);
  if (span !== 'own' && span !== 'all') query.set('from', String(nowMs - SPAN_MS[span]));
  if (everybody) query.set('everybody', 'true');
  return query.toString();
}

/** Read when it is asked for: what an administrator looks through does not run away under his eyes. */
export function useAudit(query: string) {
  return useInfiniteQuery({
    queryKey: [AUDIT, query],
    queryFn: ({ signal, pageParam }) => get<AuditView>(`${AUDIT}?${query}${pageParam === null ? '' : `&before=${pageParam}`}`, signal),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}
