// Who did what, when: the timeline of the whole house as an administrator searches it.
import type { EventView } from './measures-view.ts';

/** Kinds of doings, each with the beginnings of its events' names. */
export const AUDIT_KINDS = {
  accounts: { zh: '账号与登录', en: 'Accounts and sign-in', events: ['officer'] },
  lists: { zh: '名册', en: 'Lists', events: ['grid', 'place', 'shelter', 'number', 'numbers'] },
  alerts: { zh: '预警与指令', en: 'Alerts', events: ['alert', 'audience', 'command', 'delivery', 'template', 'policy'] },
  reports: { zh: '险情', en: 'Hazard reports', events: ['report', 'sensor'] },
  people: {
    zh: '集结与成员',
    en: 'Call-out and members',
    events: ['call', 'calls', 'callout', 'member', 'link', 'message', 'push', 'reply', 'join-code', 'section', 'sections', 'commander', 'pair', 'withdrawal'],
  },
  ladders: { zh: '叫应', en: 'Ladders', events: ['ladder'] },
  counting: { zh: '清点', en: 'Roll-call', events: ['rollcall', 'person', 'door', 'status', 'contact'] },
  tasks: { zh: '交办单与平时工作', en: 'Tasks and peacetime work', events: ['task', 'round', 'rounds', 'room', 'bulletin'] },
  shifts: { zh: '值班与报送', en: 'Shifts and reports upward', events: ['shift', 'situation', 'reports'] },
  devices: {
    zh: '设备、密钥与村级系统',
    en: 'Devices, keys and village houses',
    events: ['gateway', 'site', 'speaker', 'keys', 'house', 'county', 'clock', 'robot', 'broker', 'job', 'watchdog'],
  },
} as const;
export type AuditKind = keyof typeof AUDIT_KINDS;
export const AUDIT_KIND_NAMES = Object.keys(AUDIT_KINDS) as [AuditKind, ...AuditKind[]];

export interface AuditView {
  /** The newest first. */
  events: EventView[];
  /** The event to go on before; null when all was searched. A page may be short, or empty, and there is more as long as it is set. */
  next: number | null;
  /** When the oldest event that was looked at happened, whether or not it is shown. */
  searchedToMs: number | null;
}
