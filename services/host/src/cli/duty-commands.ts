// The duty officer's work in the terminal: the same API as the page.
import type { Client } from './client.ts';
import type { Command, Console } from './command.ts';
import { signIn } from './sign-in.ts';

const OPTIONS = {
  json: { type: 'boolean', default: false },
  at: { type: 'string' }, hazard: { type: 'string' }, text: { type: 'string' }, result: { type: 'string' }, 'duplicate-of': { type: 'string' },
  template: { type: 'string' }, area: { type: 'string' }, mode: { type: 'string' }, kind: { type: 'string' }, level: { type: 'string' }, order: { type: 'string' }, issuer: { type: 'string' },
  report: { type: 'string' }, interval: { type: 'string' }, minutes: { type: 'string' },
  until: { type: 'string' }, 'checked-by': { type: 'string' }, reason: { type: 'string' }, officer: { type: 'string' }, words: { type: 'string' },
} as const;

type Values = Record<string, string | boolean | undefined>;
type Step = (client: Client, id: string, values: Values) => Promise<unknown>;

const text = (values: Values, name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);

function need(values: Values, name: string): string {
  const value = text(values, name);
  if (value === undefined) throw new Error(`--${name} is missing.`);
  return value;
}

/** The body of a draft, from the options; what is not given comes from the template. Mode and kind are never assumed. */
function draftOf(values: Values): Record<string, unknown> {
  const minutes = text(values, 'minutes');
  const interval = text(values, 'interval');
  const given = {
    mode: text(values, 'mode'), kind: text(values, 'kind'), level: text(values, 'level'), order: text(values, 'order'), issuer: text(values, 'issuer'),
    templateId: text(values, 'template'), reportId: text(values, 'report'), areaCodes: (text(values, 'area') ?? '').split(',').filter(Boolean),
    durationMinutes: minutes === undefined ? undefined : Number(minutes), intervalSeconds: interval === undefined ? undefined : Number(interval),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const REPORT_STEPS: Record<string, Step> = {
  new: (client, _id, values) => client.post('/api/v1/reports', { gridCode: need(values, 'at'), hazard: need(values, 'hazard'), text: need(values, 'text'), source: 'telephone' }),
  list: (client) => client.get('/api/v1/reports'),
  show: (client, id) => client.get(`/api/v1/reports/${id}`),
  verify: (client, id, values) => client.post(`/api/v1/reports/${id}/verify`, { result: need(values, 'result'), ...(text(values, 'duplicate-of') ? { duplicateOf: text(values, 'duplicate-of') } : {}) }),
};

const ALERT_STEPS: Record<string, Step> = {
  templates: (client) => client.get('/api/v1/templates'),
  draft: (client, _id, values) => client.post('/api/v1/alerts', draftOf(values)),
  forecast: (client, id, values) => client.post('/api/v1/alerts/forecast', id === '' ? draftOf(values) : { alertId: id }),
  list: (client) => client.get('/api/v1/alerts'),
  show: (client, id) => client.get(`/api/v1/alerts/${id}`),
  coverage: (client, id) => client.get(`/api/v1/alerts/${id}/coverage`),
  timeline: (client, id) => client.get(`/api/v1/alerts/${id}/timeline`),
  approve: (client, id, values) => client.post(`/api/v1/alerts/${id}/approve`, text(values, 'officer') === undefined
    ? { means: 'screen' }
    : { means: 'telephone-call-back', approverUsername: text(values, 'officer'), words: need(values, 'words') }),
  raise: (client, id) => client.post(`/api/v1/alerts/${id}/raise`),
  quieten: (client, id) => client.post(`/api/v1/alerts/${id}/quieten`),
  extend: (client, id, values) => client.post(`/api/v1/alerts/${id}/extend`, { endTime: need(values, 'until') }),
  end: (client, id, values) => client.post(`/api/v1/alerts/${id}/end`, { checkedBy: need(values, 'checked-by') }),
  cancel: (client, id, values) => client.post(`/api/v1/alerts/${id}/cancel`, { reason: need(values, 'reason') }),
  discard: (client, id) => client.post(`/api/v1/alerts/${id}/discard`),
};

const NEEDS_NO_ID = new Set(['new', 'list', 'templates', 'draft', 'forecast']);

function commandOf(noun: string, steps: Record<string, Step>, fallbackUser: string): Command {
  return async ({ args, config, terminal, parse }) => {
    const { values, positionals } = parse({ args: [...args], allowPositionals: true, options: { ...OPTIONS, help: { type: 'boolean', default: false } } });
    const [verb, id = ''] = positionals;
    const step = verb === undefined ? undefined : steps[verb];
    if (step === undefined || values.help || (id === '' && !NEEDS_NO_ID.has(verb ?? ''))) {
      usage(terminal, noun, steps);
      return values.help ? 0 : 2;
    }
    const client = await signIn(config, terminal, fallbackUser);
    terminal.out(JSON.stringify(await step(client, id, values), null, values.json ? 0 : 2));
    return 0;
  };
}

function usage(terminal: Console, noun: string, steps: Record<string, Step>): void {
  terminal.err(`Usage: laba ${noun} <${Object.keys(steps).join('|')}> [ID] [${Object.keys(OPTIONS).map((name) => `--${name}`).join('] [')}]`);
  terminal.err(`Example: laba alert draft --template debris-flow-move-now --area 53332410120101 --mode live --kind order --order move-now`);
}

export const reportCommand = commandOf('report', REPORT_STEPS, 'duty1');
export const alertCommand = commandOf('alert', ALERT_STEPS, 'duty1');
