// A broadcast as it is being written, and what is still missing before it can be planned.
import type { BulletinTimes } from '@laba/domain/bulletin';
import type { BulletinView, RecordingView } from '@laba/domain/bulletin-view';
import type { Officer } from '@laba/domain/officer';
import { tierOf } from '@laba/domain/grid';
import { bulletinPrefix } from '@laba/domain/bulletin';
import type { Key } from './bulletins.ts';

export interface DraftText {
  language: string;
  text: string;
  audioSha256: string | null;
  /** What the house found in the file; undefined: it was there before. */
  recording?: RecordingView | undefined;
  isSending: boolean;
}

export interface Draft {
  title: string;
  texts: readonly DraftText[];
  areaCodes: readonly string[];
  times: BulletinTimes;
  volume: number;
}

const VOLUME = 70;
export const DEFAULT_HOUR = '08:00';
export const LANGUAGES = ['zh-CN', 'lis', 'duu', 'nun', 'bo', 'en'] as const;

export const newText = (language: string): DraftText => ({ language, text: '', audioSha256: null, isSending: false });

/** Whoever answers for one place below the county has it ticked already. */
export function newDraft({ scopes }: Pick<Officer, 'scopes'>, today: string): Draft {
  const own = scopes.length === 1 && tierOf(scopes[0]!) !== 'county' ? scopes : [];
  return {
    title: '',
    texts: [newText(LANGUAGES[0])],
    areaCodes: own,
    times: { repeat: 'daily', at: [DEFAULT_HOUR], weekdays: [], from: today, to: null },
    volume: VOLUME,
  };
}

/** Without what is said before it by itself. */
function ownWords(language: string, text: string): string {
  const prefix = bulletinPrefix(language);
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

export function draftOf({ title, texts, areaCodes, times, volume }: BulletinView): Draft {
  return {
    ...{ title, areaCodes, times, volume },
    texts: texts.map(({ language, text, audioSha256 }) => ({ ...{ language, audioSha256, isSending: false }, text: ownWords(language, text) })),
  };
}

export function bodyOf({ title, texts, areaCodes, times, volume }: Draft) {
  const { repeat, weekdays, to } = times;
  return {
    title: title.trim(),
    texts: texts.map(({ language, text, audioSha256 }) => ({ language, text: text.trim(), audioSha256 })),
    areaCodes,
    times: { ...times, at: times.at.map(asHour), weekdays: repeat === 'weekly' ? weekdays : [], to: repeat === 'once' || to === '' ? null : to },
    volume,
  };
}

/** As a time of day, however it was typed: 0730, 7:30, 7：30. A browser's own time field would follow the browser's language, and say AM. */
export function asHour(typed: string): string {
  const [, hour, minute] = /^(\d{1,2})[:：.]?(\d{2})$/.exec(typed.trim()) ?? [];
  return hour === undefined ? typed : `${hour.padStart(2, '0')}:${minute}`;
}

const HOUR = /^([01]\d|2[0-3]):[0-5]\d$/;
const hasTimes = ({ at, from }: BulletinTimes) => from !== '' && at.length > 0 && at.every((one) => HOUR.test(asHour(one)));

/** What the house can be asked so far. */
export function askOf(draft: Draft): Record<string, unknown> | undefined {
  if (draft.areaCodes.length === 0) return undefined;
  const { title, texts, areaCodes, times } = bodyOf(draft);
  const hasWords = title !== '' && texts.every(({ text, audioSha256 }) => text !== '' || audioSha256 !== null);
  const isDue = hasTimes(draft.times) && (times.repeat !== 'weekly' || times.weekdays.length > 0);
  return { areaCodes, ...(hasWords ? { title, texts } : {}), ...(isDue ? { times } : {}) };
}

/** The first thing that is missing. */
export function missingOf({ title, texts, areaCodes, times }: Draft): Key | undefined {
  if (title.trim() === '') return 'why.title';
  if (texts.some(({ isSending }) => isSending)) return 'why.sending';
  if (texts.some(({ text, audioSha256 }) => text.trim() === '' && audioSha256 === null)) return 'why.words';
  if (areaCodes.length === 0) return 'why.area';
  if (!hasTimes(times)) return 'why.times';
  return times.repeat === 'weekly' && times.weekdays.length === 0 ? 'why.weekdays' : undefined;
}
