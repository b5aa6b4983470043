// How each state looks: colour and icon, never without its word.
import type { DeliveryState } from '@laba/domain/delivery';
import type { LadderState } from '@laba/domain/ladder';
import type { CallView, LadderView } from '@laba/domain/board-view';
import { isAccounted, type PersonStatus } from '@laba/domain/rollcall';

export type Look = 'good' | 'idle' | 'bad' | 'warn';

/** Worst first: also the order of chips and of lists. */
export const SPEAKER_LOOKS: Record<DeliveryState, readonly [string, Look]> = {
  failed: ['✕', 'bad'],
  refused: ['⊘', 'bad'],
  expired: ['◌', 'bad'],
  queued: ['○', 'idle'],
  sent: ['➤', 'idle'],
  stopped: ['■', 'idle'],
  received: ['✓', 'good'],
  playing: ['♪', 'good'],
  played: ['✓✓', 'good'],
  sounded: ['◉', 'good'],
};
export const SPEAKER_STATES = Object.keys(SPEAKER_LOOKS) as DeliveryState[];

export const MEMBER_LOOKS = {
  help: ['!', 'bad'],
  waiting: ['○', 'warn'],
  read: ['◔', 'idle'],
  cannot: ['✕', 'bad'],
  closed: ['■', 'idle'],
  coming: ['✓', 'good'],
  onTheWay: ['➜', 'good'],
  arrived: ['⚑', 'good'],
  joined: ['＋', 'good'],
} as const satisfies Record<string, readonly [string, Look]>;
export type MemberState = keyof typeof MEMBER_LOOKS;
export const MEMBER_STATES = Object.keys(MEMBER_LOOKS) as MemberState[];

const OF_ANSWER = { coming: 'coming', 'on-the-way': 'onTheWay', arrived: 'arrived', cannot: 'cannot' } as const;

export function memberStateOf({ answer, state, help }: Pick<CallView, 'answer' | 'state' | 'help'>): MemberState {
  if (help !== null) return 'help';
  if (answer !== null) return OF_ANSWER[answer];
  return state === 'read' || state === 'closed' ? state : 'waiting';
}

const ATTENTION: readonly PersonStatus[] = ['refused', 'needs-help', 'injured', 'dead'];

export function statusLook(status: PersonStatus): readonly [string, Look] {
  if (!isAccounted(status)) return ['✕', status === 'unreached' ? 'warn' : 'bad'];
  return ATTENTION.includes(status) ? ['!', 'bad'] : ['✓', 'good'];
}

const LADDER_LOOKS: Record<LadderState, readonly [string, Look]> = {
  asked: ['…', 'warn'],
  answered: ['◐', 'idle'],
  moving: ['✓', 'good'],
  closed: ['■', 'idle'],
};

export function ladderLook({ state, overdue }: Pick<LadderView, 'state' | 'overdue'>): readonly [string, Look] {
  return overdue ? ['✕', 'bad'] : LADDER_LOOKS[state];
}
