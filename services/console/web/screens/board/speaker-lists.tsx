// Behind the figures of speakers and sites: each by name, with its state, how old that is, and what comes next.
import type { SpeakerView, SpeakersView } from '@laba/domain/board-view';
import { RESUMABLE_STOPS } from '@laba/domain/delivery';
import { isWithin } from '@laba/domain/grid';
import type { NowSite } from '@laba/domain/now-view';
import { Age } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useReadPages } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords, type Say } from '../../i18n/language.ts';
import { hrefOfList, useBoard, type Board } from './board-context.ts';
import { pathOf, useCoverage } from './board-reads.ts';
import { Chip, SpeakerChip } from './chips.tsx';
import { History } from './history.tsx';
import { SPEAKER_STATES } from './looks.ts';
import { NextStep } from './next-step.tsx';
import { RowList, type ListProps } from './row-list.tsx';
import { RowMode } from './row-mode.tsx';
import { boardWords } from './words.ts';

type Key = keyof (typeof boardWords)['zh'];

function nextOf({ state, reason }: SpeakerView, { isOver, mode }: Board): Key {
  if (state === 'failed' || state === 'refused' || state === 'expired') return isOver ? 'next.over' : 'next.knock';
  if (isOver) return 'next.over';
  if (mode === 'test' && state === 'received') return 'next.none';
  if (state === 'stopped' && RESUMABLE_STOPS.some((one) => one === reason)) return 'next.resumes';
  return `next.${state}`;
}

/** While it plays, the codes name the languages that it has no voice for. */
function WhyNot({ speaker: { state, reason, reasonWords } }: { speaker: SpeakerView }) {
  const say = useWords(boardWords);
  const language = useLanguage();
  if (reason === null || reason === '') return null;
  const isPlaying = state === 'playing' || state === 'played';
  return (
    <>
      {' '}
      · <Said>{isPlaying ? say('noVoice', { codes: reason }) : (reasonWords?.[language] ?? reason)}</Said>
    </>
  );
}

function SpeakerRow({ speaker, href, next }: { speaker: SpeakerView; href: string | undefined; next: string }) {
  const say = useWords(boardWords);
  const name = <Said>{speaker.name}</Said>;
  return (
    <div className="list-row">
      <span>
        <RowMode /> <SpeakerChip state={speaker.state} /> <b>{href === undefined ? name : <a href={href}>{name}</a>}</b> <Age atMs={speaker.changedAtMs} />
      </span>
      <small>
        <Said>
          {speaker.siteName} · {speaker.gridName}
        </Said>
        {speaker.repeat > 0 ? ` · ${say('repeat', { n: speaker.repeat })}` : ''}
        {speaker.soundedLevelDb === null ? '' : ` · ${say('level', { db: speaker.soundedLevelDb })}`}
        <WhyNot speaker={speaker} />
      </small>
      <NextStep words={next} />
    </div>
  );
}

const rank = ({ state }: SpeakerView) => SPEAKER_STATES.indexOf(state);
const textOf = ({ name, siteName, gridName }: SpeakerView) => `${name} ${siteName} ${gridName}`;

export function SpeakerList({ code, target }: ListProps) {
  const say: Say<Key> = useWords(boardWords);
  const frame = useWords(frameWords);
  const board = useBoard();
  const { data, error, refetch } = useReadPages<SpeakersView>(pathOf(board.alertId, 'speakers', code), { changedBy: /^(delivery|speaker|alert)\./ });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const rows = data.pages.flatMap(({ speakers }) => speakers).toSorted((a, b) => rank(a) - rank(b) || a.changedAtMs - b.changedAtMs);
  const chosen = rows.find(({ speakerId }) => speakerId === target);
  if (target !== undefined)
    return (
      <>
        {chosen === undefined ? null : <SpeakerRow speaker={chosen} href={undefined} next={say(nextOf(chosen, board))} />}
        <History kind="speaker" id={target} />
      </>
    );
  return (
    <RowList
      rows={rows}
      keyOf={({ speakerId }) => speakerId}
      textOf={textOf}
      label={say('speakers')}
      asOfMs={data.pages[0]?.asOfMs ?? 0}
      isCut={data.isCut}
      draw={(speaker) => (
        <SpeakerRow speaker={speaker} href={hrefOfList(board.alertId, 'speakers', code, speaker.speakerId)} next={say(nextOf(speaker, board))} />
      )}
    />
  );
}

function SiteRow({ site }: { site: NowSite }) {
  const say = useWords(boardWords);
  return (
    <div className="list-row">
      <span>
        <RowMode /> <Chip look={['✕', 'bad']} word={say('silent')} />{' '}
        <b>
          <Said>{site.name}</Said>
        </b>{' '}
        {site.hasGateway ? (
          <>
            {say('lastHeard')} <Age atMs={site.lastSeenAtMs} />
          </>
        ) : (
          say('noGateway')
        )}
      </span>
      <small>
        <Said>{site.gridName}</Said>
      </small>
      <NextStep words={say('next.silent')} />
    </div>
  );
}

/** Only the silent ones have names here: they come with the figures, those silent for longest first. */
export function SiteList({ code }: ListProps) {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  const { data } = useCoverage(alertId);
  if (data === undefined) return null;
  const rows = data.silent
    .filter(({ gridCode }) => code === undefined || isWithin(code, gridCode))
    .toSorted((a, b) => (a.lastSeenAtMs ?? 0) - (b.lastSeenAtMs ?? 0));
  return (
    <RowList
      rows={rows}
      keyOf={({ siteId }) => siteId}
      textOf={({ name, gridName }) => `${name} ${gridName}`}
      label={say('sites')}
      asOfMs={data.asOfMs}
      draw={(site) => <SiteRow site={site} />}
    />
  );
}
