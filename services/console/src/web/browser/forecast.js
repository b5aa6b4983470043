// The forecast before the button: who will be reached, and by name what is missing.
import { DOMAIN } from './domain.js';
import { languageName } from './language-names.js';
import { h, listOf, reasonText } from './dom.js';
import { lang, t } from './words.js';

export function forecastPanel(forecast) {
  const { speakers, members, households, persons, needs, places, noVoice, withoutClip, ladders, reach } = forecast;
  const named = (title, list, count) =>
    count === 0
      ? null
      : h(
          'details.lack',
          null,
          h('summary', null, `✕ ${title} ${count}`),
          h(
            'ul.names',
            null,
            list.map((one) =>
              h(
                'li',
                null,
                `${one.siteName ?? ''} ${one.name}`,
                h('small', null, ` ${one.gridName ?? one.gridCode}${one.reason ? ` · ${reasonText(one)}` : ''}`),
              ),
            ),
            count > list.length ? h('li', null, t('andMore', { n: count - list.length })) : null,
          ),
        );
  const need = Object.entries(needs)
    .map(([key, n]) => `${DOMAIN.needs[key]?.[lang()] ?? key} ${n}`)
    .join(' · ');
  const guests = places.reduce((sum, place) => sum + place.headCount, 0);
  return h(
    'div.forecast',
    null,
    h('h3', null, t('forecast')),
    h(
      'dl',
      null,
      h('dt', null, t('speakers')),
      h('dd', null, h('b', null, t('onlineOf', { n: speakers.online, total: speakers.total })), ` · ${t('proven24h', { n: speakers.proven24h })}`),
      h('dt', null, t('members')),
      h('dd', null, h('b', null, String(members.total)), members.away > 0 ? ` · ${t('membersAway', { n: members.away })}` : ''),
      h('dt', null, t('households')),
      h(
        'dd',
        null,
        h('b', null, t('householdsPersons', { households, persons })),
        need ? ` · ${need}` : '',
        guests > 0 ? ` · ${t('guests', { n: guests })}` : '',
      ),
    ),
    named(t('lackOffline'), speakers.offline, speakers.counts.offline),
    named(t('lackPlayer'), speakers.playerFailed, speakers.counts.playerFailed),
    named(t('lackGateway'), speakers.noGateway, speakers.counts.noGateway),
    named(t('lackProof'), speakers.neverProven, speakers.counts.neverProven),
    ladders.count === 0
      ? null
      : h(
          'details.lack',
          null,
          h('summary', null, `✕ ${t('lackLadder')} ${ladders.count}`),
          h(
            'ul.names',
            null,
            ladders.gaps.map((one) =>
              h('li', null, one.name ?? one.code, h('small', null, ` ${DOMAIN.skips[one.reason][lang()]}${one.nobody ? ` · ${t('nobodyAbove')}` : ''}`)),
            ),
          ),
        ),
    unreached(reach),
    reach.unproven === 0 ? null : h('p', null, `○ ${t('unprovenReach', { n: reach.unproven, days: reach.provenForDays })}`),
    forecast.quietUntil ? h('p.bad', null, `✕ ${t('quietHours', { at: forecast.quietUntil.slice(11, 16) })}`) : null,
    speakers.total === 0 ? h('p.bad', null, `✕ ${t('noSpeakers')}`) : null,
    noVoice.length > 0 ? h('p.bad', null, `✕ ${t('noVoice')}${t('colon')}${listOf(noVoice.map(languageName))}`) : null,
    withoutClip.length > noVoice.length
      ? h('p', null, `○ ${t('withoutClip')}${t('colon')}${listOf(withoutClip.filter((one) => !noVoice.includes(one)).map(languageName))}`)
      : null,
  );
}

function unreached({ unreached: count, people }) {
  if (count === 0) return null;
  const line = (one) =>
    h(
      'li',
      null,
      `${one.name ?? t('notYours')} `,
      h('small', null, `${one.gridName ?? one.gridCode}${one.isRung ? ` · ${t('ladders')}` : ''} · ${one.gapWords[lang()]}`),
    );
  const rest = count > people.length ? h('li', null, t('andMore', { n: count - people.length })) : null;
  return h('details.lack', null, h('summary', null, `✕ ${t('lackReach')} ${count}`), h('ul.names', null, people.map(line), rest));
}
