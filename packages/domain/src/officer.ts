// Officers: their role says what, their grid scope says where. Both are asked on every route.
import { isWithin } from './grid.ts';

export const ROLES = ['prefecture-officer', 'county-admin', 'county-officer', 'township-officer', 'village-cadre'] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_WORDS: Record<Role, { zh: string; en: string }> = {
  'prefecture-officer': { zh: '州（市）值班员', en: 'prefecture duty officer' },
  'county-admin': { zh: '县管理员', en: 'county administrator' },
  'county-officer': { zh: '县值班员', en: 'county duty officer' },
  'township-officer': { zh: '乡镇值班员', en: 'township officer' },
  'village-cadre': { zh: '村干部', en: 'village cadre' },
};

export const ACTIONS = [
  'grid.read',
  'report.receive',
  'report.read',
  'report.verify',
  'alert.read',
  'alert.draft',
  'alert.approve',
  'alert.raise',
  'alert.quieten',
  'alert.end',
  'alert.cancel',
  'member.read',
  'member.answer-for',
  'member.revoke-link',
  'member.admit',
  'number.check',
  'ladder.read',
  'ladder.answer-for',
  'section.manage',
  'rollcall.read',
  'rollcall.mark',
  'status.read',
  'status.write',
  'task.read',
  'task.act',
  'task.sign-off',
  'round.read',
  'round.write',
  'round.check',
  'situation.read',
  'situation.report',
  'shift.read',
  'shift.keep',
  'bulletin.read',
  'bulletin.manage',
  'site.read',
  'gateway.enrol',
  'house.enrol',
  'house.carry',
  'clock.confirm',
  'key.manage',
  'robot.manage',
  'people.import',
  'officer.manage',
  'system.read',
  'system.manage',
] as const;
export type Action = (typeof ACTIONS)[number];

const DUTY: Action[] = [
  'grid.read',
  'report.receive',
  'report.read',
  'report.verify',
  'alert.read',
  'alert.draft',
  'alert.approve',
  'alert.raise',
  'alert.quieten',
  'alert.end',
  'alert.cancel',
  'member.read',
  'member.answer-for',
  'member.revoke-link',
  'member.admit',
  'number.check',
  'ladder.read',
  'ladder.answer-for',
  'section.manage',
  'rollcall.read',
  'rollcall.mark',
  'status.read',
  'status.write',
  'task.read',
  'task.act',
  'task.sign-off',
  'round.read',
  'round.write',
  'situation.read',
  'shift.read',
  'shift.keep',
  'bulletin.read',
  'bulletin.manage',
  'site.read',
  'house.carry',
  'clock.confirm',
  'system.read',
];

const NOT_WATCHED: ReadonlySet<Action> = new Set(['situation.read', 'shift.read', 'round.read']);
/** At a prefecture's house: he sees, and says who sees with him. What a county reports upward it sends as a report; its shift log and its patrols are its own. */
const WATCH: Action[] = [
  ...ACTIONS.filter((action) => action.endsWith('.read') && !NOT_WATCHED.has(action)),
  'house.enrol',
  'house.carry',
  'officer.manage',
  'system.manage',
];

const ALLOWED: Record<Role, readonly Action[]> = {
  'prefecture-officer': WATCH,
  'county-admin': ACTIONS,
  'county-officer': [...DUTY, 'round.check', 'situation.report', 'gateway.enrol', 'house.enrol', 'robot.manage'],
  'township-officer': [...DUTY, 'round.check', 'situation.report', 'gateway.enrol', 'house.enrol', 'robot.manage'],
  'village-cadre': DUTY,
};

export interface Officer {
  id: string;
  username: string;
  name: string;
  role: Role;
  /** Grid codes; everything under each is in scope. */
  scopes: readonly string[];
}

/** Whether the role may do the action at all. */
export function roleMay(role: Role, action: Action): boolean {
  return ALLOWED[role].includes(action);
}

/** Whether the code lies inside one of the officer's scopes. */
export function hasScope(officer: Pick<Officer, 'scopes'>, code: string): boolean {
  return officer.scopes.some((scope) => isWithin(scope, code));
}
