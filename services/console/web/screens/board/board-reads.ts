// What the board reads of one alert: each with the events that change it.
import type { AlertView, ListedAlertView } from '@laba/domain/alert-view';
import type { CoverageView, LaddersView, RollCallView, SectionsView } from '@laba/domain/board-view';
import { useRead, useReadPages } from '../../app/queries.ts';

const of = (alertId: string) => `/api/v1/alerts/${encodeURIComponent(alertId)}`;

export const pathOf = (alertId: string, what: string, code: string | undefined): string =>
  `${of(alertId)}/${what}${code === undefined ? '' : `?group=${encodeURIComponent(code)}`}`;

export const useAlerts = () => useRead<{ alerts: ListedAlertView[] }>('/api/v1/alerts', { changedBy: /^alert\./ });

export const useAlert = (alertId: string) => useRead<AlertView>(of(alertId), { changedBy: /^alert\./ });

export const useCoverage = (alertId: string) =>
  useRead<CoverageView>(`${of(alertId)}/coverage`, { changedBy: /^(alert|audience|delivery|call|calls|site|speaker|gateway|house|member)\./ });

/** Of a county's people it is the dearest question: every five seconds and after what is told once, not after each mark. */
export const useRollCall = (alertId: string) => useRead<RollCallView>(`${of(alertId)}/rollcall?totals=true`, { changedBy: /^(rollcall|place|alert)\./ });

export const useLadders = (alertId: string) => useRead<LaddersView>(`${of(alertId)}/ladders`, { changedBy: /^(ladder|alert)\./ });

export const useSections = (alertId: string) =>
  useReadPages<SectionsView>(`${of(alertId)}/sections`, { changedBy: /^(sections|section|member|callout|commander|pair|withdrawal|alert)\./ });
