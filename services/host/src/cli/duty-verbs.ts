// The duty officer's verbs in the terminal: what each sends to the API. The page sends the same.
import * as words from './duty-words.ts';

export const OPTIONS = {
  at: { type: 'string' },
  hazard: { type: 'string' },
  text: { type: 'string' },
  result: { type: 'string' },
  'duplicate-of': { type: 'string' },
  template: { type: 'string' },
  area: { type: 'string' },
  mode: { type: 'string' },
  kind: { type: 'string' },
  level: { type: 'string' },
  order: { type: 'string' },
  issuer: { type: 'string' },
  report: { type: 'string' },
  interval: { type: 'string' },
  minutes: { type: 'string' },
  until: { type: 'string' },
  'checked-by': { type: 'string' },
  reason: { type: 'string' },
  officer: { type: 'string' },
  words: { type: 'string' },
} as const;

export type Option = keyof typeof OPTIONS;
/** What was given, already known to belong to the verb. */
export interface Given {
  text(name: Option): string | undefined;
  /** @throws wrong usage when it is missing */
  need(name: Option): string;
  /** @throws wrong usage when it is no whole number of 1 or more */
  count(name: Option): number | undefined;
}

/** What is asked of the API: with a body a POST, else a GET. */
export interface Ask {
  path: string;
  body?: Record<string, unknown>;
}

export interface Verb {
  /** How it is written after its name. */
  form: string;
  about: string;
  options: readonly Option[];
  /** Whether an ID follows: `maybe` when it may. */
  id: 'yes' | 'no' | 'maybe';
  /** @throws wrong usage, before anything is asked */
  ask(id: string, given: Given): Ask;
  tell(answer: never): string[];
}

const DRAFT: readonly Option[] = ['template', 'area', 'mode', 'kind', 'level', 'order', 'issuer', 'report', 'interval', 'minutes'];

