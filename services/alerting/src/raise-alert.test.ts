// Chapter 2, alert, raising: the policy, the second person, once and only once.
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { EVENTS } from '@laba/domain/events';
import type { Officer } from '@laba/domain/officer';
import { fakeOfficer } from '@laba/runtime/fake-room';
import { any } from '@laba/storage/database';
import {
  inAlertRoom,
  COUNTY,
  GROUP,
  MINUTE,
  OTHER,
  TOWNSHIP,
  act,
  ask,
  cadre,
  draft,
  duty1,
  duty2,
  events,
  jobs,
  order,
  raised,
  red,
  room,
  township,
} from './alert-room.test-kit.ts';

inAlertRoom();

describe('raising', () => {
  it('by one officer where the policy lets a village move its own people', async () => {
    const alert = await raised();
    expect(alert).toMatchObject({ state: 'raised', revision: 1, raisedBy: 'cadre', waiting: null });
    const [event] = await events('alert.raised');
    expect(event).toMatchObject({
      who: 'officer:cadre',
      via: 'http',
      gridCode: GROUP,
      data: { revision: 1, mode: 'live', areaCodes: [GROUP], officers: ['cadre'] },
    });
    const nowMs = room.deps.clock.now();
    const due = await room.deps.db.read((q, t) => q.select({ consumer: t.job.consumer, dueAtMs: t.job.dueAtMs, urgent: t.job.urgent }).from(t.job));
    expect(due).toEqual(
      expect.arrayContaining([
        { consumer: 'dispatch.freeze-audience', dueAtMs: nowMs, urgent: true },
        { consumer: 'mobilization.call-members', dueAtMs: nowMs, urgent: true },
        { consumer: 'mobilization.freeze-roll-call', dueAtMs: nowMs, urgent: true },
        { consumer: 'mobilization.run-ladders', dueAtMs: nowMs, urgent: true },
        { consumer: 'alerting.ask-before-expiry', dueAtMs: nowMs + 30 * MINUTE, urgent: true },
        { consumer: 'alerting.expire', dueAtMs: nowMs + 60 * MINUTE, urgent: true },
      ]),
    );
    expect(due).toHaveLength(EVENTS['alert.drafted'].consumers.length + EVENTS['alert.raised'].consumers.length);
  });

  it('makes an immutable CAP message in Chinese first', async () => {
    const alert = await raised();
    const cap = alert.revisions[0]!.cap!;
    expect(cap).toMatchObject({ status: 'Actual', msgType: 'Alert', sender: 'laba.533324', references: [], sent: '2026-07-01T08:00:00+08:00' });
    expect(cap.identifier).toMatch(/^53332400000000_20260701080000_\d+$/);
    expect(cap.info[0]).toMatchObject({
      language: 'zh-CN',
      event: '地质灾害',
      responseType: ['Evacuate'],
      urgency: 'Immediate',
      expires: '2026-07-01T09:00:00+08:00',
      area: [{ areaDesc: `演示${GROUP}`, geocode: [{ valueName: 'LABA-14', value: GROUP }] }],
    });
    const identifiers = new Set<string>();
    for (let i = 0; i < 20; i++) identifiers.add((await raised()).revisions[0]!.cap!.identifier);
    expect(identifiers.size).toBe(20);
  });

  it('naming the parts of a county one by one needs a second officer as the county does', async () => {
    const parts = await draft(duty1, red({ areaCodes: [TOWNSHIP, OTHER] }));
    expect(parts.waiting!.decision).toMatchObject({ mayRaise: false, officersNeeded: 2, missing: ['second-officer'] });
    expect(await act(duty1, parts.id, 'raise')).toMatchObject({ status: 409, body: { code: 'approval-needed' } });
    const one = await draft(duty1, red({ areaCodes: [TOWNSHIP] }));
    expect((await act(duty1, one.id, 'raise')).body.state).toBe('raised');
    expect(await act(duty1, one.id, 'update', red({ areaCodes: [TOWNSHIP, OTHER] }))).toMatchObject({ body: { waiting: { decision: { mayRaise: false } } } });
  });

  it('county-wide red needs a second officer, and says so', async () => {
    const { id, waiting } = await draft(duty1, red());
    expect(waiting!.decision).toMatchObject({
      mayRaise: false,
      officersNeeded: 2,
      missing: ['second-officer'],
      rolesAllowed: ['county-admin', 'county-officer'],
    });
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
    const call = (who: Officer, approverUsername?: string) =>
      act(who, id, 'approve', { means: 'telephone-call-back', approverUsername, words: '同意，马上发。' });
    expect((await call(duty1)).body.code).toBe('bad-input');
    expect((await call(duty1, 'nobody')).body.code).toBe('not-found');
    expect((await call(duty1, 'duty1')).body.code).toBe('same-officer');
    expect((await call(duty2, 'duty1')).body.code).toBe('same-officer');
    expect((await call(duty1, 'cadre')).body.code).toBe('out-of-scope');
    expect((await act(duty1, id, 'approve', { means: 'screen', approverUsername: 'duty2' })).body.code).toBe('bad-input');
    expect((await act(duty1, id, 'approve', { means: 'shouting' })).body.code).toBe('bad-input');
    expect((await call(duty1, 'duty2')).body.approvals).toMatchObject([
      { officerId: 'duty2', recordedBy: 'duty1', words: '同意，马上发。', countersignedAt: null },
    ]);
    expect((await events('alert.approved'))[0]).toMatchObject({ who: 'officer:duty1', data: { officerId: 'duty2', means: 'telephone-call-back' } });
    await act(duty1, id, 'raise');
    await act(duty1, id, 'cancel', { reason: '演示：误发' });
    expect((await act(duty1, id, 'countersign')).body.code).toBe('not-found');
    expect((await act(duty2, id, 'countersign')).body.approvals[0]!.countersignedAt).not.toBeNull();
    expect((await act(duty2, id, 'countersign')).body.code).toBe('already-done');
    expect(await events('alert.countersigned')).toHaveLength(1);
  });

  it("is refused where the approver's own place in the policy is missing", async () => {
    const wide = fakeOfficer('wide', 'township-officer', COUNTY);
    await room.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.officer)
          .values({ id: wide.id, username: wide.username, name: wide.name, role: wide.role, scopes: [COUNTY] })
          .returning({ id: t.officer.id }),
      ),
    ]);
    const { id } = await draft(duty1, red());
    expect((await act(duty1, id, 'approve', { means: 'telephone-call-back', approverUsername: 'wide' })).body.code).toBe('role-refused');
    await room.deps.db.atomically([
      any((q, t) => q.update(t.officer).set({ disabled: true }).where(eq(t.officer.id, 'duty2')).returning({ id: t.officer.id })),
    ]);
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
