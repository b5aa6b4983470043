// Access to what the console shows: coverage, timelines, reports upward, the audit, the shift log; and pages that say nothing of any place.
import { FAR_GROUP, FAR_TOWNSHIP, FAR_VILLAGE } from './far-township.ts';
import { both, hidden, ofAlert, open, refused, same, link, type Ask, type Rules } from './rules.ts';
import type { Far } from './far-township.ts';

const PAGE = 'a page, a style or a script that says nothing of any place';
const TARGETS = [
  { kind: 'speaker', target: 'far-speaker' },
  { kind: 'member', target: 'far-m1' },
  { kind: 'person', target: 'far-p1' },
];
const situation = (body?: unknown) => refused((far: Far) => [{ params: { id: far.situation }, ...(body === undefined ? {} : { body }) }]);
/** A shift is kept at one post: nobody else's, be he above it. */
const shift = (body?: unknown, control: Ask['control'] = 'far') =>
  refused((far: Far) => [{ params: { id: far.shift }, control: control ?? 'far', ...(body === undefined ? {} : { body }) }]);

export const WATCH: Rules = {
  'GET /api/v1/alerts/:id/coverage': ofAlert(),
  'GET /api/v1/alerts/:id/timeline': ofAlert(),
  'GET /api/v1/alerts/:id/speakers': both(
    (far) => [{ params: { id: far.alert } }],
    (far) => [{ params: { id: far.shared } }, { params: { id: far.shared }, query: { group: FAR_GROUP } }],
  ),
  'GET /api/v1/alerts/:id/history': both(
    (far) => TARGETS.map((query) => ({ params: { id: far.alert }, query })),
    (far) => [far.shared, far.home.alert].flatMap((id) => TARGETS.map((query) => ({ params: { id }, query, control: 'nobody' as const }))),
  ),
  'GET /api/v1/now': hidden(),
  'GET /api/v1/counties': same('a county’s house has no other county'),
  'GET /api/v1/alone': both(
    (far) => [{ query: { alertId: far.alert } }],
    () => [{}],
  ),
  'GET /api/v1/alone/:code': refused(() => [{ params: { code: FAR_VILLAGE } }]),
  'GET /api/v1/alerts/:id/measures': ofAlert(),
  'GET /api/v1/alerts/:id/measures.csv': ofAlert(),
  'GET /api/v1/stars': hidden(),
  'GET /api/v1/live': hidden((far) =>
    [{}, { alert: far.alert }, { alert: far.shared }, { calm: 'true', marksOf: far.alert, marksAt: FAR_GROUP }].map((query) => ({
      query: { ...query, lastEventId: '0' },
    })),
  ),
  'POST /api/v1/alerts/:id/situation-reports': refused((far) => [{ params: { id: far.alert } }, { params: { id: far.shared } }]),
  'POST /api/v1/situation-reports/zero': same('of his own ground'),
  // Of an alert's whole ground, or of none.
  'GET /api/v1/alerts/:id/situation-reports': refused((far) => [{ params: { id: far.alert } }, { params: { id: far.shared } }]),
  'GET /api/v1/situation-reports': hidden(),
  'GET /api/v1/situation-reports/:id': situation(),
  'GET /api/v1/situation-reports/:id/sheet': situation(),
  'PUT /api/v1/situation-reports/:id/words': situation({ version: 1, words: {} }),
  'POST /api/v1/situation-reports/:id/send': situation({ version: 1 }),
  'GET /situation-report.css': open(PAGE),
  'GET /api/v1/situation-reports/:id/print': situation(),
  'GET /api/v1/situation-reports/:id/docx': situation(),
  'GET /api/v1/audit': both(
    () => [{ query: { area: FAR_TOWNSHIP } }],
    (far) => [{}, { query: { everybody: 'true' } }, { query: { officer: far.officer } }, { query: { words: '远乡' } }],
  ),
  'GET /api/v1/audit.csv': both(
    () => [{ query: { area: FAR_TOWNSHIP } }],
    () => [{ query: { everybody: 'true' } }],
  ),
  'GET /api/v1/shifts': hidden(),
  'GET /api/v1/shifts/open-things': hidden(),
  'GET /api/v1/shifts/:id': shift(),
  'GET /api/v1/shifts/:id/log': shift(),
  'GET /shift-log.css': open(PAGE),
  'GET /api/v1/shifts/:id/print': shift(),
  'POST /api/v1/shifts': same('begins a shift at his own post'),
  'POST /api/v1/shifts/:id/remarks': shift({ words: '远乡水位' }),
  'POST /api/v1/shifts/:id/hand-over': shift({ version: 1 }),
  'POST /api/v1/shifts/:id/withdraw': shift({ version: 1 }),
  'POST /api/v1/shifts/:id/take-over': shift({ version: 1 }),
};

export const PAGES: Rules = {
  'GET /': open(PAGE),
  'GET /assets/:name': open(PAGE),
  'GET /console': open(PAGE),
  'GET /console/': open(PAGE),
  'GET /console/assets/:name': open(PAGE),
  'GET /api/v1/asyncapi.json': open('the description of the messages'),
  'GET /api/v1/openapi.json': open('the description of the API'),
  'GET /plain-page.css': open(PAGE),
  'GET /livez': open('whether it lives'),
  'GET /readyz': open('whether it takes work'),
  'GET /metrics': link('who runs the house: its own machine, or by the word that was set for it'),
};
