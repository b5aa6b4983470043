// Chapter 2, alert, the next revision: an update, or the same until a later end.
import { describe, expect, it } from 'vitest';
import {
  inAlertRoom,
  GROUP,
  MINUTE,
  OTHER,
  VILLAGE,
  act,
  ask,
  cadre,
  draft,
  duty1,
  duty2,
  events,
  iso,
  jobs,
  order,
  raised,
  red,
  room,
  stranger,
  township,
  types,
} from './alert-room.test-kit.ts';

inAlertRoom();

describe('an update', () => {
  it('is the full next revision, raised at once where one officer suffices', async () => {
    const alert = await raised(cadre, order({ kind: 'order', order: 'prepare', templateId: 'debris-flow-prepare' }));
    await room.deps.clock.advance(10 * MINUTE);
    const updated = await act(cadre, alert.id, 'update', order());
    expect(updated).toMatchObject({ status: 200, body: { revision: 2, order: 'move-now', state: 'raised', waiting: null } });
    expect(updated.body.revisions.map((revision) => [revision.revision, revision.order, revision.raisedAt !== null])).toEqual([
      [1, 'prepare', true],
      [2, 'move-now', true],
    ]);
    const [first, second] = updated.body.revisions;
    expect(second!.cap).toMatchObject({
      msgType: 'Update',
      references: [{ sender: 'laba.533324', identifier: first!.cap!.identifier, sent: first!.cap!.sent }],
    });
    expect(first!.cap).toEqual(alert.revisions[0]!.cap);
    expect((await events('alert.updated'))[0]).toMatchObject({ data: { revision: 2, mode: 'live', areaCodes: [GROUP], officers: ['cadre'] } });
    expect(await jobs('dispatch.freeze-audience')).toHaveLength(2);
  });

  it('that needs a second officer waits, and the old one sounds on until it is raised', async () => {
    const orange = await raised(duty1, red({ level: 'orange', templateId: 'rainstorm-orange' }));
    const waiting = await act(duty1, orange.id, 'update', red());
    expect(waiting).toMatchObject({
      status: 202,
      body: { revision: 1, level: 'orange', updateWaits: true, waiting: { revision: 2, decision: { missing: ['second-officer'] } } },
    });
    expect((await act(duty1, orange.id, 'raise')).body.code).toBe('approval-needed');
    await act(duty2, orange.id, 'approve', { means: 'screen' });
    const again = await act(duty1, orange.id, 'update', red({ durationMinutes: 90 }));
    expect(again.body.approvals).toEqual([]);
    expect((await act(duty1, orange.id, 'raise')).body.code).toBe('approval-needed');
    await act(duty2, orange.id, 'approve', { means: 'screen' });
    expect((await act(duty1, orange.id, 'raise')).body).toMatchObject({ revision: 2, level: 'red', updateWaits: false });
    expect(await events('alert.updated')).toHaveLength(1);
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
    const both = await Promise.all([
      act(cadre, alert.id, 'update', order({ order: 'prepare', templateId: 'debris-flow-prepare' })),
      act(township, alert.id, 'update', order({ areaCodes: [VILLAGE] })),
    ]);
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
    for (const [minutes, code] of [
      [59, 'bad-time'],
      [60, 'bad-time'],
      [-1, 'bad-time'],
      [8 * 24 * 60, 'bad-time'],
    ] as const)
      expect((await act(cadre, alert.id, 'extend', { endTime: iso(minutes) })).body.code).toBe(code);
    expect((await act(cadre, alert.id, 'extend', {})).body.code).toBe('bad-input');
    await room.deps.clock.advance(61 * MINUTE);
    expect((await act(cadre, alert.id, 'extend', { endTime: iso(60) })).body.code).toBe('bad-time');
  });
});
