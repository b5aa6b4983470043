// Chapter 6, watch: the words of the ladders' events. Nobody is named: a rung is its node and its place there.
import { LADDER_MEANS, SKIP_REASONS, type LadderMeans, type SkipReason } from '@laba/domain/ladder';
import { reasonWords, type Words } from '@laba/domain/reason-words';

type Data = Record<string, unknown>;
type Names = { place: string; rung: string };
type Say = (names: Names, data: Data) => Words;

const QUESTIONS: Record<string, Words> = { answer: { zh: '收到', en: 'an answer' }, moving: { zh: '开始转移', en: 'word that people are on the move' } };
const question = (data: Data): Words => QUESTIONS[String(data['question'])] ?? { zh: '', en: '' };

const means = (data: Data): Words => LADDER_MEANS[data['means'] as LadderMeans] ?? { zh: '', en: '' };

/** `打所村第 2 位责任人`. */
function rung({ rung: of }: { rung: string }, data: Data): Words {
  const position = Number(data['position'] ?? 0);
  return position === 0 ? { zh: of, en: of } : { zh: `${of}第 ${position} 位责任人`, en: `no. ${position} of ${of}` };
}

function passedOver(names: Names, data: Data): Words {
  const { place } = names;
  const why = SKIP_REASONS[data['reason'] as SkipReason] ?? { zh: '', en: '' };
  return { zh: `叫应 ${place}：跳过 ${rung(names, data).zh}（${why.zh}）`, en: `Ladder of ${place}: ${rung(names, data).en} passed over (${why.en})` };
}

function overdue({ place }: Names, data: Data): Words {
  const [what, round] = [question(data), Number(data['round'] ?? 1)];
  return data['reason'] === 'climbed'
    ? {
        zh: `叫应超时：${place} 第 ${round} 轮无人回答（${what.zh}），请值班员立即联系`,
        en: `Ladder overdue: round ${round} of ${place} ended without ${what.en}; duty officer, ring them now`,
      }
    : { zh: `叫应超时：${place} 未按时回答（${what.zh}）`, en: `Ladder overdue: ${place} did not give ${what.en} in time` };
}

const inTime = (data: Data): Words => (data['overdue'] === true ? { zh: '（超时后）', en: ' (after the time)' } : { zh: '', en: '' });

export const LADDER_WORDS: Readonly<Record<string, Say>> = {
  'ladder.opened': ({ place }) => ({ zh: `开始叫应 ${place}`, en: `The ladder of ${place} begins` }),
  'ladder.quickened': ({ place }) => ({ zh: `叫应 ${place}：等级提高，时限缩短`, en: `Ladder of ${place}: a graver degree, shorter clocks` }),
  'ladder.asked': (names, data) => ({
    zh: `叫应 ${names.place}：已呼叫 ${rung(names, data).zh}（${question(data).zh}）`,
    en: `Ladder of ${names.place}: ${rung(names, data).en} asked for ${question(data).en}`,
  }),
  'ladder.passed-over': passedOver,
  'ladder.overdue': overdue,
  'ladder.answered': ({ place }, data) => ({
    zh: `${place} 收到（${means(data).zh}）${inTime(data).zh}`,
    en: `${place} has answered (${means(data).en})${inTime(data).en}`,
  }),
  'ladder.moving': ({ place }, data) => ({
    zh: `${place} 已开始转移，${Number(data['persons'] ?? 0)} 人（${means(data).zh}）${inTime(data).zh}`,
    en: `${place} is moving, ${Number(data['persons'] ?? 0)} people (${means(data).en})${inTime(data).en}`,
  }),
  'ladder.heard-again': ({ place }, data) =>
    data['effect'] === 'after-end'
      ? { zh: `${place} 在结束后又有回答（${means(data).zh}）`, en: `${place} answered after the end (${means(data).en})` }
      : { zh: `${place} 再次回答（${means(data).zh}）`, en: `${place} answered again (${means(data).en})` },
  'ladder.closed': ({ place }, data) => {
    const why = reasonWords(data['reason']);
    return data['open'] === true
      ? { zh: `叫应 ${place} 结束，始终未落实：${why.zh}`, en: `The ladder of ${place} is closed with its question open: ${why.en}` }
      : { zh: `叫应 ${place} 结束：${why.zh}`, en: `The ladder of ${place} is closed: ${why.en}` };
  },
};
