// Raise or update: template, area, mode, words, forecast, and a button that must be held. What is missing is said on the button.
import { get, post } from './api.js';
import { DOMAIN } from './domain.js';
import { badge, field, h, holdButton, listOf, showProblem, titled, whyOf } from './dom.js';
import { forecastPanel } from './forecast.js';
import { languageName } from './language-names.js';
import { areaTree, loadGrid, placeName } from './places.js';
import { lang, t } from './words.js';

const FORECAST_AFTER_MS = 250;

/** `name` is `raise` (id: a report's, or none) or `update` (id: the alert's). */
export function composeView(view, house, id, name) {
  const key = `${name}/${id ?? ''}`;
  if (house.draft?.key !== key)
    house.draft = {
      key,
      name,
      template: null,
      areas: new Set(),
      mode: null,
      subject: null,
      texts: [],
      issuer: '',
      minutes: '',
      reportId: null,
      alert: null,
      forecast: null,
    };
  const draft = house.draft;
  let left = false;
  view.replaceChildren(h('p', null, t('loading')));
  prepare(house, draft, id).then(({ grid, templates }) => left || paint(view, house, draft, grid, templates), showProblem);
  return () => {
    left = true;
    document.body.classList.remove('drill', 'test');
  };
}

async function prepare(house, draft, id) {
  house.templates ??= (await get('/api/v1/templates')).templates;
  const grid = await loadGrid(house);
  if (id && draft.name === 'raise' && draft.reportId === null) {
    const report = await get(`/api/v1/reports/${id}`);
    Object.assign(draft, { reportId: report.id, hazard: report.hazard, areas: new Set([report.gridCode]) });
  }
  if (id && draft.name === 'update' && draft.alert === null) {
    const alert = await get(`/api/v1/alerts/${id}`);
    const sounding = alert.revisions.filter((revision) => revision.raisedAt !== null).at(-1);
    const { kind, level, order, issuer, texts, endTexts, cancelTexts, areaCodes, eventCode, endTime } = sounding;
    const minutes = Math.max(30, Math.ceil((Date.parse(endTime) - Date.now()) / 60_000));
    Object.assign(draft, {
      alert,
      mode: alert.mode,
      subject: { kind, level, order },
      issuer,
      texts: clone(texts),
      minutes,
      areas: new Set(areaCodes),
      kept: { endTexts: clone(endTexts), cancelTexts: clone(cancelTexts), eventCode },
    });
  }
  return { grid, templates: house.templates };
}

const clone = (texts) => texts.map(({ language, title, text }) => ({ language, title, text }));

function paint(view, house, draft, grid, templates) {
  const words = h('div');
  const sum = h('section.readback');
  const changed = () => {
    draft.forecast = null;
    markMode(draft);
    paintSum();
    forecastLater();
  };
  const paintSum = () => sum.replaceChildren(...readBack(draft, grid, () => raise(draft)));
  const paintWords = () => words.replaceChildren(...wordFields(draft, changed));
  let timer;
  const forecastNow = async () => {
    const asked = bodyOf(draft);
    const forecast = await get2(asked).catch((error) => ({ error }));
    if (JSON.stringify(asked) !== JSON.stringify(bodyOf(draft)) || house.draft !== draft) return;
    draft.forecast = forecast;
    paintSum();
  };
  const forecastLater = () => {
    clearTimeout(timer);
    if (missing(draft, { forecast: false }) !== null) return;
    timer = setTimeout(() => void forecastNow(), FORECAST_AFTER_MS);
  };
  const pick = (template) => {
    const { kind, level, order } = template;
    Object.assign(draft, { template, subject: { kind, level, order }, texts: clone(template.texts), minutes: template.durationMinutes });
    if (only(template) && draft.mode !== only(template) && !draft.alert) draft.mode = null;
    templateBox.replaceChildren(...templateCards(draft, templates, pick));
    modeBox.replaceChildren(...modeChoices(draft, choose));
    paintWords();
    changed();
  };
  const choose = (mode) => {
    draft.mode = mode;
    modeBox.replaceChildren(...modeChoices(draft, choose));
    paintWords();
    changed();
  };
  const templateBox = h('div.templates', { role: 'radiogroup', 'aria-label': t('template') }, templateCards(draft, templates, pick));
  const modeBox = h('div.modes', { role: 'radiogroup', 'aria-label': t('mode') }, modeChoices(draft, choose));
  const step = (n, title, ...content) => h('section.step', null, h('h2', null, h('span.number', null, n), title), ...content);
  view.replaceChildren(
    h('h1', null, draft.alert ? t('updateTitle', { title: draft.alert.title }) : t('raiseTitle')),
    h(
      'div.columns',
      null,
      h('div', null, step('1', t('template'), templateBox), step('2', t('areas'), areaTree(grid, draft.areas, changed)), step('3', t('words'), words)),
      h('div.side', null, step('4', t('mode'), modeBox), sum),
    ),
  );
  paintWords();
  changed();
}

