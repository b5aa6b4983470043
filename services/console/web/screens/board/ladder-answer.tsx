// An officer writes down what a village said: who, what, by what he heard it. Both clocks stand over it, and so does what somebody else writes meanwhile.
import type { LadderView } from '@laba/domain/board-view';
import { DUTIES, LADDER_MEANS, type AnswerEffect } from '@laba/domain/ladder';
import { LIMITS } from '@laba/domain/limits';
import { Button, Input, Radio } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { newKey, post } from '../../api/client.ts';
import { Refused, UNREACHABLE } from '../../api/problem.ts';
import { Age } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { actWords } from './act-words.ts';
import { askedOf, bodyOf, lackOf, useAnswerDraft, type AnswerDraft } from './answer-draft.ts';
import { useBoard } from './board-context.ts';
import { HeardBy } from './heard-by.tsx';
import { readBoardAnew, useWhyNot } from './why-not.ts';

interface FieldsProps {
  ladder: LadderView;
  draft: AnswerDraft;
  change: (part: Partial<AnswerDraft>) => void;
}

function WhatWasSaid({ draft, change }: Omit<FieldsProps, 'ladder'>) {
  const say = useWords(actWords);
  return (
    <fieldset className="choices">
      <legend>{say('said')}</legend>
      <Radio.Group
        name="said"
        value={draft.said}
        options={(['got-it', 'moving'] as const).map((value) => ({ value, label: say(`said.${value}`) }))}
        onChange={(event) => change({ said: event.target.value as AnswerDraft['said'] })}
      />
      {draft.said === 'moving' ? (
        <label className="field">
          {say('persons')}
          <Input
            name="persons"
            inputMode="numeric"
            maxLength={6}
            autoComplete="off"
            value={draft.persons}
            onChange={({ target }) => change({ persons: target.value })}
          />
        </label>
      ) : null}
    </fieldset>
  );
}

/** The first field: the name is what is heard first, and what nobody can fill in for him. */
function WhoAnswered({ ladder, draft, change }: FieldsProps) {
  const say = useWords(actWords);
  const language = useLanguage();
  const people = askedOf(ladder);
  const first = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    const box = first.current;
    (box?.querySelector<HTMLElement>('input:checked') ?? box?.querySelector('input'))?.focus();
  }, []);
  const named = people.map(({ memberId, name, duty }) => ({
    value: memberId,
    label: (
      <>
        <Said>{name}</Said> {duty === null ? '' : DUTIES[duty][language]}
      </>
    ),
  }));
  return (
    <fieldset className="choices" ref={first}>
      <legend>{say('who')}</legend>
      {people.length === 0 ? null : (
        <Radio.Group
          name="who"
          value={draft.memberId}
          options={[...named, { value: '', label: say('somebody') }]}
          onChange={(event) => change({ memberId: event.target.value as string })}
        />
      )}
      {draft.memberId === '' ? (
        <label className="field">
          {say('name')}
          <Input
            name="name"
            translate="no"
            maxLength={LIMITS.nameChars}
            autoComplete="off"
            value={draft.name}
            onChange={({ target }) => change({ name: target.value })}
          />
        </label>
      ) : null}
    </fieldset>
  );
}

interface MeanwhileProps {
  answers: LadderView['answers'];
  onSeen: () => void;
  onLeave: () => void;
}

/** Somebody else was first: who, when and what, before anything is written beside it. */
function Meanwhile({ answers, onSeen, onLeave }: MeanwhileProps) {
  const say = useWords(actWords);
  const language = useLanguage();
  return (
    <div className="clash">
      {answers.map(({ at, kind, name, persons, means, recordedBy, recordedByName }) => (
        <p key={`${at} ${recordedBy}`} className="bad" role="alert">
          ✕ <Said>{say('meanwhile', { who: recordedByName ?? name ?? say('nobody') })}</Said> <time dateTime={at}>{at.slice(11, 19)}</time>{' '}
          <Said>{say(`heard.${kind}`, { name: name ?? say('nobody'), persons: persons ?? 0, means: LADDER_MEANS[means][language] })}</Said>{' '}
          <Age atMs={Date.parse(at)} />
        </p>
      ))}
      <p className="acts">
        <Button size="small" onClick={onSeen}>
          {say('anyway')}
        </Button>
        <Button size="small" onClick={onLeave}>
          {say('leave')}
        </Button>
      </p>
    </div>
  );
}

