// What screens read: each query says which events change it, is read anew when one of them happens, and is right again after a lost line.
import { QueryClient, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import type { LiveEvent } from '../api/live-line.ts';
import { Refused, UNREACHABLE } from '../api/problem.ts';

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: { changedBy?: RegExp };
  }
}

/** Figures also change by time alone: a site falls silent, a deadline passes. */
const READ_AGAIN_MS = 5_000;
/** Events that come together are read once. */
const GATHER_MS = 200;

export const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: false, refetchOnWindowFocus: true, refetchIntervalInBackground: true, networkMode: 'always', gcTime: 60_000 },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/**
 * Reads `path` and keeps it fresh. `changedBy`: the types of the events after which it is read anew; `every`: also after so many ms.
 * What was read stands while it is read again, and also when that fails; its own time says how old it is.
 */
export function useRead<T>(path: string, { changedBy, every = READ_AGAIN_MS }: { changedBy?: RegExp; every?: number | false } = {}): UseQueryResult<T> {
  return useQuery<T>({
    queryKey: [path],
    queryFn: ({ signal }) => get<T>(path, signal),
    refetchInterval: every,
    ...(changedBy === undefined ? {} : { meta: { changedBy } }),
  });
}

export interface Paged {
  next: string | null;
}

/** More rows than an officer reads, and than a browser likes: of more the list says that it is cut. */
const PAGES = 25;

/** Reads every page of a list, one after the other; `isCut`: there were more. */
export function useReadPages<P extends Paged>(
  path: string,
  options: { changedBy?: RegExp; every?: number } = {},
): UseQueryResult<{ pages: P[]; isCut: boolean }> {
  const { changedBy: meant, every = READ_AGAIN_MS } = options;
  return useQuery({
    queryKey: [path, 'pages'],
    queryFn: async ({ signal }) => {
      const pages: P[] = [];
      for (let next: string | null = ''; next !== null && pages.length < PAGES; next = pages.at(-1)?.next ?? null)
        pages.push(await get<P>(next === '' ? path : `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(next)}`, signal));
      return { pages, isCut: pages.at(-1)?.next !== null };
    },
    refetchInterval: every,
    ...(meant === undefined ? {} : { meta: { changedBy: meant } }),
  });
}

/** What happened, gathered; `anew`: some of it was missed, and everything is to be read again. */
type Hear = (news: readonly LiveEvent[] | 'anew') => void;
const hearers = new Set<Hear>();

export function onNews(hear: Hear): () => void {
  hearers.add(hear);
  return () => hearers.delete(hear);
}

let gathered: LiveEvent[] = [];
let timer: number | undefined;

export function changedBy(event: LiveEvent): void {
  gathered.push(event);
  timer ??= window.setTimeout(() => {
    const events = gathered;
    gathered = [];
    timer = undefined;
    for (const hear of hearers) hear(events);
    const isMeant = ({ type }: LiveEvent, pattern: RegExp | undefined) => pattern?.test(type) === true;
    void queries.invalidateQueries({ predicate: ({ meta }) => events.some((one) => isMeant(one, meta?.changedBy)) }, { cancelRefetch: false });
  }, GATHER_MS);
}

export function readAllAnew(): void {
  for (const hear of hearers) hear('anew');
  void queries.invalidateQueries();
}

/** Calls back whenever a query found nobody at the other end. */
export function onUnreachable(tell: () => void): () => void {
  return queries.getQueryCache().subscribe(({ query }) => {
    const { error, status } = query.state;
    if (status === 'error' && error instanceof Refused && error.problem === UNREACHABLE) tell();
  });
}
