// The timeline of the alert, newest first: read once, then written on by the live stream, which goes on after the last event that was heard.
import type { EventView, TimelineView } from '@laba/domain/measures-view';
import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { get } from '../../api/client.ts';
import { ProblemNote, useTellProblem } from '../../app/problem-note.tsx';
import { onNews, useRead } from '../../app/queries.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { useBoard } from './board-context.ts';
import { EventRow } from './history.tsx';
import { linesOf, merged } from './timeline-groups.ts';
import { VirtualList } from './virtual-list.tsx';
import { boardWords } from './words.ts';

const KEPT = 3_000;
const NEWEST = Number.MAX_SAFE_INTEGER;

/** What the stream told of this alert since it was opened; forgotten when everything is read anew. */
function useHeard(alertId: string): readonly EventView[] {
  const [heard, setHeard] = useState<readonly EventView[]>([]);
  useEffect(
    () =>
      onNews((news) => {
        if (news === 'anew') setHeard([]);
        else {
          const own = news.filter((event) => event.alertId === alertId);
          if (own.length > 0) setHeard((was) => merged(own, was, KEPT));
        }
      }),
    [alertId],
  );
  return heard;
}

interface Line {
  key: string;
  event: EventView;
  /** How many the line stands for; 0: one of those that it was opened into. */
  n: number;
}

function useLines(events: readonly EventView[], opened: ReadonlySet<string>): Line[] {
  return useMemo(
    () =>
      linesOf(events).flatMap((group): Line[] => {
        const [event, oldest] = [group[0]!, group.at(-1)!];
        const key = `${event.type} ${oldest.seq}`;
        const inner = group.length > 1 && opened.has(key) ? group.map((one) => ({ key: String(one.seq), event: one, n: 0 })) : [];
        return [{ key, event, n: group.length }, ...inner];
      }),
    [events, opened],
  );
}

function LineRow({ line: { key, event, n }, isOpen, toggle }: { line: Line; isOpen: boolean; toggle: (key: string) => void }) {
  const say = useWords(boardWords);
  const language = useLanguage();
  if (n < 2) return <EventRow event={event} />;
  return (
    <div className="event-group">
      <Button size="small" aria-expanded={isOpen} onClick={() => toggle(key)}>
        <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>&nbsp;{n}
      </Button>
      <EventRow event={event} words={say('grouped', { n, words: event[language] })} />
    </div>
  );
}

export function Timeline() {
  const say = useWords(boardWords);
  const tell = useTellProblem();
  const { alertId } = useBoard();
  const path = `/api/v1/alerts/${encodeURIComponent(alertId)}/timeline?calm=true`;
  const { data, error, refetch } = useRead<TimelineView>(`${path}&before=${NEWEST}`, { every: false });
  const heard = useHeard(alertId);
  const [earlier, setEarlier] = useState<TimelineView>();
  const [opened, open] = useState<ReadonlySet<string>>(new Set());
  const events = useMemo(() => merged([...(data?.events ?? []), ...(earlier?.events ?? [])], heard, KEPT), [data, earlier, heard]);
  const lines = useLines(events, opened);
  if (data === undefined) return error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const last = earlier ?? data;
  const more = () =>
    get<TimelineView>(`${path}&before=${last.next}`).then(
      (page) => setEarlier({ events: [...(earlier?.events ?? []), ...page.events], next: page.next }),
      tell,
    );
  const toggle = (key: string) => open((was) => (was.has(key) ? new Set([...was].filter((one) => one !== key)) : new Set([...was, key])));
  return (
    <section aria-labelledby="timeline-title">
      <h2 id="timeline-title">{say('timeline')}</h2>
      <VirtualList
        className="timeline"
        rows={lines}
        keyOf={({ key }) => key}
        label={say('timeline')}
        draw={(line) => <LineRow line={line} isOpen={opened.has(line.key)} toggle={toggle} />}
      />
      {last.next === null || events.length >= KEPT ? null : <Button onClick={() => void more()}>{say('older')}</Button>}
    </section>
  );
}
