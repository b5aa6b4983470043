// One alert after the button: raised, with what can be done to it; or waiting for a second officer, read back to him in full on his own desk.
import { MODE_WORDS } from '@laba/domain/alert';
import type { AlertView, RevisionView } from '@laba/domain/alert-view';
import { ROLE_WORDS } from '@laba/domain/officer';
import { Button } from 'antd';
import { useMemo } from 'react';
import { actOn, alertPath, useAct } from '../../acts/act.ts';
import { AlertActs } from '../../acts/alert-acts.tsx';
import { HoldButton } from '../../acts/hold-button.tsx';
import { session } from '../../api/session.ts';
import { Age, AsOf } from '../../app/age.tsx';
import { useFrameMode } from '../../app/mode-frame.tsx';
import { LevelTag, ModeTag } from '../../app/mode-tag.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { CallBack } from './call-back.tsx';
import { Countersign } from './countersign.tsx';
import { ReadBack } from './read-back.tsx';
import { useForecast } from './use-forecast.ts';
import { raiseWords } from './words.ts';

const MINUTE_MS = 60_000;

type Waiting = NonNullable<AlertView['waiting']>;

/** What this officer can do with what waits, and why not. */
function standingOf(alert: AlertView, { revision, decision }: Waiting, officerId: string) {
  const drafted = alert.revisions.find((one) => one.revision === revision);
  const approved = alert.approvals.filter((one) => one.revision === revision);
  return {
    isOwn: drafted?.draftedBy === officerId,
    hasApproved: approved.some((one) => one.officerId === officerId),
    // Who drafted it is the first of them.
    officers: Math.min(decision.officersNeeded, 1 + approved.length),
    isForSecond: decision.officersNeeded > 1,
  };
}

type DecideProps = { alert: AlertView; waiting: Waiting; officerId: string; run: ReturnType<typeof useAct>['run'] };

function Decide({ alert, waiting, officerId, run }: DecideProps) {
  const say = useWords(raiseWords);
  const language = useLanguage();
  const { decision } = waiting;
  const { isOwn, hasApproved, isForSecond } = standingOf(alert, waiting, officerId);
  const isBarred = decision.missing.some((what) => what !== 'second-officer');
  const whyNotApprove = isOwn ? say('ownDraft') : hasApproved ? say('approvedAlready') : isBarred ? decision.why[language] : null;
  const whyNotRaise = !decision.mayRaise ? decision.why[language] : isOwn || !isForSecond ? null : say('drafterRaises');
  return (
    <>
      {isForSecond && !isOwn ? (
        <HoldButton label={`✓ ${say('holdApprove')}`} look="approve" why={whyNotApprove} onHeld={run(() => actOn(alert, 'approve', { means: 'screen' }))} />
      ) : (
        <HoldButton
          label={say('holdRaise', { mode: MODE_WORDS[alert.mode][language] })}
          look={alert.mode}
          why={whyNotRaise}
          onHeld={run(() => actOn(alert, 'raise'))}
        />
      )}
      {isOwn && waiting.secondOfficers !== null ? <CallBack alert={alert} seconds={waiting.secondOfficers} /> : null}
      {alert.state === 'draft' ? <HoldButton label={`✕ ${say('holdDiscard')}`} look="plain" why={null} onHeld={run(() => actOn(alert, 'discard'))} /> : null}
    </>
  );
}

function WhoWaits({ alert, waiting, officerId, revision }: { alert: AlertView; waiting: Waiting; officerId: string; revision: RevisionView }) {
  const say = useWords(raiseWords);
  const language = useLanguage();
  const { decision } = waiting;
  const { officers, isForSecond } = standingOf(alert, waiting, officerId);
  const roles = decision.rolesAllowed.map((role) => ROLE_WORDS[role][language]).join(language === 'zh' ? '、' : ', ');
  return (
    <p role="status">
      <b>{say(waiting.revision > 1 ? 'updateWaits' : 'draftWaits')}</b> · {say('drafted')} <Age atMs={Date.parse(revision.startTime)} />
      {isForSecond ? ` · ${say('approvals', { n: officers, needed: decision.officersNeeded })}` : ''}
      {waiting.secondOfficers === null ? null : <span className="block">{say(waiting.secondOfficers.length === 0 ? 'noSecond' : 'whoWaits', { roles })}</span>}
      {waiting.secondOfficers === null || waiting.secondOfficers.length === 0 ? null : (
        <span className="block">
          {say('whoMay')} <Said>{waiting.secondOfficers.map(({ name }) => name).join(language === 'zh' ? '、' : ', ')}</Said>
        </span>
      )}
    </p>
  );
}

