// The plan of one week as a list by day: what was played, what is told ahead, and what is to come.
import type { BulletinTimesView, BulletinTimeView } from '@laba/domain/bulletin-view';
import { Button } from 'antd';
import { useState } from 'react';
import { AsOf } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { WideTable } from '../../app/wide-table.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { addDays, CHANGED_BY, dayIn, hourOf, mondayOf, paths, weekdayOf, type Key } from './bulletins.ts';
import { TimeState } from './time-state.tsx';
import { bulletinsWords } from './words.ts';

const WEEK_DAYS = 7;

const hrefOfTime = ({ id, bulletinId }: BulletinTimeView) => (id === null ? hrefOf('bulletins', bulletinId) : hrefOf('bulletins', 'time', id));

export function TimeRow({ time, isOpen, withDay = false }: { time: BulletinTimeView; isOpen: boolean; withDay?: boolean }) {
  const language = useLanguage();
  return (
    <tr data-time={time.startTime} className={isOpen ? 'open' : undefined}>
      <td className="hour">
        {withDay ? time.startTime.slice(5, 10) : null} {hourOf(time.startTime)}
      </td>
      <th scope="row">
        <a href={hrefOfTime(time)} aria-current={isOpen ? 'true' : undefined}>
          <Said>{time.title}</Said>
        </a>{' '}
        <span className="block small">
          <Said>{time.areaNames.join(language === 'zh' ? '、' : ', ')}</Said>
        </span>
      </th>
      <td>
        <TimeState time={time} />
      </td>
    </tr>
  );
}

function Day({ day, isToday, times, openId }: { day: string; isToday: boolean; times: readonly BulletinTimeView[]; openId: string | undefined }) {
  const say = useWords(bulletinsWords);
  const name = say(`day.${weekdayOf(day)}` as Key);
  return (
    <div className={isToday ? 'plan-day today' : 'plan-day'} data-day={day}>
      <h3>
        {name} <small>{day.slice(5)}</small> {isToday ? <span className="chip good">{say('today')}</span> : null}
      </h3>
      {times.length === 0 ? (
        <p className="empty small">{say('nothingThatDay')}</p>
      ) : (
        <WideTable name={`${name} ${day}`} columns={[]} look="task-list">
          {times.map((time) => (
            <TimeRow key={`${time.id ?? time.bulletinId} ${time.startTime}`} time={time} isOpen={time.id !== null && time.id === openId} />
          ))}
        </WideTable>
      )}
    </div>
  );
}

/** `asOf`: any time that the house told, for the county's own clock. */
export function WeekPlan({ asOf, openId }: { asOf: string; openId: string | undefined }) {
  const say = useWords(bulletinsWords);
  const frame = useWords(frameWords);
  const [weeks, turnBy] = useState(0);
  const today = dayIn(asOf, useServerNow());
  const from = addDays(mondayOf(today), weeks * WEEK_DAYS);
  const { data, error, refetch } = useRead<BulletinTimesView>(paths.times(from, WEEK_DAYS), { changedBy: CHANGED_BY });
  const days = Array.from({ length: WEEK_DAYS }, (_, n) => addDays(from, n));
  return (
    <section aria-labelledby="plan-title">
      <div className="spread">
        <h2 id="plan-title">{say('week', { from: from.slice(5), to: addDays(from, WEEK_DAYS - 1).slice(5) })}</h2>
        <span className="acts">
          <Button size="small" onClick={() => turnBy(weeks - 1)}>
            {say('lastWeek')}
          </Button>
          <Button size="small" aria-pressed={weeks === 0} onClick={() => turnBy(0)}>
            {say('thisWeek')}
          </Button>
          <Button size="small" onClick={() => turnBy(weeks + 1)}>
            {say('nextWeek')}
          </Button>
          <AsOf atMs={data === undefined ? undefined : Date.parse(data.asOf)} />
        </span>
      </div>
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data?.isCut === true ? (
        <p role="status" className="note">
          {say('isCut')}
        </p>
      ) : null}
      {data === undefined
        ? error === null && <p>{frame('loading')}</p>
        : days.map((day) => (
            <Day key={day} day={day} isToday={day === today} times={data.times.filter(({ startTime }) => startTime.startsWith(day))} openId={openId} />
          ))}
    </section>
  );
}
