// A new alert, or the next revision of one that sounds: three steps, the read-back, and a button to hold.
import { MODE_WORDS, type Mode } from '@laba/domain/alert';
import type { AlertView, ListedAlertView, TemplateView } from '@laba/domain/alert-view';
import { Button, Input } from 'antd';
import { useRef, useState, type ReactNode } from 'react';
import { alertPath, soundingOf } from '../../acts/act.ts';
import { HoldButton } from '../../acts/hold-button.tsx';
import { get } from '../../api/client.ts';
import { problemOf, problemWords } from '../../api/problem.ts';
import { useFrameMode } from '../../app/mode-frame.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { AreaStep, type AreaHandle } from './area-step.tsx';
import { bodyOf, caughtUp, missingOf, needsSecond, withTemplate, type Draft } from './draft.ts';
import type { Raising } from './raising.ts';
import { ReadBack } from './read-back.tsx';
import { TemplateStep } from './template-step.tsx';
import { useForecast, type Foreseen } from './use-forecast.ts';
import { WordsStep } from './words-step.tsx';
import { raiseWords } from './words.ts';

export interface ComposeProps {
  draft: Draft;
  /** What was sent of this draft before, also before a look at another screen. */
  raising: Raising;
  templates: readonly TemplateView[];
  change: (part: Partial<Draft>) => void;
  /** Back to an empty draft: it was sent, or is not wanted. */
  forget: () => void;
}

