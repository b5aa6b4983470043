// Chapter 5, sections: the seats of a group follow the answers, whoever comes first and however often it is run.
import { beforeEach, describe, expect, it } from 'vitest';
import { findAlert } from '../alert-store.ts';
import { findGroup } from './section-store.ts';
import { decideGroup, settlingOps } from './settle-sections.ts';
import { answers, minutes, mustered, plan, populated, seats, skilled, work } from './sections.test-kit.ts';
import { COUNTY, GROUP_A, GROUP_B, OTHER_VILLAGE, Town, VILLAGE } from '../town.test-kit.ts';

describe('the seats of a group', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.found();
    await populated(town, GROUP_A, 3);
    await skilled(town, 'm1', [GROUP_A], { post: 'party-secretary' });
    await skilled(town, 'm2', [GROUP_A], { skills: ['carrying'] });
    await skilled(town, 'm3', [GROUP_A]);
    await skilled(town, 'm4', [GROUP_A]);
    await skilled(town, 'n1', [GROUP_B], { post: 'militia' });
  });

  it('are filled by whoever comes and fits, and each is told so with the reasons', async () => {
    const alertId = await mustered(town, [GROUP_A]);
    expect((await town.events('sections.planned')).map(({ data }) => data)).toEqual([{ revision: 1, groups: 1, seats: 3 }]);
    await answers(town, alertId, 'm1', 'coming');
    await answers(town, alertId, 'm2', 'arrived');
    await work(town);
    expect(await seats(town, alertId)).toEqual(['m1: warning', 'm2: evacuation']);
    const told = await town.events('section.filled');
    expect(told.map(({ gridCode, data }) => [gridCode, data])).toEqual([
      [GROUP_A, { section: 'evacuation', reasons: ['skill:carrying', 'near:group'] }],
      [GROUP_A, { section: 'warning', reasons: ['post:party-secretary', 'near:group'] }],
    ]);
    const messages = await town.deps.db.read((q, t) => q.select().from(t.message).orderBy(t.message.memberId));
    expect(messages.map(({ memberId, purpose, facts, urgent }) => [memberId, purpose, facts, urgent])).toEqual([
      ['m1', 'section', { what: 'seat', section: 'warning', place: '一组', callId: `${alertId}-1` }, true],
      ['m2', 'section', { what: 'seat', section: 'evacuation', place: '一组', callId: `${alertId}-2` }, true],
    ]);
  });

  it('are enough at some time: the rest stand down, and come in when somebody cannot after all', async () => {
    const alertId = await mustered(town, [GROUP_A]);
    for (const id of ['m1', 'm2', 'm3', 'm4']) {
      await answers(town, alertId, id, 'coming');
      await work(town);
    }
    expect(await seats(town, alertId)).toEqual(['m1: warning', 'm2: evacuation', 'm3: evacuation', 'm4: stood-down']);
    expect(await town.events('member.stood-down')).toHaveLength(1);
    const told = await town.deps.db.read((q, t) => q.select().from(t.message).orderBy(t.message.memberId));
    expect(told.map(({ memberId, facts }) => [memberId, facts['what']]).at(-1)).toEqual(['m4', 'stand-down']);
    await answers(town, alertId, 'm1', 'cannot');
    await work(town);
    expect(await seats(town, alertId)).toEqual(['m2: evacuation', 'm3: evacuation', 'm4: warning']);
    expect((await town.events('section.freed')).map(({ data }) => data)).toEqual([{ section: 'warning', why: 'cannot' }]);
    await answers(town, alertId, 'm1', 'coming');
    await work(town);
    expect(await seats(town, alertId)).toEqual(['m1: stood-down', 'm2: evacuation', 'm3: evacuation', 'm4: warning']);
  });

  it('are never overfilled by two copies at once, and nothing is told twice', async () => {
    const alertId = await mustered(town, [GROUP_A]);
    for (const id of ['m1', 'm2', 'm3', 'm4']) await answers(town, alertId, id, 'on-the-way');
    await work(town, 'twice');
    expect((await seats(town, alertId)).filter((seat) => !seat.endsWith('stood-down'))).toHaveLength(3);
    expect(await seats(town, alertId)).toHaveLength(4);
    expect(await town.events('section.filled')).toHaveLength(3);
    expect(await town.events('member.stood-down')).toHaveLength(1);
  });

  it('are not filled by a decision that was overtaken: he cannot any more, and the seats are taken', async () => {
    const alertId = await mustered(town, [GROUP_A]);
    const { deps } = town;
    await answers(town, alertId, 'm4', 'coming');
    const group = (await findGroup(deps.db, alertId, GROUP_A))!;
    const stale = await settlingOps(deps, (await findAlert(deps.db, alertId))!, await decideGroup(deps.db, group, group.reach));
    await answers(town, alertId, 'm4', 'cannot');
    for (const id of ['m1', 'm2', 'm3']) await answers(town, alertId, id, 'coming');
    await work(town);
    await expect(deps.db.atomically(stale)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect(await seats(town, alertId)).toEqual(['m1: warning', 'm2: evacuation', 'm3: evacuation']);
  });

  it('are taken by who answered before the plan stood', async () => {
    const alertId = await town.raised([GROUP_A]);
    await town.callMembers(alertId, [GROUP_A]);
    await answers(town, alertId, 'm3', 'coming');
    await work(town);
    expect(await seats(town, alertId)).toEqual([]);
    await plan(town, alertId, [GROUP_A]);
    await work(town);
    expect(await seats(town, alertId)).toEqual(['m3: warning']);
  });

  it('stay as they are when the alert is over, and a test has none', async () => {
    const alertId = await mustered(town, [GROUP_A]);
    await answers(town, alertId, 'm1', 'coming');
    await town.over(alertId, 'ended');
    await work(town);
    expect(await seats(town, alertId)).toEqual([]);
    await mustered(town, [GROUP_A], 'test');
    await town.clock.advance(minutes(10));
    await work(town);
    expect(await town.events('sections.planned')).toHaveLength(1);
    expect((await town.deps.db.read((q, t) => q.select().from(t.job))).every(({ doneAtMs }) => doneAtMs !== null)).toBe(true);
  });

  it('wait for their own people first; then the village is called, those who wait there before anybody new', async () => {
    await skilled(town, 'far', [OTHER_VILLAGE]);
    const alertId = await mustered(town, [VILLAGE]);
    await answers(town, alertId, 'm1', 'coming');
    await answers(town, alertId, 'n1', 'coming');
    await work(town);
    expect(await seats(town, alertId)).toEqual(['m1: warning']);
    await town.clock.advance(minutes(10));
    await work(town);
    expect(await seats(town, alertId)).toEqual(['m1: warning', 'n1: evacuation']);
    expect((await town.events('callout.widened')).map(({ gridCode, data }) => [gridCode, data])).toEqual([
      [GROUP_A, { from: 'group', to: 'village', missing: 2, sections: ['evacuation'] }],
    ]);
    expect((await town.calls()).map(({ memberId }) => memberId)).not.toContain('far');
  });

  it('are asked for farther and farther, each once, and in the end are named as what nobody can fill', async () => {
    await skilled(town, 'far', [OTHER_VILLAGE]);
    const alertId = await mustered(town, [GROUP_A]);
    for (let i = 0; i < 8; i++) {
      await town.clock.advance(minutes(10));
      await work(town);
    }
    expect((await town.events('callout.widened')).map(({ data }) => `${String(data['from'])} → ${String(data['to'])}`)).toEqual([
      'group → village',
      'village → township',
      'township → county',
    ]);
    expect((await town.calls()).map(({ memberId, widening }) => [memberId, widening])).toEqual([
      ['m1', null],
      ['m2', null],
      ['m3', null],
      ['m4', null],
      ['n1', `${GROUP_A} village`],
      ['far', `${GROUP_A} township`],
    ]);
    expect((await town.events('calls.planned')).map(({ data }) => [data['members'], data['widening']])).toEqual([
      [4, undefined],
      [1, `${GROUP_A} village`],
      [1, `${GROUP_A} township`],
      [0, `${GROUP_A} county`],
    ]);
    expect((await town.events('section.unfillable')).map(({ data }) => data)).toEqual([
      { section: 'warning', missing: 1 },
      { section: 'evacuation', missing: 2 },
    ]);
    await answers(town, alertId, 'far', 'coming');
    await work(town);
    expect(await seats(town, alertId)).toEqual(['far: warning']);
  });

  it('count the time anew when somebody leaves a full group', async () => {
    const alertId = await mustered(town, [GROUP_A]);
    for (const id of ['m1', 'm2', 'm3']) await answers(town, alertId, id, 'coming');
    await work(town);
    await town.clock.advance(minutes(25));
    await work(town);
    await answers(town, alertId, 'm3', 'cannot');
    await work(town);
    await town.clock.advance(minutes(9));
    await work(town);
    expect(await town.events('callout.widened')).toEqual([]);
    await town.clock.advance(minutes(3));
    await work(town);
    expect(await town.events('callout.widened')).toHaveLength(1);
  });

  it('of several groups never share a person', async () => {
    await populated(town, GROUP_B, 3);
    await skilled(town, 'both', [GROUP_A, GROUP_B]);
    const alertId = await mustered(town, [COUNTY]);
    await answers(town, alertId, 'both', 'coming');
    await work(town, 'twice');
    expect(await seats(town, alertId)).toEqual(['both: warning']);
  });
});
