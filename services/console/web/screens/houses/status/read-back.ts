// What the house takes six lines for, asked when the typing pauses; and in words what it took one line for.
import { COUNTED_WORDS, ORDERS_SAID, STATUS_MEANS, type Counted } from '@laba/domain/spoken-status';
import type { StatusRead } from '@laba/domain/status-view';
import { useEffect, useState } from 'react';
import { post } from '../../../api/client.ts';
import type { Language, Say } from '../../../i18n/language.ts';
import { STATUSES } from './statuses.ts';

const READ_AFTER_MS = 250;

export interface ReadBack {
  /** Which lines were read; a line that is another by now was not. */
  of: readonly string[];
  code: string;
  /** Undefined: the house could not be asked. */
  read: StatusRead | undefined;
}

/** The last that was read back, of this place only. */
export function useReadBack(code: string | undefined, lines: readonly string[]): ReadBack | undefined {
  const [last, setLast] = useState<ReadBack>();
  useEffect(() => {
    if (code === undefined) return undefined;
    let isOver = false;
    const tell = (read: StatusRead | undefined) => isOver || setLast({ of: lines, code, read });
    const ask = () => post<StatusRead>(`${STATUSES}/read`, { gridCode: code, lines }).then(tell, () => tell(undefined));
    const timer = window.setTimeout(() => void ask(), READ_AFTER_MS);
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [code, lines]);
  return last?.code === code ? last : undefined;
}

const clockOf = (time: string | null) => (time === null ? '' : time.slice(11, 16));

type SoundKey = 'didSound' | 'didNotSound';

/** What line `i`, from 0, was taken for; nothing where it is kept as it was said. */
export function understood({ said }: StatusRead, i: number, language: Language, say: Say<SoundKey>): string {
  if (i === 0) return `${STATUS_MEANS[said.means][language]} ${clockOf(said.saidAt)}`;
  if (i === 1) {
    const sounded = said.sounded === null ? '' : say(said.sounded ? 'didSound' : 'didNotSound');
    return [said.order === null ? '' : ORDERS_SAID[said.order][language], clockOf(said.orderAt), sounded].filter((words) => words !== '').join(' · ');
  }
  if (i === 2) {
    const counted = Object.entries(COUNTED_WORDS) as [Counted, { zh: string; en: string }][];
    return counted.flatMap(([what, words]) => (said[what] === null ? [] : `${words[language]} ${said[what]}`)).join(' · ');
  }
  return i === 5 ? clockOf(said.nextContactAt) : '';
}

/** What is wrong with line `i`, from 0, in the reader's language. */
export function wrongWith({ problems, doubts }: Pick<StatusRead, 'problems' | 'doubts'>, i: number, language: Language): string {
  return [...problems, ...doubts].flatMap(({ line, [language]: words }) => (line === i + 1 ? words : [])).join(' ');
}
