// Chapter 6, watch: a village's house after a power cut, in words: it lost the time, and who told it.
import type { Words } from '@laba/domain/reason-words';

const TELLERS: Record<string, Words> = {
  machine: { zh: '本机', en: 'its machine' },
  above: { zh: '上级系统', en: 'the house above' },
  officer: { zh: '人工确认', en: 'an officer' },
};

// As people read it: 2026-07-01 03:00.
const minuteOf = (time: unknown) =>
  String(time ?? '')
    .slice(0, 16)
    .replace('T', ' ');

export const CLOCK_WORDS = {
  'clock.unknown': ({ place }: { place: string }): Words => ({
    zh: `${place} 断电后时间不准：之前的预警不播，等待确认时间`,
    en: `${place} was switched off and does not know the time: what was in force before waits`,
  }),
  'clock.told': ({ place }: { place: string }, data: Record<string, unknown>): Words => {
    const by = TELLERS[String(data['by'])] ?? { zh: '', en: '' };
    const [time, was] = [minuteOf(data['time']), minuteOf(data['was'])];
    return { zh: `${place} 校时（${by.zh}）：${time}，原为 ${was}`, en: `${place} was told the time by ${by.en}: ${time}; it was ${was} there` };
  },
};
