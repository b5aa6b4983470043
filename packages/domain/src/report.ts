// A hazard report: somebody or something saw it. It never raises an alert by itself.
import { isWithin } from './grid.ts';

export const HAZARDS = {
  'debris-flow': { zh: '泥石流', en: 'debris flow', eventCode: '11D00' },
  landslide: { zh: '滑坡', en: 'landslide', eventCode: '11D00' },
  'flash-flood': { zh: '山洪', en: 'flash flood', eventCode: '11A51' },
  flood: { zh: '洪水', en: 'flood', eventCode: '11A01' },
  rainstorm: { zh: '暴雨', en: 'rainstorm', eventCode: '11B03' },
  fire: { zh: '火情', en: 'fire', eventCode: '11B25' },
  rockfall: { zh: '落石', en: 'rockfall', eventCode: '11D00' },
  need: { zh: '求助', en: 'need', eventCode: '' },
  other: { zh: '其他', en: 'other', eventCode: '' },
} as const;
export type Hazard = keyof typeof HAZARDS;

export const REPORT_SOURCES = ['telephone', 'web-form', 'api', 'member', 'sensor', 'patrol', 'sms', 'feed'] as const;
export type ReportSource = (typeof REPORT_SOURCES)[number];

export const REPORT_STATES = ['new', 'merged', 'true', 'false', 'duplicate'] as const;
export type ReportState = (typeof REPORT_STATES)[number];

/** Reports of one hazard within this time, in the same place, are the same hazard until an officer says otherwise. */
export const MERGE_WINDOW_MS = 30 * 60_000;

export interface ReportPlace {
  gridCode: string;
  hazard: Hazard;
  receivedAt: number;
}

/** Whether a new report tells of the same hazard as an earlier one: same kind, one place inside the other, close in time. */
export function isSameHazard(earlier: ReportPlace, later: ReportPlace): boolean {
  if (earlier.hazard !== later.hazard || earlier.hazard === 'need' || earlier.hazard === 'other') return false;
  const near = isWithin(earlier.gridCode, later.gridCode) || isWithin(later.gridCode, earlier.gridCode);
  return near && Math.abs(later.receivedAt - earlier.receivedAt) <= MERGE_WINDOW_MS;
}
