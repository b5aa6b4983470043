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

let gathered: LiveEvent[] = [];
let timer: number | undefined;

export function changedBy(event: LiveEvent): void {
  gathered.push(event);
  timer ??= window.setTimeout(() => {
    const events = gathered;
    gathered = [];
    timer = undefined;
    const isMeant = ({ type }: LiveEvent, pattern: RegExp | undefined) => pattern?.test(type) === true;
    void queries.invalidateQueries({ predicate: ({ meta }) => events.some((one) => isMeant(one, meta?.changedBy)) }, { cancelRefetch: false });
  }, GATHER_MS);
}

export function readAllAnew(): void {
  void queries.invalidateQueries();
}

/** Calls back whenever a query found nobody at the other end. */
export function onUnreachable(tell: () => void): () => void {
  return queries.getQueryCache().subscribe(({ query }) => {
    const { error, status } = query.state;
    if (status === 'error' && error instanceof Refused && error.problem === UNREACHABLE) tell();
  });
}
