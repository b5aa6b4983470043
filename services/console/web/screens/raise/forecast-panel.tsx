// Who will be reached, and by name what is missing, before the button.
import type { Forecast, NamedSpeaker } from '@laba/domain/forecast-view';
import { SKIP_REASONS } from '@laba/domain/ladder';
import { NEEDS, type Need } from '@laba/domain/member';
import type { ReactNode } from 'react';
import { Said } from '../../app/said.tsx';
import { languageName } from '../../i18n/language-name.ts';
import { useLanguage, useWords, type Language } from '../../i18n/language.ts';
import { raiseWords } from './words.ts';

/** A list of what is missing; nothing when nothing is. `count`: in full, of which some are named. */
function Lack({ title, count, children }: { title: string; count: number; children: readonly ReactNode[] }) {
  const say = useWords(raiseWords);
  if (count === 0) return null;
  return (
    <details className="lack">
      <summary>
        ✕ {title} {count}
      </summary>
      <ul>
        {children}
        {count > children.length ? <li>{say('more', { n: count - children.length })}</li> : null}
      </ul>
    </details>
  );
}

const speakerRows = (speakers: readonly NamedSpeaker[]) =>
  speakers.map((one) => (
    <li key={one.speakerId}>
      <Said>
        {one.siteName ?? ''} {one.name} · {one.gridName ?? one.gridCode}
      </Said>
    </li>
  ));

const namesOf = (languages: readonly string[], language: Language) => languages.map((tag) => languageName(tag, language)).join(language === 'zh' ? '、' : ', ');

function Lacks({ forecast }: { forecast: Forecast }) {
  const say = useWords(raiseWords);
  const language = useLanguage();
  const { speakers, ladders, reach, oldPlaces } = forecast;
  return (
    <>
      <Lack title={say('lackOffline')} count={speakers.counts.offline}>
        {speakerRows(speakers.offline)}
      </Lack>
      <Lack title={say('lackPlayer')} count={speakers.counts.playerFailed}>
        {speakerRows(speakers.playerFailed)}
      </Lack>
      <Lack title={say('lackGateway')} count={speakers.counts.noGateway}>
        {speakerRows(speakers.noGateway)}
      </Lack>
      <Lack title={say('lackProof')} count={speakers.counts.neverProven}>
        {speakerRows(speakers.neverProven)}
      </Lack>
      <Lack title={say('lackLadder')} count={ladders.count}>
        {ladders.gaps.map(({ code, name, reason, nobody }) => (
          <li key={code}>
            <Said>{name ?? code}</Said> · {SKIP_REASONS[reason][language]}
            {nobody ? ` · ${say('nobodyAbove')}` : ''}
          </li>
        ))}
      </Lack>
      <Lack title={say('lackReach')} count={reach.unreached}>
        {reach.people.map((one) => (
          <li key={one.memberId}>
            {one.name === null ? say('notYours') : <Said>{one.name}</Said>} · <Said>{one.gridName ?? one.gridCode}</Said>
            {one.isRung ? ` · ${say('isRung')}` : ''} · {one.gapWords[language]}
          </li>
        ))}
      </Lack>
      <Lack title={say('lackOldPlaces')} count={oldPlaces.length}>
        {oldPlaces.map(({ placeId, name }) => (
          <li key={placeId}>
            <Said>{name}</Said>
          </li>
        ))}
      </Lack>
    </>
  );
}

/** Languages in which a stand-in recording is played: heard, but not these words. */
export const standInsOf = ({ languages }: Forecast): string[] => languages.filter(({ how }) => how === 'placeholder').map(({ language }) => language);

function Warnings({ forecast }: { forecast: Forecast }) {
  const say = useWords(raiseWords);
  const language = useLanguage();
  const { speakers, noVoice, withoutClip, reach, quietUntil } = forecast;
  const standIns = standInsOf(forecast);
  const silent = noVoice.filter((tag) => !standIns.includes(tag));
  const read = withoutClip.filter((tag) => !noVoice.includes(tag));
  const bad = [
    ...(quietUntil === null ? [] : [say('quietHours', { at: quietUntil.slice(11, 16) })]),
    ...(speakers.total === 0 ? [say('noSpeakers')] : []),
    ...(silent.length === 0 ? [] : [say('noVoice', { languages: namesOf(silent, language) })]),
    ...(standIns.length === 0 ? [] : [say('standIns', { languages: namesOf(standIns, language) })]),
  ];
  const known = [
    ...(read.length === 0 ? [] : [say('withoutClip', { languages: namesOf(read, language) })]),
    ...(reach.unproven === 0 ? [] : [say('unproven', { n: reach.unproven, days: reach.provenForDays })]),
  ];
  return (
    <>
      {bad.map((words) => (
        <p className="bad" key={words}>
          ✕ {words}
        </p>
      ))}
      {known.map((words) => (
        <p key={words}>○ {words}</p>
      ))}
    </>
  );
}

export function ForecastPanel({ forecast }: { forecast: Forecast }) {
  const say = useWords(raiseWords);
  const language = useLanguage();
  const { speakers, members, households, persons, needs, places, ladders } = forecast;
  const guests = places.reduce((sum, { headCount }) => sum + headCount, 0);
  const need = Object.entries(needs).map(([key, n]) => `${NEEDS[key as Need][language]} ${n}`);
  const joined = (words: readonly (string | false)[]) => words.filter(Boolean).join(' · ');
  return (
    <div className="forecast">
      <dl>
        <dt>{say('speakers')}</dt>
        <dd>{joined([say('onlineOf', { n: speakers.online, total: speakers.total }), say('proven', { n: speakers.proven24h })])}</dd>
        <dt>{say('members')}</dt>
        <dd>
          {joined([
            String(members.total),
            members.byChannel.none > 0 && say('noWay', { n: members.byChannel.none }),
            members.away > 0 && say('away', { n: members.away }),
          ])}
        </dd>
        <dt>{say('households')}</dt>
        <dd>{joined([say('householdsPersons', { households, persons }), ...need, guests > 0 && say('guests', { n: guests })])}</dd>
        <dt>{say('ladders')}</dt>
        <dd>{ladders.answerMinutes === null ? say('laddersNone') : say('laddersVillages', { n: ladders.villages, minutes: ladders.answerMinutes })}</dd>
      </dl>
      <Warnings forecast={forecast} />
      <Lacks forecast={forecast} />
    </div>
  );
}
