// Chapter 6, shift log: what happened in a shift, in the order in which it did, the newest on top; the officers' own words stand among it.
import type { ShiftLogLine, ShiftLogView } from '@laba/domain/shift-view';
import { Button } from 'antd';
import { useState } from 'react';
import { AsOf } from '../../app/age.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { CHANGED_BY, paths } from './shift.ts';
import { shiftWords } from './words.ts';

const BAD = /refused|failed|expired|silent|lost|buried|overdue|unanswered|missing|locked-out/;
/** What happens is heard at once; a long night is not read anew every few seconds besides. */
const READ_AGAIN_MS = 20_000;
const EARLIER_EVERY_MS = 60_000;

/** Who has no name of his own is told in words. */
function Who({ line: { who, whoName } }: { line: ShiftLogLine }) {
  const say = useWords(shiftWords);
  return who === 'system' || who === 'public' ? say(`who.${who}`) : <Said>{whoName}</Said>;
}

function About({ line: { alert, alertId, gridName } }: { line: ShiftLogLine }) {
  return (
    <>
      <Said>{gridName}</Said>
      {alert === null || alertId === null ? null : (
        <>
          {' · '}
          <a href={hrefOf('board', alertId)}>
            <Said>{alert.title}</Said>
          </a>
        </>
      )}
      {' · '}
    </>
  );
}

function Line({ line }: { line: ShiftLogLine }) {
  const say = useWords(shiftWords);
  const language = useLanguage();
  const { remark, alert } = line;
  const look = remark === null ? (BAD.test(line.type) ? 'bad' : undefined) : 'remark';
  return (
    <li className={look} data-event={line.type}>
      <time dateTime={line.at}>{line.at.slice(5, 19).replace('T', ' ')}</time> {alert === null ? null : <ModeTag mode={alert.mode} />}{' '}
      {remark === null ? <Said>{line[language]}</Said> : <Said block>{remark.words}</Said>}{' '}
      <small>
        {remark === null ? <About line={line} /> : null}
        <Who line={line} />
        {remark?.writtenAt == null ? null : <> · {say('writtenLate', { at: remark.writtenAt.slice(5, 19).replace('T', ' ') })}</>}
      </small>
    </li>
  );
}

function Page({ id, before, onNext }: { id: string; before: number | undefined; onNext: ((next: number) => void) | undefined }) {
  const say = useWords(shiftWords);
  const frame = useWords(frameWords);
  const options = before === undefined ? { changedBy: CHANGED_BY, every: READ_AGAIN_MS } : { every: EARLIER_EVERY_MS };
  const { data, error, dataUpdatedAt, refetch } = useRead<ShiftLogView>(paths.log(id, before), options);
  if (data === undefined) return <li>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</li>;
  const { next } = data;
  return (
    <>
      {before === undefined ? (
        <li className="spread small">
          {say('newestFirst')} <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
        </li>
      ) : null}
      {data.events.length === 0 && next === null && before === undefined ? <li className="empty">{say('empty')}</li> : null}
      {data.events.map((line) => (
        <Line key={line.seq} line={line} />
      ))}
      {next === null || onNext === undefined ? null : (
        <li>
          <Button onClick={() => onNext(next)}>{say('earlier')}</Button>
        </li>
      )}
    </>
  );
}

export function ShiftLog({ id }: { id: string }) {
  const [pages, setPages] = useState<(number | undefined)[]>([undefined]);
  return (
    <ol className="timeline">
      {pages.map((before, at) => (
        <Page key={before ?? 'newest'} id={id} before={before} onNext={at === pages.length - 1 ? (next) => setPages([...pages, next]) : undefined} />
      ))}
    </ol>
  );
}
