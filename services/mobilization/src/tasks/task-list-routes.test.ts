// Chapter 5, tasks: what officers read of the list, and the county's own templates.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import type { NewTask } from './task-store.ts';
import { TASK_TEMPLATE_SET } from './task-template-set.ts';
import { loadTaskTemplates } from './task-templates.ts';
import { GROUP_A, OFFICERS, OTHER_VILLAGE, Town, VILLAGE } from '../town.test-kit.ts';

describe('the list of tasks', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.found();
  });
  afterEach(() => town.app.close());

  const put = async (...tasks: Partial<NewTask>[]) => {
    const nowMs = town.clock.now();
    const rows = tasks.map((task, i): NewTask => {
      const id = `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`;
      const common = {
        id,
        mode: 'live' as const,
        kind: 'finding' as const,
        gridCode: GROUP_A,
        zh: '修排水沟',
        en: 'Mend the ditch',
        source: 'officer' as const,
      };
      return { ...common, sourceId: 'x', once: id, state: 'open', dueAtMs: nowMs + i * 60_000, createdAtMs: nowMs, changedAtMs: nowMs, ...task };
    });
    await town.deps.db.atomically([any((q, t) => q.insert(t.task).values(rows).returning({ id: t.task.id }))]);
  };
  const get = (query = '', officer: keyof typeof OFFICERS = 'county') =>
    town.app.inject({ url: `/api/v1/tasks${query}`, ...town.as(officer) }).then((answer) => ({ status: answer.statusCode, ...answer.json() }));

  it('shows the overdue first and the closed last, and counts them all', async () => {
    const nowMs = town.clock.now();
    await put(
      { state: 'signed-off', dueAtMs: nowMs - 9_000_000 },
      { dueAtMs: nowMs + 60_000 },
      { dueAtMs: nowMs - 60_000 },
      { state: 'done', ownerMemberId: 'm-1' },
    );
    const page = await get();
    expect(page.tasks.map((task: { state: string; isOverdue: boolean }) => [task.state, task.isOverdue])).toEqual([
      ['open', true],
      ['open', false],
      ['done', false],
      ['signed-off', false],
    ]);
    expect(page.counts).toMatchObject({ total: 4, open: 3, overdue: 1, unowned: 2, byStatus: { open: 2, done: 1, 'signed-off': 1, taken: 0 } });
    expect((await get('?overdue=true')).tasks).toHaveLength(1);
    expect((await get('?state=done')).tasks).toHaveLength(1);
  });

  it('comes in pages that miss nothing and repeat nothing', async () => {
    await put(...Array.from({ length: 450 }, (_, i) => (i % 3 === 0 ? { state: 'dropped' as const } : { dueAtMs: town.clock.now() + (i % 7) })));
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page = await get(next === '' ? '' : `?after=${next}`);
      seen.push(...page.tasks.map((task: { id: string }) => task.id));
      next = page.next;
    }
    expect([seen.length, new Set(seen).size]).toEqual([450, 450]);
  });

  it('shows nobody what lies outside his scope', async () => {
    await put({ gridCode: VILLAGE }, { gridCode: OTHER_VILLAGE, wordsCipher: town.deps.vault.encrypt('要送药') });
    expect((await get('', 'village')).tasks.map((task: { gridCode: string }) => task.gridCode)).toEqual([VILLAGE]);
    expect(await get(`?grid=${OTHER_VILLAGE}`, 'village')).toMatchObject({ status: 403, code: 'out-of-scope' });
    const foreign = `/${'00000000-0000-7000-8000-000000000001'}`;
    expect(await get(foreign, 'village')).toMatchObject({ status: 403, code: 'out-of-scope' });
    expect(await get(foreign, 'other')).toMatchObject({ status: 200, words: '要送药', owner: null });
  });

  it.each(['?after=x', '?after=2.1.a', '?after=0.%27.a', '?state=lost', '?grid=12', '?overdue=perhaps'])('refuses %s with a reason', async (query) => {
    const answer = await get(query);
    expect([400, 422]).toContain(answer.status);
    expect(['bad-input', 'unknown-code']).toContain(answer.code);
  });

  it('prints a reminder in both languages, for officers of the place alone', async () => {
    const wordsCipher = town.deps.vault.encrypt('<b>水沟</b>堵了');
    await put({ dueAtMs: town.clock.now() - 60_000, wordsCipher, mode: 'drill' }, { gridCode: OTHER_VILLAGE });
    const sheet = (n: number, officer: keyof typeof OFFICERS = 'village') =>
      town.app.inject({ url: `/api/v1/tasks/00000000-0000-7000-8000-00000000000${n}/reminder`, ...town.as(officer) });
    const printed = await sheet(0);
    expect(printed.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const words of ['催办单', 'Reminder of a task', '演练', '已逾期', '尚未落实', '&#60;b&#62;水沟']) expect(printed.body).toContain(words);
    expect([(await sheet(1)).statusCode, (await sheet(9)).statusCode]).toEqual([403, 404]);
    expect((await town.app.inject({ url: '/api/v1/tasks/00000000-0000-7000-8000-000000000000/reminder' })).statusCode).toBe(401);
  });

  it('a template is changed by who saw its newest version, and by nobody of a village', async () => {
    await loadTaskTemplates(town.deps, TASK_TEMPLATE_SET);
    await loadTaskTemplates(town.deps, TASK_TEMPLATE_SET);
    const { id, ...template } = TASK_TEMPLATE_SET[0]!;
    const change = (body: object, officer: keyof typeof OFFICERS = 'admin', which: string = id) =>
      town.app.inject({ method: 'PUT', url: `/api/v1/task-templates/${which}`, ...town.as(officer), payload: body });
    expect((await change({ ...template, version: 1 }, 'village')).statusCode).toBe(403);
    expect((await change({ ...template, stage: 'own', version: 1 })).json()).toMatchObject({ version: 2, stage: 'own' });
    expect((await change({ ...template, version: 1 })).json()).toMatchObject({ code: 'changed-meanwhile' });
    expect((await change({ ...template, version: 0 }, 'admin', 'our-own')).json()).toMatchObject({ id: 'our-own', version: 1 });
    expect((await change({ ...template, version: 3 }, 'admin', 'unknown')).json()).toMatchObject({ code: 'not-found' });
    const twice = { ...template, actions: [template.actions[0], template.actions[0]], version: 2 };
    expect((await change(twice)).json()).toMatchObject({ code: 'bad-input' });
    const { templates } = (await town.app.inject({ url: '/api/v1/task-templates', ...town.as('village') })).json();
    expect(templates).toHaveLength(TASK_TEMPLATE_SET.length + 1);
    expect((await town.events('task.templates-loaded')).map(({ data }) => data)).toEqual([{ rows: TASK_TEMPLATE_SET.length }]);
  });
});
