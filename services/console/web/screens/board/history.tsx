// What happened with one device or one person in this alert, newest first: every step with its time, who told it and by what way.
import type { EventView, TimelineView } from '@laba/domain/measures-view';
import { Button } from 'antd';
import { useState } from 'react';
import { get } from '../../api/client.ts';
import { Age, AsOf } from '../../app/age.tsx';
import { ProblemNote, useTellProblem } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { useBoard } from './board-context.ts';
import { RowMode } from './row-mode.tsx';
import { boardWords } from './words.ts';

const BAD = /refused|failed|expired|silent|lost|buried|overdue|unanswered|missing/;
const OWN = /^(system|gateway:|member:)/;

/** One event, as a row of the timeline and of a history. */
export function EventRow({ event, words }: { event: EventView; words?: string }) {
  const language = useLanguage();
  const who = OWN.test(event.who) ? '' : event.whoName;
  return (
    <div className={BAD.test(event.type) ? 'event-row bad' : 'event-row'}>
      <time dateTime={event.at}>{event.at.slice(11, 19)}</time>
      <span>
        <RowMode /> <Said>{words ?? event[language]}</Said>{' '}
        <small>
          <Said>{[event.gridName, who].filter(Boolean).join(' · ')}</Said> · <Age atMs={event.atMs} />
        </small>
      </span>
    </div>
  );
}

export function History({ kind, id }: { kind: 'speaker' | 'member' | 'person'; id: string }) {
  const say = useWords(boardWords);
  const frame = useWords(frameWords);
  const tell = useTellProblem();
  const { alertId } = useBoard();
  const path = `/api/v1/alerts/${encodeURIComponent(alertId)}/history?kind=${kind}&target=${encodeURIComponent(id)}`;
  const { data, error, dataUpdatedAt, refetch } = useRead<TimelineView>(path, { changedBy: /^(delivery|site|speaker|gateway|call|message|person|place)\./ });
  const [earlier, setEarlier] = useState<TimelineView>();
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const last = earlier ?? data;
  const more = () =>
    get<TimelineView>(`${path}&before=${last.next}`).then(
      (page) => setEarlier({ events: [...(earlier?.events ?? []), ...page.events], next: page.next }),
      tell,
    );
  const events = new Map([...data.events, ...(earlier?.events ?? [])].map((event) => [event.seq, event]));
  return (
    <div className="history">
      <p className="spread small">
        <b>{say('history')}</b> <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
      </p>
      {events.size === 0 ? <p className="empty">{say('noHistory')}</p> : null}
      <div className="events" role="region" aria-label={say('history')} tabIndex={0}>
        {[...events.values()].map((event) => (
          <EventRow key={event.seq} event={event} />
        ))}
      </div>
      {last.next === null ? null : <Button onClick={() => void more()}>{say('older')}</Button>}
    </div>
  );
}
