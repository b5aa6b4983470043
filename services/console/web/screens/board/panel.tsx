// Beside the board: the list that a figure opened, or what happened with one of its rows. Not over the board, which goes on.
import { Button, Input } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { AsOf } from '../../app/age.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useWords } from '../../i18n/language.ts';
import { hrefOfList, LISTS, useBoard, type ListName } from './board-context.ts';
import { HouseholdList, PlaceList } from './household-lists.tsx';
import { LadderPanel } from './ladder-panel.tsx';
import { MemberList } from './member-list.tsx';
import { RowMode } from './row-mode.tsx';
import { SectionPanel } from './section-panel.tsx';
import { SiteList, SpeakerList } from './speaker-lists.tsx';
import { VirtualList } from './virtual-list.tsx';
import { boardWords } from './words.ts';

/** What of the board is open: a list, of which place, and which of its rows. */
export interface Opened {
  list: string;
  code: string;
  target: string | undefined;
}

export interface ListProps {
  /** Undefined: all of the alert. */
  code: string | undefined;
  target: string | undefined;
}

const DRAWN: Record<ListName, (props: ListProps) => ReactNode> = {
  speakers: SpeakerList,
  members: MemberList,
  households: HouseholdList,
  places: PlaceList,
  sites: SiteList,
  ladders: LadderPanel,
  sections: SectionPanel,
};

export function Panel({ opened }: { opened: Opened }) {
  const say = useWords(boardWords);
  const places = usePlaces();
  const { alertId } = useBoard();
  const title = useRef<HTMLHeadingElement>(null);
  const { code, target } = opened;
  const list = LISTS.find((name) => name === opened.list) ?? 'speakers';
  const Drawn = DRAWN[list];
  const isAll = code === 'all';
  useEffect(() => title.current?.focus(), [list, code, target]);
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') location.assign(hrefOf('board', alertId));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [alertId]);
  return (
    <aside className="panel" aria-labelledby="panel-title">
      <div className="spread">
        <h2 id="panel-title" ref={title} tabIndex={-1}>
          <RowMode /> {isAll ? say('all') : <Said>{placeName(places, code)}</Said>} · {say(list)}
        </h2>
        <Button href={hrefOf('board', alertId)}>{say('close')}</Button>
      </div>
      {target === undefined ? null : (
        <p>
          <a href={hrefOfList(alertId, list, code)}>← {say('back')}</a>
        </p>
      )}
      <Drawn key={`${list} ${code}`} code={isAll ? undefined : code} target={target} />
    </aside>
  );
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

/** The rows of a list, worst first as they come, with a search where there are many, and how old they are. */
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
