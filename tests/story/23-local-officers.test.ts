// Any chapter, in the village alone: an officer comes into the village's own house by his local code, and orders there what a village may order alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { openLog } from '@laba/runtime/log';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import { ALL_CLEAR, MOVE_NOW, TAKEN_BACK } from '../harness/officer.ts';
import { ACROSS, COUNTY, DASUO, NEIGHBOUR, VILLAGE } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Town } from '../harness/town.ts';
import { VillageHouse } from '../harness/village-house.ts';

interface Officer {
  id: string;
  username: string;
}
interface Alert {
  id: string;
  state: string;
}
const zh = (text: string) => [{ language: 'zh-CN', title: '通知', text }];
const draft = (areaCodes: string[], what: object) => ({
  mode: 'live',
  areaCodes,
  eventCode: '11D00',
  durationMinutes: 60,
  ...{ texts: zh(MOVE_NOW), endTexts: zh(ALL_CLEAR), cancelTexts: zh(TAKEN_BACK) },
  ...what,
});
const MOVE = { kind: 'order', order: 'move-now' };
const RED = { kind: 'warning', level: 'red', issuer: '演示气象台' };

describe('a village’s own house', () => {
  let town: Town;
  let village: VillageHouse;
  let folder: string;
  let logs: string;
  let officers: Officer[];

  beforeEach(async () => {
    logs = '';
    const log = openLog('trace', false, (line) => void (logs += line));
    town = await openTown('night', log);
    folder = mkdtempSync(join(tmpdir(), 'laba-village-'));
    village = await new VillageHouse(town, folder, log).open();
    ({ officers } = await (await admin()).get<{ officers: Officer[] }>('/api/v1/officers'));
  });
  afterEach(async () => {
    await village.close();
    await town.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const admin = async () => (await town.officer('admin')).api;
  const tell = () => village.agree();
  const idOf = (username: string) => officers.find((one) => one.username === username)!.id;

  /** He makes his code at the county's house; the village hears of it when there is a line. */
  async function code(username: 'cadre1' | 'town1'): Promise<{ id: string; code: string }> {
    const { api } = await town.officer(username);
    return api.post('/api/v1/local-codes', { officerId: idOf(username), gridCode: VILLAGE });
  }

  /** By the plain page, as on any telephone; then as the officer's screen does. */
  async function enter(username: string, digits: string): Promise<Client> {
    const url = village.house.url();
    const door = await (await fetch(`${url}/sign-in`)).text();
    expect(door).toContain(`value="${username}"`);
    const body = new URLSearchParams({ username, code: digits });
    const answer = await fetch(`${url}/sign-in`, { method: 'POST', body, redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
    const { csrfToken } = (await (await fetch(`${url}/api/v1/sessions/current`, { headers: { cookie } })).json()) as { csrfToken: string };
    return new Client(url, (to, init) => fetch(to, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie, 'x-csrf-token': csrfToken } }));
  }

  async function raise(by: Client, areaCodes: string[], what: object): Promise<Alert> {
    const { id } = await by.post<Alert>('/api/v1/alerts', draft(areaCodes, what));
    return by.post<Alert>(`/api/v1/alerts/${id}/raise`);
  }
  const refusal = async (work: Promise<unknown>) => {
    const { code: name, fields } = (await work.then(
      () => ({ code: 'none', fields: {} }),
      (error: unknown) => error,
    )) as { code: string; fields: { why?: { zh: string; en: string } } };
    return { name, why: fields.why };
  };

  it('lets its cadre order his own people to prepare and to move, quieten it, end it and take it back; the timeline names him', async () => {
    const { code: digits } = await code('cadre1');
    await tell();
    const cadre = await enter('cadre1', digits);
    for (const what of [{ kind: 'order', order: 'prepare' }, MOVE, { ...MOVE, mode: 'drill' }]) {
      const alert = await raise(cadre, [DASUO], what);
      expect(alert.state).toBe('raised');
      await cadre.post(`/api/v1/alerts/${alert.id}/quieten`);
      await cadre.post(`/api/v1/alerts/${alert.id}/end`, { checkedBy: '演示监测员' });
    }
    const { id } = await raise(cadre, [VILLAGE], MOVE);
    await cadre.post(`/api/v1/alerts/${id}/cancel`, { reason: '误发' });
    const { events } = await cadre.get<{ events: { type: string; who: string; whoName: string; via: string }[] }>(`/api/v1/alerts/${id}/timeline`);
    expect(events.filter(({ type }) => /^alert\.(raised|cancelled)$/.test(type))).toMatchObject([
      { who: `officer:${idOf('cadre1')}`, whoName: '演示村干部', via: 'http' },
      { who: `officer:${idOf('cadre1')}`, whoName: '演示村干部', via: 'http' },
    ]);
  });

  it('refuses in both languages what is not for a village alone: a warning’s colour, its neighbour, the county', async () => {
    const { code: digits } = await code('town1');
    await tell();
    const here = await enter('town1', digits);
    for (const what of [RED, { ...RED, level: 'blue' }, { ...RED, mode: 'drill' }]) {
      const { name, why } = await refusal(raise(here, [DASUO], what));
      expect(name).toBe('role-refused');
      expect(why).toEqual({
        zh: '按县里的规定，这里不能发布这一种；可以发布的是：准备转移、立即转移',
        en: "By the county's policy nobody here may raise this; what may be raised here: prepare to move, move now",
      });
    }
    // A township's officer is here as the village's cadre: his township is not in his hands, nor the county.
    expect((await refusal(here.post('/api/v1/alerts', draft([COUNTY], MOVE)))).name).toBe('out-of-scope');
    for (const elsewhere of [NEIGHBOUR, ACROSS])
      expect(['out-of-scope', 'unknown-code']).toContain((await refusal(here.post('/api/v1/alerts', draft([elsewhere], MOVE)))).name);
    expect((await refusal(here.put('/api/v1/policy', DEFAULT_POLICY))).name).toBe('role-refused');
    // What makes no sound may be tried with any colour.
    const { texts: _texts, endTexts: _end, cancelTexts: _cancel, ...silent } = draft([DASUO], { ...RED, mode: 'test' });
    const { id } = await here.post<Alert>('/api/v1/alerts', silent);
    expect((await here.post<Alert>(`/api/v1/alerts/${id}/raise`)).state).toBe('raised');
  });

  it('keeps to the county’s rows for a village alone, as they are told; the county cannot leave a village without any', async () => {
    const { code: digits } = await code('cadre1');
    const only = (degree: string[], roles: string[]) => ({ ...DEFAULT_POLICY, alone: [{ ...DEFAULT_POLICY.alone[1]!, degree, roles }] });
    expect(await refusal((await admin()).put('/api/v1/policy', only(['prepare'], ['village-cadre'])))).toMatchObject({ name: 'bad-input' });
    await (await admin()).put('/api/v1/policy', only(['move-now'], ['village-cadre']));
    await tell();
    const cadre = await enter('cadre1', digits);
    expect((await raise(cadre, [DASUO], MOVE)).state).toBe('raised');
    const { name, why } = await refusal(raise(cadre, [DASUO], { kind: 'order', order: 'prepare' }));
    expect([name, why?.zh]).toEqual(['role-refused', '按县里的规定，这里不能发布这一种；可以发布的是：立即转移']);
    // At the county's own house its other rows decide.
    await (await town.officer('cadre1')).orders({ at: [DASUO], order: 'prepare' });
  });

  it('keeps a shift log of its own while the line is cut, signed for by a local code; the county hears that it changed hands, not what was written', async () => {
    const [first, second] = [await code('cadre1'), await code('town1')];
    await tell();
    const county = (await town.officer('duty1')).api;
    const { id: countys } = await county.post<{ id: string }>('/api/v1/shifts');
    village.cut();
    const cadre = await enter('cadre1', first.code);
    const { id } = await cadre.post<{ id: string }>('/api/v1/shifts');
    await cadre.post(`/api/v1/shifts/${id}/remarks`, { words: '沟水变浑' });
    const { version } = await cadre.post<{ version: number }>(`/api/v1/shifts/${id}/hand-over`, { version: 2, words: '守到天亮' });
    const next = await enter('town1', second.code);
    await town.clock.pass('3 min');
    expect((await refusal(next.post(`/api/v1/shifts/${id}/take-over`, { version }))).name).toBe('signature-needed');
    await (await enter('town1', second.code)).post(`/api/v1/shifts/${id}/take-over`, { version });
    expect(await cadre.get(`/api/v1/shifts/${id}`)).toMatchObject({ state: 'over', takenOverBy: '演示乡镇值班员', remarks: [{ words: '沟水变浑' }] });
    await village.heal();
    expect((await town.toldOf('shift.taken-over')).map(({ subjectId }) => subjectId)).toEqual([id]);
    expect(await refusal(county.get(`/api/v1/shifts/${id}`))).toMatchObject({ name: 'not-found' });
    const { events } = await county.get<{ events: { type: string }[] }>(`/api/v1/shifts/${countys}/log`);
    expect(events.map(({ type }) => type).filter((type) => type.startsWith('shift.'))).toEqual(['shift.begun']);
  });

  it('puts out whoever the county disables, at his next step after the village hears of it', async () => {
    const { code: digits } = await code('cadre1');
    await tell();
    const cadre = await enter('cadre1', digits);
    village.cut();
    await (await admin()).post(`/api/v1/officers/${idOf('cadre1')}/disable`);
    // Until the village hears of it, he may.
    expect((await raise(cadre, [DASUO], MOVE)).state).toBe('raised');
    await village.heal();
    expect((await refusal(raise(cadre, [DASUO], MOVE))).name).toBe('not-signed-in');
    expect(await (await fetch(`${village.house.url()}/sign-in`)).text()).toContain('还没有人有本地码');
  });

  it('has no code of a box that the county revoked; codes made after that are for the next box', async () => {
    const first = await code('cadre1');
    await code('town1');
    const { api } = await town.officer('duty1');
    await api.post('/api/v1/local-codes', { officerId: idOf('duty1'), gridCode: NEIGHBOUR });
    await (await admin()).post(`/api/v1/houses/${village.id}/revoke`);
    const listed = async () => (await (await admin()).get<{ codes: { gridCode: string }[] }>('/api/v1/local-codes')).codes.map(({ gridCode }) => gridCode);
    await town.eventually('the village’s codes are void', async () => (await listed()).length === 1);
    expect(await listed()).toEqual([NEIGHBOUR]);
    expect((await town.toldOf('officer.local-code-revoked')).map(({ subjectId }) => subjectId).sort()).toEqual([idOf('cadre1'), idOf('town1')].sort());
    await town.clock.pass('1 s');
    expect((await code('cadre1')).code).not.toBe(first.code);
    await town.clock.pass('1 min');
    expect((await listed()).sort()).toEqual([VILLAGE, NEIGHBOUR].sort());
  });

  it('writes no code into any log of either house, whoever types it how', async () => {
    const { code: digits } = await code('cadre1');
    await tell();
    await enter('cadre1', digits);
    const url = village.house.url();
    const plain = digits.replace(' ', '');
    const json = { 'content-type': 'application/json' };
    await fetch(`${url}/api/v1/local-sessions`, { method: 'POST', headers: json, body: JSON.stringify({ username: 'x', code: plain }) });
    await fetch(`${url}/api/v1/local-sessions`, { method: 'POST', headers: json, body: `{"username":"cadre1","code":"${plain}"` });
    await fetch(`${url}/api/v1/local-sessions`, { method: 'POST', headers: json, body: JSON.stringify({ username: 5, code: plain }) });
    await fetch(`${url}/sign-in?username=cadre1&code=${plain}`);
    await fetch(`${url}/nowhere/${plain}`);
    expect(logs).toContain('/sign-in');
    for (const form of [digits, plain, encodeURIComponent(digits), digits.replace(' ', '+')]) expect(logs).not.toContain(form);
    expect(logs).not.toContain('$argon2id');
    expect(logs).not.toContain(PASSWORD);
  });
});
