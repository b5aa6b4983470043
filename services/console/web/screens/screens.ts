// Every screen of the console, in the order of the menu. A screen is a folder with its words; it is loaded when it is opened.
import type { Action } from '@laba/domain/officer';
import type { ComponentType } from 'react';

export interface Screen {
  /** In the address: `#/name`. */
  name: string;
  zh: string;
  en: string;
  /** The shortcut that opens it. */
  key: string;
  /** Who may not do this does not see it. */
  action: Action;
  load: () => Promise<ComponentType>;
}

export const SCREENS: readonly [Screen, ...Screen[]] = [
  { name: 'now', zh: '现在', en: 'Now', key: '1', action: 'alert.read', load: async () => (await import('./now/now-screen.tsx')).NowScreen },
  { name: 'board', zh: '看板', en: 'Board', key: 'b', action: 'alert.read', load: async () => (await import('./board/board-screen.tsx')).BoardScreen },
  {
    name: 'raise',
    zh: '发布',
    en: 'Raise',
    key: 'r',
    action: 'alert.draft',
    load: async () => (await import('./raise/raise-screen.tsx')).RaiseScreen,
  },
  {
    name: 'reports',
    zh: '险情',
    en: 'Reports',
    key: '2',
    action: 'report.read',
    load: async () => (await import('./reports/reports-screen.tsx')).ReportsScreen,
  },
  {
    name: 'rollcall',
    zh: '清点',
    en: 'Roll-call',
    key: 'q',
    action: 'rollcall.read',
    load: async () => (await import('./rollcall/rollcall-screen.tsx')).RollCallScreen,
  },
  {
    name: 'tasks',
    zh: '交办单',
    en: 'Tasks',
    key: 't',
    action: 'task.read',
    load: async () => (await import('./tasks/tasks-screen.tsx')).TasksScreen,
  },
  {
    name: 'shift',
    zh: '值班日志',
    en: 'Shift log',
    key: 's',
    action: 'shift.read',
    load: async () => (await import('./shift/shift-screen.tsx')).ShiftScreen,
  },
  {
    name: 'peace',
    zh: '平时',
    en: 'Peacetime',
    key: 'p',
    action: 'round.read',
    load: async () => (await import('./peace/peace-screen.tsx')).PeaceScreen,
  },
  {
    name: 'houses',
    zh: '各村',
    en: 'Villages',
    key: '3',
    action: 'site.read',
    load: async () => (await import('./houses/houses-screen.tsx')).HousesScreen,
  },
  {
    name: 'upward',
    zh: '信息报送',
    en: 'Reports upward',
    key: 'u',
    action: 'situation.read',
    load: async () => (await import('./upward/upward-screen.tsx')).UpwardScreen,
  },
  {
    name: 'bulletins',
    zh: '日常广播',
    en: 'Broadcasts',
    key: 'g',
    action: 'bulletin.read',
    load: async () => (await import('./bulletins/bulletins-screen.tsx')).BulletinsScreen,
  },
  {
    name: 'look-back',
    zh: '复盘',
    en: 'After-action',
    key: 'l',
    action: 'alert.read',
    load: async () => (await import('./look-back/look-back-screen.tsx')).LookBackScreen,
  },
  {
    name: 'admin',
    zh: '管理',
    en: 'Administration',
    key: 'a',
    // Everybody finds it; each page says who may use it.
    action: 'grid.read',
    load: async () => (await import('./admin/admin-screen.tsx')).AdminScreen,
  },
];
