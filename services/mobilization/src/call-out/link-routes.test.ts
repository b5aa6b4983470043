// Chapter 5, member: a link that was revoked is dead, a new one opens, and it is told who revoked it.
import { beforeEach, describe, expect, it } from 'vitest';
import { memberToken } from './member-link.ts';
import { GROUP_A, GROUP_B, Town, VILLAGE } from '../town.test-kit.ts';

describe('a revoked link', () => {
  let town: Town;
  let alertId: string;
  beforeEach(async () => {
    town = await Town.found();
    await town.member('m1', [GROUP_A]);
    await town.member('m2', [GROUP_B]);
    alertId = await town.raised([VILLAGE]);
    await town.callMembers(alertId, [VILLAGE]);
  });

  const status = async (token: string) => (await town.app.inject({ method: 'GET', url: `/m/${token}` })).statusCode;
  const token = (n: number, version?: number) => memberToken(town.deps.vault, `${alertId}-${n}`, version);
  const revoke = (member: string, by: 'village' | 'other' | 'county' = 'village', alert = alertId) =>
    town.app.inject({ method: 'POST', url: `/api/v1/alerts/${alert}/members/${member}/revoke-link`, ...town.as(by), payload: {} });

  it('opens nothing any more and takes no answer; the new one does; nobody else’s is touched', async () => {
    expect(await status(token(1))).toBe(200);
    expect(await status(token(1, 2))).toBe(200);
    const revoked = await revoke('m1');
    expect([revoked.statusCode, revoked.json()]).toEqual([200, { memberId: 'm1', version: 2 }]);
    expect(await status(token(1))).toBe(404);
    const late = await town.app.inject({
      method: 'POST',
      url: `/api/v1/calls/${alertId}-1/answer`,
      headers: { authorization: `Bearer ${token(1)}` },
      payload: { answer: 'coming' },
    });
    expect(late.json()).toMatchObject({ code: 'link-invalid', revoked: true });
    expect(await status(token(1, 2))).toBe(200);
    expect(await status(token(2))).toBe(200);
    expect(await town.events('call.answered')).toEqual([]);
    expect((await town.events('link.revoked')).map(({ who, subjectId, gridCode, data }) => [who, subjectId, gridCode, data])).toEqual([
      ['officer:o-village', 'm1', GROUP_A, { version: 2 }],
    ]);
  });

  it('is revoked again and again, each time once', async () => {
    const both = await Promise.all([revoke('m1'), revoke('m1', 'county')]);
    expect(both.map((one) => one.statusCode).toSorted()).toEqual([200, 409]);
    await revoke('m1');
    expect([await status(token(1, 2)), await status(token(1, 3))]).toEqual([404, 200]);
  });

  it('is revoked inside the officer’s scope only, of a member and an alert that exist', async () => {
    expect((await revoke('m1', 'other')).statusCode).toBe(403);
    expect((await revoke('nobody')).statusCode).toBe(404);
    expect((await revoke('m1', 'county', 'no-alert')).statusCode).toBe(404);
    expect(await town.events('link.revoked')).toEqual([]);
  });

  it('a version cannot be written into an old link', async () => {
    await revoke('m1');
    const [short, mac] = token(1).split('.') as [string, string];
    expect(await status(`${short}.2.${mac}`)).toBe(404);
    expect(await status(`${token(1, 2).replace('.2.', '.3.')}`)).toBe(404);
  });
});
