// Behind a ladder: who was asked when, in which round, and every answer; behind the figure of all of them, the ladders themselves.
import type { LadderView } from '@laba/domain/board-view';
import { LADDER_MEANS, type AnswerEffect } from '@laba/domain/ladder';
import { Button } from 'antd';
import { useState } from 'react';
import { Age } from '../../app/age.tsx';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { actWords } from './act-words.ts';
import { ANSWER, hrefOfList, useBoard } from './board-context.ts';
import { useLadders } from './board-reads.ts';
import { LadderAnswer } from './ladder-answer.tsx';
import { Asked, LadderRow } from './ladders.tsx';
import { RowList, type ListProps } from './row-list.tsx';
import { useWhyNot } from './why-not.ts';
import { boardWords } from './words.ts';

function Answers({ ladder }: { ladder: LadderView }) {
  const say = useWords(boardWords);
  const language = useLanguage();
  return (
    <>
      <h3>{say('answers')}</h3>
      {ladder.answers.length === 0 ? <p className="empty">{say('noRows')}</p> : null}
      <ul className="plain-list">
        {ladder.answers.map((answer) => (
          <li key={`${answer.at} ${answer.kind} ${answer.means}`}>
            <time dateTime={answer.at}>{answer.at.slice(11, 19)}</time> <b>{say(answer.kind === 'got-it' ? 'gotIt' : 'onTheMove')}</b>
            {answer.persons === null ? '' : ` ${say('people', { n: answer.persons })}`} ·{' '}
            {answer.name === null ? say('hiddenName') : <Said>{answer.name}</Said>} ({LADDER_MEANS[answer.means][language]}) {say(`effect.${answer.effect}`)}{' '}
            {answer.words === null ? null : <Said>{answer.words}</Said>}
            {answer.recordedBy.startsWith('officer:') ? (
              <>
                {' · '}
                <Said>{say('writtenBy', { who: answer.recordedByName ?? say('hiddenName') })}</Said>
              </>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The form, or the way to it; a button that cannot be pressed says why. */
function Writing({ ladder, code, isWriting }: { ladder: LadderView; code: string; isWriting: boolean }) {
  const say = useWords(actWords);
  const { alertId } = useBoard();
  const why = useWhyNot('ladder.answer-for', ladder.gridCode);
  const [told, tell] = useState<AnswerEffect>();
  const done = (effect?: AnswerEffect) => {
    tell(effect);
    location.assign(hrefOfList(alertId, 'ladders', code));
  };
  if (isWriting && why === undefined) return <LadderAnswer ladder={ladder} onDone={done} onLeave={() => done()} />;
  return (
    <p className="acts">
      {why === undefined ? (
        <Button type="primary" href={hrefOfList(alertId, 'ladders', code, ANSWER)}>
          ✎ {say('write')}
        </Button>
      ) : (
        <Button disabled aria-describedby="why-not-answer">
          ✎ {say('write')}
        </Button>
      )}
      <span id="why-not-answer" className="small" role="status">
        {why ?? (told === undefined ? null : `✓ ${say(`done.${told}`)}`)}
      </span>
    </p>
  );
}

function OneLadder({ ladder, code, isWriting }: { ladder: LadderView; code: string; isWriting: boolean }) {
  const say = useWords(boardWords);
  return (
    <>
      <div className="standing">
        <LadderRow ladder={ladder} href={undefined} />
      </div>
      <Writing ladder={ladder} code={code} isWriting={isWriting} />
      <Answers ladder={ladder} />
      <h3>{say('askedAt')}</h3>
      <ul className="plain-list">
        {ladder.asked.toReversed().map((step) => (
          <li key={`${step.at} ${step.question} ${step.rungCode} ${step.position}`}>
            <time dateTime={step.at}>{step.at.slice(11, 19)}</time> <Asked step={step} /> · {say(`question.${step.question}`)} ·{' '}
            {say('round', { n: step.round })} <Age atMs={Date.parse(step.at)} />
          </li>
        ))}
      </ul>
    </>
  );
}

export function LadderPanel({ code, target }: ListProps) {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  const { data } = useLadders(alertId);
  if (data === undefined) return null;
  // The alert may name a group: its village answers for it.
  const ladder = data.ladders.find(({ gridCode }) => gridCode === code) ?? data.ladders.find(({ gridCode }) => code?.startsWith(gridCode) === true);
  if (ladder !== undefined) return <OneLadder ladder={ladder} code={code ?? ladder.gridCode} isWriting={target === ANSWER} />;
  return (
    <RowList
      rows={data.ladders}
      keyOf={({ gridCode }) => gridCode}
      textOf={({ gridName }) => gridName}
      label={say('ladders')}
      asOfMs={data.asOfMs}
      draw={(one) => <LadderRow ladder={one} href={hrefOfList(alertId, 'ladders', one.gridCode)} />}
    />
  );
}
