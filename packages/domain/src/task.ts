// Chapter 5, tasks (交办单): a list that closes. Each has one owner, a deadline, and somebody else who signs it off.
import type { Level, Order } from './alert.ts';
import { LabaError } from './errors.ts';
import { isWithin, tierOf, type Tier } from './grid.ts';
import type { Post } from './member.ts';

/** `posts`: whose work it is by his post, in this order; empty: the township's. */
interface Kind {
  zh: string;
  en: string;
  posts: readonly Post[];
}

export const TASK_KINDS = {
  'inspect-point': { zh: '巡查隐患点', en: 'inspect the hazard points', posts: ['hazard-monitor', 'forest-ranger', 'grid-worker'] },
  'check-river': { zh: '查看河道', en: 'check the river', posts: ['river-patrol', 'hazard-monitor', 'grid-worker'] },
  'close-road': { zh: '封路', en: 'close the road', posts: ['road-keeper', 'militia', 'border-guard'] },
  'move-weak': { zh: '转移老弱病残', en: 'move the weak', posts: ['grid-worker', 'village-doctor', 'group-leader'] },
  'move-rest': { zh: '转移其他人', en: 'move the rest', posts: ['group-leader', 'party-secretary', 'grid-worker'] },
  'run-to-village': { zh: '派人到失联村组', en: 'run to the silent village', posts: ['militia', 'grid-worker', 'forest-ranger', 'border-guard'] },
  'knock-doors': { zh: '喇叭不响，逐户敲门', en: 'knock where the loudspeaker does not reach', posts: ['group-leader', 'grid-worker', 'party-secretary'] },
  need: { zh: '群众求助', en: 'need of a resident', posts: ['grid-worker', 'group-leader', 'village-doctor'] },
  'refused-household': { zh: '拒绝转移户劝导', en: 'persuade a household that refuses to move', posts: [] },
  'help-person': { zh: '帮助转移', en: 'help a person to move', posts: [] },
  'room-lacks': { zh: '活动室补齐缺项', en: 'bring what the activity room lacks', posts: ['party-secretary', 'group-leader', 'grid-worker'] },
  finding: { zh: '整改事项', en: 'finding to be mended', posts: [] },
} as const satisfies Record<string, Kind>;
export type TaskKind = keyof typeof TASK_KINDS;
export const TASK_KIND_NAMES = Object.keys(TASK_KINDS) as [TaskKind, ...TaskKind[]];

export const TASK_STATES = {
  open: { zh: '待办', en: 'open' },
  taken: { zh: '已接', en: 'taken' },
  done: { zh: '待销号', en: 'done, to be signed off' },
  'signed-off': { zh: '已销号', en: 'signed off' },
  dropped: { zh: '作废', en: 'dropped' },
} as const;
export type TaskState = keyof typeof TASK_STATES;
export const TASK_STATE_NAMES = Object.keys(TASK_STATES) as [TaskState, ...TaskState[]];
/** Nothing more is expected. */
export const CLOSED_TASK_STATES = ['signed-off', 'dropped'] as const satisfies readonly TaskState[];

/** What a task came from. */
export const TASK_SOURCES = ['template', 'report', 'household', 'person', 'site', 'speakers', 'status', 'officer', 'finding', 'room'] as const;
export type TaskSource = (typeof TASK_SOURCES)[number];

/** One piece of work that a template gives to each village or group of the area. */
export interface TaskAction {
  kind: TaskKind;
  tier: 'village' | 'group';
  zh: string;
  en: string;
  /** From the raise to the deadline. */
  minutes: number;
}

/** Which alerts a template is for. No event codes: those that no other template of this degree names. */
export interface TaskTemplate {
  id: string;
  eventCodes: readonly string[];
  degrees: readonly (Level | Order)[];
  stage: string;
  zh: string;
  en: string;
  actions: readonly TaskAction[];
}

/** The templates of an alert: by its event code and its colour or order. */
export function templatesFor<T extends TaskTemplate>(templates: readonly T[], eventCode: string, degree: Level | Order): T[] {
  const ofDegree = templates.filter(({ degrees }) => degrees.includes(degree));
  const named = ofDegree.filter(({ eventCodes }) => eventCodes.includes(eventCode));
  return named.length > 0 ? named : ofDegree.filter(({ eventCodes }) => eventCodes.length === 0);
}

