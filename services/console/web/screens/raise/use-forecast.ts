// Who would be reached by what is composed: asked when it changes and a little rest has come, and again every few seconds while it stands.
import type { Forecast } from '@laba/domain/forecast-view';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { post } from '../../api/client.ts';

const REST_MS = 150;
const ASK_AGAIN_MS = 15_000;

export interface Foreseen {
  /** The answer to exactly this body, or nothing yet. */
  forecast: Forecast | undefined;
  atMs: number;
  error: unknown;
}

/** `undefined` body: nothing is asked. `of`: which state of what the body only names; the answer to another state of it is none. */
export function useForecast(body: Record<string, unknown> | undefined, of = ''): Foreseen {
  const wanted = body === undefined ? '' : JSON.stringify({ of, body });
  const [asked, ask] = useState(wanted);
  useEffect(() => {
    const timer = window.setTimeout(() => ask(wanted), REST_MS);
    return () => window.clearTimeout(timer);
  }, [wanted]);
  const { data, error, dataUpdatedAt } = useQuery<Forecast>({
    queryKey: ['/api/v1/alerts/forecast', asked],
    queryFn: () => post<Forecast>('/api/v1/alerts/forecast', (JSON.parse(asked) as { body: unknown }).body),
    enabled: asked !== '',
    refetchInterval: ASK_AGAIN_MS,
  });
  const isCurrent = asked === wanted && asked !== '';
  return { forecast: isCurrent ? data : undefined, atMs: dataUpdatedAt, error: isCurrent && error !== null ? error : undefined };
}
