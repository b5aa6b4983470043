// Chapter 0, people: the words of an understanding card, one language a sheet. They say what the house does: siren, loudspeaker, all-clear.

interface CardWords {
  otherLanguage: string;
  householdCards: string;
  memberCards: string;
  /** On the screen only, with the number of cards. */
  printing: (cards: number, name: string) => string;
  noHouseholds: string;
  noMembers: string;
  title: string;
  memberTitle: string;
  household: string;
  persons: (n: number) => string;
  helper: string;
  responsible: string;
  groupLeader: string;
  musterPoint: string;
  way: string;
  none: string;
  noTelephone: string;
  signals: string;
  prepare: { hear: string; act: string };
  move: { hear: string; act: string };
  gong: { hear: string; act: string };
  clear: { hear: string; act: string };
  drill: string;
  take: string;
  taken: string;
  printed: (at: string) => string;
  post: string;
  noPost: string;
  section: string;
  anySection: string;
  bySection: string;
  answersTo: string;
  helps: string;
  helpsNobody: string;
  onCall: string;
  duties: readonly string[];
}

export const CARD_WORDS: Record<'zh' | 'en', CardWords> = {
  zh: {
    otherLanguage: 'English',
    householdCards: '住户明白卡',
    memberCards: '成员明白卡',
    printing: (cards, name) => `${name}：${cards} 张。A4 纸打印，每页两张，沿虚线裁开。卡上有姓名和电话，只发给本人。`,
    noHouseholds: '这里的名册上没有住户，没有卡可印。',
    noMembers: '这里的名册上没有成员，没有卡可印。',
    title: '避险明白卡',
    memberTitle: '成员明白卡',
    household: '户',
    persons: (n) => `${n} 人`,
    helper: '帮扶人',
    responsible: '责任人',
    groupLeader: '村民小组长',
    musterPoint: '集合点',
    way: '路线',
    none: '未登记',
    noTelephone: '无电话',
    signals: '听到什么，怎么做',
    prepare: { hear: '喇叭反复说“准备转移”，不放警报声', act: '带好东西，关电关火；老人、小孩、行动不便的先走，其他人等通知。' },
    move: { hear: '警报声，喇叭说“立即转移”', act: '马上走，去集合点。不收拾，不等人来催，不回头。' },
    gong: { hear: '听不到喇叭：有人敲锣、吹哨、上门喊', act: '照他说的做，同喇叭一样算数。' },
    clear: { hear: '喇叭说“解除”', act: '才能回家。雨停了、喇叭不响了，都不是解除。' },
    drill: '演练时喇叭会说“演练”，不放警报声：照样走一遍。',
    take: '带什么',
    taken: '身份证、手机和充电器、手电、常用药、厚衣雨衣、水和干粮；有婴儿的带奶粉尿布。牲口、粮食不带。',
    printed: (at) => `${at} 按名册打印。有变动告诉责任人，重新打印。`,
    post: '岗位',
    noPost: '没有固定岗位',
    section: '常分到',
    anySection: '哪里缺人去哪里',
    bySection: '组',
    answersTo: '听谁指挥',
    helps: '负责的户',
    helpsNobody: '名册上没有固定负责的户；集结时看手机上分到的门。',
    onCall: '接到集结通知',
    duties: [
      '点开短信里的链接，按“收到，我来”“出发了”“到位了”“来不了”；没有智能手机就回数字：1 收到，2 出发，3 到位，4 来不了。',
      '两人一组，不单独行动。按约定时间报平安；听到“全体撤离”马上撤，撤回来要报告。',
      '上门敲开每一扇门，一人一人点清；不肯走的、找不到的，马上报告责任人。',
    ],
  },
  en: {
    otherLanguage: '中文',
    householdCards: 'Cards of households',
    memberCards: 'Cards of members',
    printing: (cards, name) =>
      `${name}: ${cards} cards. Print on A4, two a page, and cut at the dashed line. Names and telephones stand on them: each is for its own holder only.`,
    noHouseholds: 'No household is on the lists of this place: there is no card to print.',
    noMembers: 'No member is on the lists of this place: there is no card to print.',
    title: 'What to do in danger',
    memberTitle: 'Card of a member',
    household: 'Household',
    persons: (n) => (n === 1 ? '1 person' : `${n} persons`),
    helper: 'Helper',
    responsible: 'Responsible',
    groupLeader: 'villager group leader',
    musterPoint: 'Muster point',
    way: 'The way there',
    none: 'not in the register',
    noTelephone: 'no telephone',
    signals: 'What is heard, what to do',
    prepare: {
      hear: 'The loudspeaker says “prepare to move” again and again, no siren',
      act: 'Pack what to take, switch off power and fire. The old, children and who walks badly go first; all others wait for word.',
    },
    move: {
      hear: 'The siren, and the loudspeaker says “move now”',
      act: 'Go at once to the muster point. Do not pack, do not wait to be fetched, do not turn back.',
    },
    gong: { hear: 'Where no loudspeaker is heard: a gong, a whistle, a knock at the door', act: 'Do as is said: it counts like the loudspeaker.' },
    clear: { hear: 'The loudspeaker says “all clear”', act: 'Only then go home. Rain that stops or a loudspeaker that falls silent is no all-clear.' },
    drill: 'In a drill the loudspeaker says “drill” and plays no siren: walk the way all the same.',
    take: 'What to take',
    taken:
      'Identity card, telephone and charger, torch, medicines, warm clothes and raincoat, water and food; milk and nappies for a baby. No cattle, no grain.',
    printed: (at) => `Printed ${at} from the register. Tell the responsible person what changes; it is printed anew.`,
    post: 'Post',
    noPost: 'no post',
    section: 'Usual section',
    anySection: 'wherever somebody is needed',
    bySection: '',
    answersTo: 'Answers to',
    helps: 'Households he looks after',
    helpsNobody: 'None in the register; in a call-out the telephone shows which doors are his.',
    onCall: 'When you are called',
    duties: [
      'Open the link of the message and press coming, on the way, arrived or cannot come; without a smartphone answer by a digit: 1 coming, 2 on the way, 3 arrived, 4 cannot.',
      'Work in pairs, never alone. Say at the agreed time that you are safe; at “everybody back” turn back at once and report.',
      'Knock at every door and count person by person; tell the responsible person at once of who refuses and who is not found.',
    ],
  },
};
