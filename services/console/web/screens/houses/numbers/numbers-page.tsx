// Numbers: which of them work, village by village and by name, and a round that an officer starts now.
import { NUMBER_RESULT_NAMES, NUMBER_RESULTS, type NumberResult } from '@laba/domain/number-check';
import type { NumbersView } from '@laba/domain/number-view';
import { roleMay } from '@laba/domain/officer';
import { Select } from 'antd';
import { session } from '../../../api/session.ts';
import { AsOf } from '../../../app/age.tsx';
import { placeName, usePlaces } from '../../../app/places.ts';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { useRead } from '../../../app/queries.ts';
import { useRoute } from '../../../app/route.ts';
import { Said } from '../../../app/said.tsx';
import { useStore } from '../../../app/store.ts';
import { columnsOf, WideTable } from '../../../app/wide-table.tsx';
import { frameWords } from '../../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { NumberList } from './number-list.tsx';
import { CHANGED_BY, dead, doubtful, numbersHref, numbersPath, shownIn, totalOf, worstFirst, type Counts, type Shown } from './numbers.ts';
import { RoundForm } from './round-form.tsx';
import { numbersWords } from './words.ts';

function VillageLink({ code, name }: { code: string; name: string }) {
  return (
    <a href={numbersHref({ code, result: undefined })}>
      <Said>{name}</Said>
    </a>
  );
}

function Villages({ villages }: Pick<NumbersView, 'villages'>) {
  const say = useWords(numbersWords);
  return (
    <div className="peace-figures">
      <WideTable name={say('villages')} columns={columnsOf(['village', 'proven', 'doubt', 'never', 'dead'], say)} look="numbers">
        {worstFirst(villages).map(({ code, name, counts }) => (
          <tr key={code} className={dead(counts) > 0 ? 'missed' : ''}>
            <th scope="row">
              <VillageLink code={code} name={name} />
            </th>
            <td className="n">{counts.proven}</td>
            <td className="n">{doubtful(counts)}</td>
            <td className="n">{counts.never}</td>
            <td className="n">{dead(counts) > 0 ? <b className="bad">✕ {dead(counts)}</b> : 0}</td>
          </tr>
        ))}
      </WideTable>
    </div>
  );
}

function ResultSelect({ shown, counts }: { shown: Shown; counts: Counts }) {
  const say = useWords(numbersWords);
  const language = useLanguage();
  const named = NUMBER_RESULT_NAMES.map((value) => ({ value: value as NumberResult | '', label: `${NUMBER_RESULTS[value][language]} ${counts[value]}` }));
  return (
    <label className="field">
      {say('result')}
      <Select<NumberResult | ''>
        className="number-result"
        value={shown.result ?? ''}
        options={[{ value: '', label: say('all', { n: totalOf(counts) }) }, ...named]}
        onChange={(result) => location.assign(numbersHref({ ...shown, result: result === '' ? undefined : result }))}
      />
    </label>
  );
}

function Figures({ shown }: { shown: Shown }) {
  const say = useWords(numbersWords);
  const frame = useWords(frameWords);
  const places = usePlaces();
  const { code } = shown;
  const { data, error, refetch } = useRead<NumbersView>(numbersPath(shown, ''), { changedBy: CHANGED_BY });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const { counts, villages, rounds, provenForDays } = data;
  return (
    <section aria-labelledby="numbers-title">
      <div className="spread">
        <h2 id="numbers-title">{code === undefined ? say('title') : <Said>{say('ofPlace', { place: placeName(places, code) })}</Said>}</h2>
        <AsOf atMs={data.asOfMs} />
      </div>
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      <p className="acts">
        <b>{say('provenOf', { n: counts.proven, total: totalOf(counts), days: provenForDays })}</b>
        {code === undefined ? null : <a href={numbersHref({ ...shown, code: undefined })}>{say('allPlaces')}</a>}
      </p>
      {rounds.map((round) => (
        <p key={round.id} className="round-goes-on" role="status">
          … <Said>{say('goesOn', { place: placeName(places, round.gridCode), at: round.startedAt.slice(0, 16).replace('T', ' ') })}</Said>
        </p>
      ))}
      <Villages villages={villages} />
      <ResultSelect shown={shown} counts={counts} />
      <NumberList key={numbersHref(shown)} shown={shown} />
    </section>
  );
}

export function NumbersPage() {
  const say = useWords(numbersWords);
  const standing = useStore(session);
  const shown = shownIn(useRoute().rest);
  if (!('officer' in standing)) return null;
  return (
    <>
      <p className="lead">{say('lead')}</p>
      <div className="two-columns">
        <section aria-labelledby="round-title">
          <h2 id="round-title">{say('round')}</h2>
          <p className="small">{say('roundLead')}</p>
          {roleMay(standing.officer.role, 'number.check') ? <RoundForm /> : <p role="note">{say('mayNot')}</p>}
        </section>
        <Figures shown={shown} />
      </div>
    </>
  );
}
