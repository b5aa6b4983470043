// Behind a ladder: who was asked when, in which round, and every answer; behind the figure of all of them, the ladders themselves.
import type { LadderView } from '@laba/domain/board-view';
import { LADDER_MEANS } from '@laba/domain/ladder';
import { Age } from '../../app/age.tsx';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { hrefOfList, useBoard } from './board-context.ts';
import { useLadders } from './board-reads.ts';
import { Asked, LadderRow } from './ladders.tsx';
import { RowList, type ListProps } from './row-list.tsx';
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
          </li>
        ))}
      </ul>
    </>
  );
}

function OneLadder({ ladder }: { ladder: LadderView }) {
  const say = useWords(boardWords);
  const { alertId, isOver } = useBoard();
  return (
    <>
      <LadderRow ladder={ladder} href={undefined} />
      {isOver || ladder.state === 'closed' ? null : (
        <p>
          <a href={`/#/alert/${alertId}`}>{say('writeAnswer')}</a>
        </p>
      )}
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

export function LadderPanel({ code }: ListProps) {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  const { data } = useLadders(alertId);
  if (data === undefined) return null;
  // The alert may name a group: its village answers for it.
  const ladder = data.ladders.find(({ gridCode }) => gridCode === code) ?? data.ladders.find(({ gridCode }) => code?.startsWith(gridCode) === true);
  if (ladder !== undefined) return <OneLadder ladder={ladder} />;
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
