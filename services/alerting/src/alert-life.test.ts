// Chapter 2, alert: the whole life over HTTP, with a clock in the test's hands.
import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConsumerName } from '@laba/domain/events';
import type { Officer } from '@laba/domain/officer';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import { MemoryQueue } from '@laba/messaging/memory-queue';
import { fakeOfficer, openRoom, type FakeRoom } from '@laba/runtime/fake-room';
import { Relay } from '@laba/runtime/relay';
import type { Consumer } from '@laba/runtime/service';
import { any } from '@laba/storage/database';
import type { AlertView } from './alert-view.ts';
import { alertingService } from './service.ts';

const COUNTY = '533324';
const TOWNSHIP = '533324100';
const VILLAGE = '533324100201';
const GROUP = '53332410020101';
const OTHER = '533324101201';
const MINUTE = 60_000;

const admin = fakeOfficer('admin', 'county-admin', COUNTY);
const duty1 = fakeOfficer('duty1', 'county-officer', COUNTY);
const duty2 = fakeOfficer('duty2', 'county-officer', COUNTY);
const township = fakeOfficer('township', 'township-officer', TOWNSHIP);
const cadre = fakeOfficer('cadre', 'village-cadre', VILLAGE);
const stranger = fakeOfficer('stranger', 'village-cadre', OTHER);
const everybody = [admin, duty1, duty2, township, cadre, stranger];

let room: FakeRoom;

beforeEach(async () => {
  room = await openRoom(alertingService, everybody);
  const node = (code: string, tier: 'county' | 'township' | 'village' | 'group') => ({ code, tier, name: `演示${code}` });
  await room.deps.db.atomically([
    any((q, t) => q.insert(t.gridNode).values([node(COUNTY, 'county'), node(TOWNSHIP, 'township'), node(VILLAGE, 'village'), node(GROUP, 'group'), node(OTHER, 'village')]).returning({ code: t.gridNode.code })),
    any((q, t) => q.insert(t.officer).values(everybody.map((one) => ({ id: one.id, username: one.username, name: one.name, role: one.role, scopes: [...one.scopes] }))).returning({ id: t.officer.id })),
  ]);
});
afterEach(() => room.close());

type Refusal = { code: string; detail: string };
type Body = AlertView & Refusal;
const ask = (who: Officer | undefined, method: 'GET' | 'POST' | 'PATCH' | 'PUT', path: string, body?: unknown, headers?: Record<string, string>) => room.ask<Body>(who, method, `/api/v1${path}`, body, headers);

const order = (over: Record<string, unknown> = {}) => ({ mode: 'live', kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [GROUP], durationMinutes: 60, ...over });
const red = (over: Record<string, unknown> = {}) => ({ mode: 'live', kind: 'warning', level: 'red', issuer: '演示县气象台', templateId: 'rainstorm-red', areaCodes: [COUNTY], durationMinutes: 60, ...over });
const draft = async (who: Officer = cadre, body: unknown = order()) => (await ask(who, 'POST', '/alerts', body)).body;
const act = (who: Officer | undefined, id: string, verb: string, body?: unknown, headers?: Record<string, string>) => ask(who, 'POST', `/alerts/${id}/${verb}`, body, headers);
const raised = async (who: Officer = cadre, body: unknown = order()) => {
  const { id } = await draft(who, body);
  const answer = await act(who, id, 'raise');
  expect(answer.body.state).toBe('raised');
  return answer.body;
};
const iso = (inMinutes: number) => new Date(room.deps.clock.now() + inMinutes * MINUTE).toISOString();
const events = async (type?: string) => (await room.deps.db.read((q, t) => q.select().from(t.event).orderBy(t.event.seq))).filter((event) => event.type !== 'template.loaded' && (type === undefined || event.type === type));
const types = async () => (await events()).map((event) => event.type);
const jobs = (consumer: ConsumerName) => room.deps.db.read((q, t) => q.select().from(t.job).where(eq(t.job.consumer, consumer)));
const headOf = async (id: string) => (await room.deps.db.read((q, t) => q.select().from(t.alert).where(eq(t.alert.id, id))))[0]!;

