// Sections (分组布阵) on the screen: needed and have per group, who leads, who is out, the alarm when somebody is not heard of, and everybody called back.
import { get, post } from './api.js';
import { DOMAIN } from './domain.js';
import { age, ask, field, h, rowButton } from './dom.js';
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
  const acting = { board, open: board.alert?.state === 'raised', again: () => paintSections(section, board) };
  section.replaceChildren(
    h('div.row.spread', null, h('h2', null, t('sections')), age(view.asOfMs, { fresh: true })),
    h('p', null, t('sectionSums', view)),
    h(
      'table.village',
      null,
      h('thead', null, h('tr', null, ...['place', 'haveNeeded', 'bySection', 'takenFrom'].map((key) => h('th', { scope: 'col' }, t(key))))),
      h(
        'tbody',
        null,
        view.groups.map((group) => row(group, acting)),
      ),
    ),
    people(view, acting),
  );
}

function row(group, acting) {
  const short = group.have < group.needed;
  return h(
    `tr${group.sections.some((one) => one.unfillable) ? '.late' : ''}`,
    null,
    h('th', { scope: 'row' }, group.name),
    h('td', null, h(short ? 'b.bad' : 'span', null, `${short ? '✕' : '✓'} ${group.have}/${group.needed}`)),
    h('td', null, group.sections.map((one) => `${one.words[lang()]} ${one.have}/${one.needed}${one.unfillable ? ` ${t('unfillable')}` : ''}`).join(' · ')),
    h('td', null, group.reachWords[lang()], ' ', acting.open ? withdrawButton(group, acting) : null),
  );
}

function withdrawButton(group, acting) {
  return rowButton(t('watch.withdrawal'), { row: group.code, whom: group.name, done: () => withdraw(group, acting).then(acting.again) });
}

function people({ commanders, watches }, acting) {
  const leading = commanders.filter((one) => one.leads).map((one) => h('li', null, `${t('commander')}${t('colon')}${one.name ?? one.memberId}`));
  const out = watches.filter((watch) => watch.state === 'out').map((watch) => watchLine(watch, acting));
  return h('ul.names', { hidden: leading.length + out.length === 0 }, leading, out);
}

function watchLine(watch, acting) {
  const missing = watch.members.filter((one) => one.backAt === null).map(({ memberId, name }) => ({ memberId, name: name ?? memberId }));
  const names = missing.map((one) => one.name).join(', ');
  const words = `${t(`watch.${watch.kind}`)}${t('colon')}${names} · ${t('dueBy', { at: watch.dueAt.slice(11, 16) })}`;
  const isWell = async () => {
    const means = await heardBy(`${names} · ${t('isWell')}`, t('isWell'));
    if (means) await post(`/api/v1/pairs/${watch.id}/check-in`, { means });
    await acting.again();
  };
  const isBack = async ({ memberId, name }) => {
    const means = await heardBy(`${name} · ${t('isBack')}`, t('isBack'));
    if (means) await post(`/api/v1/alerts/${acting.board.id}/back`, { memberId, means });
    await acting.again();
  };
  return h(
    'li',
    null,
    watch.overdue ? h('b.bad', null, `✕ ${words}`) : words,
    ' ',
    watch.kind === 'pair' ? rowButton(t('isWell'), { row: watch.id, whom: names, done: isWell }) : null,
    missing.map((one) => rowButton(`${one.name} ${t('isBack')}`, { row: `${watch.id} ${one.memberId}`, done: () => isBack(one) })),
  );
}

async function heardBy(title, confirm) {
  const options = ['radio', 'telephone', 'face-to-face'].map((value) => h('option', { value }, DOMAIN.heardMeans[value][lang()]));
  return (await ask(title, [field(t('heardBy'), h('select', { name: 'means' }, options))], { confirm }))?.means;
}

async function withdraw(group, { board }) {
  const words = field(t('note'), h('textarea', { name: 'words', rows: 2, maxLength: DOMAIN.limits.noteChars }));
  const given = await ask(`${group.name} · ${t('watch.withdrawal')}`, [words], { confirm: t('watch.withdrawal'), look: 'danger', note: t('withdrawNote') });
  if (given) await post(`/api/v1/alerts/${board.id}/withdraw`, { gridCode: group.code, ...(given.words.trim() ? { words: given.words } : {}) });
}
