// Chapter 5, member: who is called when an alert is raised, and what is left when it is over.
import { beforeEach, describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import { planPart } from './call-members.ts';
import { findStanding } from './call-out-store.ts';
import { COUNTY, GROUP_A, GROUP_B, OTHER_VILLAGE, Town, VILLAGE } from '../town.test-kit.ts';

describe('calling members', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.found();
    await town.member('m1', [GROUP_A, GROUP_B]);
    await town.member('m2', [VILLAGE]);
    await town.member('m3', [OTHER_VILLAGE]);
    await town.member('gone', [GROUP_A], false);
  });

  it('calls every available member of the area once, and tells how many', async () => {
    const alertId = await town.raised([VILLAGE]);
    await town.callMembers(alertId, [VILLAGE]);
    const calls = await town.calls();
    expect(calls.map((call) => [call.id, call.memberId, call.gridCode, call.state])).toEqual([
      [`${alertId}-1`, 'm1', GROUP_A, 'queued'],
      [`${alertId}-2`, 'm2', VILLAGE, 'queued'],
    ]);
    const told = await town.events('calls.planned');
    expect(told.map((event) => [event.subjectId, event.data])).toEqual([[alertId, { revision: 1, members: 2, noChannel: 2 }]]);
  });

  it('calls a prefecture in parts, each member once, and tells of the whole plan once', async () => {
    const alertId = await town.raised([COUNTY]);
    const standing = (await findStanding(town.deps.db, alertId))!;
    const lefts: boolean[] = [];
    for (let part = 0; part < 3; part++) {
      const { ops, left } = await planPart(town.deps, standing.revision, { areaCodes: [COUNTY], gridCode: COUNTY, urgent: true }, 2);
      await town.deps.db.atomically(ops);
      lefts.push(left);
    }
    expect(lefts).toEqual([true, false, false]);
    expect((await town.calls()).map((call) => [call.id, call.memberId])).toEqual([
      [`${alertId}-1`, 'm1'],
      [`${alertId}-2`, 'm2'],
      [`${alertId}-3`, 'm3'],
    ]);
    expect((await town.events('calls.planned')).map((event) => event.data['members'])).toEqual([3]);
  });

  it('calls only who is new when the next revision is wider', async () => {
    const alertId = await town.raised([VILLAGE]);
    await town.callMembers(alertId, [VILLAGE]);
    await town.callMembers(alertId, [COUNTY], 'live', 2);
    expect((await town.calls()).map((call) => [call.id, call.memberId, call.revision])).toEqual([
      [`${alertId}-1`, 'm1', 1],
      [`${alertId}-2`, 'm2', 1],
      [`${alertId}-3`, 'm3', 2],
    ]);
    expect((await town.events('calls.planned')).map((event) => event.data['members'])).toEqual([2, 1]);
  });

  it('reaches nobody in a test', async () => {
    const alertId = await town.raised([VILLAGE], 'test');
    await town.callMembers(alertId, [VILLAGE], 'test');
    expect(await town.calls()).toEqual([]);
    expect(await town.events()).toEqual([]);
  });

  it('calls nobody for an alert that was cancelled before the job ran', async () => {
    const alertId = await town.raised([VILLAGE]);
    await town.over(alertId, 'cancelled');
    await town.callMembers(alertId, [VILLAGE]);
    expect(await town.calls()).toEqual([]);
    expect(await town.events('calls.planned')).toEqual([]);
  });

  it('calls nobody for an alert that ends while the plan is made', async () => {
    const alertId = await town.raised([VILLAGE]);
    const standing = (await findStanding(town.deps.db, alertId))!;
    const { ops } = await planPart(town.deps, standing.revision, { areaCodes: [VILLAGE], gridCode: VILLAGE, urgent: true }, 10);
    await town.over(alertId, 'ended');
    await expect(town.deps.db.atomically(ops)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect(await town.calls()).toEqual([]);
  });

  it('closes who has not answered, with the reason, and leaves answers alone', async () => {
    const alertId = await town.raised([VILLAGE]);
    await town.callMembers(alertId, [VILLAGE]);
    await town.app.inject({
      method: 'POST',
      url: `/api/v1/calls/${alertId}-1/answer-for`,
      ...town.as('county'),
      payload: { answer: 'coming', means: 'telephone' },
    });
    await town.over(alertId, 'expired');
    await town.react('mobilization.close-calls', 'alert.expired', alertId, { revision: 1, mode: 'live', reason: 'expired', unreached: 1 });
    expect((await town.calls()).map((call) => [call.memberId, call.state, call.answer])).toEqual([
      ['m1', 'answered', 'coming'],
      ['m2', 'closed', null],
    ]);
    expect((await town.events('call.closed')).map((event) => [event.subjectId, event.data])).toEqual([[`${alertId}-2`, { reason: 'expired' }]]);
  });

  it('calls 2,000 members, and prints how long that took', async () => {
    const rows = Array.from({ length: 2_000 }, (_, i) => ({ id: `x${i}`, name: `演示${i}`, skills: [], available: true }));
    for (let i = 0; i < rows.length; i += 500) {
      const some = rows.slice(i, i + 500);
      await town.deps.db.atomically([
        any((q, t) => q.insert(t.member).values(some).returning({ id: t.member.id })),
        any((q, t) =>
          q
            .insert(t.membership)
            .values(some.map((row) => ({ memberId: row.id, gridCode: GROUP_B })))
            .returning({ id: t.membership.memberId }),
        ),
      ]);
    }
    const alertId = await town.raised([COUNTY]);
    const start = performance.now();
    await town.callMembers(alertId, [COUNTY]);
    const tookMs = performance.now() - start;
    expect(await town.calls()).toHaveLength(2_003);
    process.stdout.write(`calling 2,003 members: ${tookMs.toFixed(1)} ms\n`);
  });
});
