// Chapter 3, between houses: what another house's rows ask of the loudspeakers here is done, also by a process that begins anew.
import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabaError } from '@laba/domain/errors';
import { one } from '@laba/storage/database';
import { TestCounty, VILLAGE } from './county.test-kit.ts';

let county: TestCounty;
beforeEach(async () => {
  county = await TestCounty.open();
  const peer = {
    id: 'house-1',
    gridCode: VILLAGE,
    side: 'below',
    status: 'active',
    signKey: 's',
    sealKey: 'x',
    listId: '1.a',
    createdAtMs: county.clock.now(),
  } as const;
  await county.db.atomically([one((q, t) => q.insert(t.peer).values(peer).returning({ id: t.peer.id }))]);
});
afterEach(() => county.close());

const stops = () => county.commandsOn('/cmd').filter(({ body }) => body.action === 'stop');

/** The village, which knows of the first revision only, ends it: its row stands here, and made no job. */
async function overtaken(): Promise<void> {
  await county.raise({ areaCodes: [VILLAGE] });
  await county.clock.advance(100);
  await county.update('alert-1', 2, [VILLAGE]);
  await county.clock.advance(100);
  const over = { state: 'ended', revision: 1, overAtMs: county.clock.now() } as const;
  await county.db.atomically([one((q, t) => q.update(t.alert).set(over).where(eq(t.alert.id, 'alert-1')).returning({ id: t.alert.id }))]);
}

const told = () => county.service.heard!(new Map([['alert', ['["alert-1"]']]]));

describe('an alert that another house ended', () => {
  it('is stopped by this one’s own key, once', async () => {
    await overtaken();
    await told();
    expect(stops()).toMatchObject([{ alertId: 'alert-1', revision: 2, body: { stopReason: 'ended' } }]);
    await county.clock.advance(120_000);
    await told();
    expect(stops()).toHaveLength(1);
  });

  it('is stopped by the next process, when this one died after it had taken the row', async () => {
    await overtaken();
    expect(stops()).toEqual([]);
    await county.restart();
    expect(stops()).toMatchObject([{ revision: 2 }]);
  });

  it('is stopped when the broker is there again', async () => {
    await overtaken();
    county.mqtt.onPublish = () => Promise.reject(new LabaError('broker-offline'));
    await told();
    expect(
      await county.db.read((q, t) =>
        q
          .select()
          .from(t.command)
          .where(and(eq(t.command.action, 'stop'))),
      ),
    ).toMatchObject([{ publishedAtMs: null }]);
    county.mqtt.onPublish = () => Promise.resolve();
    await county.clock.advance(31_000);
    expect(stops().length).toBeGreaterThan(0);
    const published = await county.events('command.published');
    expect(published.filter(({ data }) => data['action'] === 'stop')).toHaveLength(1);
  });
});
