// What an officer can do with an alert: approve and raise what waits; quieten, widen, extend, end, cancel what sounds.
import { post } from './api.js';
import { DOMAIN } from './domain.js';
import { ask, badge, field, h, holdButton, listOf, serverNow, showProblem, whyOf } from './dom.js';
import { readWords } from './compose.js';
import { forecastPanel } from './forecast.js';
import { placeName } from './places.js';
import { lang, t } from './words.js';

/** What waits to be raised, read back in full to whoever decides: the second officer, or the first after him. */
export function decisionPanel(board, reload) {
  const { alert, etag, house, grid } = board;
  const { decision, revision } = alert.waiting;
  const waiting = alert.revisions.find((one) => one.revision === revision);
  const own = waiting.draftedBy === house.officer.id;
  const approved = alert.approvals.filter((one) => one.revision === revision);
  const mine = approved.some((one) => one.officerId === house.officer.id);
  const act = (path, body) => async () => {
    await post(`/api/v1/alerts/${alert.id}/${path}`, body, { etag });
    await reload();
  };
  const callBack = async () => {
    const given = await ask(
      t('callBack'),
      [
        field(t('username'), h('input', { name: 'approverUsername', required: true })),
        field(t('callBackWords'), h('textarea', { name: 'words', required: true, rows: 3 })),
      ],
      { note: t('callBackNote') },
    );
    if (given) await act('approve', { means: 'telephone-call-back', ...given })().catch(showProblem);
  };
  const discard = async () => {
    if (await ask(t('discardTitle'), [], { confirm: t('discard'), look: 'danger' })) await act('discard', {})().catch(showProblem);
  };
  const forecast = h('div', null, t('forecasting'));
  post('/api/v1/alerts/forecast', { alertId: alert.id }).then(
    (found) => forecast.replaceChildren(forecastPanel(found)),
    (error) => forecast.replaceChildren(whyOf(error)),
  );
  const mode = DOMAIN.modes[alert.mode][lang()];
  return h(
    'section.readback',
    null,
    h('h2', null, revision > 1 ? t('updateWaits') : t('draftWaits')),
    badge(waiting),
    h('p.areas', null, listOf(waiting.areaCodes.map((code) => placeName(grid, code)))),
    revision > 1 ? waiting.texts.map((text) => readWords(text)) : null,
    forecast,
    h('p', null, t('approvals', { n: approved.length + 1, needed: decision.officersNeeded })),
    h(
      'div.row',
      null,
      decision.officersNeeded > 1
        ? holdButton(t('approve'), {
            look: 'primary',
            why: own ? t('ownDraft') : mine ? t('approvedAlready') : null,
            done: act('approve', { means: 'screen' }),
          })
        : null,
      holdButton(t('holdRaise', { mode }), {
        look: alert.mode,
        why: decision.mayRaise ? (own || decision.officersNeeded < 2 ? null : t('drafterRaises')) : decision.why[lang()],
        done: act('raise'),
      }),
    ),
    h(
      'div.row',
      null,
      decision.officersNeeded > 1 && own ? h('button', { type: 'button', onclick: callBack }, t('callBack')) : null,
      alert.state === 'draft' ? h('button', { type: 'button', onclick: discard }, t('discard')) : null,
    ),
  );
}

/** End and cancel are different: the one sends people home after somebody looked at the slope, the other takes back an error. */
export function actionBar(board, reload) {
  const { alert, house, etag } = board;
  const touched = alert.revisions.filter((revision) => revision.raisedAt !== null).at(-1).areaCodes;
  const outside = touched.some((code) => !house.officer.scopes.some((scope) => code.startsWith(scope)));
  const act = (path, body) => post(`/api/v1/alerts/${alert.id}/${path}`, body, { etag }).then(reload).catch(showProblem);
  const quieten = async () => {
    if (await ask(t('quietenTitle'), [], { confirm: t('quieten'), note: t('quietenNote') })) await act('quieten', {});
  };
  const extend = async () => {
    const hours = h(
      'select',
      { name: 'hours' },
      [1, 3, 6, 12].map((n) => h('option', { value: n }, t('hours', { n }))),
    );
    const given = await ask(t('extendTitle'), [field(t('extendBy'), hours)], { confirm: t('extend') });
    if (given) await act('extend', { endTime: new Date(Math.max(serverNow(), Date.parse(alert.endTime)) + Number(given.hours) * 3_600_000).toISOString() });
  };
  const end = async () => {
    const given = await ask(
      t('endTitle'),
      [
        field(t('checkedBy'), h('input', { name: 'checkedBy', required: true, maxLength: DOMAIN.limits.nameChars, autocomplete: 'off' }), t('checkedByHint')),
        field(t('note'), h('textarea', { name: 'note', rows: 2 })),
      ],
      { confirm: `✓ ${t('end')}`, look: 'good', note: t('endNote') },
    );
    if (given) await act('end', { checkedBy: given.checkedBy, ...(given.note ? { note: given.note } : {}) });
  };
  const cancel = async () => {
    const given = await ask(t('cancelTitle'), [field(t('cancelReason'), h('textarea', { name: 'reason', required: true, rows: 2 }))], {
      confirm: `✕ ${t('cancel')}`,
      look: 'danger',
      note: t('cancelNote'),
    });
    if (given) await act('cancel', { reason: given.reason });
  };
  const button = (look, words, onclick, disabled) => h(`button.${look}`, { type: 'button', onclick, disabled: Boolean(disabled) }, words);
  if (outside) return h('p.note', null, t('outsideScope'));
  return h(
    'div.row.actions',
    null,
    button('plainer', `■ ${alert.quiet ? t('quiet') : t('quieten')}`, quieten, alert.quiet),
    h('a.button', { href: `#/update/${alert.id}` }, `↻ ${t('update')}`),
    button('plainer', `＋ ${t('extend')}`, extend),
    h('span.gap'),
    button('good', `✓ ${t('end')}`, end),
    button('danger.outline', `✕ ${t('cancel')}`, cancel),
  );
}
