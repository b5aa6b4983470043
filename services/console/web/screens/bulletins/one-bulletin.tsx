// One broadcast whole: what it says, where and when, who planned it, what is done with it, and what became of its times.
import type { BulletinTimesView, BulletinView } from '@laba/domain/bulletin-view';
import type { Officer } from '@laba/domain/officer';
import { Button } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { AsOf } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { columnsOf, WideTable } from '../../app/wide-table.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { WholeActs } from './acts.tsx';
import { BulletinState } from './bulletin-list.tsx';
import { addDays, CHANGED_BY, clockOf, dayIn, paths, timesWords } from './bulletins.ts';
import { Texts } from './texts.tsx';
import { TimeRow } from './week-plan.tsx';
import { bulletinsWords } from './words.ts';

const BACK_DAYS = 35;
const ALL_DAYS = 42;

/** The panel beside the lists; its head takes the focus, so that the keyboard goes on from there. */
export function Panel({ title, children }: { title: ReactNode; children: ReactNode }) {
  const say = useWords(bulletinsWords);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus({ preventScroll: true }), []);
  return (
    <aside className="panel" aria-labelledby="bulletin-title">
      <div className="spread">
        <h2 id="bulletin-title" ref={head} tabIndex={-1}>
          {title}
        </h2>
        <Button href={hrefOf('bulletins')}>{say('close')}</Button>
      </div>
      {children}
    </aside>
  );
}

function Facts({ bulletin }: { bulletin: BulletinView }) {
  const say = useWords(bulletinsWords);
  const language = useLanguage();
  const { areaNames, times, speakers, seconds, volume, madeBy, changedBy, changedAt, approvedBy, nextTime, version, state } = bulletin;
  const rows: readonly (readonly [string, ReactNode])[] = [
    [say('area'), <Said key="">{areaNames.join(language === 'zh' ? '、' : ', ')}</Said>],
    [say('hours'), timesWords(times, say)],
    [say('nextTime'), nextTime === null ? say(state === 'waiting' ? 'state.waiting' : 'noNext') : clockOf(nextTime)],
    [say('speakers'), say('speakersThen', { n: speakers })],
    [say('length'), say('secondsAll', { n: seconds })],
    [say('volume'), volume],
    [say('madeBy'), <Said key="">{madeBy}</Said>],
    [
      say('changedBy'),
      <span key="">
        <Said>{changedBy}</Said> {clockOf(changedAt)} · {say('version')} {version}
      </span>,
    ],
    ...(approvedBy === null ? [] : [[say('approvedBy'), <Said key="">{approvedBy}</Said>] as const]),
  ];
  return (
    <table className="pairs">
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function History({ id, asOf }: { id: string; asOf: string }) {
  const say = useWords(bulletinsWords);
  const frame = useWords(frameWords);
  const from = addDays(dayIn(asOf, useServerNow()), -BACK_DAYS);
  const { data, error, refetch } = useRead<BulletinTimesView>(paths.times(from, ALL_DAYS, id), { changedBy: CHANGED_BY });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (data.times.length === 0) return <p className="empty">{say('historyNone')}</p>;
  return (
    <WideTable name={say('history')} columns={columnsOf(['when', 'what', 'how'] as const, say)} look="task-list">
      {data.times.toReversed().map((time) => (
        <TimeRow key={`${time.id ?? ''} ${time.startTime}`} time={time} isOpen={false} withDay />
      ))}
    </WideTable>
  );
}

export function OneBulletin({ bulletin, officer, asOf }: { bulletin: BulletinView; officer: Officer; asOf: string }) {
  const say = useWords(bulletinsWords);
  return (
    <Panel
      title={
        <>
          <Said>{bulletin.title}</Said> <BulletinState state={bulletin.state} />
        </>
      }
    >
      <AsOf atMs={Date.parse(asOf)} />
      <WholeActs bulletin={bulletin} officer={officer} />
      <Texts texts={bulletin.texts} />
      <Facts bulletin={bulletin} />
      <h3>{say('history')}</h3>
      <History id={bulletin.id} asOf={asOf} />
    </Panel>
  );
}