const get2 = (body) => post('/api/v1/alerts/forecast', body);
const only = (template) => (template && ['drill', 'test'].includes(template.stage) ? template.stage : null);

// Two radio groups out of buttons: big enough for a thumb, and each tells what it is by colour, shape and word.
function choice(checked, props, ...children) {
  return h('button.choice', { type: 'button', role: 'radio', 'aria-checked': String(checked), ...props }, ...children);
}

function templateCards(draft, templates, pick) {
  const fit = templates.filter((template) => !draft.alert || !only(template) || only(template) === draft.alert.mode);
  const ranked = [...fit].sort((a, b) => Number(b.hazard === draft.hazard) - Number(a.hazard === draft.hazard));
  return ranked.map((template) =>
    choice(
      draft.template?.id === template.id,
      { onclick: () => pick(template) },
      badge({ ...template, mode: only(template) ?? 'live' }),
      h('b', null, lang() === 'zh' ? template.title : template.titleEn),
      h('small', null, titled(DOMAIN.hazards[template.hazard]?.[lang()] ?? '')),
    ),
  );
}

function modeChoices(draft, choose) {
  return ['live', 'drill', 'test'].map((mode) => {
    const bound = only(draft.template);
    const why = draft.alert && draft.alert.mode !== mode ? t('refused.update') : bound !== null && bound !== mode ? t(`refused.template.${bound}`) : null;
    return choice(
      draft.mode === mode,
      { class: mode, disabled: why !== null, onclick: () => choose(mode) },
      h('b', null, titled(DOMAIN.modes[mode][lang()])),
      h('small', null, why ?? t(`mode.${mode}`)),
    );
  });
}

function wordFields(draft, changed) {
  if (draft.subject === null) return [h('p.empty', null, t('chooseTemplate'))];
  const edit = (text, name, tag, max) =>
    h(tag, {
      value: text[name],
      maxLength: max,
      lang: text.language,
      rows: tag === 'textarea' ? 3 : null,
      'aria-label': `${languageName(text.language)} ${t(name)}`,
      oninput: (event) => {
        text[name] = event.target.value;
        changed();
      },
    });
  const texts = draft.texts.map((text) =>
    h(
      'fieldset.words',
      null,
      h('legend', null, languageName(text.language)),
      edit(text, 'title', 'input', DOMAIN.limits.alertTitleChars),
      edit(text, 'text', 'textarea', DOMAIN.limits.alertTextChars),
    ),
  );
  const issuer = h('input', {
    value: draft.issuer,
    maxLength: DOMAIN.limits.nameChars,
    oninput: (event) => {
      draft.issuer = event.target.value;
      changed();
    },
  });
  const minutes = h('input', {
    type: 'number',
    min: 1,
    max: 10080,
    value: draft.minutes,
    oninput: (event) => {
      draft.minutes = event.target.value;
      changed();
    },
  });
  return [...texts, h('div.two', null, draft.subject.kind === 'warning' ? field(t('issuer'), issuer, t('issuerHint')) : null, field(t('duration'), minutes))];
}

