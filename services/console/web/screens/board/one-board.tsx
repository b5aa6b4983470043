// The board of one alert: the clock, the figures, every village with its groups, ladders, sections and the timeline; a panel beside it holds the list that was opened.
import type { AlertView } from '@laba/domain/alert-view';
import { useEffect, useMemo, useRef } from 'react';
import { useFrameMode } from '../../app/mode-frame.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { BoardContext, type Board } from './board-context.ts';
import { BoardHead } from './board-head.tsx';
import { useAlert } from './board-reads.ts';
import { Heard } from './heard.tsx';
import { Ladders } from './ladders.tsx';
import { Panel, type Opened } from './panel.tsx';
import { Sections } from './sections.tsx';
import { Tiles } from './tiles.tsx';
import { Timeline } from './timeline.tsx';
import { VillageGrid } from './village-grid.tsx';
import { boardWords } from './words.ts';

const cellOf = ({ list, code }: Opened) => document.querySelector<HTMLElement>(`[data-cell="${CSS.escape(`${list} ${code}`)}"]`);

/** Who closes a list by keyboard is back at the cell that opened it. */
function useReturnToCell(opened: Opened | undefined): void {
  const last = useRef<Opened | undefined>(undefined);
  useEffect(() => {
    if (opened === undefined && last.current !== undefined && document.activeElement === document.body) cellOf(last.current)?.focus();
    last.current = opened;
  }, [opened]);
}

function Figures({ opened }: { opened: Opened | undefined }) {
  return (
    <div className={opened === undefined ? 'board' : 'board split'}>
      <div>
        <Tiles />
        <Heard />
        <VillageGrid />
        <Ladders />
        <Sections />
        <Timeline />
      </div>
      {opened === undefined ? null : <Panel opened={opened} />}
    </div>
  );
}

function Shown({ alert, opened }: { alert: AlertView; opened: Opened | undefined }) {
  const say = useWords(boardWords);
  const { id: alertId, mode, state } = alert;
  const isOver = state !== 'raised';
  const board = useMemo<Board>(() => ({ alertId, mode, isOver }), [alertId, mode, isOver]);
  // What was real and is over asks for nothing any more; an exercise stays one.
  useFrameMode(mode === 'live' && isOver ? undefined : mode);
  useReturnToCell(opened);
  return (
    <BoardContext value={board}>
      <BoardHead alert={alert} />
      {alert.raisedAt === null ? <p className="empty">{say('notRaised')}</p> : <Figures opened={opened} />}
    </BoardContext>
  );
}

export function OneBoard({ alertId, opened }: { alertId: string; opened: Opened | undefined }) {
  const frame = useWords(frameWords);
  const { data, error, refetch } = useAlert(alertId);
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  return <Shown alert={data} opened={opened} />;
}
