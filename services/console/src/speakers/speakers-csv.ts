// Peacetime: the loudspeakers as a table for a spreadsheet, in which nothing becomes a formula.
import { capTime } from '@laba/domain/cap';
import { csvOf, type Cell } from '@laba/domain/csv';
import { HEALTH_WORDS, PROOF_WORDS, type ListedSpeaker } from '@laba/domain/speaker-view';

export type CsvLanguage = 'zh-CN' | 'en';
interface Words {
  zh: string;
  en: string;
}

const COLUMNS: readonly Words[] = [
  { zh: '乡镇', en: 'Township' },
  { zh: '村', en: 'Village' },
  { zh: '网格编码', en: 'Grid code' },
  { zh: '活动室', en: 'Activity room' },
  { zh: '喇叭', en: 'Loudspeaker' },
  { zh: '编号', en: 'Id' },
  { zh: '状况', en: 'How it stands' },
  { zh: '原因', en: 'Why' },
  { zh: '最近一次证实出声', en: 'Last proven to sound' },
  { zh: '怎么证实的', en: 'Proven by' },
  { zh: '网关最近一次来信', en: 'Gateway last heard' },
];

export function speakersCsv(
  speakers: readonly ListedSpeaker[],
  { asOfMs, utcOffsetMinutes }: { asOfMs: number; utcOffsetMinutes: number },
  language: CsvLanguage,
) {
  const say = (words: Words | null) => (words === null ? '' : language === 'en' ? words.en : words.zh);
  const time = (ms: number | null) => (ms === null ? '' : capTime(ms, utcOffsetMinutes).slice(0, 16).replace('T', ' '));
  const cells = (speaker: ListedSpeaker): Cell[] => [
    ...[speaker.townshipName, speaker.villageName, speaker.gridCode, speaker.siteName, speaker.name, speaker.speakerId],
    ...[say(HEALTH_WORDS[speaker.health]), say(speaker.reason)],
    ...[time(speaker.lastProvenAtMs), say(speaker.provenBy === null ? null : PROOF_WORDS[speaker.provenBy]), time(speaker.lastSeenAtMs)],
  ];
  const head = [say({ zh: '数据截至', en: 'Figures as of' }), capTime(asOfMs, utcOffsetMinutes)];
  return csvOf([head, COLUMNS.map(say), ...speakers.map(cells)]);
}
