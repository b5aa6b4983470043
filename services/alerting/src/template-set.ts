// Prepared words: what a mountain county says when minutes count. Chinese is spoken; local languages wait for their speakers.
import { drillPrefix, type AlertText } from '@laba/domain/alert';
import type { Tables } from '@laba/storage/tables';
import { clipFor } from './clip-index.ts';

export type TemplateRow = Tables['template']['$inferInsert'];

/** Stages of 1262 (warnings narrow as the storm nears), and what stands outside them. `drill` and `test` words belong to that mode alone. */
export const STAGES = {
  'inspect-12h': { zh: '提前 12 小时：巡查', en: '12 h ahead: inspect' },
  'move-weak-6h': { zh: '提前 6 小时：转移老弱病残', en: '6 h ahead: move the weak' },
  'move-rest-2h': { zh: '提前 2 小时：转移其他人', en: '2 h ahead: move the rest' },
  now: { zh: '临灾：立即行动', en: 'imminent: act now' },
  drill: { zh: '演练', en: 'drill' },
  test: { zh: '测试', en: 'test' },
  routine: { zh: '日常', en: 'routine' },
} as const;
export type Stage = keyof typeof STAGES;

/** Nobody has spoken these languages for us, and we invent no words of a language we do not speak. */
const PLACEHOLDERS = { lis: '（傈僳语录音占位）', duu: '（独龙语录音占位）' } as const;

/** What one template says: at the raise, at the all-clear and when it was an error. */
interface Words {
  text: string;
  end: string;
  cancel: string;
}

type Degree = Pick<TemplateRow, 'kind' | 'level' | 'order'>;
const order = (name: 'prepare' | 'move-now'): Degree => ({ kind: 'order', level: null, order: name });
const warning = (level: 'red' | 'orange' | 'yellow' | 'blue'): Degree => ({ kind: 'warning', level, order: null });

/** The words with the clip that speaks exactly them, when there is one. */
function spoken(language: string, title: string, text: string): AlertText {
  const clipSha256 = clipFor(language, text);
  return clipSha256 === undefined ? { language, title, text } : { language, title, text, clipSha256 };
}

type Head = Degree & Pick<TemplateRow, 'id' | 'title' | 'titleEn' | 'hazard' | 'eventCode' | 'durationMinutes'> & { stage: Stage };

function template(head: Head, words: Words): TemplateRow {
  return {
    ...head,
    texts: [spoken('zh-CN', head.title, words.text)],
    endTexts: [spoken('zh-CN', '解除', words.end)],
    cancelTexts: [spoken('zh-CN', '取消', words.cancel)],
  };
}

function withPlaceholders(row: TemplateRow): TemplateRow {
  return { ...row, texts: [...row.texts, ...Object.entries(PLACEHOLDERS).map(([language, text]) => spoken(language, '占位', text))] };
}

const DEBRIS_FLOW = {
  end: '泥石流转移指令已经解除。请听村干部安排回家，不要到沟里去。',
  cancel: '刚才的泥石流播报有误，现予取消，请不要惊慌。',
};
const FLASH_FLOOD = {
  end: '山洪转移指令已经解除。请听村干部安排回家，不要下河。',
  cancel: '刚才的山洪播报有误，现予取消，请不要惊慌。',
};
const RAINSTORM = {
  end: '暴雨预警已经解除。山坡还可能垮塌，不要到沟里去。',
  cancel: '刚才的暴雨播报有误，现予取消，请不要惊慌。',
};
const GEOLOGICAL = {
  end: '地质灾害预警已经解除。发现裂缝、落石，马上报告。',
  cancel: '刚才的地质灾害播报有误，现予取消，请不要惊慌。',
};

