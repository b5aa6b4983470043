// The ladders (叫应) of the alert: each village with both its clocks: has anybody there got it, are they on the move.
import type { LadderView } from '@laba/domain/board-view';
import { DUTIES, SKIP_REASONS } from '@laba/domain/ladder';
import { Button } from 'antd';
import { AsOf, Age, spanWords } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords, type Say } from '../../i18n/language.ts';
import { actWords } from './act-words.ts';
import { ANSWER, hrefOfList, useBoard } from './board-context.ts';
import { useLadders } from './board-reads.ts';
import { Chip } from './chips.tsx';
import { ladderLook } from './looks.ts';
import { NextStep } from './next-step.tsx';
import { RowMode } from './row-mode.tsx';
import { VirtualList } from './virtual-list.tsx';
import { useWhyNot } from './why-not.ts';
import { boardWords } from './words.ts';

/** When it was said; else since when it is overdue; else how long is left. */
export function ClockCell({ clock, label }: { clock: LadderView['answer']; label: string }) {
  const say = useWords(boardWords);
  const span = useWords(frameWords);
  const nowMs = useServerNow();
  const { at, overdueSince, dueAt, dueAtMs } = clock;
  const words = () => {
    if (at !== null) return <b className="good">✓ {at.slice(11, 16)}</b>;
    if (overdueSince !== null) return <b className="bad">✕ {say('late', { age: spanWords(nowMs - Date.parse(overdueSince), span) })}</b>;
    if (dueAt === null || dueAtMs === null) return say('notYet');
    const left = dueAtMs - nowMs;
    return left > 0 ? (
      say('due', { at: dueAt.slice(11, 16), left: spanWords(left, span) })
    ) : (
      <b className="bad">✕ {say('dueNow', { at: dueAt.slice(11, 16) })}</b>
    );
  };
  return (
    <span className="ladder-clock">
      <small>{label}</small> {words()}
    </span>
  );
}

/** Who that was, as the row of the climb names him. */
export function Asked({ step }: { step: LadderView['asked'][number] }) {
  const say = useWords(boardWords);
  const language = useLanguage();
  if (step.rungCode === null && step.memberId === null) return step.skipped === null ? say('ownScreen') : SKIP_REASONS[step.skipped][language];
  return (
    <>
      {step.duty === null ? '' : `${DUTIES[step.duty][language]} `}
      {step.name === null ? say('hiddenName') : <Said>{step.name}</Said>}
      {step.skipped === null ? '' : ` (${SKIP_REASONS[step.skipped][language]})`}
    </>
  );
}

function nextWords(ladder: LadderView, isOver: boolean, say: Say<'next.over' | 'next.none' | 'next.record' | 'next.ask'>): string {
  if (isOver || ladder.state === 'closed') return say('next.over');
  if (ladder.state === 'moving') return say('next.none');
  return ladder.nextAskAt === null ? say('next.record') : say('next.ask', { at: ladder.nextAskAt.slice(11, 19) });
}

/** One press from the row to the form. Where nothing can be written the panel says why. */
function WriteLink({ ladder: { gridCode, gridName, state } }: { ladder: LadderView }) {
  const say = useWords(actWords);
  const { alertId } = useBoard();
  const why = useWhyNot('ladder.answer-for', gridCode);
  if (why !== undefined || (state !== 'asked' && state !== 'answered')) return null;
  return (
    <Button size="small" className="write-answer" href={hrefOfList(alertId, 'ladders', gridCode, ANSWER)}>
      ✎ {say('write')}
      <span className="unseen">
        <Said>{gridName}</Said>
      </span>
    </Button>
  );
}

export function LadderRow({ ladder, href }: { ladder: LadderView; href: string | undefined }) {
  const say = useWords(boardWords);
  const { isOver } = useBoard();
  const last = ladder.asked.at(-1);
  const name = <Said>{ladder.gridName}</Said>;
  return (
    <div className={ladder.overdue ? 'ladder-row bad' : 'ladder-row'} data-ladder={ladder.gridCode}>
      <span>
        <RowMode /> <Chip look={ladderLook(ladder)} word={say(ladder.overdue ? 'ladder.overdue' : `ladder.${ladder.state}`)} />{' '}
        <b>
          {href === undefined ? (
            name
          ) : (
            <a href={href} data-cell={`ladders ${ladder.gridCode}`}>
              {name}
            </a>
          )}
        </b>
      </span>
      <ClockCell clock={ladder.answer} label={say('gotIt')} />
      <span>
        <ClockCell clock={ladder.moving} label={say('onTheMove')} />
        {ladder.moving.persons === null ? null : <b> {say('people', { n: ladder.moving.persons })}</b>}
      </span>
      <span className="small">
        {last === undefined ? null : (
          <>
            {say('lastAsked')} <Asked step={last} /> <Age atMs={Date.parse(last.at)} />
          </>
        )}
        <NextStep words={nextWords(ladder, isOver, say)} />
        {href === undefined ? null : <WriteLink ladder={ladder} />}
      </span>
    </div>
  );
}

export function Ladders() {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  const { data, error, refetch } = useLadders(alertId);
  if (data === undefined) return error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (data.ladders.length === 0) return null;
  return (
    <section aria-labelledby="ladders-title">
      <div className="spread">
        <h2 id="ladders-title">{say('ladders')}</h2>
        <AsOf atMs={data.asOfMs} />
      </div>
      <VirtualList
        rows={data.ladders}
        keyOf={({ gridCode }) => gridCode}
        label={say('ladders')}
        draw={(ladder) => <LadderRow ladder={ladder} href={hrefOfList(alertId, 'ladders', ladder.gridCode)} />}
      />
    </section>
  );
}
