// Chapter 5, roll-call: what may be known of a person, and when everybody is accounted for.

export const PERSON_STATUSES = {
  unreached: { zh: '未联系上', en: 'unreached' },
  safe: { zh: '原地安全', en: 'safe in place' },
  moved: { zh: '已转移', en: 'moved' },
  away: { zh: '外出', en: 'away' },
  relocated: { zh: '已搬迁', en: 'relocated' },
  refused: { zh: '拒绝转移', en: 'refused to move' },
  'needs-help': { zh: '需要帮助', en: 'needs help' },
  missing: { zh: '失联', en: 'missing' },
  injured: { zh: '受伤', en: 'injured' },
  dead: { zh: '死亡', en: 'dead' },
  returned: { zh: '擅自返回', en: 'returned without leave' },
} as const;
export type PersonStatus = keyof typeof PERSON_STATUSES;
export const PERSON_STATUS_NAMES = Object.keys(PERSON_STATUSES) as [PersonStatus, ...PersonStatus[]];

/** What an officer can say of a person; nobody is marked unreached. */
export type Mark = Exclude<PersonStatus, 'unreached'>;
export const MARKS = PERSON_STATUS_NAMES.filter((status) => status !== 'unreached') as [Mark, ...Mark[]];

/** While anybody stands so, the roll-call is not complete. */
export const OPEN_STATUSES = ['unreached', 'missing', 'returned'] as const satisfies readonly PersonStatus[];

/** Who is somewhere for now: while an order stands this is asked again in every round. */
export const RECOUNTED_STATUSES = ['safe', 'moved'] as const satisfies readonly PersonStatus[];

/** Whether what is known of this person was said in this round, or need not be said again. */
export function isConfirmed({ status, round }: { status: PersonStatus; round: number }, current: number): boolean {
  return round >= current || !(RECOUNTED_STATUSES as readonly PersonStatus[]).includes(status);
}

/** Said of one person by name: a word about his whole household leaves it alone. */
const OWN_STATUSES: readonly PersonStatus[] = ['away', 'relocated', 'injured', 'dead'];

/** How it was learnt. */
export const MARK_MEANS = {
  'face-to-face': { zh: '当面', en: 'face to face' },
  telephone: { zh: '电话', en: 'by telephone' },
  radio: { zh: '对讲机', en: 'by radio' },
  'by-list': { zh: '点名', en: 'by reading out the list' },
  message: { zh: '消息', en: 'by message' },
  page: { zh: '本人手机页面', en: 'on his own page' },
  tag: { zh: '扫码', en: 'by scanning a tag' },
  sms: { zh: '短信', en: 'by SMS' },
} as const;
export type MarkMeans = keyof typeof MARK_MEANS;
/** What an officer may have heard or seen; the others prove themselves. */
export const HEARD_MEANS = ['face-to-face', 'telephone', 'radio', 'by-list', 'message'] as const satisfies readonly MarkMeans[];
export const MARK_MEANS_NAMES = Object.keys(MARK_MEANS) as [MarkMeans, ...MarkMeans[]];

/** Whether it is known where this person is and that he need not be looked for. */
export function isAccounted(status: PersonStatus): boolean {
  return !(OPEN_STATUSES as readonly PersonStatus[]).includes(status);
}

/** Whether a word about the whole household says something new of this person in this round. */
export function followsHousehold(person: { status: PersonStatus; round: number }, said: Mark, current: number): boolean {
  return (person.status !== said || !isConfirmed(person, current)) && !OWN_STATUSES.includes(person.status);
}

/** What needs attention first: how a household stands is told by the first of these that one of its persons has. */
export const WORST_FIRST: readonly PersonStatus[] = [
  'missing',
  'returned',
  'unreached',
  'dead',
  'injured',
  'needs-help',
  'refused',
  'moved',
  'safe',
  'away',
  'relocated',
];

/** How a household stands as a whole: as the one of its persons who needs attention first. A household of nobody is unreached. */
export function householdStatus(persons: readonly { status: PersonStatus }[]): PersonStatus {
  return WORST_FIRST.find((status) => persons.some((person) => person.status === status)) ?? 'unreached';
}

/** So many rows of one status, frozen or found on the spot, confirmed in this round or not. */
export interface StatusCount {
  status: PersonStatus;
  isFound: boolean;
  isConfirmed: boolean;
  count: number;
}

export interface PersonTotals {
  /** `frozen` + `found`; also the sum of `byStatus`. */
  total: number;
  frozen: number;
  found: number;
  accounted: number;
  /** Of the accounted: safe or moved, but not counted again in this round. */
  unconfirmed: number;
  byStatus: Record<PersonStatus, number>;
}

/** The totals of these counts: they add up to the frozen list and those found on the spot, whatever comes in. */
export function personTotals(counts: readonly StatusCount[]): PersonTotals {
  const byStatus = Object.fromEntries(PERSON_STATUS_NAMES.map((status) => [status, 0])) as Record<PersonStatus, number>;
  const totals = { total: 0, frozen: 0, found: 0, accounted: 0, unconfirmed: 0, byStatus };
  for (const { status, isFound, isConfirmed: confirmed, count } of counts) {
    totals.total += count;
    totals[isFound ? 'found' : 'frozen'] += count;
    totals.accounted += isAccounted(status) ? count : 0;
    totals.unconfirmed += confirmed ? 0 : count;
    byStatus[status] += count;
  }
  return totals;
}
