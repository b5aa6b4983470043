// Chapter 6, shift log (值班日志): who is on duty at which post, what happened meanwhile, and what was open when one handed over to the next.
import { LabaError } from './errors.ts';
import { withoutCovered } from './grid.ts';

export const SHIFT_STATES = {
  running: { zh: '值班中', en: 'on duty' },
  offered: { zh: '已交班，等待接班', en: 'handed over, nobody has taken over' },
  over: { zh: '已接班', en: 'taken over' },
} as const;
export type ShiftState = keyof typeof SHIFT_STATES;
export const SHIFT_STATE_NAMES = Object.keys(SHIFT_STATES) as [ShiftState, ...ShiftState[]];

/** What may be open at a hand-over, the worst first. */
export const OPEN_KINDS = {
  missing: { zh: '外出未归', en: 'Out and not back' },
  alert: { zh: '生效中的预警', en: 'Alerts in force' },
  draft: { zh: '待处理的草稿和更新', en: 'Drafts and updates that wait' },
  ladder: { zh: '叫应逾期', en: 'Ladders overdue' },
  report: { zh: '未核实险情', en: 'Reports that nobody has verified' },
  grave: { zh: '人员失联或受伤', en: 'People missing or hurt' },
  contact: { zh: '逾期未联系', en: 'Did not call when they said' },
  situation: { zh: '信息报送逾期', en: 'Reports upward overdue' },
  task: { zh: '任务逾期', en: 'Tasks overdue' },
  house: { zh: '村级系统失联', en: 'Village houses silent' },
  site: { zh: '活动室失联', en: 'Sites silent' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type OpenKind = keyof typeof OPEN_KINDS;
export const OPEN_KIND_NAMES = Object.keys(OPEN_KINDS) as [OpenKind, ...OpenKind[]];

/** Of whom these are the scopes, at that post he is on duty: officers of one scope share one log. */
export function postOf(scopes: readonly string[]): { post: string; areaCodes: string[] } {
  const areaCodes = withoutCovered(scopes);
  return { post: areaCodes.join(','), areaCodes };
}

/** @throws `already-done` when somebody took over */
export function assertGoesOn(state: ShiftState): void {
  if (state === 'over') throw new LabaError('already-done', 'This shift is over: its log stays as it is. Write in the one that runs now.');
}