async function withRelay(work: () => Promise<void>): Promise<void> {
  const { db, clock, ids, log } = room.deps;
  const consumers = new Map(Object.entries(room.service.consumers ?? {}) as [ConsumerName, Consumer][]);
  const relay = new Relay({ db, queue: new MemoryQueue((ms) => clock.sleep(ms)), clock, ids, log }, consumers);
  await relay.start();
  await work();
  await relay.stop();
}

describe('a draft', () => {
  it('is written down and nothing else: no job, no command, no CAP message yet', async () => {
    const { body, status, headers } = await ask(cadre, 'POST', '/alerts', order());
    expect(status).toBe(201);
    expect(headers['location']).toBe(`/api/v1/alerts/${body.id}`);
    expect(headers['etag']).toBe('"1"');
    expect(body).toMatchObject({ state: 'draft', revision: 1, mode: 'live', order: 'move-now', areaCodes: [GROUP], draftedBy: 'cadre', title: '泥石流：立即转移', waiting: { revision: 1, decision: { mayRaise: true, officersNeeded: 1 } } });
    expect(body.revisions[0]).toMatchObject({ cap: null, raisedAt: null, siren: true });
    expect(await types()).toEqual(['alert.drafted']);
    expect((await events())[0]).toMatchObject({ who: 'officer:cadre', gridCode: GROUP, alertId: body.id, data: { revision: 1, templateId: 'debris-flow-move-now', reportId: null } });
    expect(await room.deps.db.read((q, t) => q.select().from(t.job))).toEqual([]);
  });

  it.each([
    ['no mode', { mode: undefined }, 'mode-required'],
    ['an unknown mode', { mode: 'real' }, 'mode-required'],
    ['an empty mode', { mode: '' }, 'mode-required'],
    ['no kind', { kind: undefined }, 'kind-required'],
    ['an empty kind', { kind: '' }, 'kind-required'],
    ['neither mode nor kind', { mode: undefined, kind: undefined }, 'mode-required'],
    ['an empty area', { areaCodes: [] }, 'empty-area'],
    ['no area', { areaCodes: undefined }, 'empty-area'],
    ['a code that no grid node has', { areaCodes: [GROUP, '53332410020199'] }, 'unknown-code'],
    ['a code that is no code', { areaCodes: ['everywhere'] }, 'unknown-code'],
    ['a code of another county', { areaCodes: ['110101'] }, 'unknown-code'],
    ['a village outside the scope', { areaCodes: [GROUP, OTHER] }, 'out-of-scope'],
    ['the whole county', { areaCodes: [COUNTY] }, 'out-of-scope'],
    ['too many codes', { areaCodes: Array.from({ length: 501 }, () => GROUP) }, 'bad-input'],
    ['an unknown template', { templateId: 'nothing' }, 'unknown-template'],
    ['an unknown report', { reportId: 'nothing' }, 'not-found'],
    ['words of 100,000 characters', { texts: [{ language: 'zh-CN', title: '泥石流', text: '走'.repeat(100_000) }] }, 'bad-text'],
    ['no words', { texts: [{ language: 'zh-CN', title: '泥石流', text: '' }] }, 'bad-text'],
    ['only bidi and control characters', { texts: [{ language: 'zh-CN', title: '泥石流', text: '\u202e\u0000\u2066' }] }, 'bad-text'],
    ['an end in the past', { durationMinutes: undefined, endTime: '2020-01-01T00:00:00+08:00' }, 'bad-time'],
    ['a time that is none', { durationMinutes: undefined, endTime: 'tomorrow' }, 'bad-input'],
    ['a start tomorrow', { startTime: '2026-07-02T00:00:00Z' }, 'bad-time'],
    ['a level beside the order', { level: 'red' }, 'bad-input'],
    ['texts that are not a list', { texts: 'go' }, 'bad-input'],
    ['a volume beyond all', { volume: 101 }, 'bad-input'],
  ])('with %s is refused, says why, and leaves nothing', async (_name, over, code) => {
    const { body, status } = await ask(cadre, 'POST', '/alerts', order(over));
    expect(body.code).toBe(code);
    expect(body.detail.length).toBeGreaterThan(10);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(await room.deps.db.read((q, t) => q.select().from(t.alert))).toEqual([]);
    expect(await events()).toEqual([]);
  });

  it('that is no object is refused', async () => {
    for (const body of ['[]', '"x"', '{', 'null']) expect((await ask(cadre, 'POST', '/alerts', body, { 'content-type': 'application/json' })).status).toBeLessThan(500);
  });

  it('may be edited until it is raised, which voids its approvals', async () => {
    const { id } = await draft(duty1, red());
    await act(duty2, id, 'approve', { means: 'screen' });
    const edited = await ask(duty1, 'PATCH', `/alerts/${id}`, red({ areaCodes: [TOWNSHIP, OTHER], level: 'orange' }));
    expect(edited.body).toMatchObject({ level: 'orange', areaCodes: [TOWNSHIP, OTHER], approvals: [], version: 2 });
    expect(await room.deps.db.read((q, t) => q.select({ code: t.alertArea.code }).from(t.alertArea).where(eq(t.alertArea.alertId, id)))).toEqual([{ code: TOWNSHIP }, { code: OTHER }]);
    await act(duty1, id, 'raise');
    expect((await ask(duty1, 'PATCH', `/alerts/${id}`, red())).body.code).toBe('transition-refused');
    expect(await types()).toEqual(['alert.drafted', 'alert.approved', 'alert.edited', 'alert.raised']);
  });

  it('cannot be taken over by an officer of another village', async () => {
    const { id } = await draft();
    expect((await ask(stranger, 'PATCH', `/alerts/${id}`, order({ areaCodes: [OTHER] }))).body.code).toBe('out-of-scope');
    expect((await act(stranger, id, 'discard')).body.code).toBe('out-of-scope');
  });

  it('may be thrown away, and is then over', async () => {
    const { id } = await draft();
    expect((await act(cadre, id, 'discard')).body).toMatchObject({ state: 'discarded', waiting: null });
    expect((await act(cadre, id, 'raise')).body.code).toBe('transition-refused');
    expect(await types()).toEqual(['alert.drafted', 'alert.discarded']);
  });
});

