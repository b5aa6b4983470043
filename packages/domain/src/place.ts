// Places: where people are tonight who are on no household list.
import { LIMITS } from './limits.ts';

export const PLACE_KINDS = {
  guesthouse: { zh: '旅馆民宿', en: 'guesthouse' },
  'work-camp': { zh: '工棚工地', en: 'work camp' },
  school: { zh: '学校', en: 'school' },
  'day-care': { zh: '托养机构', en: 'day-care' },
  clinic: { zh: '卫生院', en: 'clinic' },
  market: { zh: '集市', en: 'market' },
  'scenic-spot': { zh: '景区', en: 'scenic spot' },
  other: { zh: '其他', en: 'other' },
} as const;
export type PlaceKind = keyof typeof PLACE_KINDS;

/** Whether tonight's number is older than a day, or nobody knows how old. */
export function isHeadCountOld(atMs: number | null, nowMs: number): boolean {
  return atMs === null || nowMs - atMs > LIMITS.headCountFreshMs;
}
