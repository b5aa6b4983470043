// The officer's page: signs in, keeps the line, shows the view that the address names.
import { follow, get, post, remove, useCsrf } from './api.js';
import { aloneView } from './alone.js';
import { boardView } from './board.js';
import { composeView } from './compose.js';
import { degradedWords } from './degraded.js';
import { DOMAIN } from './domain.js';
import { field, h, learnTime, serverNow, showProblem, span } from './dom.js';
import { paintHouseTime } from './house-time.js';
import { nowView } from './now.js';
import { numbersView } from './numbers.js';
import { reportsView } from './reports.js';
import { statusView } from './status.js';
import { lang, setLang, t } from './words.js';

const root = document.getElementById('app');
const NOW_EVERY_MS = 5_000;

/** What every view may read. `listeners` are told of each live event; `now` is the last answer of /now. */
const house = { officer: null, now: null, newsAtMs: 0, line: true, lostAtMs: 0, listeners: new Set(), onNow: new Set(), grid: null, templates: null };
let stream;
let leaveView = () => {};

function signInView(problem) {
  // At a village's own house one signs in by a local code.
  if (DOMAIN.node) return location.replace('/sign-in');
  const username = h('input', { name: 'username', autocomplete: 'username', required: true, autofocus: true });
  const password = h('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const note = h('p.wrong', { role: 'alert' }, problem ?? '');
  const submit = async (event) => {
    event.preventDefault();
    try {
      start(await post('/api/v1/sessions', { username: username.value.trim(), password: password.value }));
    } catch (error) {
      note.textContent = lang() === 'zh' ? error.problem.titleZh : error.problem.title;
      password.value = '';
      password.focus();
    }
  };
  root.replaceChildren(
    h(
      'main.sign-in',
      null,
      h(
        'div.row.spread',
        null,
        h('h1', null, t('brand')),
        langButton(() => signInView()),
      ),
      h('p', null, t('signInLead')),
      h(
        'form',
        { onsubmit: submit },
        field(t('username'), username),
        field(t('password'), password),
        note,
        h('button.primary', { type: 'submit' }, t('signIn')),
      ),
    ),
  );
  username.focus();
}

function langButton(again) {
  return h(
    'button.plain',
    {
      type: 'button',
      lang: lang() === 'zh' ? 'en' : 'zh-CN',
      onclick: () => {
        setLang(lang() === 'zh' ? 'en' : 'zh');
        again();
      },
    },
    lang() === 'zh' ? 'English' : '中文',
  );
}

function start({ officer, csrfToken }) {
  useCsrf(csrfToken);
  house.officer = officer;
  stream?.close();
  stream = follow({
    onEvent: (event) => house.listeners.forEach((listener) => listener(event)),
    onLine: (line) => setLine(line),
    onResync: () => {
      void poll();
      show();
    },
  });
  house.listeners.clear();
  frame();
  show();
  void poll();
}

function setLine(line) {
  if (house.line && !line) house.lostAtMs = Date.now();
  house.line = line;
  house.newsAtMs = stream?.newsAtMs() ?? serverNow();
  paintLine();
}

function paintLine() {
  const node = document.getElementById('line');
  if (!node) return;
  const text = house.line ? `● ${t('lineUp')}` : `✕ ${t('lineLost', { age: span(Date.now() - house.lostAtMs) })}`;
  if (node.textContent !== text) node.textContent = text;
  node.className = house.line ? 'line up' : 'line lost';
  document.body.classList.toggle('offline', !house.line);
  if (stream) house.newsAtMs = stream.newsAtMs();
}

async function poll() {
  if (!house.officer) return;
  try {
    const now = await get('/api/v1/now', 4_000);
    learnTime(now.asOfMs);
    house.now = now;
    if (!house.line && stream) setLine(true);
    paintBanner();
    house.onNow.forEach((listener) => listener(now));
    await paintHouseTime(document.getElementById('house-time'));
  } catch (error) {
    if (error.status !== 401) setLine(false);
  }
}

function paintBanner() {
  const banner = document.getElementById('degraded');
  const words = (house.now?.degraded.words ?? []).map(degradedWords);
  if (banner) banner.replaceChildren(...(words.length > 0 ? [h('b', null, `⚠ ${t('degraded')}`), ' ', words.join(lang() === 'zh' ? '；' : '; ')] : []));
  const inbox = document.getElementById('unread');
  if (inbox) inbox.textContent = house.now?.reports.unread > 0 ? ` ${house.now.reports.unread}` : '';
}

function frame() {
  const { officer } = house;
  const link = (hash, words, extra) => h('a', { href: hash }, words, extra);
  const out = async () => {
    await remove('/api/v1/sessions/current').catch(showProblem);
    signedOut();
  };
  root.replaceChildren(
    h(
      'header',
      null,
      h('a.brand', { href: '#/' }, t('brand')),
      h(
        'nav',
        { 'aria-label': t('menu') },
        link('#/', t('now')),
        link('#/reports', t('reports'), h('b.count', { id: 'unread' })),
        link('#/status', t('statusShort')),
        link('#/numbers', t('numbers')),
        h('a.raise', { href: '#/raise' }, t('raise')),
      ),
      h('a', { href: '/console/' }, t('newConsole')),
      h('span.line', { id: 'line', role: 'status' }),
      h('span.who', null, `${officer.name} · ${DOMAIN.roles[officer.role][lang()]}`),
      langButton(() => {
        frame();
        show();
      }),
      DOMAIN.node ? null : h('a', { href: '/codes' }, t('localCodes')),
      h('button.plain', { type: 'button', onclick: out }, t('signOut')),
    ),
    h('p.degraded', { id: 'degraded', role: 'status' }),
    h('section.house-time', { id: 'house-time', 'aria-label': t('clockLabel'), hidden: true }),
    h('main', { id: 'view', tabIndex: -1 }),
  );
  paintLine();
  paintBanner();
  paintHouseTime(document.getElementById('house-time')).catch(showProblem);
}

function show() {
  const view = document.getElementById('view');
  if (!view || !house.officer) return;
  leaveView();
  document.body.classList.remove('drill', 'test');
  const [, name = '', id] = location.hash.split('/');
  const views = {
    '': nowView,
    reports: reportsView,
    status: statusView,
    alone: aloneView,
    numbers: numbersView,
    raise: composeView,
    alert: boardView,
    update: composeView,
  };
  document.querySelectorAll('nav a').forEach((a) => (a.hash === `#/${name}` ? a.setAttribute('aria-current', 'page') : a.removeAttribute('aria-current')));
  leaveView = (views[name] ?? nowView)(view, house, id, name) ?? (() => {});
  view.focus({ preventScroll: true });
}

function signedOut(problem) {
  stream?.close();
  stream = undefined;
  house.officer = null;
  house.now = null;
  house.grid = null;
  leaveView();
  leaveView = () => {};
  document.body.classList.remove('drill', 'test', 'offline');
  document.querySelectorAll('dialog, .problem').forEach((node) => node.remove());
  signInView(problem);
}

window.addEventListener('hashchange', show);
window.addEventListener('signed-out', () => house.officer && signedOut(t('sessionOver')));
window.addEventListener('unhandledrejection', (event) => showProblem(event.reason));
setInterval(() => {
  void poll();
  paintLine();
}, NOW_EVERY_MS);
setInterval(paintLine, 1_000);
get('/api/v1/sessions/current').then(start, () => signInView());
