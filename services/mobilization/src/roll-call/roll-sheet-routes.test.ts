// Chapter 5, roll-call: the list on paper and as a table says who lives where and how each is, to nobody but who marks there.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import { COUNTY, GROUP_A, GROUP_B, OTHER_VILLAGE, Town, type OFFICERS } from '../town.test-kit.ts';

const MARKUP = '<img src=x onerror=alert(1)>';

describe('the roll-call’s list on paper', () => {
  let town: Town;
  let alertId: string;
  beforeEach(async () => {
    town = await Town.found();
    await town.household('h1', GROUP_A, ['p1', 'p2']);
    await town.household('h2', GROUP_B, ['p3']);
    await town.household('h3', OTHER_VILLAGE, ['p4']);
    alertId = await town.raised([COUNTY]);
    await town.freeze(alertId, [COUNTY]);
  });

  const get = (what: string, by: keyof typeof OFFICERS = 'county', of = alertId) =>
    town.app.inject({ method: 'GET', url: `/api/v1/alerts/${of}/${what}`, ...town.as(by) });
  const mark = (personId: string, more: object) =>
    town.app.inject({
      method: 'POST',
      url: `/api/v1/alerts/${alertId}/rollcall/persons/${personId}/mark`,
      ...town.as('county'),
      payload: { status: 'needs-help', means: 'telephone', version: 1, ...more },
    });
  const called = (personId: string, name: string) =>
    town.deps.db.atomically([any((q, t) => q.update(t.person).set({ name }).where(eq(t.person.id, personId)).returning({ id: t.person.id }))]);

  it('names each door with its persons, how each stands, and room to tick; one group or all in scope, in both languages', async () => {
    await mark('p1', {});
    const zh = await get(`rollcall/sheet?group=${GROUP_A}`);
    expect(zh.headers['cache-control']).toBe('no-store');
    expect(zh.body).toMatch(
      /一组 清点名单[\s\S]*第 1 轮[\s\S]*1 户，2 人[\s\S]*门牌h1 演示户主h1[\s\S]*演示人p1[\s\S]*需要帮助 [\s\S]*☐ 已转移[\s\S]*演示人p2/,
    );
    expect(zh.body).not.toMatch(/h2|演练/);
    const en = await get('rollcall/sheet?lang=en', 'village');
    expect(en.body).toMatch(/whole area Roll-call list[\s\S]*2 households, 3 people[\s\S]*☐ moved/);
    expect(en.body, 'what is outside his scope').not.toContain('h3');
  });

  it('is exported with who marked whom and when, in which nothing becomes a formula, and written as it was said', async () => {
    await called('p2', `=1+1 ${MARKUP}`);
    await mark('p1', { words: '要轮椅, 两个人抬' });
    const csv = await get('rollcall.csv');
    expect(csv.headers['content-disposition']).toMatch(/^attachment/);
    expect(csv.body).toMatch(/演示人p1,,需要帮助,\d{4}-\d\d-\d\d \d\d:\d\d,[^,]*,电话,,"要轮椅, 两个人抬"/);
    expect(csv.body).toContain(`'=1+1 ${MARKUP}`);
    expect(csv.body.trim().split('\r\n')).toHaveLength(3 + 4);
    expect((await get('rollcall/sheet')).body).not.toContain('<img');
  });

  it('says on every copy that a drill is one', async () => {
    const drill = await town.raised([COUNTY], 'drill');
    await town.freeze(drill, [COUNTY], 1, 'drill');
    expect((await get('rollcall/sheet', 'county', drill)).body).toContain('<p class="mark">演练</p>');
    expect((await get('rollcall.csv?lang=en', 'county', drill)).body).toContain('【drill】');
  });

  it('is for who may mark there, and for nobody else', async () => {
    for (const what of ['rollcall/sheet', 'rollcall.csv'])
      expect([
        (await get(`${what}?group=${GROUP_A}`, 'other')).statusCode,
        (await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${alertId}/${what}` })).statusCode,
      ]).toEqual([403, 401]);
  });
});
