// Peacetime: what must be looked at again and again, and where nobody went: figures by village, and the lists behind them.
import type { Officer } from '@laba/domain/officer';
import type { RoundKind } from '@laba/domain/round';
import type { PeaceView, RoundsView } from '@laba/domain/round-view';
import { Button } from 'antd';
import { useMemo } from 'react';
import { session } from '../../api/session.ts';
import { AsOf } from '../../app/age.tsx';
import { PlaceSelect } from '../../app/place-select.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead, useReadPages } from '../../app/queries.ts';
import { hrefOf, useRoute } from '../../app/route.ts';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { Figures } from './figures.tsx';
import { CHANGED_BY, csvPath, inOrder, listPath, LISTS, PEACE, READ_AGAIN_MS, speakersCsvPath, type ListName } from './peace.ts';
import { RoundTable } from './round-table.tsx';
import { Speakers } from './speakers.tsx';
import { peaceWords } from './words.ts';

interface Shown<N extends ListName> {
  kind: N;
  grid: string | undefined;
}

function Chooser({ kind, grid }: Shown<ListName>) {
  const say = useWords(peaceWords);
  const lang = useLanguage() === 'zh' ? 'zh-CN' : 'en';
  const go = (next: ListName, code: string | undefined) => location.assign(hrefOf('peace', next, ...(code === undefined ? [] : [code])));
  return (
    <div className="round-filter" role="search" aria-label={say('chooseKind')}>
      {LISTS.map((one) => (
        <Button key={one} type={one === kind ? 'primary' : 'default'} aria-pressed={one === kind} onClick={() => go(one, grid)}>
          {say(`list.${one}`)}
        </Button>
      ))}
      <PlaceSelect
        key={grid ?? 'all'}
        {...(grid === undefined ? {} : { value: grid })}
        tiers={['township', 'village']}
        onChange={(code) => go(kind, code)}
        label={say('place')}
      />
      {grid === undefined ? null : <Button onClick={() => go(kind, undefined)}>{say('showAll')}</Button>}
      <Button href={kind === 'speakers' ? speakersCsvPath(grid, lang) : csvPath(kind, grid, lang)} download>
        {say('csv')}
      </Button>
    </div>
  );
}

function Rounds({ kind, grid, officer, items }: Shown<RoundKind> & { officer: Officer; items: PeaceView['items'] }) {
  const say = useWords(peaceWords);
  const frame = useWords(frameWords);
  const { data, error, refetch } = useReadPages<RoundsView>(listPath(kind, grid), { changedBy: CHANGED_BY, every: READ_AGAIN_MS });
  const rows = useMemo(() => inOrder((data?.pages ?? []).flatMap(({ rounds }) => rounds)), [data]);
  const last = data?.pages.at(-1);
  return (
    <>
      <p className="small">
        <AsOf atMs={last?.asOfMs} />
      </p>
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      {last === undefined ? (
        error === null ? (
          <p>{frame('loading')}</p>
        ) : null
      ) : (
        <RoundTable kind={kind} rows={rows} officer={officer} items={items} at={last.asOf} />
      )}
      {data?.isCut === true ? <p className="empty">{say('cut')}</p> : null}
    </>
  );
}

const isList = (name: string | undefined): name is ListName => (LISTS as readonly string[]).includes(name ?? '');

export function PeaceScreen() {
  const say = useWords(peaceWords);
  const frame = useWords(frameWords);
  const standing = useStore(session);
  const [named, code] = useRoute().rest;
  const { data, error, refetch } = useRead<PeaceView>(PEACE, { changedBy: CHANGED_BY, every: READ_AGAIN_MS });
  if (!('officer' in standing)) return null;
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const kind = isList(named) ? named : 'patrol';
  const grid = /^\d{6,14}$/.test(code ?? '') ? code : undefined;
  return (
    <>
      <h1>{say('title')}</h1>
      <p className="lead">{say('lead')}</p>
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      <Figures view={data} />
      <section aria-labelledby="peace-lists">
        <h2 id="peace-lists">{say('lists')}</h2>
        <Chooser kind={kind} grid={grid} />
        {kind === 'speakers' ? (
          <Speakers key={grid ?? ''} grid={grid} />
        ) : (
          <Rounds key={`${kind} ${grid ?? ''}`} kind={kind} grid={grid} officer={standing.officer} items={data.items} />
        )}
      </section>
    </>
  );
}
