// A place from which nothing comes by the line says how it stands: six lines by telephone, typed in a minute, read here, checked, and compared with what comes later.
import { LIMITS } from './limits.ts';
import { cleanText } from './text.ts';

export const STATUS_MEANS = {
  telephone: { zh: '电话', en: 'by telephone' },
  satellite: { zh: '卫星电话', en: 'by satellite phone' },
  radio: { zh: '电台', en: 'by radio' },
  runner: { zh: '来人', en: 'by a runner' },
  'in-person': { zh: '当面', en: 'in person' },
} as const;
export type StatusMeans = keyof typeof STATUS_MEANS;
export const STATUS_MEANS_NAMES = Object.keys(STATUS_MEANS) as [StatusMeans, ...StatusMeans[]];

const MEANS_SAID: Record<StatusMeans, RegExp> = {
  telephone: /^(电话|手机|座机|phone|tel|telephone)$/i,
  satellite: /^(卫星|卫星电话|卫|sat|satellite|satphone)$/i,
  radio: /^(电台|对讲|对讲机|radio)$/i,
  runner: /^(来人|派人|跑腿|runner)$/i,
  'in-person': /^(当面|本人|in-person|person)$/i,
};

/** What they say was ordered there by themselves. */
export const ORDERS_SAID = {
  none: { zh: '没有下过指令', en: 'no order was given' },
  prepare: { zh: '准备转移', en: 'prepare to move' },
  'move-now': { zh: '立即转移', en: 'move now' },
} as const;
export type OrderSaid = keyof typeof ORDERS_SAID;
export const ORDER_SAID_NAMES = Object.keys(ORDERS_SAID) as [OrderSaid, ...OrderSaid[]];

/** Of the next contact: it is waited for; its time passed; they were heard of again. In this order. */
export const CONTACT_STATES = ['awaited', 'overdue', 'met'] as const;
export type ContactState = (typeof CONTACT_STATES)[number];

/** The lines in their order. What is asked is what the officer reads aloud. */
export const STATUS_LINES = [
  { zh: '谁在说，怎么联系', en: 'who speaks, and how', example: { zh: '阿依 卫星 0312', en: 'Ayi satellite 0312' } },
  { zh: '当地下过什么指令，几点，响没响', en: 'which order was given there, when, did it sound', example: { zh: '转移 0302 响了', en: 'move 0302 sounded' } },
  {
    zh: '户、人、转移、失联、受伤',
    en: 'households, people, moved, missing, injured',
    example: { zh: '60 188 188 0 0 或 60户 188人 转移188', en: '60 188 188 0 0, or 60 households 188 people moved 188' },
  },
  { zh: '道路、水、险情', en: 'roads, water, danger now', example: { zh: '路断 河涨', en: 'road cut, river rising' } },
  { zh: '缺什么：药、粮、机械', en: 'needs: medicine, food, machines', example: { zh: '胰岛素 挖机', en: 'insulin, excavator' } },
  { zh: '下次几点联系，打哪个号码、频率', en: 'next contact at, by which number or frequency', example: { zh: '0430 13800000000', en: '0430 13800000000' } },
] as const;

const COUNTED = ['households', 'persons', 'moved', 'missing', 'injured'] as const;
export type Counted = (typeof COUNTED)[number];
export const COUNTED_WORDS: Record<Counted, { zh: string; en: string }> = {
  households: { zh: '户', en: 'households' },
  persons: { zh: '人', en: 'people' },
  moved: { zh: '已转移', en: 'moved' },
  missing: { zh: '失联', en: 'missing' },
  injured: { zh: '受伤', en: 'injured' },
};

export type Counts = Record<Counted, number | null>;

/** What the lines say, so far as a rule can read it; the rest stays in their words. */
export interface Said extends Counts {
  means: StatusMeans;
  order: OrderSaid | null;
  orderAtMs: number | null;
  sounded: boolean | null;
  saidAtMs: number;
  nextContactAtMs: number | null;
}

/** What is wrong with a line, counted from 1. */
export interface LineProblem {
  line: number;
  zh: string;
  en: string;
}

interface Moment {
  nowMs: number;
  utcOffsetMinutes: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** The clock of whoever speaks may go a little before the centre's. */
const AHEAD_MS = 5 * MINUTE_MS;

// A Chinese keyboard types digits, letters and colons of its own width.
const WIDE = /[\uff10-\uff1a\uff21-\uff3a\uff41-\uff5a]/g;

/** The lines as they are kept: six, clean, their digits of one width. */
export function cleanLines(given: readonly string[]): string[] {
  return STATUS_LINES.map((_, i) => cleanText(given[i] ?? '').replace(WIDE, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)));
}

