// Chapter 5, member: what somebody means who answers by SMS or by a key: a pure rule, strict, so that nobody is counted who did not say so.
import { ANSWERS, type Answer } from './member.ts';

/** Longer texts are talk, and for a person to read. */
const MAX_CHARS = 140;
const MAX_COUNT = 99_999;

/** What the message asks for: `1 收到 2 出发 3 到位 4 来不了`. */
export const ANSWER_KEYS: Readonly<Record<string, Answer>> = { 1: 'coming', 2: 'on-the-way', 3: 'arrived', 4: 'cannot' };

const CHINESE_KEYS: Readonly<Record<string, string>> = { 一: '1', 二: '2', 三: '3', 四: '4' };

const WORDS: Readonly<Record<Answer, readonly string[]>> = {
  coming: [
    ...[
      '收到',
      '已收到',
      '收到了',
      '好',
      '好的',
      '好嘞',
      '知道',
      '知道了',
      '我来',
      '来',
      '来了',
      '就来',
      '马上来',
      '马上去',
      '能来',
      '可以来',
      '我去',
      '去',
      '明白',
      '是',
    ],
    ...['ok', 'okay', 'yes', 'y', 'coming', 'i am coming', "i'm coming", 'im coming', 'will come', 'received', 'got it'],
  ],
  'on-the-way': [
    ...['出发', '已出发', '出发了', '已经出发', '在路上', '路上', '在路上了', '正在路上', '正在赶来', '赶来', '在赶来', '马上到', '快到了', '就到', '动身了'],
    ...['on the way', 'on my way', "i'm on my way", 'im on my way', 'i am on my way', 'omw', 'left', 'leaving', 'leaving now'],
  ],
  arrived: [
    ...['到', '到了', '到位', '已到', '已到位', '到位了', '已经到了', '已经到位', '我到了', '我到位了', '已到达', '到达', '已到现场', '到现场了'],
    ...['arrived', 'here', 'i am here', "i'm here", 'im here', 'in place', 'i have arrived', "i've arrived"],
  ],
  cannot: [
    ...[
      '来不了',
      '我来不了',
      '不来',
      '不能来',
      '去不了',
      '我去不了',
      '不能去',
      '不去',
      '没空',
      '没时间',
      '到不了',
      '过不来',
      '过不去',
      '不行',
      '不方便',
      '在外地',
      '在外面',
    ],
    ...['no', 'n', 'cannot', "can't", 'cant', 'cannot come', "can't come", 'cant come', 'not coming', 'unable', 'i cannot come', "i can't come"],
  ],
};

const ANSWER_OF: ReadonlyMap<string, Answer> = new Map(ANSWERS.flatMap((answer) => WORDS[answer].map((word) => [word, answer] as const)));
/** Said beside an answer; says nothing by itself. */
const POLITE = new Set([
  '谢谢',
  '谢谢领导',
  '辛苦了',
  '领导',
  '书记',
  '村长',
  '您好',
  '你好',
  '请放心',
  '放心',
  'thanks',
  'thank you',
  'please',
  'hello',
  'hi',
]);
const COUNT = /^(?:共|一共|总共|合计|已转移|转移|转移了|已转移了|已转出|moved)? ?(\d{1,9}) ?(?:人|个人|名|口|口人|people|persons?)?$/;

/** `answer` where the words or the key are one; `count` where a number was given: `1` is both, and the question decides which was meant. */
export interface Reply {
  answer: Answer | undefined;
  count: number | undefined;
}

/** What was meant, or undefined when it is not understood: then a person reads it, and nothing is claimed. */
export function readReply(text: string): Reply | undefined {
  const parts = partsOf(text);
  const answers = new Set<Answer>();
  const numbers = new Set<number>();
  for (const part of parts) {
    const answer = ANSWER_OF.get(part) ?? copied(part);
    const number = COUNT.exec(CHINESE_KEYS[part] ?? part)?.[1];
    if (answer !== undefined) answers.add(answer);
    else if (number !== undefined) numbers.add(Number(number));
    else if (!POLITE.has(part)) return undefined;
  }
  return decide(answers, numbers);
}

function decide(answers: ReadonlySet<Answer>, numbers: ReadonlySet<number>): Reply | undefined {
  const [count] = numbers;
  if (numbers.size > 1 || (count !== undefined && count > MAX_COUNT)) return undefined;
  if (answers.has('cannot') && answers.size > 1) return undefined;
  // "收到，已出发": the furthest of them is how it stands.
  const said = ANSWERS.findLast((answer) => answers.has(answer));
  if (said === undefined && count === undefined) return undefined;
  return { answer: said ?? ANSWER_KEYS[String(count)], count };
}

// The line of the message itself, typed off: `1收到`.
function copied(part: string): Answer | undefined {
  const [, key = '', word = ''] = /^([1-4]) ?(\D+)$/.exec(part) ?? [];
  const answer = ANSWER_OF.get(word);
  return answer === ANSWER_KEYS[key] ? answer : undefined;
}

/** The words between marks, full-width forms made plain, marks, emoji and the sender's signature taken off. */
function partsOf(text: string): string[] {
  if (text.length > MAX_CHARS) return [];
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/【[^】]*】/gu, ' ')
    // A mark between two digits makes them neither one number nor two: 1.5 or 1-2 is no answer.
    .replaceAll(/(?<=\d)[^\p{L}\p{N}\s\p{Extended_Pictographic}]+(?=\d)/gu, 'x')
    .replaceAll(/[^\p{L}\p{N}'\s]+/gu, '\n');
  const words = plain.split('\n').map((part) => part.replaceAll(/\s+/gu, ' ').replaceAll(/^['\s]+|['\s]+$/gu, ''));
  return words.filter(Boolean).flatMap((part) => (ANSWER_OF.has(part) || COUNT.test(part) || POLITE.has(part) ? [part] : part.split(' ')));
}

/**
 * What became of a reply. answered: written down. repeated: it says what is written already. not-understood: kept for a person, the sender is
 * told once. over: what it answers has ended. no-question: he was asked nothing lately. unknown-sender: nobody on the lists has this number.
 */
export const REPLY_OUTCOMES = ['answered', 'repeated', 'not-understood', 'over', 'no-question', 'unknown-sender'] as const;
export type ReplyOutcome = (typeof REPLY_OUTCOMES)[number];
