// A list in the panel: its rows as they come, worst first, with a search where there are many, and how old they are.
import { Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { AsOf } from '../../app/age.tsx';
import { useWords } from '../../i18n/language.ts';
import { VirtualList } from './virtual-list.tsx';
import { boardWords } from './words.ts';

/** What every list is told: of which place, and which of its rows is looked at. */
export interface ListProps {
  /** Undefined: all of the alert. */
  code: string | undefined;
  target: string | undefined;
}

interface RowListProps<T> {
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** What is looked through when somebody looks for a name. */
  textOf: (row: T) => string;
  draw: (row: T) => ReactNode;
  label: string;
  asOfMs: number;
  isCut?: boolean;
}

/** So many are seen at once; of more one is looked for by name. */
const SEARCHED_FROM = 12;

export function RowList<T>({ rows, textOf, asOfMs, isCut = false, ...list }: RowListProps<T>) {
  const say = useWords(boardWords);
  const [wanted, look] = useState('');
  const needle = wanted.trim().toLowerCase();
  const found = needle === '' ? rows : rows.filter((row) => textOf(row).toLowerCase().includes(needle));
  return (
    <>
      <p className="spread small">
        <span>{say('rows', { n: found.length })}</span>
        <AsOf atMs={asOfMs} />
      </p>
      {rows.length > SEARCHED_FROM ? (
        <Input value={wanted} onChange={({ target }) => look(target.value)} aria-label={say('search')} placeholder={say('search')} />
      ) : null}
      {isCut ? (
        <p className="bad" role="status">
          ! {say('cut', { n: rows.length })}
        </p>
      ) : null}
      {found.length === 0 ? <p className="empty">{say('noRows')}</p> : <VirtualList rows={found} {...list} />}
    </>
  );
}
