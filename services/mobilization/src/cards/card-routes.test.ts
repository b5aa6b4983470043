// Chapter 0, people: understanding cards say what a household or a member needs, to nobody but the officers of the place.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import { COUNTY, GROUP_A, GROUP_B, OTHER_VILLAGE, Town, VILLAGE, type OFFICERS } from '../town.test-kit.ts';

const NAMES = /演示[^\s<)]*|门牌[^\s<]*|村小学操场|二组晒场|[一二]组|中文/g;
const MARKUP = '<img src=x onerror=alert(1)>';

describe('understanding cards', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.found();
    await town.member('m1', [GROUP_A], true, { phone: '+8610000000001' });
    await town.member('m2', [GROUP_A], true, { phone: '+8610000000002' });
    await town.member('m3', [OTHER_VILLAGE], true, { phone: '+8610000000003' });
    await town.member('m4', [VILLAGE], true, { phone: '+8610000000004' });
    await town.household('h12', GROUP_A, ['p1', 'p2', 'p3']);
    await town.household('h2', GROUP_A, []);
    await town.household('h7', OTHER_VILLAGE, ['p7']);
    await helper('h12', 'm1');
    await helper('h7', 'm1');
    await post('m2', 'group-leader');
    await post('m1', 'village-doctor');
    await town.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.ladderRung)
          .values([
            { gridCode: VILLAGE, position: 1, memberId: 'm4', duty: 'responsible' },
            { gridCode: COUNTY, position: 1, memberId: 'm3', duty: 'township-lead' },
          ])
          .returning({ id: t.ladderRung.memberId }),
      ),
      any((q, t) =>
        q
          .insert(t.musterPoint)
          .values([
            { id: 'mp-b', gridCode: GROUP_B, name: '二组晒场', capacity: 80 },
            { id: 'mp-v', gridCode: VILLAGE, name: '村小学操场', capacity: 300 },
          ])
          .returning({ id: t.musterPoint.id }),
      ),
    ]);
  });

  const helper = (id: string, helperMemberId: string) =>
    town.deps.db.atomically([
      any((q, t) =>
        q
          .update(t.household)
          .set({ helperMemberId, needs: ['bedridden'] })
          .where(eq(t.household.id, id))
          .returning({ id: t.household.id }),
      ),
    ]);
  const post = (memberId: string, named: 'group-leader' | 'village-doctor') =>
    town.deps.db.atomically([
      any((q, t) => q.update(t.membership).set({ post: named }).where(eq(t.membership.memberId, memberId)).returning({ id: t.membership.memberId })),
    ]);
  const sheet = async (path: string, by: keyof typeof OFFICERS = 'village') => {
    const response = await town.app.inject({ method: 'GET', url: `/api/v1/cards/${path}`, ...town.as(by) });
    return { status: response.statusCode, body: response.body, headers: response.headers };
  };
  const cards = (body: string) => [...body.matchAll(/<section class="card">[\s\S]*?<\/section>/g)].map(([card]) => card);

  it('tells a household how many they are, whom they can call, where to go and what each sound means; nobody’s weakness', async () => {
    const { status, body, headers } = await sheet(`households?group=${GROUP_A}`);
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    const [second, twelfth, ...more] = cards(body);
    expect(more).toEqual([]);
    expect(twelfth).toMatch(/门牌h12 · 3 人[\s\S]*演示一村 一组 门牌h12 · 演示户主h12/);
    expect(twelfth).toMatch(/帮扶人<\/dt><dd>演示成员m1 <span class="tel">10000000001<\/span>/);
    expect(twelfth).toMatch(/责任人<\/dt><dd>演示成员m2[\s\S]*10000000002[\s\S]*一组 村民小组长[\s\S]*演示成员m4[\s\S]*演示一村 责任人/);
    expect(twelfth).toMatch(/集合点<\/dt><dd><b>村小学操场<\/b> <small>\(演示一村\)<\/small>、<b>二组晒场<\/b>/);
    expect(twelfth).toMatch(/准备转移[\s\S]*不放警报声[\s\S]*警报声[\s\S]*立即转移/);
    expect(twelfth).not.toContain('卧床');
    expect(second).toMatch(/门牌h2 · 1 人[\s\S]*帮扶人<\/dt><dd><span class="blank"><\/span>/);
  });

  it('tells a member his post, his sections, the households he looks after and whom he answers to', async () => {
    const { body } = await sheet(`members?group=${GROUP_A}`);
    const [first, second] = cards(body);
    expect(first).toMatch(/演示成员m1[\s\S]*岗位<\/dt><dd>演示一村 一组 · 村医[\s\S]*医疗组[\s\S]*演示成员m2/);
    expect(first).toContain('<li>门牌h12 演示户主h12 · 3 人 · <b>卧床</b></li>');
    // The leader himself answers to the village.
    expect(/听谁指挥<\/dt><dd>(.*?)<\/dd>/.exec(second!)![1]).toMatch(/^演示成员m4/);
    expect(second).toContain('名册上没有固定负责的户');
  });

  it('names to the officer of one village no household of another, though the helper is the same', async () => {
    expect((await sheet(`members?group=${GROUP_A}`)).body).not.toContain('h7');
    expect((await sheet(`members?group=${GROUP_A}`, 'county')).body).toContain('门牌h7');
  });

  it('is complete in English and leads from one language and one kind to the other', async () => {
    const { body } = await sheet(`households?group=${GROUP_A}&lang=en`);
    expect(body.replaceAll(NAMES, '')).not.toMatch(/[\u3400-\u9fff]/);
    expect(body).toContain(`/api/v1/cards/households?group=${GROUP_A}&amp;lang=zh`);
    expect(body).toContain(`/api/v1/cards/members?group=${GROUP_A}&amp;lang=en`);
    const members = (await sheet(`members?group=${GROUP_A}&lang=en`)).body;
    expect(members.replaceAll(NAMES, '')).not.toMatch(/[\u3400-\u9fff]/);
  });

  it('is refused outside the scope, to nobody who is signed in, for what is no place; a place without people says so', async () => {
    for (const kind of ['households', 'members']) {
      for (const [by, group, expected] of [
        ['other', GROUP_A, 403],
        ['village', COUNTY, 403],
        ['village', OTHER_VILLAGE, 403],
        ['county', GROUP_A, 200],
        ['admin', GROUP_A, 200],
        ['county', '53332410020099', 422],
        ['county', 'x', 400],
        ['county', `${GROUP_A}0`, 400],
      ] as const)
        expect([kind, by, group, (await sheet(`${kind}?group=${group}`, by)).status]).toEqual([kind, by, group, expected]);
      expect((await sheet(`${kind}?group=${GROUP_A}&lang=fr`)).status).toBe(400);
      expect((await town.app.inject({ method: 'GET', url: `/api/v1/cards/${kind}?group=${GROUP_A}` })).statusCode).toBe(401);
      const none = await sheet(`${kind}?group=${GROUP_B}`);
      expect([none.status, cards(none.body)]).toEqual([200, []]);
      expect(none.body).toContain(kind === 'households' ? '名册上没有住户' : '名册上没有成员');
    }
  });

  it('prints what somebody wrote as it was written', async () => {
    await town.deps.db.atomically([
      any((q, t) => q.update(t.household).set({ headName: MARKUP, doorplate: MARKUP }).where(eq(t.household.id, 'h12')).returning({ id: t.household.id })),
      any((q, t) => q.update(t.member).set({ name: MARKUP }).returning({ id: t.member.id })),
      any((q, t) => q.update(t.gridNode).set({ name: MARKUP }).returning({ id: t.gridNode.code })),
      any((q, t) => q.update(t.musterPoint).set({ name: MARKUP }).returning({ id: t.musterPoint.id })),
    ]);
    for (const kind of ['households', 'members']) {
      const { body } = await sheet(`${kind}?group=${GROUP_A}`);
      expect(cards(body)).toHaveLength(2);
      expect(body).not.toContain('<img');
    }
  });
});