/** Reads clean lines. Only the first must say something. */
export function readLines(lines: readonly string[], moment: Moment): { said: Said; problems: LineProblem[] } {
  const problems: LineProblem[] = [];
  const wrong = (line: number) => (zh: string, en: string) => void problems.push({ line, zh: `第 ${line} 行：${zh}`, en: `Line ${line}: ${en}` });
  lines.forEach((words, i) => {
    if (words.length > LIMITS.statusLineChars)
      wrong(i + 1)(`太长，最多 ${LIMITS.statusLineChars} 字`, `too long, ${LIMITS.statusLineChars} characters at most`);
  });
  const speaker = readSpeaker(lines[0] ?? '', moment, wrong(1));
  return {
    said: {
      ...speaker,
      ...readOrder(lines[1] ?? '', speaker.saidAtMs, moment, wrong(2)),
      ...readCounts(lines[2] ?? '', wrong(3)),
      nextContactAtMs: readContact(lines[5] ?? '', moment, wrong(6)),
    },
    problems,
  };
}

type Wrong = (zh: string, en: string) => void;

const tokens = (words: string) => words.split(/[\s,，、;；/]+/u).filter(Boolean);

function readSpeaker(words: string, moment: Moment, wrong: Wrong): Pick<Said, 'means' | 'saidAtMs'> {
  let means: StatusMeans | undefined;
  let saidAtMs: number | undefined;
  let hasName = false;
  for (const token of tokens(words)) {
    const named = STATUS_MEANS_NAMES.find((name) => MEANS_SAID[name].test(token));
    const clock = clockOf(token);
    if (named !== undefined && means === undefined) means = named;
    else if (clock === 'wrong') wrong(`没有 ${token} 这个时间`, `there is no time ${token}`);
    else if (clock !== undefined && saidAtMs === undefined) saidAtMs = lastAt(clock, moment);
    else hasName ||= /\p{L}/u.test(token);
  }
  if (!hasName) wrong('写明是谁在说（姓名）', 'say who speaks, by name');
  return { means: means ?? 'telephone', saidAtMs: Math.min(saidAtMs ?? moment.nowMs, moment.nowMs) };
}

const NONE = /^(无|没有|没|未下|no|none|0)$/i;
const PREPARE = /^(准备|准备转移|prepare)$/i;
const MOVE = /^(转移|立即转移|撤|撤离|move|move-now|move now)$/i;
const SILENT = /^(没响|未响|不响|没有响|silent|unheard)$/i;
const SOUNDED = /^(响|响了|已响|响过|sounded|heard)$/i;

function readOrder(words: string, saidAtMs: number, { utcOffsetMinutes }: Moment, wrong: Wrong): Pick<Said, 'order' | 'orderAtMs' | 'sounded'> {
  let order: OrderSaid | null = null;
  let orderAtMs: number | null = null;
  let sounded: boolean | null = null;
  for (const token of tokens(words)) {
    const clock = clockOf(token);
    if (clock === 'wrong') wrong(`没有 ${token} 这个时间`, `there is no time ${token}`);
    else if (clock !== undefined) orderAtMs = lastAt(clock, { nowMs: saidAtMs, utcOffsetMinutes });
    else if (NONE.test(token)) order = 'none';
    else if (PREPARE.test(token)) order = 'prepare';
    else if (MOVE.test(token)) order = 'move-now';
    else if (SILENT.test(token)) sounded = false;
    else if (SOUNDED.test(token)) sounded = true;
  }
  if (order === 'none' && (orderAtMs !== null || sounded !== null))
    wrong('没有下过指令，就没有时间和响没响', 'where no order was given there is no time and no sound of it');
  return { order, orderAtMs, sounded };
}

const UNITS: readonly [RegExp, Counted][] = [
  [/^(户|households?|hh)$/i, 'households'],
  [/^(人|名|persons?|people)$/i, 'persons'],
];
const LABELS: readonly [RegExp, Counted][] = [
  [/^(已?转移|转|moved)$/i, 'moved'],
  [/^(失联|失踪|missing)$/i, 'missing'],
  [/^(受?伤|injured|hurt)$/i, 'injured'],
];
// A unit written close to the next word is a word by itself.
const PIECES = /\d+|[户人名]|(?:(?![户人名])\p{L})+/gu;
const NOTHING: Counts = { households: null, persons: null, moved: null, missing: null, injured: null };

function readCounts(words: string, wrong: Wrong): Counts {
  const counts: Counts = { ...NOTHING };
  const pieces = words.match(PIECES) ?? [];
  const numbers = pieces.filter((piece) => /^\d+$/.test(piece));
  if (pieces.length === 0) return counts;
  if (numbers.some((n) => Number(n) > LIMITS.headCount)) wrong(`人数过大，最多 ${LIMITS.headCount}`, `too large, ${LIMITS.headCount} at most`);
  if (numbers.length === pieces.length) {
    if (numbers.length > COUNTED.length) wrong('数字太多，按 户 人 转移 失联 受伤 排列', 'too many numbers: households people moved missing injured');
    numbers.slice(0, COUNTED.length).forEach((n, i) => (counts[COUNTED[i]!] = Number(n)));
    return counts;
  }
  for (const [name, n] of named(pieces)) {
    if (name === undefined || n === undefined)
      wrong(
        `看不懂“${name ?? n}”，按 60户 188人 转移188 失联0 受伤0 写`,
        `cannot read “${name ?? n}”: write 60 households 188 people moved 188 missing 0 injured 0`,
      );
    else if (counts[name as Counted] !== null) wrong(`${COUNTED_WORDS[name as Counted].zh} 说了两次`, `${COUNTED_WORDS[name as Counted].en} is said twice`);
    else counts[name as Counted] = n;
  }
  return counts;
}

