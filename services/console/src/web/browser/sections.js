// Sections (分组布阵) on the screen: needed and have per group, who leads, who is out, and the alarm when somebody is not heard of.
import { get } from './api.js';
import { age, h } from './dom.js';
import { lang, t } from './words.js';

/** Pairs that missed their check-in and people who are not back, of all alerts: the first thing to be seen. Nothing when there are none. */
export function safetyAlarms({ overdue, asOfMs }) {
  if (overdue.length === 0) return null;
  return h(
    'ul.names',
    null,
    overdue.map((one) =>
      h(
        'li',
        null,
        h('a', { href: `#/alert/${one.alertId}` }, h('b.bad', null, `✕ ${one.gridName} · ${t(`watch.${one.kind}`)} · ${t('notHeardOf', { n: one.missing })}`)),
        ' · ',
        age(asOfMs - one.lateMs),
      ),
    ),
  );
}

/** Reads how the alert's sections stand and paints them; nothing where nobody is needed. */
export async function paintSections(section, board) {
  const view = await get(`/api/v1/alerts/${board.id}/sections`);
  if (board.left) return;
  section.hidden = view.groups.length === 0;
  section.replaceChildren(
    h('div.row.spread', null, h('h2', null, t('sections')), age(view.asOfMs, { fresh: true })),
    h('p', null, t('sectionSums', view)),
    h(
      'table.village',
      null,
      h('thead', null, h('tr', null, ...['place', 'haveNeeded', 'bySection', 'takenFrom'].map((key) => h('th', { scope: 'col' }, t(key))))),
      h('tbody', null, view.groups.map(row)),
    ),
    people(view) ?? '',
  );
}

function row(group) {
  const short = group.have < group.needed;
  return h(
    `tr${group.sections.some((one) => one.unfillable) ? '.late' : ''}`,
    null,
    h('th', { scope: 'row' }, group.name),
    h('td', null, h(short ? 'b.bad' : 'span', null, `${short ? '✕' : '✓'} ${group.have}/${group.needed}`)),
    h('td', null, group.sections.map((one) => `${one.words[lang()]} ${one.have}/${one.needed}${one.unfillable ? ` ${t('unfillable')}` : ''}`).join(' · ')),
    h('td', null, group.reachWords[lang()]),
  );
}

function people({ commanders, watches }) {
  const leading = commanders.filter((one) => one.leads).map((one) => h('li', null, `${t('commander')}: ${one.name ?? one.memberId}`));
  const out = watches
    .filter((watch) => watch.state === 'out')
    .map((watch) => {
      const missing = watch.members.filter((one) => one.backAt === null).map((one) => one.name ?? one.memberId);
      const words = `${t(`watch.${watch.kind}`)}: ${missing.join(', ')} · ${t('dueBy', { at: watch.dueAt.slice(11, 16) })}`;
      return h('li', null, watch.overdue ? h('b.bad', null, `✕ ${words}`) : words);
    });
  return leading.length + out.length === 0 ? null : h('ul.names', null, [...leading, ...out]);
}
