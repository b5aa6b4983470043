// Reports: what was told by telephone is written down here; each is verified, and a true one leads to the alert.
import { get, post } from './api.js';
import { DOMAIN } from './domain.js';
import { age, field, h, showProblem, titled } from './dom.js';
import { loadGrid, placeName, placeSearch } from './places.js';
import { lang, t } from './words.js';

export function reportsView(view, house) {
  const list = h('div.cards.reports');
  const formBox = h('div');
  let stopped = false;
  view.replaceChildren(
    h('div.columns', null, h('section', null, h('h2', null, t('telephoneReport')), formBox), h('section.figures', null, h('h2', null, t('reportInbox')), list)),
  );
  const refresh = async () => {
    const [grid, { reports }] = await Promise.all([loadGrid(house), get('/api/v1/reports')]);
    if (!stopped)
      list.replaceChildren(...(reports.length === 0 ? [h('p.empty', null, t('emptyInbox'))] : reports.map((report) => card(report, grid, refresh))));
  };
  const onEvent = (event) => event.type.startsWith('report.') && refresh().catch(showProblem);
  house.listeners.add(onEvent);
  loadGrid(house).then((grid) => formBox.replaceChildren(telephoneForm(grid, refresh)), showProblem);
  refresh().catch(showProblem);
  return () => {
    stopped = true;
    house.listeners.delete(onEvent);
  };
}

function telephoneForm(grid, refresh) {
  let place = null;
  const hazard = h(
    'select',
    { name: 'hazard', required: true },
    Object.entries(DOMAIN.hazards).map(([key, words]) => h('option', { value: key }, titled(words[lang()]))),
  );
  const words = h('textarea', { name: 'text', rows: 3, maxLength: DOMAIN.limits.reportTextChars, required: true });
  const name = h('input', { name: 'reporterName', autocomplete: 'off' });
  const phone = h('input', { name: 'reporterPhone', type: 'tel', autocomplete: 'off' });
  const send = async (event) => {
    event.preventDefault();
    if (place === null) return showProblem(Object.assign(new Error(t('choosePlace')), { said: t('choosePlace') }));
    const body = {
      gridCode: place,
      hazard: hazard.value,
      text: words.value,
      source: 'telephone',
      ...(name.value ? { reporterName: name.value } : {}),
      ...(phone.value ? { reporterPhone: phone.value } : {}),
    };
    try {
      await post('/api/v1/reports', body);
      form.replaceWith(telephoneForm(grid, refresh));
      await refresh();
    } catch (error) {
      showProblem(error);
    }
  };
  const form = h(
    'form',
    { onsubmit: send },
    h(
      'div.field',
      null,
      h('span', null, t('place')),
      placeSearch(grid, null, (code) => {
        place = code;
      }),
    ),
    field(t('hazard'), hazard),
    field(t('reportWords'), words),
    h('div.two', null, field(t('reporterName'), name), field(t('reporterPhone'), phone)),
    h('button.primary', { type: 'submit' }, t('saveReport')),
  );
  return form;
}

function card(report, grid, refresh) {
  const verify = (result) => async () => {
    await post(`/api/v1/reports/${report.id}/verify`, { result }).catch(showProblem);
    await refresh();
  };
  const open = report.state === 'new';
  return h(
    `article.card.report-${report.state}`,
    null,
    h('div.row.spread', null, h('b', null, `${titled(report.hazardWords[lang()])} · ${placeName(grid, report.gridCode)}`), age(Date.parse(report.receivedAt))),
    h('p', null, report.text),
    report.photo
      ? h('a', { href: report.photo, target: '_blank', rel: 'noopener' }, h('img.photo', { src: report.photo, alt: t('photo'), loading: 'lazy' }))
      : null,
    h(
      'small',
      null,
      `${t(`source.${report.source}`)} · ${t('number')} ${report.number} · ${t(`report.${report.state}`)}${report.mergedCount > 0 ? ` · ${t('merged', { n: report.mergedCount })}` : ''}`,
    ),
    h(
      'div.row',
      null,
      open ? h('button.primary', { type: 'button', onclick: verify('true') }, `✓ ${t('reportTrue')}`) : null,
      open ? h('button', { type: 'button', onclick: verify('false') }, `✕ ${t('reportFalse')}`) : null,
      report.state === 'true' || open ? h('a.button.danger', { href: `#/raise/${report.id}` }, t('raiseFromReport')) : null,
    ),
  );
}
