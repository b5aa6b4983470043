// Chapter 5, tasks: what a mountain county has done at each stage of 1262, as every county starts with it.
import type { TaskAction, TaskTemplate } from '@laba/domain/task';

const GEOLOGICAL = ['11D00'];
const WATER = ['11A51', '11A01'];
const RAIN = ['11B03'];
const FIRE = ['11B25'];

const INSPECT = {
  kind: 'inspect-point',
  tier: 'village',
  zh: '巡查隐患点：看裂缝、落石、泉水变浑，拍照上报',
  en: 'Inspect the hazard points: cracks, falling stones, muddy springs',
};
const RIVER = {
  kind: 'check-river',
  tier: 'village',
  zh: '查看河道水位和堵塞，站在高处看，不下河',
  en: 'Check the river for level and blockage, from above, not from its bed',
};
const CLOSE = {
  kind: 'close-road',
  tier: 'village',
  zh: '封闭过沟、过桥和陡坡下的道路，设卡守人',
  en: 'Close the roads through gullies, over bridges and under slopes, with a guard',
};
const WEAK = {
  kind: 'move-weak',
  tier: 'group',
  zh: '先转移老人、孩子、行动不便的人，逐户确认',
  en: 'Move the old, the children and who cannot walk first, door by door',
};
const REST = { kind: 'move-rest', tier: 'group', zh: '转移其余所有人，逐户清点，一个不漏', en: 'Move all others, and count them door by door' };
const FIREBREAK = { kind: 'inspect-point', tier: 'village', zh: '巡山查火源，劝阻野外用火', en: 'Patrol the forest for open fire and stop it' };

const within = (minutes: number, action: object): TaskAction => ({ ...(action as Omit<TaskAction, 'minutes'>), minutes });

const HOUR = 60;

/** `inspect-12h` inspects; `move-weak-6h` moves the weak; `move-rest-2h` moves the rest; `now` is the order itself. */
const STAGES = {
  'inspect-12h': { zh: '提前 12 小时：巡查', en: '12 h ahead: inspect' },
  'move-weak-6h': { zh: '提前 6 小时：转移老弱病残', en: '6 h ahead: move the weak' },
  'move-rest-2h': { zh: '提前 2 小时：转移其他人', en: '2 h ahead: move the rest' },
  now: { zh: '临灾：立即转移', en: 'imminent: move now' },
} as const;
type Stage = keyof typeof STAGES;

function template(hazard: string, eventCodes: readonly string[], stage: Stage, degrees: TaskTemplate['degrees'], actions: readonly TaskAction[]): TaskTemplate {
  return { id: hazard === '' ? stage : `${hazard}-${stage}`, eventCodes, degrees, stage, ...STAGES[stage], actions };
}

/** One template for each hazard and stage. An alert of no such event code takes the last four. */
export const TASK_TEMPLATE_SET: readonly TaskTemplate[] = [
  template('geological', GEOLOGICAL, 'inspect-12h', ['blue', 'yellow'], [within(2 * HOUR, INSPECT)]),
  template('geological', GEOLOGICAL, 'move-weak-6h', ['orange', 'prepare'], [within(HOUR, INSPECT), within(3 * HOUR, WEAK), within(2 * HOUR, CLOSE)]),
  template('geological', GEOLOGICAL, 'move-rest-2h', ['red'], [within(30, CLOSE), within(90, REST)]),
  template('geological', GEOLOGICAL, 'now', ['move-now'], [within(15, CLOSE), within(30, REST)]),
  template('flood', WATER, 'inspect-12h', ['blue', 'yellow'], [within(2 * HOUR, RIVER)]),
  template('flood', WATER, 'move-weak-6h', ['orange', 'prepare'], [within(HOUR, RIVER), within(3 * HOUR, WEAK), within(2 * HOUR, CLOSE)]),
  template('flood', WATER, 'move-rest-2h', ['red'], [within(30, CLOSE), within(90, REST)]),
  template('flood', WATER, 'now', ['move-now'], [within(15, CLOSE), within(30, REST)]),
  template('rainstorm', RAIN, 'inspect-12h', ['blue'], [within(3 * HOUR, INSPECT), within(3 * HOUR, RIVER)]),
  template('rainstorm', RAIN, 'move-weak-6h', ['yellow', 'prepare'], [within(HOUR, INSPECT), within(HOUR, RIVER), within(3 * HOUR, WEAK)]),
  template('rainstorm', RAIN, 'move-rest-2h', ['orange', 'red'], [within(30, CLOSE), within(90, REST)]),
  template('rainstorm', RAIN, 'now', ['move-now'], [within(15, CLOSE), within(30, REST)]),
  template('fire', FIRE, 'inspect-12h', ['blue', 'yellow', 'orange', 'red'], [within(3 * HOUR, FIREBREAK)]),
  template('', [], 'inspect-12h', ['blue', 'yellow'], [within(2 * HOUR, INSPECT)]),
  template('', [], 'move-weak-6h', ['orange', 'prepare'], [within(3 * HOUR, WEAK)]),
  template('', [], 'move-rest-2h', ['red'], [within(90, REST)]),
  template('', [], 'now', ['move-now'], [within(30, REST)]),
];
