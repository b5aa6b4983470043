// Chapter 5, sections and safety: what a member is told about his place, and about coming back.
import type { MessageFacts } from './message.ts';
import { SECTIONS, type Section } from './section.ts';

/** What a message of purpose `section` asks for. `facts.what`: seat, stand-down, freed, commander. */
export function sectionSays(facts: MessageFacts): string {
  const section = SECTIONS[facts['section'] as Section]?.zh ?? '';
  const place = typeof facts['place'] === 'string' ? facts['place'] : '';
  if (facts['what'] === 'seat') return `请到${place}，您在${section}组，到了回复3`;
  if (facts['what'] === 'stand-down') return '人手已够，请待命，有需要再通知您';
  if (facts['what'] === 'freed') return `您已不在${section}组，请待命`;
  if (facts['what'] === 'commander') return `请您担任${place}现场指挥，打开链接确认接任`;
  return '请打开链接查看您的分组和任务';
}

/** What a message of purpose `safety` asks for. `facts.what`: sent-out, missed, missed-pair, withdraw, not-back. */
export function safetySays(facts: MessageFacts): string {
  const minutes = String(facts['minutes'] ?? '');
  if (facts['what'] === 'sent-out') return `你们两人一组出发，每${minutes}分钟回复1报平安，不要分开`;
  if (facts['what'] === 'missed') return '没有收到你们的平安报告，请立即回复1报平安或打电话给值班室';
  if (facts['what'] === 'missed-pair') return '有一组没有按时报平安，请立即联系他们';
  if (facts['what'] === 'withdraw') return `全体撤离，立即返回，${minutes}分钟内返回后回复3`;
  if (facts['what'] === 'not-back') return '全体撤离，还没有收到您已返回的报告，请立即返回并回复3';
  return '请立即报告您和同伴是否安全';
}
