// Chapter 6, watch: the words of what happens when people join on the spot.
import { ANSWER_WORDS, type Answer } from '@laba/domain/member';
import type { Words } from '@laba/domain/reason-words';

type Data = Record<string, unknown>;
type Names = Readonly<Record<'subject' | 'place', string>>;

const number = (value: unknown) => String(Number(value ?? 0));

export const JOIN_WORDS: Readonly<Record<string, (names: Names, data: Data) => Words>> = {
  'join-code.opened': ({ place }, data) => ({
    zh: `${place} 开放现场加入，名额 ${number(data['mostJoins'])} 人`,
    en: `${place}: joining on the spot was opened for ${number(data['mostJoins'])}`,
  }),
  'join-code.closed': ({ place }, data) => ({
    zh: `${place} 停止现场加入，已有 ${number(data['joins'])} 人加入`,
    en: `${place}: joining on the spot was closed; ${number(data['joins'])} had joined`,
  }),
  'join-code.tried': ({ place }, data) =>
    data['locked'] === true
      ? {
          zh: `${place} 的加入码输错 ${number(data['wrongTries'])} 次，已锁定`,
          en: `${place}: the join code was locked after ${number(data['wrongTries'])} wrong tries`,
        }
      : { zh: `有人输错了 ${place} 的加入码`, en: `${place}: somebody typed a wrong join code` },
  // His name is known from the next line on.
  'member.joined': ({ place }, data) => {
    const answer = ANSWER_WORDS[data['answer'] as Answer];
    return { zh: `${place} 有人现场加入：${answer?.zh ?? ''}`, en: `Somebody joined on the spot at ${place}: ${answer?.en ?? ''}` };
  },
  'member.taken-in': ({ subject }) => ({
    zh: `${subject} 现场加入，登记为临时成员`,
    en: `${subject} joined on the spot and is a member for the time of this alert`,
  }),
  'member.let-go': ({ place }) => ({
    zh: `${place} 一名现场加入者已离队，个人信息已删除`,
    en: `${place}: somebody who had joined on the spot was let go; what he gave is erased`,
  }),
  'member.kept': ({ subject }) => ({ zh: `${subject} 转为正式成员`, en: `${subject} stays a member` }),
};
