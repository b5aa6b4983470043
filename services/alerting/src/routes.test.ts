// Chapter 2, alert, reading, the policy, and who may use the routes.
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Officer } from '@laba/domain/officer';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import { any } from '@laba/storage/database';
import {
  inAlertRoom,
  act,
  admin,
  ask,
  cadre,
  draft,
  duty1,
  duty2,
  events,
  everybody,
  headOf,
  order,
  raised,
  red,
  room,
  stranger,
  township,
} from './alert-room.test-kit.ts';

inAlertRoom();

describe('reading', () => {
  it('shows an alert to whoever lives under it or above it', async () => {
    const local = await raised();
    const { id: wide } = await draft(duty1, red());
    type List = { alerts: { id: string; state: string; title: string }[]; next: string | null };
    const list = async (who: Officer, query = '') => (await room.ask<List>(who, 'GET', `/api/v1/alerts${query}`)).body.alerts.map((alert) => alert.id);
    expect(await list(cadre)).toEqual([wide, local.id]);
    expect(await list(stranger)).toEqual([wide]);
    expect(await list(duty1, '?state=raised')).toEqual([local.id]);
    expect(await list(duty1, `?after=${wide}`)).toEqual([local.id]);
    expect((await ask(stranger, 'GET', `/alerts/${local.id}`)).body.code).toBe('out-of-scope');
    expect((await ask(stranger, 'GET', `/alerts/${wide}`)).body.waiting!.decision).toMatchObject({
      mayRaise: false,
      missing: ['role', 'scope', 'second-officer'],
    });
    expect((await ask(cadre, 'GET', '/alerts/nothing')).body.code).toBe('not-found');
  });

  it('serves templates and clips', async () => {
    const { templates } = (await room.ask<{ templates: { id: string; texts: { clipSha256: string }[] }[] }>(cadre, 'GET', '/api/v1/templates')).body;
    expect(templates.length).toBeGreaterThan(10);
    const clip = templates.find((row) => row.id === 'debris-flow-move-now')!.texts[0]!.clipSha256;
    const audio = await room.ask(undefined, 'GET', `/audio/${clip}.wav`);
    expect(audio).toMatchObject({ status: 200, headers: { 'content-type': 'audio/wav', 'cache-control': 'public, max-age=31536000, immutable' } });
    for (const file of ['x.wav', `${clip}.mp3`, `${'0'.repeat(64)}.wav`, '..%2Fpackage.json', `${clip.toUpperCase()}.wav`]) {
      expect((await room.ask(undefined, 'GET', `/audio/${file}`)).body, file).toMatchObject({ code: 'not-found' });
    }
  });

  it('keeps templates that the county changed', async () => {
    await room.deps.db.atomically([
      any((q, t) => q.update(t.template).set({ title: '本县的标题' }).where(eq(t.template.id, 'drill')).returning({ id: t.template.id })),
    ]);
    await room.service.start?.();
    const [row] = await room.deps.db.read((q, t) => q.select().from(t.template).where(eq(t.template.id, 'drill')));
    expect(row!.title).toBe('本县的标题');
    expect(await room.deps.db.read((q, t) => q.select().from(t.event).where(eq(t.event.type, 'template.loaded')))).toHaveLength(1);
  });
});

describe('the policy', () => {
  it("is the administrator's, versioned, and decides from then on", async () => {
    const first = await ask(cadre, 'GET', '/policy');
    expect(first.headers['etag']).toBe('"0"');
    const stricter = { ...DEFAULT_POLICY, rows: DEFAULT_POLICY.rows.map((row) => (row.name === 'own people, at once' ? { ...row, officers: 2 } : row)) };
    expect((await ask(admin, 'PUT', '/policy', stricter, { 'if-match': '"0"' })).headers['etag']).toBe('"1"');
    expect((await ask(admin, 'PUT', '/policy', stricter, { 'if-match': '"0"' })).body.code).toBe('changed-meanwhile');
    expect((await ask(admin, 'PUT', '/policy', { ...stricter, rows: [] })).body.code).toBe('bad-input');
    expect((await ask(admin, 'PUT', '/policy', { ...stricter, rows: stricter.rows.slice(0, 1) })).body.code).toBe('bad-input');
    const { id } = await draft();
    expect((await act(cadre, id, 'raise')).body.code).toBe('approval-needed');
    await act(township, id, 'approve', { means: 'screen' });
    expect((await act(cadre, id, 'raise')).body.state).toBe('raised');
    expect((await events('policy.changed')).map((event) => event.data)).toEqual([{ version: 1 }]);
  });
});

describe('who may use the routes', () => {
  const routes: readonly (readonly ['GET' | 'POST' | 'PATCH' | 'PUT', string, unknown])[] = [
    ['GET', '/alerts', undefined],
    ['GET', '/alerts/ID', undefined],
    ['GET', '/templates', undefined],
    ['GET', '/policy', undefined],
    ['POST', '/alerts', order()],
    ['POST', '/alerts/forecast', order()],
    ['PATCH', '/alerts/ID', order()],
    ['POST', '/alerts/ID/discard', undefined],
    ['POST', '/alerts/ID/approve', { means: 'screen' }],
    ['POST', '/alerts/ID/countersign', undefined],
    ['POST', '/alerts/ID/raise', undefined],
    ['POST', '/alerts/ID/update', order()],
    ['POST', '/alerts/ID/extend', { endTime: '2026-07-01T09:30:00Z' }],
    ['POST', '/alerts/ID/quieten', undefined],
    ['POST', '/alerts/ID/end', { checkedBy: '演示监测员' }],
    ['POST', '/alerts/ID/cancel', { reason: '误发' }],
  ];

  it.each(routes)('%s %s asks for a signed-in officer, and an officer of another place is refused', async (method, path, body) => {
    const { id } = await draft();
    const url = path.replace('ID', id);
    expect((await ask(undefined, method, url, body)).body.code).toBe('not-signed-in');
    const foreign = await ask(stranger, method, url, body);
    const open = method === 'GET' && !path.includes('ID');
    expect(foreign.body.code, path).toBe(open ? undefined : 'out-of-scope');
  });

  it.each(everybody.slice(0, 5))('$username ($role) may do the duty in his place; only the administrator changes the policy', async (officer) => {
    const { id } = await draft(duty2);
    for (const [method, path, body] of routes) {
      const answer = await ask(officer, method, path.replace('ID', id), body);
      expect(['role-refused', 'out-of-scope', 'not-signed-in', 'internal'], `${method} ${path} → ${answer.body.code}`).not.toContain(answer.body.code);
    }
    const policy = await ask(officer, 'PUT', '/policy', DEFAULT_POLICY);
    expect(policy.body.code).toBe(officer.role === 'county-admin' ? undefined : 'role-refused');
  });

  it('and no act without the CSRF token', async () => {
    const { id } = await draft();
    expect((await act(cadre, id, 'raise', undefined, { 'x-csrf-token': 'wrong' })).body.code).toBe('csrf-missing');
    expect((await headOf(id)).state).toBe('draft');
  });
});