/** The body of a draft, from the options; what is not given comes from the template. Mode and kind are never assumed. */
function draftOf(given: Given): Record<string, unknown> {
  const body = {
    mode: given.text('mode'),
    kind: given.text('kind'),
    level: given.text('level'),
    order: given.text('order'),
    issuer: given.text('issuer'),
    templateId: given.text('template'),
    reportId: given.text('report'),
    areaCodes: (given.text('area') ?? '').split(',').filter(Boolean),
    durationMinutes: given.count('minutes'),
    intervalSeconds: given.count('interval'),
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function verdictOf(given: Given): Record<string, unknown> {
  const duplicateOf = given.text('duplicate-of');
  return { result: given.need('result'), ...(duplicateOf === undefined ? {} : { duplicateOf }) };
}

const approvalOf = (given: Given) =>
  given.text('officer') === undefined
    ? { means: 'screen' }
    : { means: 'telephone-call-back', approverUsername: given.need('officer'), words: given.need('words') };

export const REPORT_VERBS: Record<string, Verb> = {
  new: {
    form: "--at CODE --hazard KIND --text 'what was said'",
    about: 'writes down a report from the telephone',
    options: ['at', 'hazard', 'text'],
    id: 'no',
    tell: words.receivedReport,
    ask: (_id, given) => ({
      path: '/api/v1/reports',
      body: { gridCode: given.need('at'), hazard: given.need('hazard'), text: given.need('text'), source: 'telephone' },
    }),
  },
  list: { form: '', about: 'newest first', options: [], id: 'no', tell: words.reports, ask: () => ({ path: '/api/v1/reports' }) },
  show: { form: 'ID', about: 'one report', options: [], id: 'yes', tell: words.report, ask: (id) => ({ path: `/api/v1/reports/${id}` }) },
  verify: {
    form: 'ID --result true|false|duplicate [--duplicate-of ID]',
    about: 'says what it was',
    options: ['result', 'duplicate-of'],
    id: 'yes',
    tell: words.report,
    ask: (id, given) => ({ path: `/api/v1/reports/${id}/verify`, body: verdictOf(given) }),
  },
};

const READING: Record<string, Verb> = {
  templates: { form: '', about: 'prepared words', options: [], id: 'no', tell: words.templates, ask: () => ({ path: '/api/v1/templates' }) },
  list: { form: '', about: 'newest first', options: [], id: 'no', tell: words.alerts, ask: () => ({ path: '/api/v1/alerts' }) },
  show: { form: 'ID', about: 'its words, and what it waits for', options: [], id: 'yes', tell: words.alert, ask: (id) => ({ path: `/api/v1/alerts/${id}` }) },
  coverage: {
    form: 'ID',
    about: 'speakers by state, members by answer',
    options: [],
    id: 'yes',
    tell: words.coverage,
    ask: (id) => ({ path: `/api/v1/alerts/${id}/coverage` }),
  },
  ladders: {
    form: 'ID',
    about: 'which villages have answered and are moving, overdue ones first',
    options: [],
    id: 'yes',
    tell: words.ladders,
    ask: (id) => ({ path: `/api/v1/alerts/${id}/ladders` }),
  },
  rollcall: {
    form: 'ID',
    about: 'how many households and persons are accounted for',
    options: [],
    id: 'yes',
    tell: words.rollcall,
    ask: (id) => ({ path: `/api/v1/alerts/${id}/rollcall?totals=true` }),
  },
  timeline: { form: 'ID', about: 'who did what, when', options: [], id: 'yes', tell: words.timeline, ask: (id) => ({ path: `/api/v1/alerts/${id}/timeline` }) },
};

const OVER: Record<string, Verb> = {
  quieten: {
    form: 'ID',
    about: 'the sound stops; the alert and the counting go on',
    options: [],
    id: 'yes',
    tell: words.changed,
    ask: (id) => ({ path: `/api/v1/alerts/${id}/quieten`, body: {} }),
  },
  extend: {
    form: 'ID --until TIME',
    about: 'the same until later; TIME as 2026-07-01T18:00:00+08:00',
    options: ['until'],
    id: 'yes',
    tell: words.changed,
    ask: (id, given) => ({ path: `/api/v1/alerts/${id}/extend`, body: { endTime: given.need('until') } }),
  },
  end: {
    form: "ID --checked-by 'who checked the slope'",
    about: 'all-clear, spoken once',
    options: ['checked-by'],
    id: 'yes',
    tell: words.changed,
    ask: (id, given) => ({ path: `/api/v1/alerts/${id}/end`, body: { checkedBy: given.need('checked-by') } }),
  },
  cancel: {
    form: "ID --reason 'why it was an error'",
    about: 'it was an error; said so once',
    options: ['reason'],
    id: 'yes',
    tell: words.changed,
    ask: (id, given) => ({ path: `/api/v1/alerts/${id}/cancel`, body: { reason: given.need('reason') } }),
  },
  discard: {
    form: 'ID',
    about: 'throws a draft away',
    options: [],
    id: 'yes',
    tell: words.changed,
    ask: (id) => ({ path: `/api/v1/alerts/${id}/discard`, body: {} }),
  },
};

export const ALERT_VERBS: Record<string, Verb> = {
  draft: {
    form: 'DRAFT',
    about: 'prepares an alert; nothing sounds yet',
    options: DRAFT,
    id: 'no',
    tell: words.draft,
    ask: (_id, given) => ({ path: '/api/v1/alerts', body: draftOf(given) }),
  },
  forecast: {
    form: 'ID | DRAFT',
    about: 'who would be reached; sends nothing',
    options: DRAFT,
    id: 'maybe',
    tell: words.forecast,
    ask: (id, given) => ({ path: '/api/v1/alerts/forecast', body: id === '' ? draftOf(given) : { alertId: id } }),
  },
  approve: {
    form: "ID [--officer USERNAME --words 'what he said']",
    about: 'the second officer agrees; with --officer: he agreed on the telephone',
    options: ['officer', 'words'],
    id: 'yes',
    tell: words.draft,
    ask: (id, given) => ({ path: `/api/v1/alerts/${id}/approve`, body: approvalOf(given) }),
  },
  countersign: {
    form: 'ID',
    about: 'signs for an agreement by telephone',
    options: [],
    id: 'yes',
    tell: words.changed,
    ask: (id) => ({ path: `/api/v1/alerts/${id}/countersign`, body: {} }),
  },
  raise: { form: 'ID', about: 'sends it', options: [], id: 'yes', tell: words.changed, ask: (id) => ({ path: `/api/v1/alerts/${id}/raise`, body: {} }) },
  update: {
    form: 'ID DRAFT',
    about: 'the whole next revision',
    options: DRAFT,
    id: 'yes',
    tell: words.draft,
    ask: (id, given) => ({ path: `/api/v1/alerts/${id}/update`, body: draftOf(given) }),
  },
  ...READING,
  ...OVER,
};
