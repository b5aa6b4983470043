// Every route of the house, asked by everybody: who may not is refused, and who may elsewhere neither sees nor changes anything of a foreign place.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '@laba/domain/officer';
import { createOfficer } from '@laba/registry/create-officer';
import { fingerprint, SAID_AT_ANY_TIME } from '../harness/refusals.ts';
import { TOWNSHIP, VILLAGE } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Town } from '../harness/town.ts';
import { accessTable, type Line } from './access-table.ts';
import { ALERTS, LOUDSPEAKERS } from './alert-rules.ts';
import { fillFarTownship, MARKS, type Far } from './far-township.ts';
import { CALLS, LADDERS, ROLL_CALL, ROUNDS, WORK } from './people-rules.ts';
import { REGISTRY } from './registry-rules.ts';
import type { Ask, Rule, Rules } from './rules.ts';
import { Visitor, type Answer } from './visitor.ts';
import { PAGES, WATCH } from './watch-rules.ts';

const RULES: Rules = { ...REGISTRY, ...ALERTS, ...LOUDSPEAKERS, ...CALLS, ...LADDERS, ...ROLL_CALL, ...WORK, ...ROUNDS, ...WATCH, ...PAGES };
const TABLE = join(import.meta.dirname, 'ACCESS.md');

/** What a refusal about a foreign place is called. By a link also that it is none of his, or that he leads nobody there. */
const FOREIGN = ['out-of-scope', 'not-found'];
const FOREIGN_BY_LINK = [...FOREIGN, 'link-invalid', 'role-refused', 'unknown-code'];
/** An answer that proves nothing of the route's own guard. */
const NO_PROOF = [
  'bad-input',
  'out-of-scope',
  'not-found',
  'role-refused',
  'csrf-missing',
  'unknown-code',
  'link-invalid',
  'not-signed-in',
  'internal',
  'kind-required',
  '404',
  '415',
  '500',
];
/** What cannot be taken back comes last, when the others have shown that they find what they ask for. */
const ENDS =
  /^DELETE |:(id|kid|planId)\/(disable|revoke|end|cancel|discard|stop|drop|close|let-go|extend|send|take-over|new-link)$|(revoke-link|back|helper|withdraw)$|PUT \/api\/v1\/policy/;

const SIGN_OUT = 'DELETE /api/v1/sessions/current';

interface Route {
  name: string;
  method: string;
  url: string;
  rule: Rule;
}