describe('raising', () => {
  it('by one officer where the policy lets a village move its own people', async () => {
    const alert = await raised();
    expect(alert).toMatchObject({ state: 'raised', revision: 1, raisedBy: 'cadre', waiting: null });
    const [event] = await events('alert.raised');
    expect(event).toMatchObject({ who: 'officer:cadre', via: 'http', gridCode: GROUP, data: { revision: 1, mode: 'live', areaCodes: [GROUP], officers: ['cadre'] } });
    const nowMs = room.deps.clock.now();
    const due = await room.deps.db.read((q, t) => q.select({ consumer: t.job.consumer, dueAtMs: t.job.dueAtMs, urgent: t.job.urgent }).from(t.job));
    expect(due).toEqual(expect.arrayContaining([
      { consumer: 'dispatch.freeze-audience', dueAtMs: nowMs, urgent: true }, { consumer: 'mobilization.call-members', dueAtMs: nowMs, urgent: true },
      { consumer: 'alerting.ask-before-expiry', dueAtMs: nowMs + 30 * MINUTE, urgent: true }, { consumer: 'alerting.expire', dueAtMs: nowMs + 60 * MINUTE, urgent: true },
    ]));
    expect(due).toHaveLength(4);
  });

  it('makes an immutable CAP message in Chinese first', async () => {
    const alert = await raised();
    const cap = alert.revisions[0]!.cap!;
    expect(cap).toMatchObject({ status: 'Actual', msgType: 'Alert', sender: 'laba.533324', references: [], sent: '2026-07-01T08:00:00+08:00' });
    expect(cap.identifier).toMatch(/^53332400000000_20260701080000_\d+$/);
    expect(cap.info[0]).toMatchObject({ language: 'zh-CN', event: '地质灾害', responseType: ['Evacuate'], urgency: 'Immediate', expires: '2026-07-01T09:00:00+08:00', area: [{ areaDesc: `演示${GROUP}`, geocode: [{ valueName: 'LABA-14', value: GROUP }] }] });
    const identifiers = new Set<string>();
    for (let i = 0; i < 20; i++) identifiers.add((await raised()).revisions[0]!.cap!.identifier);
    expect(identifiers.size).toBe(20);
  });

  it('county-wide red needs a second officer, and says so', async () => {
    const { id, waiting } = await draft(duty1, red());
    expect(waiting!.decision).toMatchObject({ mayRaise: false, officersNeeded: 2, missing: ['second-officer'], rolesAllowed: ['county-admin', 'county-officer'] });
    const alone = await act(duty1, id, 'raise');
    expect(alone).toMatchObject({ status: 409, body: { code: 'approval-needed', officersNeeded: 2, officersNow: 1 } });
    expect((await act(duty1, id, 'approve', { means: 'screen' })).body.code).toBe('same-officer');
    const approved = await act(duty2, id, 'approve', { means: 'screen' });
    expect(approved.body.approvals).toMatchObject([{ officerId: 'duty2', means: 'screen', recordedBy: 'duty2', revision: 1 }]);
    expect((await act(duty2, id, 'approve', { means: 'screen' })).body.code).toBe('already-done');
    expect((await act(duty2, id, 'raise')).body.code).toBe('approval-needed');
    expect((await act(duty1, id, 'raise')).body.state).toBe('raised');
    expect((await events('alert.raised'))[0]!.data).toMatchObject({ officers: ['duty1', 'duty2'] });
  });

  it('with a second officer on the telephone, who countersigns later', async () => {
    const { id } = await draft(duty1, red());
    const call = (who: Officer, approverUsername?: string) => act(who, id, 'approve', { means: 'telephone-call-back', approverUsername, words: '同意，马上发。' });
    expect((await call(duty1)).body.code).toBe('bad-input');
    expect((await call(duty1, 'nobody')).body.code).toBe('not-found');
    expect((await call(duty1, 'duty1')).body.code).toBe('same-officer');
    expect((await call(duty2, 'duty1')).body.code).toBe('same-officer');
    expect((await call(duty1, 'cadre')).body.code).toBe('out-of-scope');
    expect((await act(duty1, id, 'approve', { means: 'screen', approverUsername: 'duty2' })).body.code).toBe('bad-input');
    expect((await act(duty1, id, 'approve', { means: 'shouting' })).body.code).toBe('bad-input');
    expect((await call(duty1, 'duty2')).body.approvals).toMatchObject([{ officerId: 'duty2', recordedBy: 'duty1', words: '同意，马上发。', countersignedAt: null }]);
    expect((await events('alert.approved'))[0]).toMatchObject({ who: 'officer:duty1', data: { officerId: 'duty2', means: 'telephone-call-back' } });
    await act(duty1, id, 'raise');
    await act(duty1, id, 'cancel', { reason: '演示：误发' });
    expect((await act(duty1, id, 'countersign')).body.code).toBe('not-found');
    expect((await act(duty2, id, 'countersign')).body.approvals[0]!.countersignedAt).not.toBeNull();
    expect((await act(duty2, id, 'countersign')).body.code).toBe('already-done');
    expect((await events('alert.countersigned'))).toHaveLength(1);
  });

  it('is refused where the approver\'s own place in the policy is missing', async () => {
    const wide = fakeOfficer('wide', 'township-officer', COUNTY);
    await room.deps.db.atomically([any((q, t) => q.insert(t.officer).values({ id: wide.id, username: wide.username, name: wide.name, role: wide.role, scopes: [COUNTY] }).returning({ id: t.officer.id }))]);
    const { id } = await draft(duty1, red());
    expect((await act(duty1, id, 'approve', { means: 'telephone-call-back', approverUsername: 'wide' })).body.code).toBe('role-refused');
    await room.deps.db.atomically([any((q, t) => q.update(t.officer).set({ disabled: true }).where(eq(t.officer.id, 'duty2')).returning({ id: t.officer.id }))]);
    expect((await act(duty1, id, 'approve', { means: 'telephone-call-back', approverUsername: 'duty2' })).body.code).toBe('not-found');
  });

  it('happens once: a second time is refused, and two at once are one', async () => {
    const alert = await raised();
    expect((await act(cadre, alert.id, 'raise')).body.code).toBe('transition-refused');
    const { id } = await draft();
    const both = await Promise.all([act(cadre, id, 'raise'), act(township, id, 'raise')]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect(['changed-meanwhile', 'transition-refused']).toContain(both.find((answer) => answer.status === 409)!.body.code);
    expect(await events('alert.raised')).toHaveLength(2);
    expect(await jobs('dispatch.freeze-audience')).toHaveLength(2);
  });

  it('with one Idempotency-Key answers twice and happens once', async () => {
    const { id } = await draft();
    const key = { 'idempotency-key': 'press' };
    const first = await act(cadre, id, 'raise', undefined, key);
    const again = await act(cadre, id, 'raise', undefined, key);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    expect(await events('alert.raised')).toHaveLength(1);
  });

  it('is refused when the approved end has passed meanwhile', async () => {
    const { id } = await draft(cadre, order({ durationMinutes: 5 }));
    await room.deps.clock.advance(5 * MINUTE);
    expect((await act(cadre, id, 'raise')).body.code).toBe('bad-time');
  });

  it('is refused to an officer of another place, and an edit between look and approval is seen', async () => {
    const { id } = await draft(duty1, red());
    expect((await act(cadre, id, 'raise')).body.code).toBe('out-of-scope');
    await ask(duty1, 'PATCH', `/alerts/${id}`, red({ areaCodes: [TOWNSHIP] }));
    expect((await act(duty2, id, 'approve', { means: 'screen' }, { 'if-match': '"1"' })).body.code).toBe('changed-meanwhile');
    expect((await act(cadre, id, 'approve', { means: 'screen' })).body.code).toBe('out-of-scope');
  });

  it('of a drill is no live alert in any way', async () => {
    const drill = await raised(cadre, order({ mode: 'drill' }));
    expect(drill.revisions[0]).toMatchObject({ mode: 'drill', siren: false, cap: { status: 'Exercise', note: `exercise ${drill.id}` } });
    expect((await jobs('dispatch.freeze-audience'))[0]!.urgent).toBe(false);
    expect(drill.title.startsWith('【演练】')).toBe(true);
    const test = await raised(cadre, { mode: 'test', kind: 'order', order: 'prepare', areaCodes: [GROUP] });
    expect(test.revisions[0]).toMatchObject({ texts: [], siren: false, cap: { status: 'Test' } });
  });
});

describe('an update', () => {
  it('is the full next revision, raised at once where one officer suffices', async () => {
    const alert = await raised(cadre, order({ kind: 'order', order: 'prepare', templateId: 'debris-flow-prepare' }));
    await room.deps.clock.advance(10 * MINUTE);
    const updated = await act(cadre, alert.id, 'update', order());
    expect(updated).toMatchObject({ status: 200, body: { revision: 2, order: 'move-now', state: 'raised', waiting: null } });
    expect(updated.body.revisions.map((revision) => [revision.revision, revision.order, revision.raisedAt !== null])).toEqual([[1, 'prepare', true], [2, 'move-now', true]]);
    const [first, second] = updated.body.revisions;
    expect(second!.cap).toMatchObject({ msgType: 'Update', references: [{ sender: 'laba.533324', identifier: first!.cap!.identifier, sent: first!.cap!.sent }] });
    expect(first!.cap).toEqual(alert.revisions[0]!.cap);
    expect((await events('alert.updated'))[0]).toMatchObject({ data: { revision: 2, mode: 'live', areaCodes: [GROUP], officers: ['cadre'] } });
    expect(await jobs('dispatch.freeze-audience')).toHaveLength(2);
  });

  it('that needs a second officer waits, and the old one sounds on until it is raised', async () => {
    const orange = await raised(duty1, red({ level: 'orange', templateId: 'rainstorm-orange' }));
    const waiting = await act(duty1, orange.id, 'update', red());
    expect(waiting).toMatchObject({ status: 202, body: { revision: 1, level: 'orange', updateWaits: true, waiting: { revision: 2, decision: { missing: ['second-officer'] } } } });
    expect((await act(duty1, orange.id, 'raise')).body.code).toBe('approval-needed');
    await act(duty2, orange.id, 'approve', { means: 'screen' });
    const again = await act(duty1, orange.id, 'update', red({ durationMinutes: 90 }));
    expect(again.body.approvals).toEqual([]);
    expect((await act(duty1, orange.id, 'raise')).body.code).toBe('approval-needed');
    await act(duty2, orange.id, 'approve', { means: 'screen' });
    expect((await act(duty1, orange.id, 'raise')).body).toMatchObject({ revision: 2, level: 'red', updateWaits: false });
    expect((await events('alert.updated'))).toHaveLength(1);
    expect(await types()).toEqual(['alert.drafted', 'alert.raised', 'alert.drafted', 'alert.approved', 'alert.drafted', 'alert.approved', 'alert.updated']);
  });

  it('is not approved by what somebody said about an earlier revision', async () => {
    const { id } = await draft(duty1, red());
    await act(duty2, id, 'approve', { means: 'screen' });
    await act(duty1, id, 'raise');
    expect((await act(duty1, id, 'update', red({ durationMinutes: 90 }))).status).toBe(202);
    expect((await act(duty1, id, 'raise')).body.code).toBe('approval-needed');
    expect((await ask(duty1, 'GET', `/alerts/${id}`)).body.waiting).toMatchObject({ revision: 2, decision: { officers: ['duty1'] } });
  });

  it('keeps the mode, obeys the scope of old and new area, and If-Match', async () => {
    const alert = await raised();
    expect((await act(cadre, alert.id, 'update', order({ mode: 'drill' }))).body).toMatchObject({ code: 'bad-input' });
    expect((await act(cadre, alert.id, 'update', order({ areaCodes: [OTHER] }))).body.code).toBe('out-of-scope');
    expect((await act(stranger, alert.id, 'update', order({ areaCodes: [OTHER] }))).body.code).toBe('out-of-scope');
    expect((await act(cadre, alert.id, 'update', order(), { 'if-match': '"1"' })).body.code).toBe('changed-meanwhile');
    expect((await act(cadre, alert.id, 'update', order(), { 'if-match': 'x' })).body.code).toBe('bad-input');
    expect((await act(cadre, alert.id, 'update', order(), { 'if-match': '"2"' })).status).toBe(200);
    const { id } = await draft();
    expect((await act(cadre, id, 'update', order())).body.code).toBe('transition-refused');
  });

  it('by two officers at once is one update', async () => {
    const alert = await raised();
    const both = await Promise.all([act(cadre, alert.id, 'update', order({ order: 'prepare', templateId: 'debris-flow-prepare' })), act(township, alert.id, 'update', order({ areaCodes: [VILLAGE] }))]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect(await events('alert.updated')).toHaveLength(1);
  });
});

describe('an extension', () => {
  it('is a revision with the same words and a later end, by one officer, also where two had to raise', async () => {
    const { id } = await draft(duty1, red());
    await act(duty2, id, 'approve', { means: 'screen' });
    await act(duty1, id, 'raise');
    await act(duty1, id, 'quieten');
    await room.deps.clock.advance(30 * MINUTE);
    const extended = await act(duty2, id, 'extend', { endTime: iso(120) });
    expect(extended.body).toMatchObject({ state: 'raised', revision: 2, quiet: false, endTime: '2026-07-01T10:30:00+08:00' });
    const [first, second] = extended.body.revisions;
    expect(second).toMatchObject({ texts: first!.texts, areaCodes: first!.areaCodes, level: 'red', siren: true, startTime: '2026-07-01T08:30:00+08:00' });
    expect((await events('alert.updated'))[0]!.data).toMatchObject({ revision: 2, extendedTo: '2026-07-01T10:30:00+08:00' });
  });

  it('lies after the present end, within the limit, and comes before the end', async () => {
    const alert = await raised();
    for (const [minutes, code] of [[59, 'bad-time'], [60, 'bad-time'], [-1, 'bad-time'], [8 * 24 * 60, 'bad-time']] as const) expect((await act(cadre, alert.id, 'extend', { endTime: iso(minutes) })).body.code).toBe(code);
    expect((await act(cadre, alert.id, 'extend', {})).body.code).toBe('bad-input');
    await room.deps.clock.advance(61 * MINUTE);
    expect((await act(cadre, alert.id, 'extend', { endTime: iso(60) })).body.code).toBe('bad-time');
  });
});

describe('the end', () => {
  it('asks who checked the slope, and is given once', async () => {
    const alert = await raised();
    for (const body of [undefined, {}, { checkedBy: '' }, { checkedBy: '\u200b ' }]) expect((await act(cadre, alert.id, 'end', body)).body.code).toBe('bad-input');
    const ended = await act(cadre, alert.id, 'end', { checkedBy: '演示监测员', note: '沟里水清了' });
    expect(ended.body).toMatchObject({ state: 'ended', slopeCheckedBy: '演示监测员', overReason: '沟里水清了', overBy: 'cadre' });
    const [event] = await events('alert.ended');
    expect(event!.data).toEqual({ revision: 1, mode: 'live', reason: 'ended' });
    expect(JSON.stringify(await events())).not.toContain('演示监测员');
    expect((await jobs('dispatch.announce-end'))[0]!.urgent).toBe(true);
    for (const [verb, body] of [['end', { checkedBy: '演示监测员' }], ['cancel', { reason: '误发' }], ['quieten', undefined], ['raise', undefined], ['extend', { endTime: iso(90) }], ['update', order()], ['approve', { means: 'screen' }], ['discard', undefined]] as const) {
      expect((await act(cadre, alert.id, verb, body)).body.code, verb).toBe('transition-refused');
    }
  });

  it('of what was issued in error is one step by one officer, whatever waits', async () => {
    const { id } = await draft(duty1, red());
    await act(duty2, id, 'approve', { means: 'screen' });
    await act(duty1, id, 'raise');
    expect((await act(duty2, id, 'cancel', {})).body.code).toBe('bad-input');
    expect((await act(duty2, id, 'cancel', { reason: ' ' })).body.code).toBe('bad-input');
    expect((await act(cadre, id, 'cancel', { reason: '误发' })).body.code).toBe('out-of-scope');
    const cancelled = await act(duty2, id, 'cancel', { reason: '误发' });
    expect(cancelled.body).toMatchObject({ state: 'cancelled', overReason: '误发', overBy: 'duty2' });
    expect((await events('alert.cancelled'))[0]!.data).toEqual({ revision: 1, mode: 'live', reason: 'cancelled' });
  });

  it('stays with the village also while the county\'s wider update waits', async () => {
    const alert = await raised();
    expect((await act(duty1, alert.id, 'update', order({ areaCodes: [COUNTY] }))).status).toBe(202);
    expect((await act(cadre, alert.id, 'quieten')).status).toBe(200);
    expect((await act(cadre, alert.id, 'cancel', { reason: '误发' })).status).toBe(200);
    expect((await act(duty1, alert.id, 'raise')).body.code).toBe('transition-refused');
  });

  it('and a cancellation at once are one of them', async () => {
    const alert = await raised();
    const both = await Promise.all([act(cadre, alert.id, 'end', { checkedBy: '演示监测员' }), act(township, alert.id, 'cancel', { reason: '误发' })]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect((await types()).filter((type) => type === 'alert.ended' || type === 'alert.cancelled')).toHaveLength(1);
  });

  it('of the sound alone leaves the alert raised', async () => {
    const alert = await raised();
    expect((await act(cadre, alert.id, 'quieten')).body).toMatchObject({ state: 'raised', quiet: true });
    expect((await act(cadre, alert.id, 'quieten')).body.code).toBe('already-done');
    expect((await events('alert.quietened'))[0]!.data).toEqual({ revision: 1 });
  });
});

describe('the end time', () => {
  const unreached = async (alertId: string, states: string[]) => room.deps.db.atomically([any((q, t) => q.insert(t.delivery).values(states.map((state, i) => ({
    id: `d${i}`, alertId, revision: 1, purpose: 'alert' as const, speakerId: `s${i}`, siteId: 'x', gridCode: GROUP, mode: 'live' as const, playTimes: 0, state: state as 'queued', changedAtMs: 0,
  }))).returning({ id: t.delivery.id }))]);

  it('is asked about before, and passes saying how many were not reached', async () => {
    await withRelay(async () => {
      const alert = await raised(cadre, order({ durationMinutes: 40 }));
      await unreached(alert.id, ['queued', 'sent', 'received', 'playing', 'played', 'sounded', 'stopped', 'refused', 'failed']);
      await room.deps.clock.advance(19 * MINUTE);
      expect(await events('alert.expiry-asked')).toEqual([]);
      await room.deps.clock.advance(1 * MINUTE + 2_000);
      expect((await events('alert.expiry-asked')).map((event) => event.data)).toEqual([{ endTime: '2026-07-01T08:40:00+08:00', unreached: 5 }]);
      await room.deps.clock.advance(19 * MINUTE + 50_000);
      expect((await headOf(alert.id)).state).toBe('raised');
      await room.deps.clock.advance(20_000);
      expect(await headOf(alert.id)).toMatchObject({ state: 'expired', overBy: 'system' });
      expect((await events('alert.expired')).map((event) => [event.who, event.data])).toEqual([['system', { revision: 1, mode: 'live', reason: 'expired', unreached: 5 }]]);
    });
  });

  it('that was moved by an extension is the new one', async () => {
    await withRelay(async () => {
      const alert = await raised(cadre, order({ durationMinutes: 10 }));
      await room.deps.clock.advance(4 * MINUTE);
      await act(cadre, alert.id, 'extend', { endTime: iso(16) });
      await room.deps.clock.advance(10 * MINUTE);
      expect((await headOf(alert.id)).state).toBe('raised');
      expect((await events('alert.expiry-asked')).map((event) => event.data)).toEqual([{ endTime: '2026-07-01T08:20:00+08:00', unreached: 0 }]);
      await room.deps.clock.advance(6 * MINUTE + 2_000);
      expect((await headOf(alert.id)).state).toBe('expired');
      expect(await events('alert.expired')).toHaveLength(1);
      expect(await room.deps.db.read((q, t) => q.select().from(t.job).where(and(eq(t.job.consumer, 'alerting.expire'), eq(t.job.outcome, 'buried'))))).toEqual([]);
    });
  });

  it('of an alert that is over says nothing', async () => {
    await withRelay(async () => {
      const alert = await raised(cadre, order({ durationMinutes: 4 }));
      await act(cadre, alert.id, 'cancel', { reason: '误发' });
      await room.deps.clock.advance(5 * MINUTE);
      expect(await events('alert.expired')).toEqual([]);
      expect(await events('alert.expiry-asked')).toEqual([]);
      expect((await jobs('alerting.expire')).every((job) => job.outcome === 'done')).toBe(true);
    });
  });
});

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
    expect((await ask(stranger, 'GET', `/alerts/${wide}`)).body.waiting!.decision).toMatchObject({ mayRaise: false, missing: ['role', 'scope', 'second-officer'] });
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
    await room.deps.db.atomically([any((q, t) => q.update(t.template).set({ title: '本县的标题' }).where(eq(t.template.id, 'drill')).returning({ id: t.template.id }))]);
    await room.service.start?.();
    const [row] = await room.deps.db.read((q, t) => q.select().from(t.template).where(eq(t.template.id, 'drill')));
    expect(row!.title).toBe('本县的标题');
    expect((await room.deps.db.read((q, t) => q.select().from(t.event).where(eq(t.event.type, 'template.loaded'))))).toHaveLength(1);
  });
});

describe('the policy', () => {
  it('is the administrator\'s, versioned, and decides from then on', async () => {
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
    ['GET', '/alerts', undefined], ['GET', '/alerts/ID', undefined], ['GET', '/templates', undefined], ['GET', '/policy', undefined],
    ['POST', '/alerts', order()], ['POST', '/alerts/forecast', order()], ['PATCH', '/alerts/ID', order()], ['POST', '/alerts/ID/discard', undefined],
    ['POST', '/alerts/ID/approve', { means: 'screen' }], ['POST', '/alerts/ID/countersign', undefined], ['POST', '/alerts/ID/raise', undefined],
    ['POST', '/alerts/ID/update', order()], ['POST', '/alerts/ID/extend', { endTime: '2026-07-01T09:30:00Z' }], ['POST', '/alerts/ID/quieten', undefined],
    ['POST', '/alerts/ID/end', { checkedBy: '演示监测员' }], ['POST', '/alerts/ID/cancel', { reason: '误发' }],
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
