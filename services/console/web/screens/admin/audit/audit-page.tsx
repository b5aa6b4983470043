// The audit: what was done, searched; the newest first, drawn as far as it is in sight.
import type { AuditView } from '@laba/domain/audit-view';
import { LIMITS } from '@laba/domain/limits';
import type { EventView } from '@laba/domain/measures-view';
import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { inZoneOf } from '../../../app/county-time.ts';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { queries } from '../../../app/queries.ts';
import { Said } from '../../../app/said.tsx';
import { serverNow } from '../../../app/server-time.ts';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { VirtualList } from '../../board/virtual-list.tsx';
import { AuditFilter } from './audit-filter.tsx';
import { AUDIT, NO_SEARCH, queryOf, useAudit, type Search } from './audit.ts';
import { auditWords } from './words.ts';

const SETTLE_MS = 400;
/** A search that finds little goes on by itself until the screen is full, and not for ever. */
const FULL_ROWS = 30;
const TURNS = 10;

const VIAS = ['http', 'mqtt', 'job', 'cli', 'watchdog', 'button'] as const;
type Via = (typeof VIAS)[number];

function Who({ event: { who, whoName } }: { event: EventView }) {
  const say = useWords(auditWords);
  if (who === 'system' || who === 'public') return <b>{say(`who.${who}`)}</b>;
  return (
    <b>
      <Said>{whoName}</Said>
    </b>
  );
}

function Row({ event }: { event: EventView }) {
  const say = useWords(auditWords);
  const language = useLanguage();
  const via = VIAS.find((one): one is Via => one === event.via);
  return (
    <div className="audit-row" data-event={event.type}>
      <time>{event.at.slice(0, 19).replace('T', ' ')}</time>
      <Who event={event} />
      <span>
        <Said>{event[language]}</Said>
        <small className="block">
          <Said>
            {event.gridName} {event.gridCode}
          </Said>
          {via === undefined ? null : ` · ${say('via', { via: say(`via.${via}`) })}`}
        </small>
      </span>
    </div>
  );
}

/** The search once it has stood still for a moment, with the time from which it reaches back. */
function useSettled(search: Search): { query: string; again: () => void } {
  const [settled, settle] = useState(() => ({ search, query: queryOf(search, serverNow()) }));
  useEffect(() => {
    if (settled.search === search) return undefined;
    const timer = window.setTimeout(() => settle({ search, query: queryOf(search, serverNow()) }), SETTLE_MS);
    return () => window.clearTimeout(timer);
  }, [search, settled]);
  const again = () => {
    queries.removeQueries({ queryKey: [AUDIT] });
    settle({ search, query: queryOf(search, serverNow()) });
  };
  return { query: settled.query, again };
}

function Searched({ pages, hasNext }: { pages: readonly AuditView[]; hasNext: boolean }) {
  const say = useWords(auditWords);
  const n = pages.reduce((sum, { events }) => sum + events.length, 0);
  const last = pages.findLast(({ searchedToMs }) => searchedToMs !== null);
  const at = pages.find(({ events }) => events.length > 0)?.events[0]?.at;
  return (
    <p className="small" role="status">
      {say(hasNext ? 'foundMore' : 'found', { n })}
      {hasNext && last?.searchedToMs != null && at !== undefined ? ` · ${say('searched', { at: inZoneOf(at, last.searchedToMs) })}` : null}
    </p>
  );
}

function Found({ query }: { query: string }) {
  const say = useWords(auditWords);
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useAudit(query);
  const events = useMemo(() => (data?.pages ?? []).flatMap((page) => page.events), [data]);
  const goesOn = hasNextPage && !isFetching && error === null && events.length < FULL_ROWS && (data?.pages.length ?? 0) < TURNS;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  if (data === undefined) return error === null ? <p role="status">{say('searching')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Searched pages={data.pages} hasNext={hasNextPage} />
      {events.length > 0 ? (
        <VirtualList className="tall" rows={events} keyOf={({ id }) => id} draw={(event) => <Row event={event} />} label={say('list')} />
      ) : null}
      {events.length === 0 && !isFetching ? <p className="empty">{say(hasNextPage ? 'noneYet' : 'none')}</p> : null}
      {error === null ? null : <ProblemNote error={error} onRetry={() => void fetchNextPage()} />}
      {hasNextPage ? (
        <Button loading={isFetching} onClick={() => void fetchNextPage()}>
          {say('more')}
        </Button>
      ) : null}
    </>
  );
}

export function AuditPage() {
  const say = useWords(auditWords);
  const language = useLanguage();
  const [search, setSearch] = useState(NO_SEARCH);
  const { query, again } = useSettled(search);
  return (
    <>
      <p className="lead">{say('lead')}</p>
      <div className="two-columns">
        <section aria-labelledby="find-title">
          <h2 id="find-title">{say('find')}</h2>
          <AuditFilter search={search} onChange={setSearch} />
        </section>
        <section aria-labelledby="audit-title">
          <div className="spread">
            <h2 id="audit-title">{say('list')}</h2>
            <span className="acts">
              <Button onClick={again}>{say('again')}</Button>
              <Button href={`${AUDIT}.csv?${query}&lang=${language}`} download>
                {say('csv', { n: LIMITS.auditLookedThrough })}
              </Button>
            </span>
          </div>
          <Found key={query} query={query} />
        </section>
      </div>
    </>
  );
}
