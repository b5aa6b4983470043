// Alone (独自): which places nobody here could hear, and when; of one of them what happened there meanwhile.
import type { AlonePlace, AlonePlacesView } from '@laba/domain/alone-view';
import { Age, AsOf } from '../../../app/age.tsx';
import { PlaceSelect } from '../../../app/place-select.tsx';
import { placeName, usePlaces } from '../../../app/places.ts';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { useRead } from '../../../app/queries.ts';
import { useRoute } from '../../../app/route.ts';
import { Said } from '../../../app/said.tsx';
import { frameWords } from '../../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { ALONE, aloneHref, CHANGED_BY, dayAndHour } from './alone.ts';
import { OnePlace } from './one-place.tsx';
import { aloneWords } from './words.ts';

const TIERS = ['township', 'village', 'group'] as const;

function PlaceRow({ place }: { place: AlonePlace }) {
  const say = useWords(aloneWords);
  const places = usePlaces();
  const comma = useLanguage() === 'zh' ? '、' : ', ';
  const { code, name, fromMs, from, back, of } = place;
  return (
    <li className={back === null ? 'alone-row bad' : 'alone-row'} data-alone={code}>
      <a href={aloneHref(code, fromMs)}>
        <Said>{places.has(code) ? placeName(places, code) : name}</Said>
      </a>{' '}
      <b>{back === null ? `✕ ${say('since', { from: dayAndHour(from) })}` : say('until', { from: dayAndHour(from), back: dayAndHour(back) })}</b>{' '}
      <small>
        <Said>{say('silent', { names: of.map(({ name }) => name).join(comma) })}</Said> · <Age atMs={fromMs} />
      </small>
    </li>
  );
}

function Places() {
  const say = useWords(aloneWords);
  const frame = useWords(frameWords);
  const { data, error, refetch } = useRead<AlonePlacesView>(ALONE, { changedBy: CHANGED_BY });
  return (
    <section aria-labelledby="alone-title">
      <div className="spread">
        <h2 id="alone-title">{say('places')}</h2>
        <AsOf atMs={data?.asOfMs} />
      </div>
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <p>{frame('loading')}</p> : null}
      {data?.alone.length === 0 ? <p className="empty">{say('nobody')}</p> : null}
      <ul className="plain-list">
        {(data?.alone ?? []).map((place) => (
          <PlaceRow key={`${place.code} ${place.fromMs}`} place={place} />
        ))}
      </ul>
    </section>
  );
}

export function AlonePage() {
  const say = useWords(aloneWords);
  const [, named, from] = useRoute().rest;
  const code = /^\d{6,14}$/.test(named ?? '') ? named : undefined;
  return (
    <>
      <p className="lead">{say('lead')}</p>
      <p className="acts place-choice">
        <PlaceSelect
          key={code ?? 'all'}
          {...(code === undefined ? {} : { value: code })}
          tiers={TIERS}
          label={say('place')}
          onChange={(chosen) => location.assign(aloneHref(chosen))}
        />
        {code === undefined ? null : <a href={aloneHref()}>{say('all')}</a>}
      </p>
      {code === undefined ? (
        <Places />
      ) : (
        <OnePlace key={`${code} ${from ?? ''}`} code={code} fromMs={/^\d{1,15}$/.test(from ?? '') ? Number(from) : undefined} />
      )}
    </>
  );
}
