// One act on one alert: sent once, for exactly what was seen, and what was refused kept beside its button.
import type { AlertView, RevisionView } from '@laba/domain/alert-view';
import { useState } from 'react';
import { post } from '../api/client.ts';
import { queries } from '../app/queries.ts';

export const alertPath = (id: string): string => `/api/v1/alerts/${encodeURIComponent(id)}`;

/** What sounds, or sounded last. */
export function soundingOf(alert: AlertView): RevisionView | undefined {
  return alert.revisions.findLast(({ raisedAt }) => raisedAt !== null);
}

/** Done to exactly the alert that was seen: whoever acts on an older one is told so. */
export async function actOn(alert: AlertView, verb: string, body: unknown = {}): Promise<void> {
  try {
    await post(`${alertPath(alert.id)}/${verb}`, body, { etag: `"${alert.version}"` });
  } finally {
    await queries.invalidateQueries({ queryKey: [alertPath(alert.id)] });
  }
}

/** Runs an act and keeps what was refused, to be shown beside its button. */
export function useAct(): { error: unknown; run: (act: () => Promise<void>) => () => Promise<void> } {
  const [error, setError] = useState<unknown>();
  const run = (act: () => Promise<void>) => async () => {
    setError(undefined);
    try {
      await act();
    } catch (refused) {
      setError(refused);
    }
  };
  return { error, run };
}
