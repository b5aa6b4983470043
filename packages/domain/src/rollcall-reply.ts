// Chapter 5, roll-call: what a short message says of a door, of the sender's own household, or of the people in a place: a pure rule, strict.
import type { Mark } from './rollcall.ts';

const MAX_CHARS = 140;
const MAX_DOORS = 20;
const MAX_DOOR_CHARS = 20;

/** How the messages to helpers and households say it; a test holds the rule against it. */
export const ROLLCALL_FORM = {
  helper: { zh: '回复门牌号和情况，如“01 齐”“02 不走”“05 求助”', en: 'Reply with door number and status: "01 moved", "02 refused", "05 help"' },
  household: { zh: '回复 1 安全 2 已转移 3 求助', en: 'Reply 1 safe, 2 moved, 3 help' },
  place: { zh: '回复今晚人数，如“12人”', en: 'Reply with tonight’s number: "12 people"' },
} as const;

const WORDS: Partial<Record<Mark, readonly string[]>> = {
  moved: ['齐', '齐了', '都齐了', '到齐', '全齐', '已转移', '转移', '转移了', '已走', '走了', 'moved', 'all moved', 'all out', 'out'],
  safe: ['安全', '平安', '没事', '原地安全', 'safe', 'ok', 'all safe'],
  refused: ['拒绝', '不走', '不肯走', '拒绝转移', 'refused', 'refuse', 'refuses'],
  'needs-help': ['求助', '需要帮助', '要人', '需要担架', 'help', 'needs help', 'need help'],
  away: ['外出', '不在家', '在外', '外地', 'away', 'not home'],
  missing: ['失联', '找不到', '没找到', 'missing'],
  injured: ['受伤', '有伤', 'injured', 'hurt'],
  returned: ['返回', '回去了', '又回去了', 'returned', 'went back'],
  relocated: ['已搬迁', '搬走', '搬走了', 'relocated'],
};
/** The household's own keys; see `ROLLCALL_FORM`. */
const OWN_KEYS: Readonly<Record<string, Mark>> = { 1: 'safe', 2: 'moved', 3: 'needs-help' };

const STATUS_OF = new Map(Object.entries(WORDS).flatMap(([status, words]) => words.map((word) => [word, status as Mark] as const)));
const LATIN = /^[a-z ]+$/;
// The longest first, so that 已转移 is not read as 转移 behind a strange 已. Latin words stand by themselves.
const STATUS = new RegExp(
  [...STATUS_OF.keys()]
    .toSorted((a, b) => b.length - a.length)
    .map((word) => (LATIN.test(word) ? `(?<![a-z])${word}(?![a-z])` : word))
    .join('|'),
  'gu',
);
const POLITE = /^(?:谢谢|收到|了|thanks|please)?$/;
const COUNT = /^(?:今晚|人数|共|count)? ?(\d{1,7}) ?(?:人|个人|口|口人|people|persons?)?$/;

/** `doors` as they were named, each with what was said of it. `own`: of the sender's own household. `count`: of the people in a place. */
export interface RollcallReply {
  doors: { door: string; status: Mark }[];
  own: Mark | undefined;
  /** `own` was a bare key, which answers a call as well. */
  isKey: boolean;
  count: number | undefined;
}

/** What was meant, or undefined when any of it is not understood: then a person reads it, and nobody is marked. */
export function readRollcallReply(text: string): RollcallReply | undefined {
  if (text.length > MAX_CHARS) return undefined;
  const plain = plainOf(text);
  const key = OWN_KEYS[plain];
  const count = COUNT.exec(plain)?.[1];
  if (key !== undefined || count !== undefined) return { doors: [], own: key, isKey: true, count: count === undefined ? undefined : Number(count) };
  const said = saidOf(plain);
  if (said === undefined) return undefined;
  const doors = said.flatMap(({ doors: named, status }) => named.map((door) => ({ door, status })));
  const [first] = said;
  const own = said.length === 1 && doors.length === 0 ? first?.status : undefined;
  const complete = own !== undefined || said.every(({ doors: named }) => named.length > 0);
  const isOnce = new Set(doors.map(({ door }) => door)).size === doors.length;
  return complete && isOnce && doors.length <= MAX_DOORS ? { doors, own, isKey: false, count: undefined } : undefined;
}

// Full-width forms made plain, marks and emoji taken for spaces, the sender's signature taken off.
function plainOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/【[^】]*】/gu, ' ')
    .replaceAll(/[^\p{L}\p{N}\s#-]+/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

// `01 02 齐 05 求助`: what stands before a status are its doors.
function saidOf(plain: string): { doors: string[]; status: Mark }[] | undefined {
  const said: { doors: string[]; status: Mark }[] = [];
  let at = 0;
  for (const found of plain.matchAll(STATUS)) {
    const doors = doorsOf(plain.slice(at, found.index));
    if (doors === undefined) return undefined;
    said.push({ doors, status: STATUS_OF.get(found[0])! });
    at = found.index + found[0].length;
  }
  return said.length > 0 && POLITE.test(plain.slice(at).trim()) ? said : undefined;
}

/** As doorplates are written in the register, or their number: `户01`, `1号`, `door 65`, `打所01`. */
function doorsOf(words: string): string[] | undefined {
  const doors = words
    .replaceAll(/(?<![a-z])(?:door|no|house)(?![a-z])|户|第|#/gu, ' ')
    .split(' ')
    .map((word) => word.replace(/^了$/, '').replace(/(?<=\d)(?:号|家)$/, ''))
    .filter(Boolean);
  return doors.every((door) => /\d/.test(door) && door.length <= MAX_DOOR_CHARS) ? doors : undefined;
}

/** Whether this is how somebody names that door: the doorplate itself, or the number at its end. */
export function isDoor(named: string, doorplate: string): boolean {
  const plate = doorplate.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, '').replace(/号$/, '');
  if (plate === named) return true;
  const number = /(\d{1,9})$/.exec(plate)?.[1];
  return number !== undefined && /^\d{1,9}$/.test(named) && Number(number) === Number(named);
}