describe('every route of the house', () => {
  let town: Town;
  let far: Far;
  let routes: Route[];
  let names: string[];
  /** One officer of each role whose place is another one. */
  const elsewhere = new Map<Role, Visitor>();
  const strangers = new Map<string, Visitor>();

  beforeAll(async () => {
    town = await openTown('day');
    far = await fillFarTownship(town, PASSWORD);
    for (const role of ROLES) {
      const [username, scopes] = [`at-home-${role}`, [role === 'village-cadre' ? VILLAGE : TOWNSHIP]];
      await createOfficer(town.house.deps, { username, name: username, role, scopes, password: PASSWORD }, { who: 'system', via: 'cli', once: [] });
      elsewhere.set(role, await new Visitor(() => town.house).signIn(username, PASSWORD));
    }
    strangers.set('nobody', new Visitor(() => town.house));
    const { gatewayId, password } = town.site('dasuo-1').identity;
    strangers.set('a gateway', new Visitor(() => town.house, { authorization: `Basic ${Buffer.from(`${gatewayId}:${password}`).toString('base64')}` }));
    const { member } = far.home;
    strangers.set('a member', new Visitor(() => town.house, { authorization: `Bearer ${member}`, cookie: `laba_session=${member}; laba_link=${member}` }));
    const { paths } = await strangers.get('nobody')!.gets<{ paths: Record<string, Record<string, unknown>> }>('GET', '/api/v1/openapi.json');
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const served = town.house.routes.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`);
    names = [...new Set([...served, ...described])];
    routes = names.flatMap((name) => {
      const [method = '', url = ''] = name.split(' ');
      const rule = RULES[name];
      return rule === undefined ? [] : [{ name, method, url, rule }];
    });
    await town.clock.settle();
  });
  afterAll(() => town.close());

  /** The route with everything in its place; what is not given is nobody's. */
  const asked = ({ method, url }: Route, { params = {}, query = {}, body, headers }: Ask) => ({
    method,
    path: `${url.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? 'nobody'))}?${new URLSearchParams(query).toString()}`,
    ...(method === 'GET' ? {} : { body: body ?? {} }),
    ...(headers === undefined ? {} : { headers }),
  });
  const asksOf = (rule: Rule, kind: 'refused' | 'hidden') => (rule.is === 'placed' ? (rule[kind]?.(far) ?? []) : []);
  const isClosed = ({ rule }: Route) => rule.is === 'same' || rule.is === 'placed';
  const anyAsk = (rule: Rule): Ask => [...asksOf(rule, 'refused'), ...asksOf(rule, 'hidden')][0] ?? {};
  const spoken = ({ text }: Answer) => MARKS.filter((mark) => text.includes(mark));

  it('has a rule, and no rule is left of a route that is gone', () => {
    expect(names.filter((name) => RULES[name] === undefined)).toEqual([]);
    expect(
      Object.keys(RULES).filter((name) => !names.includes(name) && !town.house.app.hasRoute({ method: name.split(' ')[0] as 'GET', url: name.split(' ')[1]! })),
    ).toEqual([]);
  });

  it('lets nobody in without a session, not by a gateway’s password and not by a member’s link, unless it is open or has links of its own', async () => {
    const letIn: string[] = [];
    for (const [who, visitor] of strangers)
      for (const route of routes.filter(isClosed)) {
        const { code, status } = await visitor.ask(asked(route, anyAsk(route.rule)));
        if (code !== 'not-signed-in' || status !== 401) letIn.push(`${who}: ${route.name}: ${code}`);
      }
    expect(letIn).toEqual([]);
  });

  it('refuses who asks about a foreign place, whatever his role, and nothing changes', async () => {
    const before = await fingerprint(town);
    const wrong: string[] = [];
    for (const [role, visitor] of elsewhere)
      for (const route of routes)
        for (const ask of asksOf(route.rule, 'refused')) {
          const answer = await visitor.ask(asked(route, ask));
          // What mixes two places may be refused as what is wrong in itself.
          const refusals = [...FOREIGN, 'role-refused', ...(ask.control === 'nobody' || isMixed(ask, far) ? ['bad-input'] : [])];
          if (!refusals.includes(answer.code) || answer.status < 400 || answer.text.includes(MARKS[0]))
            wrong.push(`${role}: ${route.name} ${JSON.stringify(ask).slice(0, 120)}: ${answer.code} ${answer.text.slice(0, 300)}`);
        }
    expect(wrong).toEqual([]);
    const after = await fingerprint(town);
    for (const name of SAID_AT_ANY_TIME) after[name] = before[name]!;
    expect(after).toEqual(before);
  });

  it('shows nothing of a foreign place to who asks about his own', async () => {
    const wrong: string[] = [];
    for (const [role, visitor] of elsewhere)
      for (const route of routes)
        for (const ask of asksOf(route.rule, 'hidden')) {
          const answer = await visitor.ask(asked(route, ask));
          if (answer.code === 'role-refused') continue;
          if (answer.status >= 300 || spoken(answer).length > 0)
            wrong.push(`${role}: ${route.name} ${JSON.stringify(ask)}: ${answer.code} ${around(answer.text)}`);
        }
    expect(wrong).toEqual([]);
  });

  it('takes a link for its own people only', async () => {
    const wrong: string[] = [];
    for (const route of routes)
      for (const ask of route.rule.is === 'link' ? (route.rule.theirs?.(far) ?? []) : []) {
        const answer = await strangers.get('nobody')!.ask(asked(route, ask));
        const isShown = route.method === 'GET' && answer.status < 300 && spoken(answer).length === 0;
        if (![...FOREIGN_BY_LINK, ...(isMixed(ask, far) ? ['bad-input'] : [])].includes(answer.code) && !isShown)
          wrong.push(`${route.name} ${JSON.stringify(ask)}: ${answer.code} ${answer.text.slice(0, 200)}`);
      }
    expect(wrong).toEqual([]);
  });

  it('answers the same requests of those whose place it is: they ask for what is there', async () => {
    const county = await new Visitor(() => town.house).signIn('admin', PASSWORD);
    const own = await new Visitor(() => town.house).signIn('far-town', PASSWORD);
    const wrong: string[] = [];
    for (const route of routes.toSorted((a, b) => turnOf(a) - turnOf(b))) {
      for (const ask of [...asksOf(route.rule, 'hidden'), ...asksOf(route.rule, 'refused')]) {
        if (ask.control === 'nobody') continue;
        const answer = await (ask.control === 'far' ? own : county).ask(asked(route, ask));
        const isBare = asksOf(route.rule, 'hidden').includes(ask) && answer.status < 300 && spoken(answer).length === 0;
        if (NO_PROOF.includes(answer.code) || isBare)
          wrong.push(`${route.name} ${JSON.stringify(ask).slice(0, 150)}: ${answer.code} ${answer.text.slice(0, 200)}`);
      }
      for (const ask of route.rule.is === 'link' ? (route.rule.own?.(far) ?? []) : []) {
        const answer = await strangers.get('nobody')!.ask(asked(route, ask));
        if (NO_PROOF.includes(answer.code)) wrong.push(`${route.name} ${JSON.stringify(ask).slice(0, 150)}: ${answer.code} ${answer.text.slice(0, 200)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is in the written table as it was answered: ACCESS.md', async () => {
    const lines: Line[] = [];
    const officers = new Map<Role, Visitor>();
    for (const role of ROLES) officers.set(role, await new Visitor(() => town.house).signIn(`at-home-${role}`, PASSWORD));
    // Whoever signs out asks nothing more.
    for (const route of routes.toSorted((a, b) => Number(a.name === SIGN_OUT) - Number(b.name === SIGN_OUT))) {
      const may: Role[] = [];
      for (const [role, visitor] of isClosed(route) ? officers : [])
        if ((await visitor.ask(asked(route, anyAsk(route.rule)))).code !== 'role-refused') may.push(role);
      lines.push({ name: route.name, rule: route.rule, may });
    }
    const table = accessTable(lines);
    if (process.env['LABA_WRITE_TABLES'] === 'true') writeFileSync(TABLE, table);
    expect(readFileSync(TABLE, 'utf8'), 'LABA_WRITE_TABLES=true npx vitest run --project embedded tests/access').toBe(table);
  });
});

/** Somebody of the far township is named to what is at home: who is not of his place is for him as if there were nobody. */
const isMixed = ({ body }: Ask, far: Far) => /far-m\d/.test(JSON.stringify(body ?? '')) && !JSON.stringify(body).includes(far.alert);

/** The words about the first mark. */
function around(text: string): string {
  const at = Math.min(...MARKS.map((mark) => text.indexOf(mark)).filter((index) => index >= 0));
  return Number.isFinite(at) ? text.slice(Math.max(0, at - 150), at + 100) : text.slice(0, 200);
}

const turnOf = ({ method, name }: Route) => (method === 'GET' ? 0 : name.endsWith('/disable') ? 3 : ENDS.test(name) ? 2 : 1);