const GRAVEST_FIRST: readonly (readonly (Level | Order)[])[] = [['move-now'], ['red'], ['orange', 'prepare'], ['yellow'], ['blue']];
const gravity = (degree: Level | Order) => GRAVEST_FIRST.findIndex((equals) => equals.includes(degree));

/** Whether its work is that of this degree, or of a graver one: it need not be done again for it. */
export function isAsGrave({ degrees }: Pick<TaskTemplate, 'degrees'>, degree: Level | Order): boolean {
  return degrees.some((one) => gravity(one) <= gravity(degree));
}

/**
 * Where an action is to be done: each village that the area touches, or each of its groups, and villages that have none. `nodes`: every code
 * of the grid.
 */
export function taskNodes(areaCodes: readonly string[], tier: TaskAction['tier'], nodes: readonly string[]): string[] {
  const touched = (code: string) => areaCodes.some((area) => isWithin(area, code));
  const ofTier = (wanted: Tier) => nodes.filter((code) => tierOf(code) === wanted);
  const groups = ofTier('group');
  if (tier === 'village') return ofTier('village').filter((village) => touched(village) || areaCodes.some((area) => isWithin(village, area)));
  const groupless = ofTier('village').filter((village) => !groups.some((group) => isWithin(village, group)));
  return [...groups, ...groupless].filter(touched).sort();
}

/** Whoever acts: `officer:ID` or `member:ID`. */
type Who = string;

interface Standing {
  state: TaskState;
  ownerMemberId: string | null;
  ownerOfficerId: string | null;
  doneBy: string | null;
  dueAtMs: number;
}

export const TASK_MOVES = {
  take: { from: ['open'], to: 'taken' },
  done: { from: ['open', 'taken'], to: 'done' },
  'sign-off': { from: ['done'], to: 'signed-off' },
  'send-back': { from: ['done'], to: 'open' },
  reassign: { from: ['open', 'taken'], to: 'open' },
  extend: { from: ['open', 'taken'], to: undefined },
  remind: { from: ['open', 'taken'], to: undefined },
  drop: { from: ['open', 'taken', 'done'], to: 'dropped' },
} as const satisfies Record<string, { from: readonly TaskState[]; to: TaskState | undefined }>;
export type TaskMove = keyof typeof TASK_MOVES;

/** What the owner may do by his own link; all else is an officer's. */
export const OWNER_MOVES = ['take', 'done'] as const satisfies readonly TaskMove[];

/** The owner as who he acts, or undefined: nobody's yet. */
export function ownerOf(task: Pick<Standing, 'ownerMemberId' | 'ownerOfficerId'>): Who | undefined {
  if (task.ownerMemberId !== null) return `member:${task.ownerMemberId}`;
  return task.ownerOfficerId === null ? undefined : `officer:${task.ownerOfficerId}`;
}

/**
 * The state after the move.
 * @throws `transition-refused`; `same-officer` when the owner, or who said it was done, signs off; `bad-input` when it is late without a reason
 */
export function stateAfter(task: Standing, move: TaskMove, who: Who, given: { nowMs: number; lateReason?: string | undefined }): TaskState {
  const { from, to } = TASK_MOVES[move];
  if (!(from as readonly TaskState[]).includes(task.state))
    throw new LabaError('transition-refused', `This task is '${task.state}': '${move}' is possible from ${from.join(', ')}.`, { state: task.state });
  if (move === 'sign-off' && (who === ownerOf(task) || who === task.doneBy))
    throw new LabaError('same-officer', 'Who did the task, or said that it is done, cannot sign it off: ask another officer.');
  if (move === 'done' && isLate(task, given.nowMs) && (given.lateReason ?? '') === '')
    throw new LabaError('bad-input', 'lateReason: the deadline has passed; say why it is late.', { field: 'lateReason' });
  return to ?? task.state;
}

/** Past its deadline and not yet done. */
export function isLate(task: Pick<Standing, 'state' | 'dueAtMs'>, nowMs: number): boolean {
  return (task.state === 'open' || task.state === 'taken') && nowMs > task.dueAtMs;
}

/** Who is reminded: first the owner, then who answers for the village and the township, then the county's duty officer, again and again. */
export const REMINDED = ['owner', 'township', 'duty'] as const;
export type Reminded = (typeof REMINDED)[number];

/** `reminders`: how many there were. What waits for a sign-off is no longer the owner's matter. */
export function remindedNext(state: TaskState, reminders: number): Reminded {
  return REMINDED[Math.min(reminders + (state === 'done' ? 1 : 0), REMINDED.length - 1)]!;
}