function bodyOf(draft) {
  const { template, mode, subject, areas, texts, issuer, minutes, reportId, kept } = draft;
  return {
    mode,
    ...subject,
    areaCodes: [...areas].sort(),
    texts: clone(texts),
    ...(issuer.trim() ? { issuer: issuer.trim() } : {}),
    ...(minutes ? { durationMinutes: Number(minutes) } : {}),
    ...(template ? { templateId: template.id } : (kept ?? {})),
    ...(reportId ? { reportId } : {}),
  };
}

/** Why it cannot be raised yet, or null. */
function missing(draft, { forecast = true } = {}) {
  if (draft.subject === null) return t('missingTemplate');
  if (draft.areas.size === 0) return t('missingArea');
  if (draft.mode === null) return t('missingMode');
  if (draft.texts.some((text) => !text.title.trim() || !text.text.trim())) return t('missingWords');
  if (draft.subject.kind === 'warning' && !draft.issuer.trim() && draft.mode !== 'test') return t('missingIssuer');
  if (!forecast) return null;
  if (draft.forecast === null) return t('forecasting');
  if (draft.forecast.error) return draft.forecast.error.problem ? whyOf(draft.forecast.error) : t('forecastFailed');
  const { decision } = draft.forecast;
  return decision.mayRaise || onlySecond(decision) ? null : decision.why[lang()];
}

const onlySecond = (decision) => decision.missing.length === 1 && decision.missing[0] === 'second-officer';

function markMode(draft) {
  for (const mode of ['drill', 'test']) document.body.classList.toggle(mode, draft.mode === mode);
}

// As it will be signed and spoken: the county's own answer, or nothing yet.
const spokenWords = (draft) => draft.forecast?.texts ?? [];

/** `silent`: the forecast found no voice for its language. */
export function readWords(text, silent = false) {
  return h(
    'blockquote',
    { lang: text.language },
    h('small', { lang: lang() === 'zh' ? 'zh-CN' : 'en' }, languageName(text.language), silent ? h('b.bad', null, `✕ ${t('notSpoken')}`) : null),
    h('b', null, text.title),
    h('p', null, text.text),
    text.clipSha256 && !silent ? h('audio', { controls: true, preload: 'none', src: `/audio/${text.clipSha256}.wav`, 'aria-label': t('listen') }) : null,
  );
}

function readBack(draft, grid, done) {
  const why = missing(draft);
  const needsSecond = draft.forecast?.decision && onlySecond(draft.forecast.decision);
  const mode = draft.mode ? DOMAIN.modes[draft.mode][lang()] : '?';
  const label = needsSecond ? t('submitForApproval') : draft.alert ? t('holdUpdate', { mode }) : t('holdRaise', { mode });
  return [
    h('h2', null, t('readBack')),
    draft.subject && draft.mode ? badge({ ...draft.subject, mode: draft.mode }) : null,
    h('p.areas', null, draft.areas.size === 0 ? t('missingArea') : listOf([...draft.areas].sort().map((code) => placeName(grid, code)))),
    ...spokenWords(draft).map((text) => readWords(text, draft.forecast.noVoice.includes(text.language))),
    draft.forecast && !draft.forecast.error ? forecastPanel(draft.forecast) : null,
    needsSecond ? h('p.note', null, draft.forecast.decision.why[lang()]) : null,
    holdButton(label, { look: draft.mode ?? 'danger', why, done }),
  ].filter(Boolean);
}

async function raise(draft) {
  const body = bodyOf(draft);
  const alert = draft.alert ? await post(`/api/v1/alerts/${draft.alert.id}/update`, body) : await post('/api/v1/alerts', body);
  if (!draft.alert && alert.waiting?.decision.mayRaise) await post(`/api/v1/alerts/${alert.id}/raise`);
  draft.key = null;
  location.hash = `#/alert/${alert.id}`;
}
