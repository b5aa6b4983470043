// What is read of joining on the spot: the codes of an alert and everybody who joined by them.
import type { JoinCodesView } from '@laba/domain/join-view';
import { useReadPages } from '../../app/queries.ts';

export const joinCodesPath = (alertId: string) => `/api/v1/alerts/${encodeURIComponent(alertId)}/join-codes`;

export const useJoinCodes = (alertId: string) => useReadPages<JoinCodesView>(joinCodesPath(alertId), { changedBy: /^(join-code|member|call|alert)\./ });
