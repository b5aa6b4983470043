// Chapter 2, alert, a draft: written down, edited, thrown away; every bad input has a name.
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import {
  inAlertRoom,
  COUNTY,
  GROUP,
  OTHER,
  TOWNSHIP,
  act,
  ask,
  cadre,
  draft,
  duty1,
  duty2,
  events,
  order,
  red,
  room,
  stranger,
  types,
} from './alert-room.test-kit.ts';

inAlertRoom();

describe('a draft', () => {
  it('is written down and nothing else: no command, no CAP message yet, no job but to ask for a second officer', async () => {
    const { body, status, headers } = await ask(cadre, 'POST', '/alerts', order());
    expect(status).toBe(201);
    expect(headers['location']).toBe(`/api/v1/alerts/${body.id}`);
    expect(headers['etag']).toBe('"1"');
    expect(body).toMatchObject({
      state: 'draft',
      revision: 1,
      mode: 'live',
      order: 'move-now',
      areaCodes: [GROUP],
      draftedBy: 'cadre',
      title: '泥石流：立即转移',
      waiting: { revision: 1, decision: { mayRaise: true, officersNeeded: 1 } },
    });
    expect(body.revisions[0]).toMatchObject({ cap: null, raisedAt: null, siren: true });
    expect(await types()).toEqual(['alert.drafted']);
    expect((await events())[0]).toMatchObject({
      who: 'officer:cadre',
      gridCode: GROUP,
      alertId: body.id,
      data: { revision: 1, templateId: 'debris-flow-move-now', reportId: null },
    });
    expect(await room.deps.db.read((q, t) => q.select({ consumer: t.job.consumer }).from(t.job))).toEqual([{ consumer: 'alerting.ask-approvers' }]);
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
    for (const body of ['[]', '"x"', '{', 'null'])
      expect((await ask(cadre, 'POST', '/alerts', body, { 'content-type': 'application/json' })).status).toBeLessThan(500);
  });

  it('may be edited until it is raised, which voids its approvals', async () => {
    const { id } = await draft(duty1, red());
    await act(duty2, id, 'approve', { means: 'screen' });
    const edited = await ask(duty1, 'PATCH', `/alerts/${id}`, red({ areaCodes: [TOWNSHIP, OTHER], level: 'orange' }));
    expect(edited.body).toMatchObject({ level: 'orange', areaCodes: [TOWNSHIP, OTHER], approvals: [], version: 3 });
    expect(await room.deps.db.read((q, t) => q.select({ code: t.alertArea.code }).from(t.alertArea).where(eq(t.alertArea.alertId, id)))).toEqual([
      { code: TOWNSHIP },
      { code: OTHER },
    ]);
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
