// Chapter 5, safety: nobody is lost while looking for others. Pairs that are out, and everybody who was called back.

export const SAFETY_KINDS = {
  pair: { zh: '两人一组', en: 'pair' },
  withdrawal: { zh: '全体撤离', en: 'withdraw all' },
} as const;
export type SafetyKind = keyof typeof SAFETY_KINDS;
export const SAFETY_KIND_NAMES = Object.keys(SAFETY_KINDS) as [SafetyKind, ...SafetyKind[]];

/** `out`: its clock runs. `back`: everybody of it is back. `withdrawn`: a withdrawal has taken its people over. */
export const SAFETY_STATES = ['out', 'back', 'withdrawn'] as const;
export type SafetyState = (typeof SAFETY_STATES)[number];

/** By what an officer or a member said it. */
export const SAFETY_MEANS = ['page', 'sms', 'key', 'api', 'telephone', 'radio', 'face-to-face'] as const;
export type SafetyMeans = (typeof SAFETY_MEANS)[number];
