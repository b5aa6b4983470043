// Behind the figures of members: who answered what and when, and what comes next for each.
import type { CallsView, CallView } from '@laba/domain/board-view';
import { Age } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useReadPages } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords, type Say } from '../../i18n/language.ts';
import { hrefOfList, useBoard } from './board-context.ts';
import { pathOf } from './board-reads.ts';
import { MemberChip } from './chips.tsx';
import { History } from './history.tsx';
import { memberStateOf, MEMBER_STATES } from './looks.ts';
import { MemberActs } from './member-acts.tsx';
import { NextStep } from './next-step.tsx';
import { RowList, type ListProps } from './row-list.tsx';
import { RowMode } from './row-mode.tsx';
import { boardWords } from './words.ts';

const COMES = { coming: 'next.arrive', onTheWay: 'next.arrive', arrived: 'next.placed', joined: 'next.placed', cannot: 'next.cannot' } as const;

function nextWords(call: CallView, isOver: boolean, say: Say<keyof (typeof boardWords)['zh']>): string {
  const state = memberStateOf(call);
  if (state === 'help') return say('next.help');
  if (isOver || state === 'closed') return say('next.over');
  if (call.reason === 'no-channel') return say('next.noChannel');
  if (call.reason === 'no-answer') return say('next.noAnswer');
  if (call.nextAt !== null && state !== 'arrived' && state !== 'cannot') return say('next.again', { at: call.nextAt.slice(11, 19), n: call.steps });
  return state in COMES ? say(COMES[state as keyof typeof COMES]) : say('next.wait');
}

function MemberRow({ call, href }: { call: CallView; href: string | undefined }) {
  const say = useWords(boardWords);
  const { isOver } = useBoard();
  const name = call.name === '' ? say('hiddenName') : <Said>{call.name}</Said>;
  return (
    <div className="list-row">
      <span>
        <RowMode /> <MemberChip state={memberStateOf(call)} /> <b>{href === undefined ? name : <a href={href}>{name}</a>}</b>{' '}
        <Age atMs={Date.parse(call.changedAt)} />
      </span>
      <small>
        <Said>{call.gridName}</Said>
        {call.joined ? ` · ${say('member.joined')}` : ''}
        {call.answeredBy?.startsWith('officer:') === true ? ` · ${say('answeredFor')}` : ''}
        {call.help?.words ? (
          <>
            {' · '}
            <Said>{call.help.words}</Said>
          </>
        ) : null}
      </small>
      <NextStep words={nextWords(call, isOver, say)} />
    </div>
  );
}

/** Called to the last step, or by no channel at all, stands before who is still being called. */
const rank = (call: CallView) => (call.reason === 'no-answer' || call.reason === 'no-channel' ? 0.5 : MEMBER_STATES.indexOf(memberStateOf(call)));

export function MemberList({ code, target }: ListProps) {
  const say = useWords(boardWords);
  const frame = useWords(frameWords);
  const { alertId } = useBoard();
  // A whole county is ten pages: read every few seconds; one place, and one member, is read as soon as somebody there answers.
  const changedBy = code === undefined && target === undefined ? /^alert\./ : /^(call|member|alert)\./;
  const { data, error, dataUpdatedAt, refetch } = useReadPages<CallsView>(pathOf(alertId, 'calls', code), { changedBy });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const rows = data.pages.flatMap(({ calls }) => calls).toSorted((a, b) => rank(a) - rank(b) || (a.changedAt < b.changedAt ? -1 : 1));
  const chosen = rows.find(({ memberId }) => memberId === target);
  if (target !== undefined)
    return (
      <>
        {chosen === undefined ? null : (
          <>
            <MemberRow call={chosen} href={undefined} />
            <MemberActs key={chosen.id} call={chosen} />
          </>
        )}
        <History kind="member" id={target} />
      </>
    );
  return (
    <RowList
      rows={rows}
      keyOf={({ id }) => id}
      textOf={({ name, gridName }) => `${name} ${gridName}`}
      label={say('members')}
      asOfMs={serverTimeOf(dataUpdatedAt)}
      isCut={data.isCut}
      draw={(call) => <MemberRow call={call} href={hrefOfList(alertId, 'members', code, call.memberId)} />}
    />
  );
}
