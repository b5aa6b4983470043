// Chapter 2, alert: what waits for a second officer is asked about in rounds, until one has decided.
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import { any } from '@laba/storage/database';
import {
  act,
  admin,
  ask,
  cadre,
  draft,
  duty1,
  duty2,
  events,
  inAlertRoom,
  iso,
  MINUTE,
  raised,
  red,
  room,
  TOWNSHIP,
  township,
  withRelay,
} from './alert-room.test-kit.ts';

inAlertRoom();

const ROUND_MS = DEFAULT_POLICY.askApproversSeconds * 1_000;
const SOON_MS = 2_000;
const rounds = async () => (await events('alert.approval-asked')).map(({ data: { of: _of, ...data } }) => data);
const disable = (id: string, disabled = true) =>
  room.deps.db.atomically([any((q, { officer }) => q.update(officer).set({ disabled }).where(eq(officer.id, id)).returning({ id: officer.id }))]);
const edited = (words: string) => ({ ...red(), texts: [{ language: 'zh-CN', title: words, text: words }] });

describe('what waits for a second officer', () => {
  it('asks whoever may be it at once, and again until one has agreed', async () => {
    await withRelay(async () => {
      const { id } = await draft(duty1, red());
      await room.deps.clock.advance(SOON_MS);
      expect(await rounds()).toEqual([{ revision: 1, round: 1, officers: ['admin', 'duty2'] }]);
      await room.deps.clock.advance(ROUND_MS - SOON_MS - 1_000);
      expect(await rounds()).toHaveLength(1);
      await room.deps.clock.advance(2 * SOON_MS);
      expect((await rounds()).at(-1)).toEqual({ revision: 1, round: 2, officers: ['admin', 'duty2'] });
      await act(duty2, id, 'approve', { means: 'screen' });
      await room.deps.clock.advance(10 * ROUND_MS);
      expect(await rounds()).toHaveLength(2);
    });
  });

  it('tells on the alert who may be it, until there is one', async () => {
    const { id } = await draft(duty1, red());
    const view = async () => (await ask(duty1, 'GET', `/alerts/${id}`)).body.waiting!.secondOfficers;
    expect(await view()).toEqual([
      { username: 'admin', name: admin.name, role: 'county-admin' },
      { username: 'duty2', name: duty2.name, role: 'county-officer' },
    ]);
    await disable('admin');
    expect((await view())!.map(({ username }) => username)).toEqual(['duty2']);
    await act(duty2, id, 'approve', { means: 'screen' });
    expect(await view()).toBeNull();
  });

  it('asks about the new words after an edit, from the first round, and about the old ones no more', async () => {
    await withRelay(async () => {
      const { id } = await draft(duty1, red());
      await room.deps.clock.advance(MINUTE);
      await ask(duty1, 'PATCH', `/alerts/${id}`, edited('改过的话'));
      await room.deps.clock.advance(SOON_MS);
      expect((await rounds()).map(({ round }) => round)).toEqual([1, 1]);
      await room.deps.clock.advance(ROUND_MS - MINUTE);
      expect(await rounds()).toHaveLength(2);
      await room.deps.clock.advance(MINUTE);
      expect((await rounds()).map(({ round }) => round)).toEqual([1, 1, 2]);
    });
  });

  it('asks anew after an edit that took an approval away', async () => {
    await withRelay(async () => {
      const { id } = await draft(duty1, red());
      await room.deps.clock.advance(SOON_MS);
      await act(duty2, id, 'approve', { means: 'screen' });
      await room.deps.clock.advance(2 * ROUND_MS);
      expect((await rounds()).map(({ round }) => round)).toEqual([1]);
      await ask(duty1, 'PATCH', `/alerts/${id}`, edited('改过的话'));
      await room.deps.clock.advance(SOON_MS);
      expect((await rounds()).map(({ round }) => round)).toEqual([1, 1]);
    });
  });

  it('asks also where the clock of who drafted is ahead, and where his account was disabled since', async () => {
    await withRelay(async () => {
      const { id } = await draft(duty1, red({ startTime: iso(0.5) }));
      await room.deps.clock.advance(SOON_MS);
      expect((await rounds()).map(({ round }) => round)).toEqual([1]);
      await disable('duty1');
      await room.deps.clock.advance(ROUND_MS);
      expect((await rounds()).map(({ round }) => round)).toEqual([1, 2]);
      expect((await ask(duty2, 'GET', `/alerts/${id}`)).body.waiting!.secondOfficers!.map(({ username }) => username)).toEqual(['admin', 'duty2']);
    });
  });

  it('asks for an update as for a first word, by its own number', async () => {
    await withRelay(async () => {
      const { id } = await raised(duty1, red({ level: 'orange', templateId: 'rainstorm-orange' }));
      await act(duty1, id, 'update', red());
      await room.deps.clock.advance(SOON_MS);
      expect(await rounds()).toEqual([{ revision: 2, round: 1, officers: ['admin', 'duty2'] }]);
    });
  });

  it('says in its rounds that nobody is left to ask, and asks whoever comes back', async () => {
    await withRelay(async () => {
      await disable('admin');
      await disable('duty2');
      await draft(duty1, red());
      await room.deps.clock.advance(SOON_MS);
      expect(await rounds()).toEqual([{ revision: 1, round: 1, officers: [] }]);
      await disable('duty2', false);
      await room.deps.clock.advance(ROUND_MS);
      expect((await rounds()).at(-1)).toMatchObject({ round: 2, officers: ['duty2'] });
    });
  });

  it('is left alone after the last round', async () => {
    await withRelay(async () => {
      await draft(duty1, red());
      for (let round = 0; round < LIMITS.approvalRounds + 5; round++) await room.deps.clock.advance(ROUND_MS + SOON_MS);
      expect((await rounds()).map(({ round }) => round)).toEqual(Array.from({ length: LIMITS.approvalRounds }, (_, i) => i + 1));
    });
  });

  it('asks nobody where one officer suffices, and nobody again about what was thrown away', async () => {
    await withRelay(async () => {
      await draft(cadre);
      await draft(township, red({ level: 'orange', templateId: 'rainstorm-orange', areaCodes: [TOWNSHIP] }));
      await room.deps.clock.advance(2 * ROUND_MS);
      expect(await rounds()).toEqual([]);
      const { id } = await draft(duty1, red());
      await room.deps.clock.advance(SOON_MS);
      await act(duty1, id, 'discard');
      await room.deps.clock.advance(2 * ROUND_MS);
      expect(await rounds()).toHaveLength(1);
    });
  });

  it('is asked about as often as the county’s policy says', async () => {
    await withRelay(async () => {
      const changed = await ask(admin, 'PUT', '/policy', { ...DEFAULT_POLICY, askApproversSeconds: 30 }, { 'if-match': '"0"' });
      expect(changed.status).toBe(200);
      await draft(duty1, red());
      await room.deps.clock.advance(MINUTE + SOON_MS);
      expect((await rounds()).map(({ round }) => round)).toEqual([1, 2, 3]);
      for (const askApproversSeconds of [29, 3_601, 60.5])
        expect((await ask(admin, 'PUT', '/policy', { ...DEFAULT_POLICY, askApproversSeconds }, { 'if-match': '"1"' })).body.code).toBe('bad-input');
    });
  });
});
