// Chapter 6, watch: the words of what happens with sections, commanders and people who are out.
import { REACHES, SECTIONS, seatReasonWords, type Reach, type SeatReason, type Section } from '@laba/domain/section';
import type { Words } from '@laba/domain/reason-words';

type Data = Record<string, unknown>;
type Names = Readonly<Record<'subject' | 'place', string>>;
type Say = (names: Names, data: Data) => Words;

const unknown = (value: unknown): Words => ({ zh: String(value ?? ''), en: String(value ?? '') });
const sectionOf = (value: unknown): Words => SECTIONS[value as Section] ?? unknown(value);
const reachOf = (value: unknown): Words => REACHES[value as Reach] ?? unknown(value);
const number = (value: unknown) => String(Number(value ?? 0));
const count = (value: unknown) => String(Array.isArray(value) ? value.length : 0);

function joined(words: readonly Words[], zhGlue: string, enGlue: string): Words {
  return { zh: words.map(({ zh }) => zh).join(zhGlue), en: words.map(({ en }) => en).join(enGlue) };
}

function filled({ subject }: Names, data: Data): Words {
  const section = sectionOf(data['section']);
  const because = joined(((data['reasons'] ?? []) as SeatReason[]).map(seatReasonWords), ' · ', ', ');
  const why = because.zh === '' ? { zh: '', en: '' } : { zh: `（${because.zh}）`, en: ` (${because.en})` };
  return { zh: `${subject} 编入${section.zh}组${why.zh}`, en: `${subject} is in the ${section.en} section${why.en}` };
}

const FREED: Record<string, Words> = {
  cannot: { zh: '来不了', en: 'cannot come' },
  expired: { zh: '答复已过期', en: 'the answer has run out' },
  officer: { zh: '值班员决定', en: 'by an officer’s hand' },
  moved: { zh: '调往别处', en: 'moved elsewhere' },
};

function freed({ subject }: Names, data: Data): Words {
  const section = sectionOf(data['section']);
  const why = FREED[String(data['why'])] ?? unknown(data['why']);
  return { zh: `${subject} 退出${section.zh}组：${why.zh}`, en: `${subject} left the ${section.en} section: ${why.en}` };
}

function widened({ place }: Names, data: Data): Words {
  const [from, to, missing] = [reachOf(data['from']), reachOf(data['to']), number(data['missing'])];
  return {
    zh: `${place} 还缺 ${missing} 人，集结范围由${from.zh}扩大到${to.zh}`,
    en: `${place} is ${missing} short: the call-out was widened from ${from.en} to ${to.en}`,
  };
}

function unfillable({ place }: Names, data: Data): Words {
  const [section, missing] = [sectionOf(data['section']), number(data['missing'])];
  return {
    zh: `${place} ${section.zh}组缺 ${missing} 人，全县已无人可派，请值班员处置`,
    en: `${place}: nobody in the county can fill ${missing} in the ${section.en} section; an officer must decide`,
  };
}

export const SECTION_WORDS: Readonly<Record<string, Say>> = {
  'sections.planned': (_, data) => ({
    zh: `分组布阵：${number(data['groups'])} 个网格需 ${number(data['seats'])} 人`,
    en: `Sections are planned: people needed ${number(data['seats'])}, in grid nodes: ${number(data['groups'])}`,
  }),
  'section.filled': filled,
  'section.freed': freed,
  'member.stood-down': ({ subject }) => ({ zh: `${subject} 待命：人手已够`, en: `${subject} stands down: there are enough` }),
  'callout.widened': widened,
  'section.unfillable': unfillable,
  'commander.named': ({ subject, place }, data) =>
    data['acknowledged'] === true
      ? { zh: `${subject} 担任 ${place} 现场指挥`, en: `${subject} commands at ${place}` }
      : { zh: `请 ${subject} 担任 ${place} 现场指挥，等待确认`, en: `${subject} was asked to command at ${place}; his yes is waited for` },
  'commander.acknowledged': ({ subject, place }) => ({ zh: `${subject} 已接任 ${place} 现场指挥`, en: `${subject} has taken command at ${place}` }),
  'pair.sent': ({ place }) => ({ zh: `${place} 派出两人一组`, en: `A pair was sent out at ${place}` }),
  'pair.checked-in': ({ place }) => ({ zh: `${place} 一组已报平安`, en: `A pair at ${place} is well` }),
  'pair.overdue': ({ place }, data) => ({
    zh: `【失联告警】${place} 一组未按时报平安（第 ${number(data['alarm'])} 次告警），请立即联系`,
    en: `[ALARM] A pair at ${place} missed its check-in (alarm ${number(data['alarm'])}): find them`,
  }),
  'withdrawal.ordered': ({ place }, data) => ({
    zh: `${place} 全体撤离：通知 ${number(data['people'])} 人返回`,
    en: `Withdraw all at ${place}: ${number(data['people'])} people are called back`,
  }),
  'withdrawal.overdue': ({ place }, data) => ({
    zh: `【失联告警】${place} 撤离后还有 ${count(data['members'])} 人未报告返回（第 ${number(data['alarm'])} 次告警）`,
    en: `[ALARM] ${place}: ${count(data['members'])} have not reported back (alarm ${number(data['alarm'])})`,
  }),
  'member.back': ({ subject }) => ({ zh: `${subject} 已返回`, en: `${subject} is back` }),
};
