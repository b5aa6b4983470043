// The audit: who did what, when, found again by whom, what, where, when and by words; nobody sees beyond his scope.
import { beforeEach, describe, expect, it } from 'vitest';
import { AUDIT_KINDS, type AuditView } from '@laba/domain/audit-view';
import { EVENTS } from '@laba/domain/events';
import { LIMITS } from '@laba/domain/limits';
import { SESSION_COOKIE } from '@laba/runtime/http';
import { recordAll } from '@laba/storage/events';
import { GROUP_A, OFFICERS, OTHER, VILLAGE, Watch } from '../watch.test-kit.ts';

type As = keyof typeof OFFICERS;

describe('the audit', () => {
  let watch: Watch;
  beforeEach(async () => {
    watch = await Watch.open();
  });

  const ask = (query: string, as: As = 'admin', path = '/api/v1/audit') => watch.app.inject({ url: `${path}?${query}`, cookies: { [SESSION_COOKIE]: as } });
  const read = async (query: string, as: As = 'admin') => (await ask(query, as)).json<AuditView>();
  const types = async (query: string, as: As = 'admin') => (await read(query, as)).events.map(({ type }) => type);
  const row = (who: string, gridCode: string, data: { kind: string; rows: number }) =>
    ({ type: 'grid.exported', atMs: watch.clock.now(), via: 'http', who, gridCode, subjectId: 'file', data }) as const;
  const told = (who: string, gridCode: string, data: { kind: string; rows: number }) =>
    watch.deps.db.atomically(recordAll(watch.deps.ids, [row(who, gridCode, data)]));

  it('every event of the story has its kind, once', () => {
    const names = Object.values(AUDIT_KINDS).flatMap(({ events }) => [...events] as string[]);
    expect(new Set(names).size).toBe(names.length);
    const missing = Object.keys(EVENTS).filter((type) => !names.includes(type.slice(0, type.indexOf('.'))));
    expect(missing).toEqual([]);
    const unused = names.filter((name) => !Object.keys(EVENTS).some((type) => type.startsWith(`${name}.`)));
    expect(unused).toEqual([]);
  });

  it('is found by officer, kind, place, time and words, the newest first, in either language', async () => {
    await told(`officer:${OFFICERS.county.id}`, VILLAGE, { kind: 'members', rows: 3 });
    await watch.clock.advance(60_000);
    const laterMs = watch.clock.now();
    await told(`officer:${OFFICERS.relief.id}`, GROUP_A, { kind: 'households', rows: 4 });
    await told(`officer:${OFFICERS.relief.id}`, OTHER, { kind: 'places', rows: 5 });
    await told('system', VILLAGE, { kind: 'sites', rows: 6 });
    const rows = async (query: string) => (await read(query)).events.map(({ data }) => data['rows']);
    expect(await rows('about=lists')).toEqual([5, 4, 3]);
    expect(await rows('about=lists&everybody=true')).toEqual([6, 5, 4, 3]);
    expect(await rows(`officer=${OFFICERS.county.id}`)).toEqual([3]);
    expect(await rows(`area=${VILLAGE}`)).toEqual([4, 3]);
    expect(await rows(`from=${laterMs}`)).toEqual([5, 4]);
    expect(await rows(`until=${laterMs}`)).toEqual([3]);
    const today = new Date(laterMs + watch.deps.config.utcOffsetMinutes * 60_000).toISOString().slice(0, 10);
    expect(await rows(`from=${today}&until=${today}&about=lists`)).toEqual([5, 4, 3]);
    expect(await rows('until=1999-12-31')).toEqual([]);
    expect(await rows(`words=${encodeURIComponent('导出 演示值班员丁 户')}`)).toEqual([4]);
    expect(await rows('words=EXPORTED%20members')).toEqual([3]);
    expect(await types('about=alerts')).toEqual([]);
  });

  it('goes on by its cursor without missing or repeating one, and says how far it looked', async () => {
    for (let i = 0; i < 7; i++) await told(`officer:${OFFICERS.county.id}`, VILLAGE, { kind: i % 2 === 0 ? 'members' : 'sites', rows: i });
    const seen: unknown[] = [];
    let next: number | null | undefined;
    for (let turns = 0; next !== null && turns < 10; turns++) {
      const page = await read(`limit=2&words=${encodeURIComponent('成员')}${next === undefined ? '' : `&before=${next}`}`);
      seen.push(...page.events.map(({ data }) => data['rows']));
      next = page.next;
    }
    expect(seen).toEqual([6, 4, 2, 0]);
    expect((await read('')).searchedToMs).toBeTypeOf('number');
    expect(await read('words=nothing-like-it')).toMatchObject({ events: [], next: null });
  });

  it('a search among very many goes on where it stopped looking', async () => {
    await told(`officer:${OFFICERS.county.id}`, VILLAGE, { kind: 'members', rows: 77 });
    const many = Array.from({ length: LIMITS.auditLookedThrough + 1 }, (_, i) => row(`officer:${OFFICERS.county.id}`, VILLAGE, { kind: 'sites', rows: i }));
    await watch.deps.db.atomically(recordAll(watch.deps.ids, many));
    const first = await read(`words=${encodeURIComponent('成员')}`);
    expect(first.events).toEqual([]);
    expect(first.next).toBeTypeOf('number');
    expect((await read(`words=${encodeURIComponent('成员')}&before=${first.next}`)).events.map(({ data }) => data['rows'])).toEqual([77]);
  });

  it('what is rare is found behind a long stretch of other doings, and what is older than was asked for is not read', async () => {
    await told(`officer:${OFFICERS.county.id}`, VILLAGE, { kind: 'members', rows: 77 });
    await watch.clock.advance(5 * 86_400_000);
    const many = Array.from({ length: LIMITS.auditStretchEvents + 5 }, (_, i) => row('system', VILLAGE, { kind: 'sites', rows: i }));
    await watch.deps.db.atomically(recordAll(watch.deps.ids, many));
    expect((await read('')).events.map(({ data }) => data['rows'])).toEqual([77]);
    expect(await read(`from=${watch.clock.now() - 86_400_000}`)).toMatchObject({ events: [], next: null });
    expect(await read(`from=${watch.clock.now() - 6 * 86_400_000}`)).toMatchObject({ events: [{ data: { rows: 77 } }], next: null });
  });

  it('is for who manages accounts, inside his own scope', async () => {
    await told(`officer:${OFFICERS.county.id}`, OTHER, { kind: 'members', rows: 3 });
    for (const as of ['county', 'village'] as const) expect((await ask('', as)).statusCode).toBe(403);
    expect((await ask('area=150702')).statusCode).toBe(403);
    expect(await types('', 'villageAdmin')).toEqual([]);
    expect((await ask(`area=${OTHER}`, 'villageAdmin')).statusCode).toBe(403);
    for (const wrong of ['about=nonsense', 'limit=0', 'area=x', 'before=-1', 'from=yesterday', 'until=2026-13-45'])
      expect((await ask(wrong)).statusCode).toBe(400);
  });

  it('goes out as a table in which nothing becomes a formula', async () => {
    await told(`officer:${OFFICERS.county.id}`, VILLAGE, { kind: '=cmd', rows: 3 });
    const answer = await ask('lang=en', 'admin', '/api/v1/audit.csv');
    expect(answer.headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', 'cache-control': 'no-store' });
    const [head, ...rows] = answer.body.trimEnd().split('\r\n');
    expect(head).toBe('\uFEFFTime,Who,Id of who,From where,Code of the place,Place,What,Event,Subject,Alert,Number');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain('grid.exported');
    expect(answer.body).not.toMatch(/(^|,)=/m);
    expect((await ask('', 'county', '/api/v1/audit.csv')).statusCode).toBe(403);
  });
});
