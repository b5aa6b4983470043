// How one time of a broadcast stands: one word for it, and the figures that explain the word.
import type { BulletinCounts, BulletinTimeView } from '@laba/domain/bulletin-view';

export type TimeLook = 'ahead' | 'waiting' | 'told' | 'due' | 'playing' | 'paused' | 'played' | 'partly' | 'silent' | 'cancelled' | 'dropped';

/** `due`: its minute has come, and nobody has said yet that it sounds. */
export function lookOf({ state, startTime, counts }: Pick<BulletinTimeView, 'state' | 'startTime' | 'counts'>, nowMs: number): TimeLook {
  if (state !== 'planned' && state !== 'over') return state;
  if (state === 'planned') {
    if (nowMs < Date.parse(startTime)) return 'told';
    if (counts === null) return 'due';
    if (counts.playing > 0) return 'playing';
    if (counts.preempted > 0) return 'paused';
    if (counts.waiting > 0) return 'due';
  }
  if (counts === null || counts.played === 0) return 'silent';
  return counts.played < counts.speakers ? 'partly' : 'played';
}

export const LOOKS = {
  ahead: ['○', ''],
  waiting: ['?', 'warn'],
  told: ['➤', ''],
  due: ['…', 'warn'],
  playing: ['♪', 'good'],
  paused: ['‖', 'warn'],
  played: ['✓', 'good'],
  partly: ['△', 'warn'],
  silent: ['✕', 'bad'],
  cancelled: ['–', ''],
  dropped: ['✕', 'bad'],
} as const satisfies Record<TimeLook, readonly [string, '' | 'good' | 'warn' | 'bad']>;

const REMARKS = [
  'playing',
  'preempted',
  'resumed',
  'missed',
  'failed',
  'refused',
  'unheard',
  'cancelled',
  'waiting',
] as const satisfies (keyof BulletinCounts)[];
export type Remark = (typeof REMARKS)[number];

/** Before its minute everybody is without a word: that says nothing. */
export function remarksOf(counts: BulletinCounts, look: TimeLook): { remark: Remark; n: number }[] {
  return REMARKS.map((remark) => ({ remark, n: counts[remark] })).filter(({ remark, n }) => n > 0 && (look !== 'told' || remark !== 'waiting'));
}