const ORDERS: readonly TemplateRow[] = [
  withPlaceholders(
    template(
      {
        id: 'debris-flow-move-now',
        title: '泥石流：立即转移',
        titleEn: 'Debris flow: move now',
        hazard: 'debris-flow',
        stage: 'now',
        ...order('move-now'),
        eventCode: '11D00',
        durationMinutes: 360,
      },
      { ...DEBRIS_FLOW, text: '泥石流危险！立即往两边山坡高处转移，不要沿沟走，不要过沟，不要回去拿东西。带上老人孩子，叫上邻居。' },
    ),
  ),
  withPlaceholders(
    template(
      {
        id: 'debris-flow-prepare',
        title: '泥石流：准备转移',
        titleEn: 'Debris flow: prepare to move',
        hazard: 'debris-flow',
        stage: 'move-weak-6h',
        ...order('prepare'),
        eventCode: '11D00',
        durationMinutes: 720,
      },
      { ...DEBRIS_FLOW, text: '可能发生泥石流，准备转移。沟边、低处的老人、孩子、行动不便的人，现在先走。其他人穿好鞋，带好手电，等通知。' },
    ),
  ),
  template(
    {
      id: 'flash-flood-move-now',
      title: '山洪：立即转移',
      titleEn: 'Flash flood: move now',
      hazard: 'flash-flood',
      stage: 'now',
      ...order('move-now'),
      eventCode: '11A51',
      durationMinutes: 360,
    },
    { ...FLASH_FLOOD, text: '山洪危险！马上离开河边，往高处走，不要过河，不要过桥，不要回去拿东西。带上老人孩子，叫上邻居。' },
  ),
  template(
    {
      id: 'flash-flood-prepare',
      title: '山洪：准备转移',
      titleEn: 'Flash flood: prepare to move',
      hazard: 'flash-flood',
      stage: 'move-weak-6h',
      ...order('prepare'),
      eventCode: '11A51',
      durationMinutes: 720,
    },
    { ...FLASH_FLOOD, text: '河水可能猛涨，准备转移。河边、低处的老人、孩子、行动不便的人，现在先走。其他人穿好鞋，带好手电，等通知。' },
  ),
];

const WARNINGS: readonly TemplateRow[] = [
  template(
    {
      id: 'rainstorm-red',
      title: '暴雨红色预警',
      titleEn: 'Rainstorm, red',
      hazard: 'rainstorm',
      stage: 'now',
      ...warning('red'),
      eventCode: '11B03',
      durationMinutes: 360,
    },
    { ...RAINSTORM, text: '暴雨红色预警。山洪、泥石流随时会来。沟边、河边、陡坡下面的人，马上往高处走。不要过河，不要过沟。' },
  ),
  template(
    {
      id: 'rainstorm-orange',
      title: '暴雨橙色预警',
      titleEn: 'Rainstorm, orange',
      hazard: 'rainstorm',
      stage: 'move-rest-2h',
      ...warning('orange'),
      eventCode: '11B03',
      durationMinutes: 360,
    },
    { ...RAINSTORM, text: '暴雨橙色预警。大暴雨很快就到。沟边、河边、陡坡下面的人，趁路还通，全部转移。' },
  ),
  template(
    {
      id: 'rainstorm-yellow',
      title: '暴雨黄色预警',
      titleEn: 'Rainstorm, yellow',
      hazard: 'rainstorm',
      stage: 'move-weak-6h',
      ...warning('yellow'),
      eventCode: '11B03',
      durationMinutes: 720,
    },
    { ...RAINSTORM, text: '暴雨黄色预警。六小时内可能有暴雨。沟边、河边、陡坡下面的老人、孩子、行动不便的人，先转移。' },
  ),
  template(
    {
      id: 'rainstorm-blue',
      title: '暴雨蓝色预警',
      titleEn: 'Rainstorm, blue',
      hazard: 'rainstorm',
      stage: 'inspect-12h',
      ...warning('blue'),
      eventCode: '11B03',
      durationMinutes: 720,
    },
    { ...RAINSTORM, text: '暴雨蓝色预警。十二小时内可能有暴雨。请查看山坡和水沟，不要到河边去。' },
  ),
  template(
    {
      id: 'geological-red',
      title: '地质灾害红色预警',
      titleEn: 'Geological hazard, red',
      hazard: 'landslide',
      stage: 'move-rest-2h',
      ...warning('red'),
      eventCode: '11D00',
      durationMinutes: 720,
    },
    { ...GEOLOGICAL, text: '地质灾害红色预警。滑坡、泥石流随时会来。陡坡下面和沟口的人，马上转移。' },
  ),
  template(
    {
      id: 'geological-orange',
      title: '地质灾害橙色预警',
      titleEn: 'Geological hazard, orange',
      hazard: 'landslide',
      stage: 'move-weak-6h',
      ...warning('orange'),
      eventCode: '11D00',
      durationMinutes: 1_440,
    },
    { ...GEOLOGICAL, text: '地质灾害橙色预警。请监测员马上巡查。陡坡下面和沟口的老人、孩子、行动不便的人，先转移。' },
  ),
  template(
    {
      id: 'forest-fire-orange',
      title: '森林火险橙色预警',
      titleEn: 'Forest fire danger, orange',
      hazard: 'fire',
      stage: 'inspect-12h',
      ...warning('orange'),
      eventCode: '11B25',
      durationMinutes: 1_440,
    },
    {
      text: '森林火险橙色预警。不要带火上山，不要烧荒、烧垃圾。看到冒烟，马上报告，老人和孩子不要去打火。',
      end: '森林火险预警已经解除，请继续小心用火。',
      cancel: '刚才的森林火险播报有误，现予取消，请不要惊慌。',
    },
  ),
];