/** Sent under one key until something in it changes: an answer that was lost on the way is not written down twice. */
function useSend(path: string, alertId: string) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const key = useRef(newKey());
  const send = async (body: object): Promise<AnswerEffect | undefined> => {
    setBusy(true);
    setError(undefined);
    try {
      return (await post<{ effect: AnswerEffect }>(path, body, { key: key.current })).effect;
    } catch (refused) {
      setError(refused);
      if (!(refused instanceof Refused && refused.problem === UNREACHABLE)) key.current = newKey();
      return undefined;
    } finally {
      await readBoardAnew(alertId);
      setBusy(false);
    }
  };
  return { send, error, isBusy, anew: () => (key.current = newKey()) };
}

const isOvertaken = (error: unknown) => error instanceof Refused && error.problem.code === 'changed-meanwhile';

interface LadderAnswerProps {
  ladder: LadderView;
  onDone: (effect: AnswerEffect) => void;
  onLeave: () => void;
}

/** What is filled in, what came between, and why it cannot be sent as it stands. */
function useAnswer({ ladder, onDone, onLeave }: LadderAnswerProps) {
  const say = useWords(actWords);
  const { alertId } = useBoard();
  const { draft, change, drop } = useAnswerDraft(alertId, ladder);
  const { send, error, isBusy, anew } = useSend(`/api/v1/alerts/${encodeURIComponent(alertId)}/ladders/${ladder.gridCode}/answer`, alertId);
  const [seen, see] = useState(ladder.version);
  const news = ladder.version > seen ? ladder.answers.slice(seen - ladder.version) : [];
  const lack = lackOf(draft);
  const mayNot = useWhyNot('ladder.answer-for', ladder.gridCode);
  const why = mayNot ?? (news.length > 0 ? say('why.meanwhile') : lack === undefined ? undefined : say(lack));
  const write = async () => {
    if (why !== undefined || isBusy) return;
    const effect = await send(bodyOf(draft, seen));
    if (effect === undefined) return;
    drop();
    onDone(effect);
  };
  const leave = () => {
    drop();
    onLeave();
  };
  const fill = (part: Partial<AnswerDraft>) => {
    anew();
    change(part);
  };
  return { draft, fill, news, onSeen: () => see(ladder.version), leave, write, why, isBusy, error: isOvertaken(error) && news.length > 0 ? undefined : error };
}

export function LadderAnswer(props: LadderAnswerProps) {
  const say = useWords(actWords);
  const { ladder } = props;
  const { draft, fill, news, onSeen, leave, write, why, isBusy, error } = useAnswer(props);
  return (
    <form
      className="act-window ladder-answer"
      aria-label={say('write')}
      onSubmit={(event) => {
        event.preventDefault();
        void write();
      }}
    >
      <WhoAnswered ladder={ladder} draft={draft} change={fill} />
      <WhatWasSaid draft={draft} change={fill} />
      <HeardBy value={draft.means} onChange={(means) => fill({ means })} />
      <label className="field">
        {say('words')}
        <Input.TextArea
          name="words"
          translate="no"
          rows={2}
          maxLength={LIMITS.noteChars}
          value={draft.words}
          onChange={({ target }) => fill({ words: target.value })}
        />
      </label>
      {news.length === 0 ? null : <Meanwhile answers={news} onSeen={onSeen} onLeave={leave} />}
      {error === undefined ? null : <ProblemNote error={error} />}
      <p className="acts">
        <Button type="primary" htmlType="submit" disabled={why !== undefined} loading={isBusy} aria-describedby="why-not-write">
          {say('save')}
        </Button>
        <span id="why-not-write" className="small" role="status">
          {why}
        </span>
      </p>
    </form>
  );
}
