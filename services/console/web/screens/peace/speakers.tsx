// Peacetime: the loudspeakers, by township and one by one: the worst first, each with when it was last proven to sound.
import {
  HEALTH_WORDS,
  PROOF_WORDS,
  SPEAKER_HEALTHS,
  type HealthCounts,
  type ListedSpeaker,
  type SpeakerHealth,
  type SpeakersView,
} from '@laba/domain/speaker-view';
import { Age, AsOf } from '../../app/age.tsx';
import { inZoneOf } from '../../app/county-time.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { columnsOf, WideTable } from '../../app/wide-table.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { READ_AGAIN_MS, speakersPath, SPEAKERS_CHANGED_BY } from './peace.ts';
import { peaceWords } from './words.ts';

/** Old proofs and missing ones are to be looked after; the others would not sound tonight. */
const look = (health: SpeakerHealth) => (health === 'proven' ? 'good' : 'bad');

function Counts({ counts }: { counts: HealthCounts }) {
  return SPEAKER_HEALTHS.map((health) => {
    const count = counts[health];
    return (
      <td key={health} className={count === 0 ? 'figure zero' : `figure ${look(health)}`} data-figure={health}>
        {count > 0 && health !== 'proven' ? <span aria-hidden="true">✕ </span> : null}
        {count}
      </td>
    );
  });
}

function Townships({ view }: { view: SpeakersView }) {
  const say = useWords(peaceWords);
  const language = useLanguage();
  const columns = [{ key: 'township', words: say('township') }, ...SPEAKER_HEALTHS.map((health) => ({ key: health, words: HEALTH_WORDS[health][language] }))];
  return (
    <WideTable name={say('byTownship')} columns={columns} look="figures peace-figures">
      <tr className="all">
        <th scope="row">{say('all')}</th>
        <Counts counts={view.total} />
      </tr>
      {view.townships.map(({ code, name, counts }) => (
        <tr key={code} data-township={code}>
          <th scope="row">
            <a href={hrefOf('peace', 'speakers', code)} aria-label={name} translate="no">
              <Said>{name}</Said>
            </a>
          </th>
          <Counts counts={counts} />
        </tr>
      ))}
    </WideTable>
  );
}

function Proof({ speaker, at }: { speaker: ListedSpeaker; at: string }) {
  const say = useWords(peaceWords);
  const language = useLanguage();
  const { lastProvenAtMs, provenBy } = speaker;
  if (lastProvenAtMs === null || provenBy === null) return <b className="bad">{say('neverProven')}</b>;
  return (
    <>
      <time>{inZoneOf(at, lastProvenAtMs)}</time> <Age atMs={lastProvenAtMs} /> <small className="block">{PROOF_WORDS[provenBy][language]}</small>
    </>
  );
}

function Row({ speaker, at }: { speaker: ListedSpeaker; at: string }) {
  const language = useLanguage();
  const { speakerId, name, siteName, villageName, gridName, townshipName, health, reason, lastSeenAtMs } = speaker;
  return (
    <tr data-speaker={speakerId}>
      <th scope="row">
        <Said>{name}</Said>{' '}
        <small>
          <Said>{siteName}</Said>
        </small>
      </th>
      <td>
        <Said>{[...new Set([townshipName, villageName, gridName])].join(' ')}</Said>
      </td>
      <td>
        <b className={look(health)}>
          <span aria-hidden="true">{health === 'proven' ? '✓ ' : '✕ '}</span>
          {HEALTH_WORDS[health][language]}
        </b>{' '}
        {reason === null ? null : (
          <small>
            <Said>{reason[language]}</Said>
          </small>
        )}
      </td>
      <td>
        <Proof speaker={speaker} at={at} />
      </td>
      <td>
        <Age atMs={lastSeenAtMs} />
      </td>
    </tr>
  );
}

export function Speakers({ grid }: { grid: string | undefined }) {
  const say = useWords(peaceWords);
  const frame = useWords(frameWords);
  const { data, error, refetch } = useRead<SpeakersView>(speakersPath(grid), { changedBy: SPEAKERS_CHANGED_BY, every: READ_AGAIN_MS });
  const problem = error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return problem ?? <p>{frame('loading')}</p>;
  return (
    <>
      {problem}
      <p className="small">
        {say('speakersLead', { days: data.provenWithinDays })} <AsOf atMs={data.asOfMs} />
      </p>
      {data.speakers.length === 0 ? (
        <p className="empty">{say('nothing')}</p>
      ) : (
        <>
          <Townships view={data} />
          <WideTable name={say('list.speakers')} columns={columnsOf(['speaker', 'where', 'health', 'proven', 'heard'], say)} look="rounds speakers">
            {data.speakers.map((speaker) => (
              <Row key={speaker.speakerId} speaker={speaker} at={data.asOf} />
            ))}
          </WideTable>
        </>
      )}
      {data.more > 0 ? <p className="empty">{say('moreSpeakers', { n: data.more })}</p> : null}
    </>
  );
}
