// Any chapter, over three levels: the county, a township with a house of its own, and below that a village with one. Each line can be cut.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { Client } from '@laba/host/cli/client';
import { silentLog } from '@laba/runtime/log';
import { ALL_CLEAR, MOVE_NOW } from '../harness/officer.ts';
import { DASUO, NEIGHBOUR, TOWNSHIP, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Site, type Town } from '../harness/town.ts';
import { VillageHouse } from '../harness/village-house.ts';

describe('a county, a township and a village, each with a house of its own', () => {
  let town: Town;
  let township: VillageHouse;
  let village: VillageHouse;
  const dirs: string[] = [];
  const dir = () => {
    const made = mkdtempSync(join(tmpdir(), 'laba-levels-'));
    dirs.push(made);
    return made;
  };

  beforeEach(async () => {
    town = await openTown();
    township = await new VillageHouse(town, dir()).open(TOWNSHIP);
    const { api } = await town.officer('admin');
    await api.post('/api/v1/keys', { scope: VILLAGE });
    await township.agree();
    const duty = await dutyOfficer();
    village = await new VillageHouse(town, dir(), silentLog, { open: () => township.house, officer: () => Promise.resolve(duty) }).open(VILLAGE);
    await village.hang('site-dasuo');
    await everywhere();
  });
  afterEach(async () => {
    await village.close();
    await township.close();
    await town.close();
    for (const one of dirs.splice(0)) rmSync(one, { recursive: true, force: true });
  });

  /** The township's officer makes his code at the county, and comes in by it at the township's house. */
  async function dutyOfficer(): Promise<Client> {
    const { api } = await town.officer('town1');
    const { officers } = await (await town.officer('admin')).api.get<{ officers: { id: string; username: string }[] }>('/api/v1/officers');
    const { id } = officers.find(({ username }) => username === 'town1')!;
    const { code } = await api.post<{ code: string }>('/api/v1/local-codes', { officerId: id, gridCode: TOWNSHIP });
    await township.agree();
    const url = township.house.url();
    const body = JSON.stringify({ username: 'town1', code });
    const answer = await fetch(`${url}/api/v1/local-sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
    const { csrfToken } = (await answer.json()) as { csrfToken: string };
    return new Client(url, (to, init) => fetch(to, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie, 'x-csrf-token': csrfToken } }));
  }

  /** What is heard on one line is told on by the other. */
  async function everywhere(): Promise<void> {
    let differences: string[] = [];
    const isOne = async () => {
      for (const line of [township, village]) await line.agree();
      differences = [...(await township.differences()), ...(await village.differences())];
      return differences.length === 0;
    };
    await town.eventually(() => `all three hold the same: ${differences.join('; ')}`, isOne, 60_000);
  }
  const dasuo = (): Site => village.sites.get('site-dasuo')!;
  const hears = (words: string, from = 0) =>
    town.eventually(
      `Dasuo hears '${words}'`,
      async () => {
        await town.clock.pass('1 s');
        return dasuo()
          .pole.heard.slice(from)
          .some((heard) => heard.words.includes(words));
      },
      60_000,
    );
  const houses = () => ({ county: town.house, township: township.house, village: village.house });
  const states = async (alertId: string) => {
    const states: Record<string, string | undefined> = {};
    for (const [name, { deps }] of Object.entries(houses())) {
      const [row] = await deps.db.read((q, t) => q.select({ state: t.alert.state }).from(t.alert).where(eq(t.alert.id, alertId)));
      states[name] = row?.state;
    }
    return states;
  };
  const toldAt = async (where: 'township' | 'village', type: string) =>
    houses()[where].deps.db.read((q, t) => q.select({ gridCode: t.event.gridCode }).from(t.event).where(eq(t.event.type, type)));
  /** Only where it sounded an end is sounded: whoever ends it must have heard of that. */
  const seesThatItSounds = (where: 'county' | 'township', alertId: string) =>
    town.eventually(
      `the ${where} sees that it sounds`,
      async () => {
        await town.clock.pass('1 s');
        const { db } = houses()[where].deps;
        const rows = await db.read((q, t) => q.select({ state: t.delivery.state }).from(t.delivery).where(eq(t.delivery.alertId, alertId)));
        return rows.some(({ state }) => ['playing', 'played', 'sounded'].includes(state));
      },
      60_000,
    );

  it('an order of the county sounds in the village through the township, and its end is heard; each house knows its own ground', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await hears(MOVE_NOW);
    await seesThatItSounds('county', alert);
    await (await town.officer('cadre1')).ends(alert);
    await hears(ALL_CLEAR);
    await everywhere();
    expect(await states(alert)).toEqual({ county: 'ended', township: 'ended', village: 'ended' });
    const codesAt = async (where: 'township' | 'village') =>
      (await houses()[where].deps.db.read((q, t) => q.select({ code: t.gridNode.code }).from(t.gridNode))).map(({ code }) => code);
    expect(await codesAt('township')).toContain(NEIGHBOUR);
    expect(await codesAt('village')).not.toContain(NEIGHBOUR);
    const keys = await village.house.deps.db.read((q, t) => q.select({ scope: t.signingKey.scope }).from(t.signingKey));
    expect(new Set(keys.map(({ scope }) => scope))).toEqual(new Set([VILLAGE]));
  });

  it('the line to the county is cut: the township orders its village, which is not alone; then all three hold the same', async () => {
    township.cut();
    await town.clock.pass('2 min');
    expect(await toldAt('township', 'house.alone')).toHaveLength(1);
    expect((await toldAt('village', 'house.alone')).filter(({ gridCode }) => gridCode === VILLAGE)).toEqual([]);
    const officer = await township.officer('town1', [TOWNSHIP]);
    const alert = await officer.orders({ at: [DASUO] });
    await hears(MOVE_NOW);
    expect((await states(alert)).county).toBeUndefined();
    await seesThatItSounds('township', alert);
    await officer.ends(alert);
    await hears(ALL_CLEAR);
    await township.heal();
    await everywhere();
    expect(await states(alert)).toEqual({ county: 'ended', township: 'ended', village: 'ended' });
  });

  it('both lines are cut: the village orders alone, and the county hears of it through the township', async () => {
    township.cut();
    village.cut();
    await town.clock.pass('2 min');
    const cadre = await village.officer('cadre1', [VILLAGE]);
    const alert = await cadre.orders({ at: [DASUO] });
    await hears(MOVE_NOW);
    await village.heal();
    expect(await states(alert)).toEqual({ county: undefined, township: 'raised', village: 'raised' });
    await township.heal();
    await everywhere();
    expect(await states(alert)).toEqual({ county: 'raised', township: 'raised', village: 'raised' });
  });
});