function WaitingPart({ alert, waiting, officerId }: { alert: AlertView; waiting: Waiting; officerId: string }) {
  const say = useWords(raiseWords);
  const frame = useWords(frameWords);
  const revision = alert.revisions.find((one) => one.revision === waiting.revision)!;
  const minutes = Math.round((Date.parse(revision.endTime) - Date.parse(revision.startTime)) / MINUTE_MS);
  const body = useMemo(() => ({ alertId: alert.id }), [alert.id]);
  // Held is only what stands on the screen: the words of exactly this version of the alert, for that version is what is sent.
  const { forecast, atMs, error } = useForecast(body, `${alert.version} ${waiting.revision}`);
  const { error: refused, run } = useAct();
  return (
    <section aria-labelledby="waiting-title" className="sum">
      <h2 id="waiting-title">{say('readBack')}</h2>
      <WhoWaits alert={alert} waiting={waiting} officerId={officerId} revision={revision} />
      {forecast === undefined ? null : <Decide alert={alert} waiting={waiting} officerId={officerId} run={run} />}
      {refused === undefined ? null : <ProblemNote error={refused} />}
      {forecast === undefined ? null : <ReadBack subject={revision} forecast={forecast} asOfMs={serverTimeOf(atMs)} minutes={minutes} />}
      {error === undefined ? null : <ProblemNote error={error} />}
      {forecast === undefined && error === undefined ? <p>{frame('loading')}</p> : null}
    </section>
  );
}

function RaisedPart({ alert }: { alert: AlertView }) {
  const say = useWords(raiseWords);
  return (
    <section aria-labelledby="raised-title">
      <h2 id="raised-title" role="status">
        {alert.state === 'raised' ? `✓ ${say('raised')}` : say(`state.${alert.state}`)}
      </h2>
      {alert.raisedAt === null ? null : (
        <p>
          {say('raisedAt')} <Age atMs={Date.parse(alert.raisedAt)} />
        </p>
      )}
      <p className="acts">
        {alert.raisedAt === null ? null : <Button href={hrefOf('board', alert.id)}>{say('board')}</Button>}
        <Button href={hrefOf('raise')}>{say('another')}</Button>
      </p>
      <AlertActs alert={alert} />
    </section>
  );
}

/** `isEarlier`: it was raised before the officer changed his words, which he could not know. */
export function OneAlert({ id, isEarlier }: { id: string; isEarlier: boolean }) {
  const say = useWords(raiseWords);
  const frame = useWords(frameWords);
  const standing = useStore(session);
  const { data: alert, error, dataUpdatedAt, refetch } = useRead<AlertView>(alertPath(id), { changedBy: /^alert\./ });
  useFrameMode(alert?.mode);
  if (alert === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const officerId = 'officer' in standing ? standing.officer.id : '';
  return (
    <>
      <h1>{say('oneTitle')}</h1>
      <div className="spread">
        <p className="tags" data-alert={alert.id}>
          <ModeTag mode={alert.mode} always /> <LevelTag level={alert.level} order={alert.order} />{' '}
          <b>
            <Said>{alert.title}</Said>
          </b>
        </p>
        <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
      </div>
      {isEarlier && alert.state === 'raised' ? (
        <p role="alert" className="note">
          {say('earlier')}
        </p>
      ) : null}
      {alert.waiting === null ? null : <WaitingPart alert={alert} waiting={alert.waiting} officerId={officerId} />}
      <Countersign alert={alert} officerId={officerId} />
      {alert.state === 'draft' ? null : <RaisedPart alert={alert} />}
    </>
  );
}
