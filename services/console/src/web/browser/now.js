// What is on now: alerts worst first, drafts that wait, unread reports, silent sites; each with its age.
import { age, badge, clock, h, listOf, showProblem } from './dom.js';
import { overdueList } from './ladders.js';
import { loadGrid } from './places.js';
import { spokenAlarms } from './status.js';
import { lateTasks } from './tasks.js';
import { safetyAlarms } from './sections.js';
import { t } from './words.js';

export function nowView(view, house) {
  const paint = (now) => {
    const { alerts, waiting, reports, sites } = now;
    view.replaceChildren(
      ...[
        now.overdue.length === 0 ? null : section(t('notHeardOfTitle'), now, safetyAlarms(now)),
        section(
          t('activeAlerts'),
          now,
          alerts.length === 0
            ? h('p.empty', null, t('noAlerts'))
            : h(
                'div.cards',
                null,
                alerts.map((alert) => card(alert, house)),
              ),
        ),
        waiting.length === 0
          ? null
          : section(
              t('waitingDrafts'),
              now,
              h(
                'div.cards',
                null,
                waiting.map((alert) => card(alert, house)),
              ),
            ),
        now.statuses.grave.length + now.statuses.overdue.length + now.houses.silent.length === 0
          ? null
          : section(t('heardByPhoneOnly'), now, spokenAlarms(now)),
        section(t('ladders'), now, overdueList(now)),
        section(t('tasks'), now, lateTasks(now)),
        section(
          t('reports'),
          now,
          reports.unread === 0
            ? h('p.empty', null, t('noReports'))
            : h(
                'p',
                null,
                h('a.big', { href: '#/reports' }, t('unreadReports', { n: reports.unread })),
                ' · ',
                t('oldest'),
                ' ',
                age(now.asOfMs - reports.ageMs),
              ),
        ),
        section(
          t('sites'),
          now,
          sites.silent.length === 0
            ? h('p.empty', null, t('allSitesHeard', { n: sites.total }))
            : h(
                'div',
                null,
                h('p', null, h('b.bad', null, t('silentOf', { n: sites.silent.length, total: sites.total }))),
                h('ul.names', null, sites.silent.map(silentSite)),
              ),
          sites.onBattery.length === 0 ? [] : h('ul.names', null, sites.onBattery.map(siteOnBattery)),
        ),
      ].filter(Boolean),
    );
  };
  if (house.now) paint(house.now);
  else view.replaceChildren(h('p', null, t('loading')));
  house.onNow.add(paint);
  if (!house.grid) loadGrid(house).then(() => house.now && house.onNow.has(paint) && paint(house.now), showProblem);
  return () => house.onNow.delete(paint);
}

function section(title, now, ...content) {
  return h('section.figures', null, h('div.row.spread', null, h('h2', null, title), age(now.asOfMs, { fresh: true })), ...content);
}

function card(alert, house) {
  const names = house.gridNames ?? new Map();
  return h(
    `a.card.${alert.mode}`,
    { href: `#/alert/${alert.id}` },
    badge(alert),
    h('b', null, alert.title),
    h('span', null, listOf(alert.areas.map((code) => names.get(code) ?? code))),
    alert.raisedAtMs === null
      ? h('span', null, t('draftedAt'), ' ', age(alert.createdAtMs))
      : h('span', null, t('sinceRaise'), ' ', clock(alert.raisedAtMs), alert.quiet ? ` · ${t('quiet')}` : ''),
  );
}

export function silentSite(site) {
  return h(
    'li',
    null,
    h('b', null, `✕ ${site.name}`),
    ` ${site.gridName} · `,
    site.hasGateway ? h('span', null, t('lastHeard'), ' ', age(site.lastSeenAtMs)) : t('noGateway'),
    ' · ',
    h('a', { href: `#/status/${site.gridCode}`, 'aria-label': `${t('sixLines')} ${site.gridName}` }, t('sixLines')),
  );
}

function siteOnBattery({ name, gridName, low, batteryPercent, hoursLeft }) {
  const left = [batteryPercent === null ? '' : `${batteryPercent} %`, hoursLeft === null ? t('hoursUnknown') : t('hoursLeft', { n: hoursLeft })];
  return h('li', null, h(low ? 'b.bad' : 'b', null, `${low ? '✕' : '!'} ${name}`), ` ${gridName} · ${t('onBattery')} · ${left.filter(Boolean).join(' · ')}`);
}
