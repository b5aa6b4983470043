// What is on now in the officer's scope: read once for the frame and for the screen "Now".
import type { NowView } from '@laba/domain/now-view';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useRead } from './queries.ts';
import { learnTime } from './server-time.ts';

/** Everything that one of its figures may depend on. */
const CHANGED_BY = /^(alert|report|ladder|task|site|gateway|status|contact|house|pair|withdrawal|rollcall|person|place|robot|speaker|situation|shift)\./;

export function useNow(): UseQueryResult<NowView> {
  const now = useRead<NowView>('/api/v1/now', { changedBy: CHANGED_BY });
  const asOfMs = now.data?.asOfMs;
  useEffect(() => {
    if (asOfMs !== undefined) learnTime(asOfMs);
  }, [asOfMs]);
  return now;
}
