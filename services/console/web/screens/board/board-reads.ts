// What the board reads of one alert: each with the events that change it.
import type { CoverageView, LaddersView, RollCallView, SectionsView } from '@laba/domain/board-view';
import type { AlertState, Level, Mode, Order } from '@laba/domain/alert';
import { useRead, useReadPages } from '../../app/queries.ts';

/** A row of the list of alerts. */
export interface ListedAlert {
  id: string;
  mode: Mode;
  level: Level | null;
  order: Order | null;
  state: AlertState;
  title: string;
  areaCodes: string[];
  createdAt: string;
  raisedAt: string | null;
  overAt: string | null;
  overReason?: string | null;
}

interface SpokenText {
  language: string;
  title: string;
  text: string;
}

export interface OneAlert extends ListedAlert {
  quiet: boolean;
  endTime: string;
  revisions: { revision: number; raisedAt: string | null; areaCodes: string[]; texts: SpokenText[] }[];
}

const of = (alertId: string) => `/api/v1/alerts/${encodeURIComponent(alertId)}`;

export const pathOf = (alertId: string, what: string, code: string | undefined): string =>
  `${of(alertId)}/${what}${code === undefined ? '' : `?group=${encodeURIComponent(code)}`}`;

export const useAlerts = () => useRead<{ alerts: ListedAlert[] }>('/api/v1/alerts', { changedBy: /^alert\./ });

export const useAlert = (alertId: string) => useRead<OneAlert>(of(alertId), { changedBy: /^alert\./ });

export const useCoverage = (alertId: string) =>
  useRead<CoverageView>(`${of(alertId)}/coverage`, { changedBy: /^(alert|audience|delivery|call|calls|site|speaker|gateway|house|member)\./ });

/** Of a county's people it is the dearest question: every five seconds and after what is told once, not after each mark. */
export const useRollCall = (alertId: string) => useRead<RollCallView>(`${of(alertId)}/rollcall?totals=true`, { changedBy: /^(rollcall|place|alert)\./ });

export const useLadders = (alertId: string) => useRead<LaddersView>(`${of(alertId)}/ladders`, { changedBy: /^(ladder|alert)\./ });

export const useSections = (alertId: string) =>
  useReadPages<SectionsView>(`${of(alertId)}/sections`, { changedBy: /^(sections|section|member|callout|commander|pair|withdrawal|alert)\./ });
