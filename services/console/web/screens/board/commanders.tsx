// Who leads at the scene, and who was asked to and has not said yes: that one is seen first, with since when and by whom.
import type { CommanderView, SectionGroupView, SectionsView } from '@laba/domain/board-view';
import { Button } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { Age } from '../../app/age.tsx';
import { Said } from '../../app/said.tsx';
import { useWords } from '../../i18n/language.ts';
import { useBoard } from './board-context.ts';
import { Chip } from './chips.tsx';
import { RowMode } from './row-mode.tsx';
import { CommanderWindow, newestCommander } from './section-acts.tsx';
import { sectionsPath, useSectionAct, useWhyNot } from './section-window.tsx';
import { sectionWords } from './section-words.ts';
import { boardWords } from './words.ts';

/** Asked last, and silent since. */
export function unansweredOf(view: SectionsView, code: string): CommanderView | undefined {
  const newest = newestCommander(view, code);
  return newest?.acknowledgedAt === null ? newest : undefined;
}

function SaidYes({ one, why }: { one: CommanderView; why: string | null }) {
  const say = useWords(sectionWords);
  const { alertId } = useBoard();
  const body = { gridCode: one.gridCode, memberId: one.memberId };
  const { run, isBusy, problem } = useSectionAct(
    () => post(`${sectionsPath(alertId)}/commanders/acknowledge`, body),
    () => {},
  );
  return (
    <>
      <Button size="small" disabled={why !== null} title={why ?? undefined} loading={isBusy} onClick={() => void run()}>
        {say('yes')}
      </Button>
      {problem}
    </>
  );
}

function Silent({ one }: { one: CommanderView }) {
  const say = useWords(sectionWords);
  const board = useWords(boardWords);
  return (
    <>
      <RowMode /> <Chip look={['✕', 'bad']} word={board('named')} /> <Said>{one.name ?? one.memberId}</Said>{' '}
      <small>
        <Said>{say('askedBy', { who: one.namedByName ?? say('somebody') })}</Said> <Age atMs={Date.parse(one.namedAt)} />
      </small>{' '}
    </>
  );
}

export function Commanders({ view, group }: { view: SectionsView; group: SectionGroupView }) {
  const say = useWords(sectionWords);
  const board = useWords(boardWords);
  const why = useWhyNot(group.code);
  const [isNaming, name] = useState(false);
  const silent = unansweredOf(view, group.code);
  const leader = view.commanders.findLast(({ gridCode, leads }) => gridCode === group.code && leads);
  const whyWords = why === null ? null : say(why);
  return (
    <div className="commanders">
      {silent === undefined ? null : (
        <p className="spread" data-commander="silent">
          <span>
            <Silent one={silent} />
          </span>
          <SaidYes one={silent} why={whyWords} />
        </p>
      )}
      <p className="spread" data-commander={leader === undefined ? 'none' : 'leads'}>
        {leader === undefined ? (
          <span>
            <RowMode /> <Chip look={['○', 'warn']} word={say('noCommander')} />
          </span>
        ) : (
          <span>
            <RowMode /> <Chip look={['✓', 'good']} word={board('leads')} /> <Said>{leader.name ?? leader.memberId}</Said>{' '}
            <small>
              {say('leadsSince')} <Age atMs={Date.parse(leader.acknowledgedAt ?? leader.namedAt)} />
            </small>
          </span>
        )}
        <Button size="small" disabled={why !== null} title={whyWords ?? undefined} onClick={() => name(true)}>
          {say('commander')}
        </Button>
      </p>
      {isNaming ? <CommanderWindow group={group} view={view} onClose={() => name(false)} /> : null}
    </div>
  );
}
