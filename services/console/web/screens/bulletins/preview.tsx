// Before it is planned: the words and how long they take, which loudspeakers will play them, and which will not and why.
import type { BulletinForecast } from '@laba/domain/bulletin-view';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { post } from '../../api/client.ts';
import { AsOf } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useWords } from '../../i18n/language.ts';
import { clockOf, paths } from './bulletins.ts';
import { refusalWords } from './refusal-words.ts';
import { Texts } from './texts.tsx';
import { bulletinsWords } from './words.ts';
import { useWrongWords } from './wrong-note.tsx';

const REST_MS = 250;
const ASK_AGAIN_MS = 15_000;

export interface Foreseen {
  /** The answer to exactly what is written now, or nothing yet. */
  forecast: BulletinForecast | undefined;
  error: unknown;
}

/** Asked when a little rest has come, and again while it stands. */
export function useForecast(body: Record<string, unknown> | undefined): Foreseen {
  const wanted = body === undefined ? '' : JSON.stringify(body);
  const [asked, ask] = useState(wanted);
  useEffect(() => {
    const timer = window.setTimeout(() => ask(wanted), REST_MS);
    return () => window.clearTimeout(timer);
  }, [wanted]);
  const { data, error } = useQuery<BulletinForecast>({
    queryKey: [paths.forecast, asked],
    queryFn: () => post<BulletinForecast>(paths.forecast, JSON.parse(asked)),
    enabled: asked !== '',
    refetchInterval: ASK_AGAIN_MS,
  });
  const isCurrent = asked === wanted && asked !== '';
  return { forecast: isCurrent ? data : undefined, error: isCurrent && error !== null ? error : undefined };
}

function Cannot({ forecast: { cannot, cannotCount } }: { forecast: BulletinForecast }) {
  const say = useWords(bulletinsWords);
  const sayWhy = useWords(refusalWords);
  if (cannotCount === 0) return null;
  return (
    <details className="lack" open>
      <summary>
        ✕ {say('cannot')} {cannotCount}
      </summary>
      <ul>
        {cannot.map((one) => (
          <li key={one.speakerId} data-cannot={one.speakerId}>
            <Said>
              {one.siteName} {one.speakerName} · {one.placeName}
            </Said>{' '}
            · {sayWhy(`lack.${one.lack}`)}{' '}
            <small>{one.lastSeen === null ? say('neverSeen') : one.lack === 'offline' ? say('lastSeen', { at: clockOf(one.lastSeen) }) : null}</small>
          </li>
        ))}
        {cannotCount > cannot.length ? <li>{say('more', { n: cannotCount - cannot.length })}</li> : null}
      </ul>
    </details>
  );
}

function Whole({ forecast, hours }: { forecast: BulletinForecast; hours: string }) {
  const say = useWords(bulletinsWords);
  const sayWrong = useWrongWords();
  const { speakers: total, ready, mostSpeakers: most, seconds, nextTime, wrong, texts } = forecast;
  return (
    <div className="forecast">
      <AsOf atMs={Date.parse(forecast.asOf)} />
      {wrong === null ? null : (
        <p className="bad" data-wrong={wrong.wrong}>
          ✕ {sayWrong(wrong)}
        </p>
      )}
      <dl>
        <dt>{say('willHear')}</dt>
        <dd data-ready>{say('readyOf', { n: ready, total })}</dd>
        <dt>{say('length')}</dt>
        <dd>{seconds === null ? '–' : say('secondsAll', { n: seconds })}</dd>
        <dt>{say('hours')}</dt>
        <dd>{hours}</dd>
        <dt>{say('nextTime')}</dt>
        <dd>{nextTime === null ? '–' : clockOf(nextTime)}</dd>
      </dl>
      {total > most ? <p className="note">{say('needsSecond', { total, most })}</p> : <p>{say('alone', { total, most })}</p>}
      <Cannot forecast={forecast} />
      <Texts texts={texts} />
    </div>
  );
}

export function Preview({ foreseen: { forecast, error }, isAsked, hours }: { foreseen: Foreseen; isAsked: boolean; hours: string }) {
  const say = useWords(bulletinsWords);
  return (
    <section className="sum" aria-labelledby="preview-title">
      <h2 id="preview-title">{say('preview')}</h2>
      {error === undefined ? null : <ProblemNote error={error} />}
      {forecast !== undefined ? (
        <Whole forecast={forecast} hours={hours} />
      ) : error === undefined ? (
        <p>{say(isAsked ? 'why.forecasting' : 'previewFirst')}</p>
      ) : null}
    </section>
  );
}