const nameOf = (piece: string | undefined, of: readonly [RegExp, Counted][]) => (piece === undefined ? undefined : of.find(([said]) => said.test(piece))?.[1]);

/** Numbers with their names. A unit follows its number; a label stands before it, or behind where the line ends with one. What has no partner stands alone. */
function* named(pieces: readonly string[]): Generator<[name: string | undefined, n: number | undefined]> {
  const isBehind = nameOf(pieces.at(-1), LABELS) !== undefined;
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i]!;
    const label = nameOf(piece, LABELS);
    const isNumber = /^\d+$/.test(piece);
    const next = pieces[i + 1];
    if (isNumber) {
      const unit = nameOf(next, isBehind ? [...UNITS, ...LABELS] : UNITS);
      yield [unit, Number(piece)];
      if (unit !== undefined) i += 1;
    } else if (label !== undefined && !isBehind && next !== undefined && /^\d+$/.test(next)) {
      yield [label, Number(next)];
      i += nameOf(pieces[i + 2], [UNITS[1]!]) === undefined ? 1 : 2;
    } else yield [piece, undefined];
  }
}

const IN = /^(\d{1,4})(分|分钟|min|mins|minutes?)$/i;

function readContact(words: string, moment: Moment, wrong: Wrong): number | null {
  if (words === '') return null;
  for (const token of tokens(words.replace(/(\d)\s+(分|min)/gi, '$1$2'))) {
    const clock = clockOf(token);
    const later = IN.exec(token)?.[1];
    if (later !== undefined && Number(later) > 0 && Number(later) * MINUTE_MS <= DAY_MS) return moment.nowMs + Number(later) * MINUTE_MS;
    if (clock === 'wrong') break;
    if (clock !== undefined) return lastAt(clock, { ...moment, nowMs: moment.nowMs - AHEAD_MS }) + DAY_MS;
  }
  wrong('先写下次联系的时间，如 0430 或 30分钟', 'say first when, as 0430 or 30min');
  return null;
}

/** Minutes after midnight; `wrong`: it looks like a time and is none; undefined: it does not. */
function clockOf(token: string): number | 'wrong' | undefined {
  const [, hours, minutes] = /^(\d{1,2})[:：点时](\d{2})分?$/.exec(token) ?? /^(\d{2})(\d{2})$/.exec(token) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  return Number(hours) > 23 || Number(minutes) > 59 ? 'wrong' : Number(hours) * 60 + Number(minutes);
}

/** When the clock on the wall last showed these minutes, not later than a moment from now. */
function lastAt(minutes: number, { nowMs, utcOffsetMinutes }: Moment): number {
  const offsetMs = utcOffsetMinutes * MINUTE_MS;
  const midnightMs = Math.floor((nowMs + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
  const atMs = [1, 0, -1].map((day) => midnightMs + day * DAY_MS + minutes * MINUTE_MS).find((ms) => ms <= nowMs + AHEAD_MS)!;
  return atMs;
}

export interface Expected {
  households: number;
  persons: number;
}

/** What cannot be, whoever says it. */
export function impossible(counts: Counts): LineProblem[] {
  const { persons, moved, injured } = counts;
  const more = (part: number | null, zh: string, en: string): LineProblem[] =>
    part !== null && persons !== null && part > persons
      ? [{ line: 3, zh: `第 3 行：${zh} ${part} 比清点到的 ${persons} 人还多`, en: `Line 3: ${part} ${en}, of ${persons} people accounted for` }]
      : [];
  return [...more(moved, '转移', 'moved'), ...more(injured, '受伤', 'injured')];
}

/** More than the list knows: a slip of the tongue, or the list is old; the speaker is asked once more. */
export function moreThanListed({ households, persons, moved, missing }: Counts, expected: Expected): LineProblem[] {
  const people = Math.max(persons ?? 0, moved ?? 0) + (missing ?? 0);
  const over = (said: number, of: number, zh: string, en: string): LineProblem[] =>
    said > of ? [{ line: 3, zh: `第 3 行：说 ${said} ${zh}，名册只有 ${of} ${zh}`, en: `Line 3: ${said} ${en} were said, the list has ${of}` }] : [];
  return [...over(households ?? 0, expected.households, '户', 'households'), ...over(people, expected.persons, '人', 'people')];
}

/** What was said beside what is proven now, where the two are not the same. */
export function differences(said: Counts, marked: Record<Counted, number>): { what: Counted; said: number; marked: number }[] {
  return COUNTED.flatMap((what) => {
    const n = said[what];
    return n === null || n === marked[what] ? [] : [{ what, said: n, marked: marked[what] }];
  });
}

/** Somebody is missing or hurt: it is red until it is reconciled. */
export function isGrave({ missing, injured }: Pick<Counts, 'missing' | 'injured'>): boolean {
  return (missing ?? 0) + (injured ?? 0) > 0;
}
