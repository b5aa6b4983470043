// Chapter 5, ladder: what a responsible person means who replies by SMS or by a key: 1 收到, 2 and a number 已开始转移.
import { LIMITS } from './limits.ts';
import type { Said } from './ladder.ts';
import { readReply } from './reply.ts';

const MOVING = /^2(?:\s+|\s*[,，、.。:：;；+-]\s*)(\d{1,6})\s*(?:人|个人|people|persons?)?\s*[.。!！]?$/i;
const PEOPLE = /人|people|person/i;

/** What was meant, or undefined when it is not plain: then the climb goes on, and nothing is claimed. */
export function readLadderReply(text: string): Said | undefined {
  const plain = text.normalize('NFKC').trim();
  const moving = MOVING.exec(plain)?.[1];
  if (moving !== undefined) return movingOf(Number(moving));
  const { answer, count } = readReply(plain) ?? {};
  if (count !== undefined && PEOPLE.test(plain)) return movingOf(count);
  if (answer !== undefined) return answer === 'coming' ? { kind: 'got-it' } : undefined;
  // `235` may be 2 and 35 typed together.
  return count === undefined || plain.startsWith('2') ? undefined : movingOf(count);
}

function movingOf(persons: number): Said | undefined {
  return persons < 1 || persons > LIMITS.headCount ? undefined : { kind: 'moving', persons };
}
