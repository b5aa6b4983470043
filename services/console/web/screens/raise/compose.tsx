// A new alert, or the next revision of one that sounds: three steps, the read-back, and a button to hold.
import { MODE_WORDS, type Mode } from '@laba/domain/alert';
import type { ListedAlertView, TemplateView } from '@laba/domain/alert-view';
import { Button, Input } from 'antd';
import { useRef, useState, type ReactNode } from 'react';
import { HoldButton } from '../../acts/hold-button.tsx';
import { problemOf, problemWords } from '../../api/problem.ts';
import { useFrameMode } from '../../app/mode-frame.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { AreaStep, type AreaHandle } from './area-step.tsx';
import { bodyOf, missingOf, needsSecond, withTemplate, type Draft } from './draft.ts';
import { Raising, sendUpdate } from './raising.ts';
import { ReadBack } from './read-back.tsx';
import { TemplateStep } from './template-step.tsx';
import { useForecast, type Foreseen } from './use-forecast.ts';
import { WordsStep } from './words-step.tsx';
import { raiseWords } from './words.ts';

export interface ComposeProps {
  draft: Draft;
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

function RaiseButton({ draft, forget, foreseen }: Pick<ComposeProps, 'draft' | 'forget'> & { foreseen: Foreseen }) {
  const say = useWords(raiseWords);
  const language = useLanguage();
  const why = useWhy(draft, foreseen);
  const [error, setError] = useState<unknown>();
  const [raising] = useState(() => new Raising());
  const { subject, updated } = draft;
  const isForSecond = foreseen.forecast !== undefined && needsSecond(foreseen.forecast.decision);
  const send = async () => {
    const body = bodyOf(draft);
    if (body === undefined) return;
    setError(undefined);
    try {
      const id = updated === undefined ? await raising.raise(body) : await sendUpdate(updated.alert, body);
      forget();
      location.assign(hrefOf('raise', 'alert', id));
    } catch (refused) {
      setError(refused);
    }
  };
  const label = isForSecond ? 'holdSubmit' : updated === undefined ? 'holdRaise' : 'holdUpdate';
  return (
    <>
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

export function Compose({ draft, templates, change, forget }: ComposeProps) {
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
          <RaiseButton draft={draft} forget={forget} foreseen={foreseen} />
          <Foresight draft={draft} foreseen={foreseen} />
        </section>
      </div>
    </>
  );
}
