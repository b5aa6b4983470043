// Chapter 6, shift log: who is on duty at the reader's post and what happened since; the shifts before, sealed as they were handed over.
import { roleMay, type Officer } from '@laba/domain/officer';
import type { ShiftLine, ShiftsView } from '@laba/domain/shift-view';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { session } from '../../api/session.ts';
import { AsOf } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf, useRoute } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { Areas, OneShift } from './one-shift.tsx';
import { keepRemarksOf } from './remarks.ts';
import { BeginButton, ShiftActs } from './shift-acts.tsx';
import { clockOf, SHIFT_CHANGED, SHIFTS } from './shift.ts';
import { shiftWords } from './words.ts';

function Own({ view, officer, mayKeep }: { view: ShiftsView; officer: Officer; mayKeep: boolean }) {
  const say = useWords(shiftWords);
  const { current, areas } = view.own;
  return (
    <section aria-labelledby="own-title" className="own-shift">
      <div className="spread">
        <h2 id="own-title">
          {say('own')} <Areas areas={areas} />
        </h2>
        <AsOf atMs={view.asOfMs} />
      </div>
      {current === null ? (
        <p className="empty">{say('none')}</p>
      ) : (
        <p className={current.state}>
          <a href={hrefOf('shift')}>{say('shiftNo', { n: current.number })}</a> ·{' '}
          <b className={current.state === 'offered' ? 'bad' : undefined}>{say(`state.${current.state}`)}</b>
          <span className="block">
            {say('onDuty')} <Said>{current.officerName}</Said> · {say('since')} {clockOf(current.startedAt)}
          </span>
        </p>
      )}
      {mayKeep ? current === null ? <BeginButton /> : <ShiftActs shift={current} officer={officer} /> : <p className="small">{say('readOnly')}</p>}
    </section>
  );
}

function Row({ shift, isOpen }: { shift: ShiftLine; isOpen: boolean }) {
  const say = useWords(shiftWords);
  const { id, number, startedAt, overAt, officerName, takenOverBy, altered } = shift;
  return (
    <li className={isOpen ? 'open' : undefined} data-over={id}>
      <a href={hrefOf('shift', id)} aria-current={isOpen ? 'true' : undefined}>
        {say('shiftNo', { n: number })} · <Areas areas={shift.areas} />
      </a>
      <span className="block small">
        {clockOf(startedAt)} – {clockOf(overAt ?? '')} · <Said>{officerName}</Said> → <Said>{takenOverBy}</Said>
      </span>
      {altered ? <b className="bad">✕ {say('altered')}</b> : null}
    </li>
  );
}

function Before({
  view,
  openId,
  isOlder,
  onTurn,
}: {
  view: ShiftsView;
  openId: string | undefined;
  isOlder: boolean;
  onTurn: (before: string | undefined) => void;
}) {
  const say = useWords(shiftWords);
  const { shifts, next } = view;
  return (
    <section aria-labelledby="before-title" className="alert-list">
      <h2 id="before-title">{say('list')}</h2>
      {shifts.length === 0 ? <p className="empty">{say('noOver')}</p> : null}
      <ul>
        {shifts.map((shift) => (
          <Row key={shift.id} shift={shift} isOpen={shift.id === openId} />
        ))}
      </ul>
      <p className="acts">
        {isOlder ? <Button onClick={() => onTurn(undefined)}>{say('newestShifts')}</Button> : null}
        {next === null ? null : <Button onClick={() => onTurn(next)}>{say('olderShifts')}</Button>}
      </p>
    </section>
  );
}

function Shifts({ officer }: { officer: Officer }) {
  const frame = useWords(frameWords);
  const [openId] = useRoute().rest;
  const [before, turnTo] = useState<string>();
  const path = before === undefined ? SHIFTS : `${SHIFTS}?before=${encodeURIComponent(before)}`;
  const { data, error, refetch } = useRead<ShiftsView>(path, SHIFT_CHANGED);
  const mayKeep = roleMay(officer.role, 'shift.keep');
  useEffect(() => keepRemarksOf(officer.id), [officer.id]);
  if (data === undefined) return <section>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</section>;
  const current = data.own.current;
  const shown = openId ?? current?.id;
  return (
    <div className="shifts">
      <div>
        {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
        <Own view={data} officer={officer} mayKeep={mayKeep} />
        <Before view={data} openId={openId} isOlder={before !== undefined} onTurn={turnTo} />
      </div>
      {shown === undefined ? null : <OneShift key={shown} id={shown} mayWrite={mayKeep && shown === current?.id} />}
    </div>
  );
}

export function ShiftScreen() {
  const say = useWords(shiftWords);
  const standing = useStore(session);
  return (
    <>
      <h1>{say('title')}</h1>
      <p className="lead">{say('lead')}</p>
      {'officer' in standing ? <Shifts officer={standing.officer} /> : null}
    </>
  );
}
