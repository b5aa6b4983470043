// One time of a broadcast: how it went at each loudspeaker, the failing ones first, and what went before it there.
import type { BulletinListView, BulletinSpeakerView, BulletinTimeDetail } from '@laba/domain/bulletin-view';
import type { Officer } from '@laba/domain/officer';
import { AsOf } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { SpeakerChip } from '../board/chips.tsx';
import { TimeActs } from './acts.tsx';
import { CHANGED_BY, clockOf, hourOf, paths } from './bulletins.ts';
import { Panel } from './one-bulletin.tsx';
import { refusalWords } from './refusal-words.ts';
import { Texts } from './texts.tsx';
import { TimeState } from './time-state.tsx';
import { bulletinsWords } from './words.ts';

/** One that we have no words for, as a sound card's own message, is shown as it is. */
function Reason({ reason }: { reason: string }) {
  const say = useWords(refusalWords);
  const key = `reason.${reason}`;
  return key in refusalWords.zh ? say(key as keyof (typeof refusalWords)['zh']) : <Said>{reason}</Said>;
}

function Before({ speaker: { preemptedBy } }: { speaker: BulletinSpeakerView }) {
  const say = useWords(bulletinsWords);
  if (preemptedBy.length === 0) return null;
  return (
    <span className="block">
      {say('wentBefore')}{' '}
      {preemptedBy.map(({ mode, title }, at) => (
        <span key={`${mode} ${title ?? ''}`}>
          {at > 0 ? ' · ' : ''}
          {say(`by.${mode}`)} {title === null ? null : <Said>{title}</Said>}
        </span>
      ))}
    </span>
  );
}

function Speaker({ speaker }: { speaker: BulletinSpeakerView }) {
  const say = useWords(bulletinsWords);
  const { speakerId, speakerName, siteName, placeName, state, reason, starts, changedAt } = speaker;
  return (
    <li data-speaker={speakerId} data-state={state}>
      <SpeakerChip state={state} />{' '}
      <b>
        <Said>{speakerName}</Said>
      </b>{' '}
      <time dateTime={changedAt}>{changedAt.slice(11, 19)}</time>
      <small className="block">
        <Said>
          {siteName} · {placeName}
        </Said>
        {starts > 1 ? ` · ${say('starts', { n: starts })}` : ''}
        {reason === null || reason === '' ? null : (
          <>
            {' '}
            · <Reason reason={reason} />
          </>
        )}
        <Before speaker={speaker} />
      </small>
    </li>
  );
}

export function OneTime({ id, list, officer }: { id: string; list: BulletinListView; officer: Officer }) {
  const say = useWords(bulletinsWords);
  const frame = useWords(frameWords);
  const { data, error, refetch } = useRead<BulletinTimeDetail>(paths.time(id), { changedBy: CHANGED_BY });
  if (data === undefined) return <Panel title="">{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</Panel>;
  const { time, texts, speakers } = data;
  const bulletin = list.bulletins.find((one) => one.id === time.bulletinId);
  return (
    <Panel
      title={
        <>
          <Said>{time.title}</Said> · {say('oneTime', { at: `${time.startTime.slice(5, 10)} ${hourOf(time.startTime)}` })}
        </>
      }
    >
      <AsOf atMs={Date.parse(data.asOf)} />
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      <p>
        <TimeState time={time} />
      </p>
      <TimeActs time={time} bulletin={bulletin} officer={officer} />
      <p className="small">
        {clockOf(time.startTime)} · <Said>{time.areaNames.join(' · ')}</Said>
      </p>
      <p>
        <a href={hrefOf('bulletins', time.bulletinId)}>{say('wholeBulletin')}</a>
      </p>
      <h3>{say('results')}</h3>
      {speakers.length === 0 ? <p className="empty">{say('noResults')}</p> : null}
      <ul className="plain-list">
        {speakers.map((one) => (
          <Speaker key={one.speakerId} speaker={one} />
        ))}
      </ul>
      <h3>{say('words')}</h3>
      <Texts texts={texts} />
    </Panel>
  );
}
