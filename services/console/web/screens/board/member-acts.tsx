// What an officer writes down for one member: his answer, the support he needs, that it was seen to; and that he is called once more.
import type { CallView } from '@laba/domain/board-view';
import { LIMITS } from '@laba/domain/limits';
import { ANSWERS } from '@laba/domain/member';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { Age } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useWords } from '../../i18n/language.ts';
import { actWords } from './act-words.ts';
import { HeardBy, type Means } from './heard-by.tsx';
import { useBoard } from './board-context.ts';
import { readBoardAnew, useWhyNot } from './why-not.ts';

type Told = 'told.answer' | 'told.help' | 'told.over' | 'told.again';

/** One act at a time; what was done last, or why not, stands below until the next. */
function useWriting({ id }: CallView) {
  const { alertId } = useBoard();
  const [busy, setBusy] = useState<string>();
  const [told, tell] = useState<Told>();
  const [error, setError] = useState<unknown>();
  const write = async (act: string, body: object, done: Told, name = act) => {
    setBusy(name);
    tell(undefined);
    setError(undefined);
    try {
      await post(`/api/v1/calls/${encodeURIComponent(id)}/${act}`, body);
      tell(done);
    } catch (refused) {
      setError(refused);
    }
    await readBoardAnew(alertId);
    setBusy(undefined);
  };
  return { write, busy, told, error };
}

interface PartProps {
  call: CallView;
  writing: ReturnType<typeof useWriting>;
  means: Means;
  /** Why nothing can be written down for him. */
  why: string | undefined;
}

function Answers({ call, writing: { write, busy }, means, why }: PartProps) {
  const say = useWords(actWords);
  return (
    <div className="acts" role="group" aria-label={say('answerFor')}>
      {ANSWERS.map((answer) => (
        <Button
          key={answer}
          type={call.answer === answer ? 'primary' : 'default'}
          aria-pressed={call.answer === answer}
          aria-describedby="why-not-member"
          disabled={why !== undefined}
          loading={busy === answer}
          onClick={() => void write('answer-for', { answer, means }, 'told.answer', answer)}
        >
          {call.answer === answer ? '✓ ' : ''}
          {say(`answer.${answer}`)}
        </Button>
      ))}
    </div>
  );
}

function HelpAsked({ call, writing: { write, busy }, why }: PartProps) {
  const say = useWords(actWords);
  if (call.help === null) return null;
  return (
    <div className="note">
      <b className="bad">! {say('helpAsked')}</b> <Said>{call.help.words}</Said> <Age atMs={Date.parse(call.help.at)} />{' '}
      <Button
        disabled={why !== undefined}
        loading={busy === 'help-over'}
        aria-describedby="why-not-member"
        onClick={() => void write('help-over', {}, 'told.over')}
      >
        {say('helpOver')}
      </Button>
    </div>
  );
}

function HelpForm({ writing: { write, busy }, means, why }: PartProps) {
  const say = useWords(actWords);
  const [words, setWords] = useState('');
  return (
    <form
      className="acts"
      onSubmit={(event) => {
        event.preventDefault();
        if (why === undefined && busy === undefined) void write('help', { means, words: words.trim() }, 'told.help').then(() => setWords(''));
      }}
    >
      <label className="field">
        {say('needs')}
        <Input name="needs" maxLength={LIMITS.noteChars} autoComplete="off" value={words} onChange={({ target }) => setWords(target.value)} />
      </label>
      <Button htmlType="submit" disabled={why !== undefined} loading={busy === 'help'} aria-describedby="why-not-member">
        ! {say('help')}
      </Button>
    </form>
  );
}

function CallAgain({ call, writing: { write, busy }, why }: PartProps) {
  const say = useWords(actWords);
  const own = call.answer !== null ? say('why.answered') : call.reason === 'no-channel' ? say('why.noChannel') : undefined;
  return (
    <div className="acts">
      <Button
        disabled={why !== undefined || own !== undefined}
        loading={busy === 'again'}
        aria-describedby={why === undefined ? 'why-not-again' : 'why-not-member'}
        onClick={() => void write('again', {}, 'told.again')}
      >
        ↻ {say('again')}
      </Button>
      <span id="why-not-again" className="small">
        {why === undefined ? own : null}
      </span>
    </div>
  );
}

export function MemberActs({ call }: { call: CallView }) {
  const say = useWords(actWords);
  const [means, setMeans] = useState<Means>('telephone');
  const writing = useWriting(call);
  const mayNot = useWhyNot('member.answer-for', call.gridCode);
  const why = mayNot ?? (call.state === 'closed' ? say('why.closed') : undefined);
  const part = { call, writing, means, why };
  return (
    <section className="member-acts" aria-label={say('memberActs')}>
      <h3>{say('memberActs')}</h3>
      <HelpAsked {...part} />
      <Answers {...part} />
      <HeardBy value={means} onChange={setMeans} />
      <HelpForm {...part} />
      <CallAgain {...part} />
      <p id="why-not-member" className="small" role="status">
        {why ?? (writing.told === undefined ? null : `✓ ${say(writing.told)}`)}
      </p>
      {writing.error === undefined ? null : <ProblemNote error={writing.error} />}
      {call.link === undefined ? null : (
        <p>
          <a href={call.link} target="_blank" rel="noopener">
            {say('phonePage')}
          </a>
        </p>
      )}
    </section>
  );
}
