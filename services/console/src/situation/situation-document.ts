// Chapter 6, reporting upward: a report as a document: headings, figures and words, in one language; every printed form is made from this.
import { EVENT_CODES, LEVEL_WORDS, ORDER_WORDS } from '@laba/domain/alert';
import { SITUATION_FIELD_NAMES, SITUATION_FIELDS, SITUATION_KINDS } from '@laba/domain/situation';
import type { SituationDocument } from '@laba/domain/situation-view';
import type { AlertContent, Content, DayContent, SituationRow } from './content.ts';
import { alertTables, dayTables, type Say } from './situation-tables.ts';

export type Language = SituationDocument['language'];

/** `at`: a moment in the county's own time, to the minute. */
export function situationDocument(row: SituationRow, content: Content, language: Language, at: (ms: number) => string): SituationDocument {
  const say: Say = (zh, en) => (language === 'en' ? en : zh);
  const { number, county, asOfMs, dueAtMs, sent } = content;
  const late = dueAtMs !== null && sent !== null && sent.atMs > dueAtMs;
  const due: [string, string][] = dueAtMs === null ? [] : [[say('应报时限', 'Due by'), at(dueAtMs) + (late ? say('（迟报）', ' (sent late)') : '')]];
  const subject: [string, string][] = content.kind === 'zero' ? headOfDay(content, say, at) : headOfAlert(content, say, at);
  const nothing = say('（无）', '(nothing stated)');
  return {
    language,
    title: titleOf(content, say),
    marks: [
      ...(content.mode === 'live' ? [] : [say('演练 · 不是真实险情', 'DRILL · not a real emergency')]),
      ...(row.state === 'sent' ? [] : [say('草稿 · 未签发', 'DRAFT · not signed')]),
    ],
    head: [
      [say('报送单位', 'Reported by'), county.name],
      [say('编号', 'Number'), say(`第 ${number} 号`, `No. ${number}`)],
      ...subject,
      [say('数据截至', 'Figures as of'), at(asOfMs)],
      ...due,
    ],
    tables: content.kind === 'zero' ? dayTables(content.figures, say) : alertTables(content.figures, say),
    words: SITUATION_FIELD_NAMES.map((field) => {
      const { zh, en } = content.words[field];
      const text = language === 'en' && en !== '' ? en : zh === '' ? en : zh;
      return { heading: say(SITUATION_FIELDS[field].zh, SITUATION_FIELDS[field].en), paragraphs: text === '' ? [nothing] : text.split('\n') };
    }),
    signature: [
      [say('签发人', 'Signed by'), sent?.by ?? say('未签发', 'not signed')],
      ...(sent === null ? [] : ([[say('签发时间', 'Signed at'), at(sent.atMs)]] as [string, string][])),
      ...(row.seal === null ? [] : ([[say('校验码', 'Seal'), row.seal]] as [string, string][])),
    ],
  };
}

function titleOf(content: Content, say: Say): string {
  const kind = SITUATION_KINDS[content.kind];
  const drill = content.mode === 'live' ? '' : say('【演练】', '[DRILL] ');
  if (content.kind === 'zero') return say(`${content.county.name}${content.day.day}${kind.zh}`, `${content.county.name}: ${kind.en} of ${content.day.day}`);
  const hazard = EVENT_CODES[content.subject.eventCode] ?? { zh: '', en: content.subject.eventCode };
  const nth = content.kind === 'follow-up' ? String(content.number - 1) : '';
  return say(
    `${drill}${content.county.name}${hazard.zh}险情情况报告（${kind.zh}${nth}）`,
    `${drill}${content.county.name}: situation report on ${hazard.en} (${kind.en}${nth === '' ? '' : ` ${nth}`})`,
  );
}

function headOfDay({ day }: DayContent, say: Say, at: (ms: number) => string): [string, string][] {
  return [
    [say('时段', 'Period'), say(`${at(day.fromMs)} 至 ${at(day.toMs)}`, `${at(day.fromMs)} to ${at(day.toMs)}`)],
    [say('情况', 'Situation'), say('没有发布实警，没有突发事件', 'no live alert stood; nothing to report')],
  ];
}

const STATES: Record<string, { zh: string; en: string }> = {
  raised: { zh: '正在执行', en: 'in force' },
  ended: { zh: '已解除', en: 'ended: all clear' },
  cancelled: { zh: '已作为误发取消', en: 'cancelled as raised in error' },
  expired: { zh: '已到期（不是解除）', en: 'expired (not an all-clear)' },
};

function headOfAlert({ subject }: AlertContent, say: Say, at: (ms: number) => string): [string, string][] {
  const { title, text, issuer, kind, level, order, state, areas, raisedAtMs, endTimeMs, overAtMs, slopeCheckedBy, revision } = subject;
  const degree = order === null ? (level === null ? undefined : LEVEL_WORDS[level]) : ORDER_WORDS[order];
  const what = kind === 'order' ? say('指令', 'order') : say('预警', 'warning');
  const stands = STATES[state] ?? { zh: state, en: state };
  const over = overAtMs === null ? say(`至 ${at(endTimeMs)}`, `until ${at(endTimeMs)}`) : at(overAtMs);
  return [
    [say('事件', 'Event'), title],
    [say('级别', 'Degree'), `${degree === undefined ? '' : say(degree.zh, degree.en)} · ${what}`],
    [say('发布单位', 'Issued by'), issuer],
    [say('发布时间', 'Raised at'), `${at(raisedAtMs)}${revision > 1 ? say(`（现为第 ${revision} 版）`, ` (now revision ${revision})`) : ''}`],
    [say('范围', 'Area'), areas.map(({ name }) => name).join(say('、', ', '))],
    [say('播报内容', 'Words spoken'), text],
    [say('当前状态', 'State'), `${say(stands.zh, stands.en)} · ${over}`],
    ...(slopeCheckedBy === null ? [] : ([[say('现场核查', 'Checked on the spot by'), slopeCheckedBy]] as [string, string][])),
  ];
}
