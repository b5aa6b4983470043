// Six lines while they are typed, and how they are written down: once, however often a cut line makes it be tried.
import { STATUS_LINES, type LineProblem } from '@laba/domain/spoken-status';
import { useRef, useState } from 'react';
import { newKey, post } from '../../../api/client.ts';
import { problemOf } from '../../../api/problem.ts';
import { useReadBack, type ReadBack } from './read-back.ts';
import { STATUSES } from './statuses.ts';

const COUNTS = 2;
export const NEEDS = 4;

interface Draft {
  lines: readonly string[];
  asNeed: boolean;
  /** Whoever speaks said again that there are more than the list has. */
  confirmed: boolean;
}

const EMPTY: Draft = { lines: STATUS_LINES.map(() => ''), asNeed: false, confirmed: false };

/** The same words go under the same key: what the house took and could not answer for is not written down twice. */
function useSend() {
  const sent = useRef({ text: '', key: '' });
  return async (body: object): Promise<void> => {
    const text = JSON.stringify(body);
    if (sent.current.text !== text) sent.current = { text, key: newKey() };
    try {
      await post(STATUSES, body, { key: sent.current.key });
    } catch (error) {
      if (problemOf(error).once !== true) throw error;
    }
    // The next village may say the very same.
    sent.current = { text: '', key: '' };
  };
}

export interface SixLinesState {
  draft: Draft;
  back: ReadBack | undefined;
  refused: unknown;
  /** The place of the last that was written down, until something is typed. */
  written: string | undefined;
  isBusy: boolean;
  change: (some: Partial<Draft>) => void;
  type: (i: number, words: string) => void;
  write: (gridCode: string) => Promise<'written' | 'refused' | readonly LineProblem[]>;
}

export function useSixLines(code: string | undefined): SixLinesState {
  const [draft, setDraft] = useState(EMPTY);
  const [refused, setRefused] = useState<unknown>();
  const [written, setWritten] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const send = useSend();
  const change = (some: Partial<Draft>) => {
    setRefused(undefined);
    setWritten(undefined);
    setDraft({ ...draft, ...some });
  };
  // What was confirmed is confirmed of those numbers.
  const type = (i: number, words: string) =>
    change({ lines: draft.lines.map((line, at) => (at === i ? words : line)), ...(i === COUNTS ? { confirmed: false } : {}) });
  const write = async (gridCode: string) => {
    setBusy(true);
    setRefused(undefined);
    try {
      await send({ gridCode, ...draft, asNeed: draft.asNeed && draft.lines[NEEDS]!.trim() !== '' });
      setDraft(EMPTY);
      setWritten(gridCode);
      return 'written' as const;
    } catch (error) {
      setRefused(error);
      return problemOf(error).lines ?? ('refused' as const);
    } finally {
      setBusy(false);
    }
  };
  return { draft, change, type, write, refused, written, isBusy, back: useReadBack(code, draft.lines) };
}