const EVERYDAY: readonly TemplateRow[] = [
  template(
    {
      id: 'drill',
      title: '防灾演练',
      titleEn: 'Drill',
      hazard: 'other',
      stage: 'drill',
      ...order('move-now'),
      eventCode: '',
      durationMinutes: 30,
    },
    {
      text: '这是防灾演练，没有真的险情。请走平时说好的路线，到安全点清点人数。',
      end: '防灾演练结束，谢谢大家。',
      cancel: '刚才的演练播报有误，现予取消，请不要走动。',
    },
  ),
  template(
    {
      id: 'path-test',
      title: '通路测试',
      titleEn: 'Path test',
      hazard: 'other',
      stage: 'test',
      ...order('prepare'),
      eventCode: '',
      durationMinutes: 5,
    },
    { text: '这是通路测试，喇叭不出声。', end: '通路测试结束。', cancel: '通路测试取消。' },
  ),
  template(
    {
      id: 'routine-notice',
      title: '日常广播',
      titleEn: 'Routine notice',
      hazard: 'other',
      stage: 'routine',
      ...warning('blue'),
      eventCode: '',
      durationMinutes: 10,
    },
    {
      text: '乡亲们，现在是日常广播。请留意天气变化，出门注意安全。',
      end: '日常广播结束，谢谢大家。',
      cancel: '刚才的日常广播有误，现予取消。',
    },
  ),
];

/** Every template a county starts with. */
export const TEMPLATE_SET: readonly TemplateRow[] = [...ORDERS, ...WARNINGS, ...EVERYDAY];

/** Words that need a clip of their own. */
export interface SpokenWords {
  language: string;
  text: string;
  placeholder: boolean;
}

/** Templates whose words are also prepared as a drill speaks them. */
const DRILLED = new Set(['debris-flow-move-now', 'drill']);

/** Every text of every template once, and the drill's wording of those that are drilled most. */
export function wordsToSpeak(): SpokenWords[] {
  const plain = TEMPLATE_SET.flatMap((row) => [...row.texts, ...row.endTexts, ...row.cancelTexts]);
  const drilled = TEMPLATE_SET.filter((row) => DRILLED.has(row.id))
    .flatMap((row) => row.texts)
    .map(({ language, text }) => ({ language, text: drillPrefix(language) + text }));
  const words = [...plain, ...drilled].map(({ language, text }) => ({ language, text }));
  const once = new Map(words.map((one) => [`${one.language}\n${one.text}`, { ...one, placeholder: one.language in PLACEHOLDERS }]));
  return [...once.values()];
}
