// Peacetime: what is looked at again and again. A patrol of a hazard point, a visit to a household in need, a check of an activity room.
import type { Hazard } from './report.ts';

export const ROUND_KINDS = {
  patrol: { zh: '隐患点巡查', en: 'patrol of a hazard point' },
  visit: { zh: '走访困难户', en: 'visit to a household in need' },
  room: { zh: '活动室自查', en: 'check of an activity room' },
} as const;
export type RoundKind = keyof typeof ROUND_KINDS;
export const ROUND_KIND_NAMES = Object.keys(ROUND_KINDS) as [RoundKind, ...RoundKind[]];

/** What was found. Who met nobody goes again: only that leaves the round due. `confirmed`: the township's look at a room. */
export const ROUND_RESULTS = {
  calm: { zh: '一切正常', en: 'all calm' },
  wrong: { zh: '有情况', en: 'something is wrong' },
  met: { zh: '已走访', en: 'visited' },
  'not-met': { zh: '没见到人', en: 'nobody was met' },
  need: { zh: '需要帮助', en: 'something is needed' },
  complete: { zh: '齐全', en: 'all there' },
  lacking: { zh: '有缺项', en: 'something is missing' },
  confirmed: { zh: '乡镇已核', en: 'checked by the township' },
} as const;
export type RoundResult = keyof typeof ROUND_RESULTS;
export const ROUND_RESULT_NAMES = Object.keys(ROUND_RESULTS) as [RoundResult, ...RoundResult[]];

/** What whoever goes there may answer. */
export const ANSWERS_OF = {
  patrol: ['calm', 'wrong'],
  visit: ['met', 'not-met', 'need'],
  room: ['complete', 'lacking'],
} as const satisfies Record<RoundKind, readonly RoundResult[]>;

/** Rounds that leave the place as unseen as it was, or that are somebody's look at another one's round. */
export const NOT_KEEPING = ['not-met', 'confirmed'] as const satisfies readonly RoundResult[];

/** What becomes a report in the inbox. */
export const REPORTED = ['wrong', 'need'] as const satisfies readonly RoundResult[];

export const isReported = (result: RoundResult): boolean => (REPORTED as readonly RoundResult[]).includes(result);
export const mayAnswer = (kind: RoundKind, result: RoundResult): boolean => (ANSWERS_OF[kind] as readonly RoundResult[]).includes(result);

/** How it was told: by his own link, to an officer by telephone, or by who stood there himself. */
export const ROUND_MEANS = {
  link: { zh: '本人链接', en: 'his own link' },
  telephone: { zh: '电话', en: 'telephone' },
  'on-site': { zh: '现场', en: 'on the spot' },
} as const;
export type RoundMeans = keyof typeof ROUND_MEANS;
export const ROUND_MEANS_NAMES = Object.keys(ROUND_MEANS) as [RoundMeans, ...RoundMeans[]];

/** The hazards that a place can have: what somebody asks for is none. */
export const isPlaceHazard = (hazard: Hazard): boolean => hazard !== 'need';