function Step({ n, title, children }: { n: number; title: string; children: ReactNode }) {
  const id = `step-${n}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        <span className="number">{n}</span> {title}
      </h2>
      {children}
    </section>
  );
}

/** Whose warnings of this kind were raised last: it is filled in and read back, not decided. */
function useIssuers(): (template: TemplateView) => string {
  const { data } = useRead<{ alerts: ListedAlertView[] }>('/api/v1/alerts', { every: false });
  return ({ eventCode }) =>
    data?.alerts.find((one) => one.kind === 'warning' && one.mode !== 'test' && one.eventCode === eventCode && one.raisedAt !== null)?.issuer ?? '';
}

/** Why it cannot be held, in the reader's language. */
function useWhy(draft: Draft, { forecast, error }: Foreseen): string | null {
  const say = useWords(raiseWords);
  const language = useLanguage();
  const missing = missingOf(draft);
  if (draft.updated !== undefined && draft.updated.alert.state !== 'raised') return say('meanwhile.over');
  if (missing !== undefined) return say(missing);
  if (error !== undefined) return problemWords(problemOf(error), language);
  if (forecast === undefined) return say('forecasting');
  const { decision } = forecast;
  return decision.mayRaise || needsSecond(decision) ? null : decision.why[language];
}

function Confirm({ draft, change }: Pick<ComposeProps, 'draft' | 'change'>) {
  const say = useWords(raiseWords);
  if (draft.subject?.mode !== 'drill') return null;
  return (
    <label className="field confirm">
      <b>{say('confirmDrill')}</b>
      <Input value={draft.confirmed} autoComplete="off" maxLength={10} onChange={(event) => change({ confirmed: event.target.value })} />
      <small>{say('confirmHint')}</small>
    </label>
  );
}

type SendProps = Pick<ComposeProps, 'draft' | 'raising' | 'change' | 'forget'>;

/** Sends it, and goes to what came of it. An update of an alert that changed meanwhile is not sent: the officer is told, and may hold again. */
function useSend({ draft, raising, change, forget }: SendProps) {
  const [error, setError] = useState<unknown>();
  const { updated } = draft;
  const refuse = async (refused: unknown) => {
    const isOld = updated !== undefined && problemOf(refused).code === 'changed-meanwhile';
    const now = isOld ? await get<AlertView>(alertPath(updated.alert.id)).catch(() => undefined) : undefined;
    if (updated === undefined || now === undefined) setError(refused);
    else change({ updated: caughtUp(updated, now, soundingOf(now)) });
  };
  const send = async () => {
    const body = bodyOf(draft);
    if (body === undefined) return;
    setError(undefined);
    try {
      const { id, isEarlier } = updated === undefined ? await raising.raise(body) : { id: await raising.update(updated.alert, body), isEarlier: false };
      forget();
      location.assign(hrefOf('raise', 'alert', id, ...(isEarlier ? ['earlier'] : [])));
    } catch (refused) {
      await refuse(refused);
    }
  };
  return { error, send };
}

function MeanwhileNote({ updated }: Pick<Draft, 'updated'>) {
  const say = useWords(raiseWords);
  if (updated?.meanwhile === undefined) return null;
  return (
    <div role="alert" className="note meanwhile">
      <b>{say('meanwhile')}</b>
      <ul>
        {updated.meanwhile.map((one) => (
          <li key={one}>
            {say(`meanwhile.${one}`)}
            {one === 'revised' ? <Said> {updated.sounding.texts[0]?.title ?? ''}</Said> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

function RaiseButton({ foreseen, ...sending }: SendProps & { foreseen: Foreseen }) {
  const say = useWords(raiseWords);
  const language = useLanguage();
  const why = useWhy(sending.draft, foreseen);
  const { error, send } = useSend(sending);
  const { subject, updated } = sending.draft;
  const isForSecond = foreseen.forecast !== undefined && needsSecond(foreseen.forecast.decision);
  const label = isForSecond ? 'holdSubmit' : updated === undefined ? 'holdRaise' : 'holdUpdate';
  return (
    <>
      <MeanwhileNote updated={updated} />
      {isForSecond ? <p className="note">{say('secondNote')}</p> : null}
      <HoldButton
        label={say(label, { mode: subject === undefined ? '?' : MODE_WORDS[subject.mode][language] })}
        look={subject?.mode ?? 'plain'}
        why={why}
        onHeld={send}
      />
      {error === undefined ? null : <ProblemNote error={error} />}
    </>
  );
}

function Foresight({ draft, foreseen: { forecast, atMs, error } }: { draft: Draft; foreseen: Foreseen }) {
  const say = useWords(raiseWords);
  if (forecast !== undefined && draft.subject !== undefined)
    return <ReadBack subject={draft.subject} forecast={forecast} asOfMs={serverTimeOf(atMs)} minutes={draft.minutes} />;
  if (error !== undefined) return <ProblemNote error={error} />;
  return <p className="empty">{say(bodyOf(draft) === undefined ? 'chooseFirst' : 'forecasting')}</p>;
}

export function Compose({ draft, raising, templates, change, forget }: ComposeProps) {
  const say = useWords(raiseWords);
  const area = useRef<AreaHandle>(null);
  const issuerOf = useIssuers();
  const foreseen = useForecast(bodyOf(draft));
  useFrameMode(draft.subject?.mode);
  const choose = (template: TemplateView, mode: Mode) => {
    change(withTemplate(draft, template, mode, issuerOf(template)));
    // What was pressed is gone from the screen: one goes on where the next thing is asked.
    area.current?.focus();
  };
  return (
    <>
      <div className="spread">
        <h1>{draft.updated === undefined ? say('title') : <Said>{say('updateTitle', { title: draft.updated.alert.title })}</Said>}</h1>
        <Button size="small" onClick={forget}>
          {say('anew')}
        </Button>
      </div>
      <div className="raise">
        <div>
          <Step n={1} title={say('template')}>
            <TemplateStep draft={draft} templates={templates} choose={choose} />
          </Step>
          <Step n={2} title={say('area')}>
            <AreaStep areas={draft.areas} onChange={(areas) => change({ areas })} handle={area} />
          </Step>
          <Step n={3} title={say('words')}>
            <WordsStep draft={draft} change={change} prepared={foreseen.forecast?.texts} />
          </Step>
        </div>
        <section aria-labelledby="read-back-title" className="sum">
          <h2 id="read-back-title">{say('readBack')}</h2>
          <Confirm draft={draft} change={change} />
          <RaiseButton draft={draft} raising={raising} change={change} forget={forget} foreseen={foreseen} />
          <Foresight draft={draft} foreseen={foreseen} />
        </section>
      </div>
    </>
  );
}
