// Chapter 6, look back: half a year of drills as stars, per village and group; the rule stands under them.
import { LIMITS } from '@laba/domain/limits';
import type { RatedPlace, StarsView } from '@laba/domain/measures-view';
import { Select } from 'antd';
import { useState } from 'react';
import { AsOf } from '../../app/age.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { columnsOf, WideTable } from '../../app/wide-table.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { Rule } from './score.tsx';
import { lookBackWords } from './words.ts';

const MOST_STARS = 5;
const READ_AGAIN_MS = 300_000;

function Stars({ place: { stars } }: { place: RatedPlace }) {
  const say = useWords(lookBackWords);
  const n = stars ?? 0;
  return (
    <span className="stars" role="img" aria-label={say('starsOf', { n })}>
      {'★'.repeat(n)}
      {'☆'.repeat(MOST_STARS - n)}
    </span>
  );
}

function Rated({ view }: { view: StarsView }) {
  const say = useWords(lookBackWords);
  const places = usePlaces();
  return (
    <>
      <p>
        {say('starDrills', { n: view.drills })} {view.isCut ? say('starCut', { n: LIMITS.ratedDrills }) : ''}
      </p>
      {view.places.length === 0 ? (
        <p className="empty">{say('noStars')}</p>
      ) : (
        <WideTable name={say('stars')} columns={columnsOf(['place', 'tier', 'drills', 'points', 'stars'], say)} look="rated">
          {view.places.map((place) => (
            <tr key={place.code} data-rated={place.code}>
              <th scope="row">
                <Said>{places.has(place.code) ? placeName(places, place.code) : place.name}</Said>
              </th>
              <td>{say(`tier.${place.tier}`)}</td>
              <td className="figure">{place.drills}</td>
              <td className="figure">{place.points}</td>
              <td>
                <Stars place={place} />
              </td>
            </tr>
          ))}
        </WideTable>
      )}
    </>
  );
}

export function HalfYear() {
  const say = useWords(lookBackWords);
  const frame = useWords(frameWords);
  const [half, choose] = useState<string>();
  const path = half === undefined ? '/api/v1/stars' : `/api/v1/stars?half=${half}`;
  const { data, error, dataUpdatedAt, refetch } = useRead<StarsView>(path, { changedBy: /^alert\.(ended|expired)$/, every: READ_AGAIN_MS });
  const nameOf = (value: string) => say(value.endsWith('1') ? 'half.1' : 'half.2', { year: value.slice(0, 4) });
  const shown = data === undefined ? frame('loading') : <Rated view={data} />;
  return (
    <section aria-labelledby="stars-title" className="half-year">
      <div className="spread">
        <h2 id="stars-title">{say('stars')}</h2>
        {data === undefined ? null : (
          <Select
            aria-label={say('half')}
            value={data.half}
            onChange={choose}
            options={data.halves.map((value) => ({ value, label: nameOf(value) }))}
            popupMatchSelectWidth={false}
          />
        )}
        <AsOf atMs={data === undefined ? undefined : serverTimeOf(dataUpdatedAt)} />
      </div>
      {error === null ? shown : <ProblemNote error={error} onRetry={() => void refetch()} />}
      <Rule />
    </section>
  );
}
