// Chapter 5, joining on the spot: the officer's side of a code, as the room alone answers it.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { any } from '@laba/storage/database';
import { COUNTY, GROUP_A, OFFICERS, Town, VILLAGE } from '../town.test-kit.ts';

describe('a join code', () => {
  let town: Town;
  let alertId: string;
  beforeEach(async () => {
    town = await Town.found();
    alertId = await town.raised([COUNTY]);
  });

  const open = (who: keyof typeof OFFICERS, payload: object, key?: string) => {
    const { cookies, headers } = town.as(who);
    const once = key === undefined ? {} : { 'idempotency-key': key };
    return town.app.inject({ method: 'POST', url: `/api/v1/alerts/${alertId}/join-codes`, cookies, headers: { ...headers, ...once }, payload });
  };
  const get = (who: keyof typeof OFFICERS, url: string) => town.app.inject({ method: 'GET', url, ...town.as(who) });

  it('is opened once however often it is asked for with one key, and two are never alike', async () => {
    const [first, again] = [await open('village', { gridCode: GROUP_A }, 'k1'), await open('village', { gridCode: GROUP_A }, 'k1')];
    expect([first.statusCode, again.json().id]).toEqual([201, first.json().id]);
    const codes = await Promise.all(Array.from({ length: 20 }, () => open('county', { gridCode: VILLAGE })));
    expect(new Set(codes.map((one) => one.json<{ code: string }>().code)).size).toBe(20);
    expect((await town.events('join-code.opened')).length).toBe(21);
  });

  it('is shown and printed to who may open it there: large, as a QR, with a drill said first', async () => {
    const { id, code } = (await open('village', { gridCode: GROUP_A })).json<{ id: string; code: string }>();
    const sheet = await get('village', `/api/v1/join-codes/${id}/sheet`);
    expect([sheet.statusCode, sheet.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(sheet.body).toMatch(new RegExp(`一组 现场加入[\\s\\S]*<svg[\\s\\S]*<p class="code">${code}</p>`));
    expect(sheet.body).not.toContain('演练');
    expect((await get('other', `/api/v1/join-codes/${id}/sheet`)).statusCode).toBe(403);
    expect((await get('other', `/api/v1/alerts/${alertId}/join-codes`)).json()).toEqual({ codes: [], joined: [], next: null });
    expect((await get('village', '/api/v1/join-codes/nothing/sheet')).statusCode).toBe(404);
    alertId = await town.raised([COUNTY], 'drill');
    const drill = (await open('village', { gridCode: GROUP_A })).json<{ id: string }>();
    expect((await get('village', `/api/v1/join-codes/${drill.id}/sheet`)).body).toContain('<p class="drill">演练');
  });

  it('lies in the database as a hash and a cipher, and so do name, number and household of who joined', async () => {
    const { code } = (await open('village', { gridCode: GROUP_A })).json<{ code: string }>();
    const form = { name: '演示居民子', phone: '13900000077', household: '门牌七', answer: 'arrived', form: 'a form of its own' };
    const joined = await town.app.inject({ method: 'POST', url: `/j/${code}`, payload: form });
    expect(joined.statusCode).toBe(303);
    const rows = await town.deps.db.read((q, t) => q.select().from(t.joiner));
    const codes = await town.deps.db.read((q, t) => q.select().from(t.joinCode));
    expect(JSON.stringify([rows, codes, await town.events()])).not.toMatch(new RegExp(`演示居民子|13900000077|门牌七|${code}`));
  });

  it('of whom was let go neither what he gave nor what he said or proved is left, and his call still counts', async () => {
    const { code } = (await open('village', { gridCode: GROUP_A })).json<{ code: string }>();
    for (const one of ['子', '丑'])
      await town.app.inject({ method: 'POST', url: `/j/${code}`, payload: { name: `演示${one}`, answer: 'arrived', form: `the form of ${one}` } });
    const [gone, stays] = await town.calls();
    const proof = { channel: 'sms', state: 'proven', addressHash: 'hash', step: 0, changedAtMs: 0 } as const;
    await town.deps.db.atomically([
      any((q, t) => q.update(t.call).set({ helpAtMs: 1, helpWordsCipher: 'cipher' }).returning()),
      any((q, t) =>
        q
          .insert(t.channelProof)
          .values([gone!, stays!].map(({ memberId }) => ({ ...proof, memberId })))
          .returning(),
      ),
    ]);
    for (let twice = 0; twice < 2; twice++) await town.react('mobilization.forget-joiner', 'member.let-go', gone!.memberId, {});
    const [joiners, proofs] = await Promise.all([
      town.deps.db.read((q, t) => q.select().from(t.joiner)),
      town.deps.db.read((q, t) => q.select().from(t.channelProof)),
    ]);
    expect([...joiners, ...proofs].map(({ memberId }) => memberId)).toEqual([stays!.memberId, stays!.memberId]);
    expect(await town.calls()).toMatchObject([
      { id: gone!.id, answer: 'arrived', helpAtMs: 1, helpWordsCipher: null, version: gone!.version + 1 },
      { id: stays!.id, helpWordsCipher: 'cipher', version: stays!.version },
    ]);
  });

  it('is good for parts of an hour, to the millisecond', async () => {
    const opened = await open('village', { gridCode: GROUP_A, hours: 0.1234567 });
    expect(opened.statusCode).toBe(201);
    const [row] = await town.deps.db.read((q, t) => q.select().from(t.joinCode));
    expect(row!.expiresAtMs - row!.openedAtMs).toBe(444_444);
  });

  it('takes no more than it may, however many come at once', async () => {
    const { code } = (await open('village', { gridCode: GROUP_A, mostJoins: 3 })).json<{ code: string }>();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        town.app.inject({ method: 'POST', url: `/j/${code}`, payload: { name: `演示${i}`, answer: 'coming', form: `form ${i} of 8` } }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([303, 303, 303, 409, 409, 409, 409, 409]);
    expect((await town.events('member.joined')).length).toBe(3);
  });

  it('is asked for by one address so often in a minute, and another address is not held up by it', async () => {
    const { code } = (await open('village', { gridCode: GROUP_A })).json<{ code: string }>();
    const ask = async (remoteAddress: string) => (await town.app.inject({ method: 'GET', url: `/j/${code}`, remoteAddress })).statusCode;
    for (let asked = 0; asked < LIMITS.joinsPerMinute; asked++) expect(await ask('10.0.0.7')).toBe(200);
    expect([await ask('10.0.0.7'), await ask('10.0.0.8')]).toEqual([429, 200]);
  });

  it('of a closed shelter, or of a grid node that is gone, takes nobody', async () => {
    const { code } = (await open('village', { gridCode: GROUP_A })).json<{ code: string }>();
    await town.deps.db.atomically([any((q, t) => q.update(t.gridNode).set({ closedAtMs: 1 }).where(eq(t.gridNode.code, GROUP_A)).returning())]);
    expect((await town.app.inject({ method: 'GET', url: `/j/${code}` })).statusCode).toBe(410);
  });
});
