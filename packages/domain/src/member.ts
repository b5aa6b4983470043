// Members: posts (公益性岗位) and skills as the county's lists name them, with the words people see.

export const POSTS = {
  'party-secretary': { zh: '党支部书记', en: 'party branch secretary' },
  'group-leader': { zh: '村民小组长', en: 'villager group leader' },
  'hazard-monitor': { zh: '地质灾害监测员', en: 'hazard-point monitor' },
  'forest-ranger': { zh: '生态护林员', en: 'forest ranger' },
  'river-patrol': { zh: '河道巡查员', en: 'river patrol' },
  'village-doctor': { zh: '村医', en: 'village doctor' },
  'road-keeper': { zh: '护路员', en: 'road keeper' },
  'border-guard': { zh: '护边员', en: 'border guard' },
  'grid-worker': { zh: '网格员', en: 'grid worker' },
  militia: { zh: '民兵', en: 'militia' },
} as const;
export type Post = keyof typeof POSTS;

export const SKILLS = {
  'first-aid': { zh: '急救', en: 'first aid' },
  driving: { zh: '驾驶', en: 'driving' },
  'machine-operator': { zh: '工程机械', en: 'machine operator' },
  electrician: { zh: '电工', en: 'electrician' },
  'radio-operator': { zh: '电台', en: 'radio' },
  carrying: { zh: '担架搬运', en: 'stretcher carrying' },
  translation: { zh: '民族语言', en: 'local languages' },
  cooking: { zh: '炊事', en: 'cooking' },
} as const;
export type Skill = keyof typeof SKILLS;

export const NEEDS = {
  elderly: { zh: '高龄', en: 'elderly' },
  bedridden: { zh: '卧床', en: 'bedridden' },
  disabled: { zh: '残疾', en: 'disabled' },
  infant: { zh: '婴幼儿', en: 'infant' },
  alone: { zh: '独居', en: 'living alone' },
} as const;
export type Need = keyof typeof NEEDS;

/** What a member says for himself. An answer may change; the latest counts. */
export const ANSWERS = ['coming', 'on-the-way', 'arrived', 'cannot'] as const;
export type Answer = (typeof ANSWERS)[number];

export const ANSWER_WORDS: Record<Answer, { zh: string; en: string }> = {
  coming: { zh: '收到，我来', en: 'Coming' },
  'on-the-way': { zh: '已出发', en: 'On the way' },
  arrived: { zh: '已到位', en: 'Arrived' },
  cannot: { zh: '来不了', en: 'Cannot come' },
};

/** How a call stands: what each word proves is in the story's table. `closed` = the alert is over and no answer came. */
export const CALL_STATES = ['queued', 'sent', 'delivered', 'read', 'answered', 'closed'] as const;
export type CallState = (typeof CALL_STATES)[number];

/** What hinders a call: he has no channel that could reach him; he was called to the last step; he said that he comes and did not arrive. */
export const CALL_REASONS = ['no-channel', 'no-answer', 'answer-expired'] as const;
export type CallReason = (typeof CALL_REASONS)[number];
