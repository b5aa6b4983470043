// Chapter 2, alert: whoever stands at the box may move the village, once, and only as far as the policy lets a button speak.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, policySchema } from '@laba/domain/policy';
import { any } from '@laba/storage/database';
import { admin, act, ask, cadre, COUNTY, duty1, events, GROUP, headOf, inAlertRoom, MINUTE, OTHER, room, types, VILLAGE } from './alert-room.test-kit.ts';
import { raiseByButton } from './press-button.ts';

inAlertRoom();

const pressed = { who: 'site:room-1', via: 'button', once: [] } as const;
const [P1, P2, P3, P4, P5] = [1, 2, 3, 4, 5].map((n) => `019f1bd5-6e00-7000-8000-00000000000${n}`) as [string, string, string, string, string];
const press = (id: string, siteId = 'room-1') => raiseByButton(room.deps, siteId, id, pressed);

beforeEach(async () => {
  const sites = [
    { id: 'room-1', name: '一组活动室', gridCode: GROUP },
    { id: 'room-2', name: '另一村活动室', gridCode: OTHER },
    { id: 'room-3', name: '县城', gridCode: COUNTY },
  ];
  await room.deps.db.atomically([any((q, t) => q.insert(t.site).values(sites).returning({ id: t.site.id }))]);
});

describe('a press', () => {
  it('raises the live order to move for the village around the room, told as the room’s own doing', async () => {
    expect(await press(P1)).toEqual({ alertId: P1, raised: true });
    expect(await headOf(P1)).toMatchObject({
      mode: 'live',
      kind: 'order',
      order: 'move-now',
      level: null,
      state: 'raised',
      raisedBy: 'site:room-1',
      templateId: 'debris-flow-move-now',
    });
    const { body } = await ask(cadre, 'GET', `/alerts/${P1}`);
    expect(body.revisions[0]).toMatchObject({ areaCodes: [VILLAGE], siren: true, playTimes: 0 });
    expect(body.revisions[0]!.texts[0]!.text).toContain('泥石流危险');
    expect(body.revisions[0]!.cap).toMatchObject({ status: 'Actual', msgType: 'Alert' });
    expect(await types()).toEqual(['alert.drafted', 'alert.raised']);
    expect((await events('alert.raised'))[0]).toMatchObject({
      who: 'site:room-1',
      via: 'button',
      gridCode: VILLAGE,
      data: { revision: 1, mode: 'live', areaCodes: [VILLAGE], officers: ['site:room-1'] },
    });
  });

  it('heard twice is raised once, also at the same time', async () => {
    const both = await Promise.allSettled([press(P1), press(P1)]);
    expect(both.filter((one) => one.status === 'fulfilled' && one.value.raised)).toHaveLength(1);
    expect(await press(P1)).toEqual({ alertId: P1, raised: false });
    expect(await events('alert.raised')).toHaveLength(1);
    await act(cadre, P1, 'end', { checkedBy: '演示村干部' });
    expect(await press(P1)).toEqual({ alertId: P1, raised: false });
    expect(await events('alert.raised')).toHaveLength(1);
  });

  it('changes nothing while an order to move sounds there, whoever gave it', async () => {
    await press(P1);
    await room.deps.clock.advance(10 * MINUTE);
    expect(await press(P2)).toEqual({ alertId: P1, raised: false });
    expect(await events('alert.raised')).toHaveLength(1);
    // Another village is not covered by it.
    expect(await press(P3, 'room-2')).toEqual({ alertId: P3, raised: true });
  });

  it('is heard again when that order was quietened, ended, cancelled, or has run out', async () => {
    await press(P1);
    await act(cadre, P1, 'quieten');
    expect((await press(P2)).raised).toBe(true);
    await act(cadre, P2, 'end', { checkedBy: '演示村干部' });
    expect((await press(P3)).raised).toBe(true);
    await act(cadre, P3, 'cancel', { reason: '误按' });
    expect((await press(P4)).raised).toBe(true);
    await room.deps.clock.advance(6 * 60 * MINUTE);
    expect((await press(P5)).raised).toBe(true);
  });

  it('is not held up by a drill, a warning, or an order to prepare', async () => {
    for (const change of [
      { mode: 'drill', order: 'move-now', templateId: 'drill' },
      { order: 'prepare', templateId: 'debris-flow-prepare' },
    ]) {
      const { id } = (await ask(duty1, 'POST', '/alerts', { mode: 'live', kind: 'order', areaCodes: [VILLAGE], ...change })).body;
      expect((await act(duty1, id, 'raise')).body.state).toBe('raised');
    }
    expect((await press(P1)).raised).toBe(true);
  });
});

describe('the policy', () => {
  const set = (button: object) =>
    room.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.policy)
          .values({ county: COUNTY, policy: { ...DEFAULT_POLICY, button: { ...DEFAULT_POLICY.button, ...button } as never }, version: 1 })
          .returning({ county: t.policy.county }),
      ),
    ]);

  it('says how far a button reaches: to begin with no further than a village', async () => {
    await expect(press(P1, 'room-3')).rejects.toMatchObject({ code: 'role-refused' });
    await expect(press(P1, 'nowhere')).rejects.toMatchObject({ code: 'not-found' });
    await set({ tiers: ['group', 'village'] });
    await press(P2);
    expect((await ask(cadre, 'GET', `/alerts/${P2}`)).body.revisions[0]!.areaCodes).toEqual([GROUP]);
  });

  it('lets a village’s own house raise no wider than its village', async () => {
    await set({ tiers: ['township'] });
    const house = { ...room.deps, config: { ...room.deps.config, node: VILLAGE } };
    await expect(raiseByButton(house, 'room-1', P1, pressed)).rejects.toMatchObject({ code: 'role-refused' });
    expect((await press(P2)).raised).toBe(true);
  });

  it('may let no button raise anything, and never a whole county', async () => {
    await set({ tiers: [] });
    await expect(press(P1)).rejects.toMatchObject({ code: 'role-refused' });
    expect(await types()).toEqual([]);
    expect(policySchema.safeParse({ ...DEFAULT_POLICY, button: { tiers: ['county'] } }).success).toBe(false);
  });

  it('that was stored before there were buttons reads as the one of today', async () => {
    const { button: _button, ...old } = DEFAULT_POLICY;
    await room.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.policy)
          .values({ county: COUNTY, policy: old as never, version: 1 })
          .returning({ county: t.policy.county }),
      ),
    ]);
    expect((await press(P1)).raised).toBe(true);
    const { body } = await room.ask<{ button: object }>(admin, 'GET', '/api/v1/policy');
    expect(body.button).toEqual({ tiers: ['village'], templateId: 'debris-flow-move-now' });
  });

  it.each(['gone', 'rainstorm-red', 'drill'])('whose words cannot be used here (%s) still moves people, with plain ones', async (templateId) => {
    await set({ templateId });
    expect((await press(P1)).raised).toBe(true);
    const [row] = await room.deps.db.read((q, t) => q.select().from(t.alertRevision).where(eq(t.alertRevision.alertId, P1)));
    expect(row).toMatchObject({ mode: 'live', order: 'move-now', texts: [{ language: 'zh-CN' }] });
    expect(row!.texts[0]!.text).toContain('立即往安全的高处转移');
  });
});
