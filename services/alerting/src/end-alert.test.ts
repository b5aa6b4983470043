// Chapter 2, alert, how it ends: all-clear, taken back, quiet, or past its time.
import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import {
  inAlertRoom,
  COUNTY,
  GROUP,
  MINUTE,
  TOWNSHIP,
  VILLAGE,
  act,
  cadre,
  draft,
  duty1,
  duty2,
  events,
  headOf,
  iso,
  jobs,
  order,
  raised,
  red,
  room,
  township,
  types,
  withRelay,
} from './alert-room.test-kit.ts';

inAlertRoom();

describe('the end', () => {
  it('asks who checked the slope, and is given once', async () => {
    const alert = await raised();
    for (const body of [undefined, {}, { checkedBy: '' }, { checkedBy: '\u200b ' }])
      expect((await act(cadre, alert.id, 'end', body)).body.code).toBe('bad-input');
    const ended = await act(cadre, alert.id, 'end', { checkedBy: '演示监测员', note: '沟里水清了' });
    expect(ended.body).toMatchObject({ state: 'ended', slopeCheckedBy: '演示监测员', overReason: '沟里水清了', overBy: 'cadre' });
    const [event] = await events('alert.ended');
    expect(event!.data).toEqual({ revision: 1, mode: 'live', reason: 'ended' });
    expect(JSON.stringify(await events())).not.toContain('演示监测员');
    expect((await jobs('dispatch.announce-end'))[0]!.urgent).toBe(true);
    for (const [verb, body] of [
      ['end', { checkedBy: '演示监测员' }],
      ['cancel', { reason: '误发' }],
      ['quieten', undefined],
      ['raise', undefined],
      ['extend', { endTime: iso(90) }],
      ['update', order()],
      ['approve', { means: 'screen' }],
      ['discard', undefined],
    ] as const) {
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

  it('is for who is responsible wherever it was heard: its end is spoken there too; the village may still quieten what is left', async () => {
    const alert = await raised(duty1, order({ areaCodes: [TOWNSHIP] }));
    expect((await act(duty1, alert.id, 'update', order({ areaCodes: [VILLAGE] }))).status).toBe(200);
    expect((await act(cadre, alert.id, 'end', { checkedBy: '演示监测员' })).body.code).toBe('out-of-scope');
    expect((await act(cadre, alert.id, 'cancel', { reason: '误发' })).body.code).toBe('out-of-scope');
    expect((await act(cadre, alert.id, 'quieten')).status).toBe(200);
    expect((await act(township, alert.id, 'end', { checkedBy: '演示监测员' })).status).toBe(200);
    expect((await events('alert.ended'))[0]).toMatchObject({ gridCode: TOWNSHIP });
  });

  it("stays with the village also while the county's wider update waits", async () => {
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
  const unreached = async (alertId: string, states: string[]) =>
    room.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.delivery)
          .values(
            states.map((state, i) => ({
              id: `d${i}`,
              alertId,
              revision: 1,
              purpose: 'alert' as const,
              speakerId: `s${i}`,
              siteId: 'x',
              gridCode: GROUP,
              mode: 'live' as const,
              playTimes: 0,
              state: state as 'queued',
              changedAtMs: 0,
            })),
          )
          .returning({ id: t.delivery.id }),
      ),
    ]);

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
      expect((await events('alert.expired')).map((event) => [event.who, event.data])).toEqual([
        ['system', { revision: 1, mode: 'live', reason: 'expired', unreached: 5 }],
      ]);
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
      expect(
        await room.deps.db.read((q, t) =>
          q
            .select()
            .from(t.job)
            .where(and(eq(t.job.consumer, 'alerting.expire'), eq(t.job.outcome, 'buried'))),
        ),
      ).toEqual([]);
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
