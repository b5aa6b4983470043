// Chapter 6, reporting upward: which reports are waited for, each with its clock, the longest overdue first; one key fills one.
import type { DueReport } from '@laba/domain/now-view';
import type { SituationsView } from '@laba/domain/situation-view';
import { Button } from 'antd';
import { useState } from 'react';
import { spanWords } from '../../app/age.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { useNow } from '../../app/now.ts';
import { useTellProblem } from '../../app/problem-note.tsx';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { fillAndOpen } from './upward.ts';
import { upwardWords } from './words.ts';

/** To the minute, in the county's own time. */
export const clockOf = (at: string) => at.slice(0, 16).replace('T', ' ');

function Clock({ dueAt, dueAtMs }: Pick<DueReport, 'dueAt' | 'dueAtMs'>) {
  const say = useWords(upwardWords);
  const span = useWords(frameWords);
  const lateMs = useServerNow() - dueAtMs;
  const age = spanWords(Math.abs(lateMs), span);
  return (
    <p className="small">
      {lateMs > 0 ? <b className="bad">✕ {say('overdue', { age })}</b> : <b>{say('left', { age })}</b>} · {say('dueAt', { at: clockOf(dueAt) })}
    </p>
  );
}

export function FillButton({ alertId, words, label, primary = true }: { alertId: string | null; words: string; label?: string; primary?: boolean }) {
  const tell = useTellProblem();
  const [isBusy, setBusy] = useState(false);
  const fill = async () => {
    setBusy(true);
    await fillAndOpen(alertId).catch(tell);
    setBusy(false);
  };
  return (
    <Button type={primary ? 'primary' : 'default'} aria-label={label} loading={isBusy} onClick={() => void fill()}>
      {words}
    </Button>
  );
}

function DueCard({ due, mayReport }: { due: DueReport; mayReport: boolean }) {
  const say = useWords(upwardWords);
  const language = useLanguage();
  const what = say('report', { kind: due.kindWords[language], n: due.number });
  const whole = `${what} ${due.title}`;
  return (
    <li className={`due-report ${due.mode} ${useServerNow() > due.dueAtMs ? 'late' : ''}`} data-due={due.alertId ?? due.day}>
      <h3>
        <ModeTag mode={due.mode} /> {what}
      </h3>
      <p>
        <Said>{due.title}</Said>
      </p>
      <Clock dueAt={due.dueAt} dueAtMs={due.dueAtMs} />
      {due.draftId === null ? (
        mayReport && <FillButton alertId={due.alertId} words={say('fill')} label={say('fillOf', { what: whole })} />
      ) : (
        <Button href={hrefOf('upward', due.draftId)} aria-label={say('openDraftOf', { what: whole })}>
          {say('openDraft')}
        </Button>
      )}
    </li>
  );
}

/** Alerts that stand and for which the policy names no time. */
function useUnclocked(due: readonly DueReport[]) {
  const alerts = useNow().data?.alerts ?? [];
  return alerts.filter(({ id, mode, allInScope }) => mode !== 'test' && allInScope && !due.some(({ alertId }) => alertId === id));
}

export function DueList({ view, mayReport }: { view: SituationsView; mayReport: boolean }) {
  const say = useWords(upwardWords);
  const unclocked = useUnclocked(view.due);
  return (
    <>
      {view.due.length === 0 ? <p className="empty">{say('nothingDue')}</p> : null}
      <ul className="due-reports">
        {view.due.map((due) => (
          <DueCard key={due.alertId ?? due.day} due={due} mayReport={mayReport} />
        ))}
        {unclocked.map(({ id, mode, title }) => (
          <li key={id} className={`due-report ${mode}`} data-due={id}>
            <p>
              <ModeTag mode={mode} /> <Said>{title}</Said>
            </p>
            <p className="small">{say('noClock')}</p>
            {mayReport ? <FillButton alertId={id} words={say('fill')} label={say('fillOf', { what: title })} primary={false} /> : null}
          </li>
        ))}
      </ul>
      {mayReport ? null : <p className="small">{say('readOnly')}</p>}
      <p className="small">{view.zeroAt === null ? say('noZero') : say('zeroAt', { at: view.zeroAt })}</p>
    </>
  );
}
