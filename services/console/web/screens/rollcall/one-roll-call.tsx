// The roll-call of one alert: its figures, its villages and groups, and beside them the list of the one that was chosen.
import type { AlertView } from '@laba/domain/alert-view';
import type { RollCallView } from '@laba/domain/board-view';
import { roleMay } from '@laba/domain/officer';
import { useEffect, useMemo, type ReactNode } from 'react';
import { hearMarks } from '../../api/live-line.ts';
import { session } from '../../api/session.ts';
import { useFrameMode } from '../../app/mode-frame.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { serverNow } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { keepMarksOf } from './marks.ts';
import { OnItsWay } from './on-its-way.tsx';
import { Part } from './part.tsx';
import { ProgressList } from './progress.tsx';
import { RollContext, type Roll } from './roll-context.ts';
import { RollHead } from './roll-head.tsx';
import { ALL, takesMarks, useAlert, useTotals } from './roll-reads.ts';
import { rollWords } from './words.ts';

interface ShownProps {
  alert: AlertView;
  totals: RollCallView;
  code: string;
  /** What is open of the part: the scanner. */
  part: string | undefined;
  choose: ReactNode;
}

function Shown({ alert, totals, code, part, choose }: ShownProps) {
  const say = useWords(rollWords);
  const standing = useStore(session);
  const officer = 'officer' in standing ? standing.officer : undefined;
  const { id: alertId, mode } = alert;
  const mayMark = officer !== undefined && roleMay(officer.role, 'rollcall.mark');
  const isOpen = mayMark && takesMarks(alert, serverNow());
  const roll = useMemo<Roll>(() => ({ alertId, mode, mayMark, isOpen }), [alertId, mode, mayMark, isOpen]);
  // What was real and is over asks for nothing any more; an exercise stays one.
  useFrameMode(mode === 'live' && alert.state !== 'raised' ? undefined : mode);
  useEffect(() => hearMarks(alertId, code === ALL ? '' : code), [alertId, code]);
  useEffect(() => {
    if (officer !== undefined) keepMarksOf(officer.id);
  }, [officer]);
  const isEmpty = totals.persons.total + totals.places.total === 0;
  return (
    <RollContext value={roll}>
      <RollHead alert={alert} totals={totals} choose={choose} />
      <OnItsWay />
      {isEmpty ? (
        <section>
          <p className="empty">{say(alert.raisedAt === null ? 'noListYet' : 'nobody')}</p>
        </section>
      ) : (
        <div className="roll">
          <ProgressList totals={totals} code={code} />
          <Part key={code} code={code} isScanning={part === 'scan'} totals={totals} />
        </div>
      )}
    </RollContext>
  );
}

export function OneRollCall({ alertId, code, part, choose }: Pick<ShownProps, 'code' | 'part' | 'choose'> & { alertId: string }) {
  const frame = useWords(frameWords);
  const alert = useAlert(alertId);
  const totals = useTotals(alertId);
  const error = alert.error ?? totals.error;
  if (alert.data !== undefined && totals.data !== undefined) return <Shown alert={alert.data} totals={totals.data} code={code} part={part} choose={choose} />;
  const retry = () => {
    void alert.refetch();
    void totals.refetch();
  };
  return <section>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={retry} />}</section>;
}
