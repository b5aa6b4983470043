// One place, alone: what happened there and here meanwhile, in an order that no clock can break, between where it begins and where it ends.
import type { AloneEvent, AloneSpell, AloneView } from '@laba/domain/alone-view';
import { roleMay } from '@laba/domain/officer';
import { Select } from 'antd';
import { session } from '../../../api/session.ts';
import { Age, AsOf } from '../../../app/age.tsx';
import { ModeTag } from '../../../app/mode-tag.tsx';
import { placeName, usePlaces } from '../../../app/places.ts';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { useRead } from '../../../app/queries.ts';
import { Said } from '../../../app/said.tsx';
import { useStore } from '../../../app/store.ts';
import { frameWords } from '../../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { statusHref } from '../status/statuses.ts';
import { aloneHref, alonePath, CHANGED_BY, dayAndHour } from './alone.ts';
import { aloneWords } from './words.ts';

function Row({ event }: { event: AloneEvent }) {
  const say = useWords(aloneWords);
  const language = useLanguage();
  return (
    <li className={event.isFromThere ? 'alone-event there' : 'alone-event'}>
      <time dateTime={event.happenedAt}>{event.happenedAt.slice(5, 19).replace('T', ' ')}</time>
      <span>
        {event.mode === null ? null : <ModeTag mode={event.mode} />} <Said>{event[language]}</Said>
        {event.isClockOff ? <b className="bad"> ! {say('clockOff')}</b> : null}
      </span>
      <small>
        <Said>{event.gridName}</Said> · {say(event.isFromThere ? 'there' : 'here')}
      </small>
    </li>
  );
}

function Mark({ time, words }: { time: string; words: string }) {
  return (
    <li className="alone-event mark">
      <time dateTime={time}>{dayAndHour(time)}</time>
      <b>{words}</b>
      <small />
    </li>
  );
}

function Events({ spell, events, more }: Pick<AloneView, 'events' | 'more'> & { spell: AloneSpell }) {
  const say = useWords(aloneWords);
  return (
    <>
      <p className="small">{say('order')}</p>
      <div className="alone-events" role="region" aria-label={say('begins')} tabIndex={0}>
        <ol className="plain-list">
          <Mark time={spell.from} words={say('begins')} />
          {events.map((event) => (
            <Row key={event.seq} event={event} />
          ))}
          {spell.back === null ? null : <Mark time={spell.back} words={say('ends')} />}
        </ol>
      </div>
      {spell.back === null ? (
        <p className="bad" role="status">
          ! {say('notBack')}
        </p>
      ) : events.length === 0 ? (
        <p className="empty">{say('nothing')}</p>
      ) : null}
      {more ? <p>! {say('more')}</p> : null}
    </>
  );
}

function Spells({ code, spells, spell }: Pick<AloneView, 'code' | 'spells'> & { spell: AloneSpell }) {
  const say = useWords(aloneWords);
  if (spells.length < 2) return null;
  const label = ({ from, back }: AloneSpell) => `${dayAndHour(from)} – ${back === null ? say('still') : dayAndHour(back)}`;
  return (
    <Select
      aria-label={say('spell')}
      value={spell.fromMs}
      options={spells.map((one) => ({ value: one.fromMs, label: label(one) }))}
      onChange={(fromMs) => location.assign(aloneHref(code, fromMs))}
    />
  );
}

export function OnePlace({ code, fromMs }: { code: string; fromMs: number | undefined }) {
  const say = useWords(aloneWords);
  const frame = useWords(frameWords);
  const places = usePlaces();
  const standing = useStore(session);
  const { data, error, refetch } = useRead<AloneView>(alonePath(code, fromMs), { changedBy: CHANGED_BY });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const { spell, spells, events, more } = data;
  const mayWrite = 'officer' in standing && roleMay(standing.officer.role, 'status.write') && code.length >= 12;
  return (
    <section aria-labelledby="one-alone">
      <div className="spread">
        <h2 id="one-alone">
          <Said>{places.has(code) ? placeName(places, code) : data.name}</Said>
        </h2>
        <AsOf atMs={data.asOfMs} />
      </div>
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      <p className="acts">
        {spell === null ? null : (
          <b className={spell.back === null ? 'bad' : ''}>
            {spell.back === null
              ? `✕ ${say('since', { from: dayAndHour(spell.from) })}`
              : say('until', { from: dayAndHour(spell.from), back: dayAndHour(spell.back) })}{' '}
            <Age atMs={spell.fromMs} />
          </b>
        )}
        {spell === null ? null : <Spells {...{ code, spells, spell }} />}
        {mayWrite ? <a href={statusHref(code)}>{say('sixLines')}</a> : null}
      </p>
      {spell === null ? <p className="empty">{say('never')}</p> : <Events {...{ spell, events, more }} />}
    </section>
  );
}
