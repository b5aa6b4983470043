// Chapter 5, roll-call: a printed tag marks its own household when the right person scans it, and shows nothing to anybody else.
import { beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { Vault } from '@laba/runtime/vault';
import { memberToken } from '../call-out/member-link.ts';
import { tagCode } from './tag.ts';
import { COUNTY, GROUP_A, GROUP_B, Town, type OFFICERS } from '../town.test-kit.ts';

const whole = (householdId: string, gridCode = GROUP_A) => ({ gridCode, householdId, personId: null, doorplate: '', name: '' });
const person = (personId: string, householdId: string) => ({ ...whole(householdId), personId });

describe('a printed tag', () => {
  let town: Town;
  let alertId: string;
  let token: string;
  beforeEach(async () => {
    town = await Town.found();
    await town.member('m1', [GROUP_A]);
    await town.household('h1', GROUP_A, ['p1', 'p2']);
    await town.household('h2', GROUP_B, ['p3']);
    await town.household('h3', GROUP_A, []);
    alertId = await town.raised([COUNTY]);
    await town.callMembers(alertId, [COUNTY]);
    await town.freeze(alertId, [COUNTY]);
    token = memberToken(town.deps.vault, (await town.calls())[0]!.id);
  });

  const code = (tagged: ReturnType<typeof whole> | ReturnType<typeof person>, vault = town.deps.vault) => tagCode(vault, tagged);
  const look = (tag: string, how: object = {}) => town.app.inject({ method: 'GET', url: `/t/${tag}`, ...how });
  const officer = (name: keyof typeof OFFICERS) => town.as(name);
  const phone = () => ({ cookies: { laba_link: token } });
  const press = async (tag: string, how: object = phone(), over: Record<string, string> = {}) => {
    const page = (await look(tag, how)).body;
    const csrfToken = /name="csrfToken" value="([^"]+)"/.exec(page)?.[1] ?? '';
    return town.app.inject({ method: 'POST', url: `/t/${tag}`, ...how, payload: { alertId, csrfToken, ...over } });
  };
  const statuses = async () => Object.fromEntries((await town.listed()).map((row) => [row.personId, [row.status, row.means, row.markedBy]]));

  it('is short, different for each household and person, and says nothing of whose it is', () => {
    const codes = [code(whole('h1')), code(whole('h2')), code(person('p1', 'h1')), code(person('h1', 'h1'))];
    expect(new Set(codes).size).toBe(4);
    for (const one of codes) expect(one).toMatch(/^[0-9a-z]{4,10}\.[\w-]{12}$/);
  });

  it('shows its finder nothing, whatever the code, and lets him mark nobody', async () => {
    const pages = await Promise.all([code(whole('h1')), `${code(whole('h1')).slice(0, -1)}x`, 'nonsense'].map((one) => look(one)));
    expect(new Set(pages.map(({ body }) => body)).size).toBe(1);
    expect(pages[0]!.body).not.toMatch(/演示|门牌/);
    expect((await press(code(whole('h1')), {})).statusCode).toBe(401);
    expect((await look(code(whole('h1')), { cookies: { laba_link: `${token.slice(0, -1)}x` } })).body).toBe(pages[0]!.body);
    expect((await statuses())['p1']![0]).toBe('unreached');
  });

  it('a look marks nobody; one press of a helper marks the household moved, by tag, with his name; twice counts once', async () => {
    const page = await look(code(whole('h1')), phone());
    expect(page.body).toMatch(/门牌h1[\s\S]*演示户主h1[\s\S]*未联系上：2 人[\s\S]*已转移/);
    expect(page.headers['cache-control']).toBe('no-store');
    expect((await statuses())['p1']![0]).toBe('unreached');
    expect((await press(code(whole('h1')))).statusCode).toBe(303);
    await press(code(whole('h1')));
    expect(await statuses()).toMatchObject({ p1: ['moved', 'tag', 'member:m1'], p2: ['moved', 'tag', 'member:m1'], p3: ['unreached', null, null] });
    expect((await town.events('person.marked')).length).toBe(2);
  });

  it('a person’s tag marks that person only, a household without persons its head', async () => {
    await press(code(person('p2', 'h1')));
    await press(code(whole('h3')));
    const found = await statuses();
    expect([found['p1']![0], found['p2']![0], found['head:h3']![0]]).toEqual(['unreached', 'moved', 'moved']);
  });

  it('an officer who is signed in scans too, inside his scope and with his form’s own token', async () => {
    expect((await press(code(whole('h2', GROUP_B)), officer('village'))).statusCode).toBe(303);
    expect((await statuses())['p3']).toEqual(['moved', 'tag', 'officer:o-village']);
    expect((await look(code(whole('h1')), officer('other'))).statusCode).toBe(403);
    expect((await press(code(whole('h1')), officer('village'), { csrfToken: 'wrong' })).statusCode).toBe(403);
    expect((await press(code(whole('h1')), phone(), { csrfToken: 'wrong' })).statusCode).toBe(403);
  });

  it('a helper marks nobody of another group, and for no other alert than his own', async () => {
    const foreign = await look(code(whole('h2', GROUP_B)), phone());
    expect([foreign.statusCode, foreign.body.includes('演示')]).toEqual([403, false]);
    const other = await town.raised([COUNTY]);
    await town.freeze(other, [COUNTY]);
    expect((await press(code(whole('h1')), phone(), { alertId: other })).statusCode).toBe(403);
    await town.over(alertId, 'ended');
    await town.clock.advance(25 * 3_600_000);
    expect((await look(code(whole('h1')), phone())).body).toContain('请交给村干部');
  });

  it('a tag of another county, of another house, and of a household that moved away is refused', async () => {
    const elsewhere = { ...whole('h1'), gridCode: '53332510020001' };
    const answers = await Promise.all([elsewhere, whole('gone')].map((one) => look(code(one), phone())));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404]);
    expect((await look(code(whole('h1'), new Vault(Buffer.alloc(32, 9))), phone())).statusCode).toBe(404);
    expect((await look('zzzzzzzzzz.aaaaaaaaaaaa', phone())).statusCode).toBe(404);
  });

  it('says so when no list is being called', async () => {
    await town.over(alertId, 'ended');
    expect((await look(code(whole('h1')), officer('village'))).body).toContain('现在没有清点');
  });

  it('tells an officer at his desk whose it is, and moves the household when he says so; in his scope only', async () => {
    const tag = code(whole('h1'));
    const who = (name: keyof typeof OFFICERS, of = tag) => town.app.inject({ method: 'GET', url: `/api/v1/rollcall/tags/${of}`, ...officer(name) });
    const scan = (name: keyof typeof OFFICERS, payload: Record<string, unknown>) =>
      town.app.inject({ method: 'POST', url: `/api/v1/alerts/${alertId}/rollcall/scans`, ...officer(name), payload });
    const tagged = { gridCode: GROUP_A, householdId: 'h1', personId: null, doorplate: '门牌h1', name: '演示户主h1' };
    expect((await who('village')).json()).toEqual(tagged);
    expect((await statuses())['p1']![0]).toBe('unreached');
    expect((await scan('village', { code: tag })).json()).toEqual({ tagged, changed: 2 });
    expect((await statuses())['p1']).toEqual(['moved', 'tag', 'officer:o-village']);
    expect((await scan('village', { code: tag })).json()).toMatchObject({ changed: 0 });
    const hisOwn = code(person('p2', 'h1'));
    expect((await scan('village', { code: hisOwn })).json()).toMatchObject({ tagged: { personId: 'p2', name: '演示人p2' }, changed: 0 });
    await town.clock.advance(LIMITS.sameMarkMs + 1);
    expect((await scan('village', { code: hisOwn })).json(), 'later, too, he was moved already').toMatchObject({ changed: 0 });
    expect([(await who('other')).statusCode, (await scan('other', { code: tag })).statusCode]).toEqual([403, 403]);
    for (const wrong of ['nonsense', `${tag.slice(0, -1)}x`, code(whole('gone'))])
      expect([(await who('county', wrong)).statusCode, (await scan('county', { code: wrong })).statusCode]).toEqual([404, 404]);
    expect((await scan('village', { code: tag, musterPointId: 'nowhere' })).statusCode).toBe(400);
    expect((await town.app.inject({ method: 'GET', url: `/api/v1/rollcall/tags/${tag}` })).statusCode).toBe(401);
  });

  it('that waited for the line gives way to whatever was marked since it was scanned', async () => {
    const scan = (payload: Record<string, unknown>) =>
      town.app.inject({ method: 'POST', url: `/api/v1/alerts/${alertId}/rollcall/scans`, ...officer('village'), payload });
    const scannedAt = town.clock.now();
    await town.clock.advance(60_000);
    const mark = { status: 'missing', means: 'telephone', version: 1 };
    await town.app.inject({ method: 'POST', url: `/api/v1/alerts/${alertId}/rollcall/persons/p1/mark`, ...officer('county'), payload: mark });
    expect((await scan({ code: code(person('p1', 'h1')), scannedAt })).json()).toMatchObject({ changed: 0 });
    expect((await scan({ code: code(whole('h1')), scannedAt })).json()).toMatchObject({ changed: 1 });
    expect(await statuses()).toMatchObject({ p1: ['missing', 'telephone', 'officer:o-county'], p2: ['moved', 'tag', 'officer:o-village'] });
    expect((await scan({ code: code(person('p1', 'h1')), scannedAt: town.clock.now() + 60_000 })).json()).toMatchObject({ changed: 1 });
  });

  it('is printed by an officer for his own group: a code for each door, no name on the tag, no telephone', async () => {
    const sheet = await town.app.inject({ method: 'GET', url: `/api/v1/rollcall/tags?group=${GROUP_A}`, ...officer('village') });
    expect(sheet.statusCode).toBe(200);
    expect(sheet.body.match(/<svg/g)).toHaveLength(2);
    expect(sheet.body).not.toMatch(/p1|1[3-9]\d{9}/);
    expect(/<div class="tag">[\s\S]*?<\/div>/.exec(sheet.body)![0]).not.toContain('演示');
    const persons = await town.app.inject({ method: 'GET', url: `/api/v1/rollcall/tags?group=${GROUP_A}&persons=true`, ...officer('village') });
    expect(persons.body.match(/<svg/g)).toHaveLength(4);
    for (const [who, group, status] of [
      ['other', GROUP_A, 403],
      ['county', '53332410020099', 422],
      ['county', 'x', 400],
    ] as const)
      expect((await town.app.inject({ method: 'GET', url: `/api/v1/rollcall/tags?group=${group}`, ...officer(who) })).statusCode).toBe(status);
    expect((await town.app.inject({ method: 'GET', url: `/api/v1/rollcall/tags?group=${GROUP_A}` })).statusCode).toBe(401);
  });
});
