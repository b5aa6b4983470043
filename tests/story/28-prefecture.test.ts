// Any chapter, with a prefecture above: it sees each county below it and the village below that, and can change nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import type { Client } from '@laba/host/cli/client';
import type { House } from '@laba/host/compose';
import { topics } from '@laba/domain/gateway-protocol';
import { writeLetter } from '@laba/messaging/letter';
import { ownHouse } from '@laba/sharing/own-house';
import { findPeer } from '@laba/storage/sharing/peers';
import { sqliteTables } from '@laba/storage/tables';
import { ALL_CLEAR, MOVE_NOW } from '../harness/officer.ts';
import { CountyLine, openHouse, PREFECTURE, signedIn, stateAt } from '../harness/prefecture.ts';
import { COUNTY, DASUO, UPPER, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';
import { VillageHouse } from '../harness/village-house.ts';

const OTHER = '533323';
const OTHER_VILLAGE = '533323101201';
const OTHER_CSV = `code,name,parent_code,level
${OTHER},福贡县,,county
533323101,上帕镇,${OTHER},township
${OTHER_VILLAGE},演示村委会,533323101,village
`;
const COUNTIES_CSV = `code,name,parent_code,level
${COUNTY},贡山独龙族怒族自治县,,county
${OTHER},福贡县,,county
`;

interface CountyView {
  code: string;
  heardAt: string | null;
  silentSince: string | null;
  alerts: { id: string }[];
  sites: { total: number; silent: number };
  households: number;
  persons: number;
}

describe('a prefecture above two counties, one of them with a village that has a house of its own', () => {
  let town: Town;
  let prefecture: House;
  const closes: (() => Promise<unknown>)[] = [];
  let line: CountyLine;
  let officer: Client;
  let dir: string;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-prefecture-'));
    town = await openTown();
    prefecture = await openHouse(town, join(dir, 'prefecture'), PREFECTURE, COUNTIES_CSV);
    line = await new CountyLine(town, prefecture, () => town.house).join();
    officer = await signedIn(prefecture);
  });
  afterEach(async () => {
    for (const close of closes.splice(0).reverse()) await close();
    await prefecture.stop();
    await line.close();
    await town.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function openVillage(): Promise<VillageHouse> {
    const village = await new VillageHouse(town, dir).open(VILLAGE);
    closes.push(() => village.close());
    await village.hang('site-dasuo');
    return village;
  }

  /** A second county below the prefecture. */
  async function openOther(): Promise<{ other: House; otherLine: CountyLine }> {
    const other = await openHouse(town, join(dir, 'other'), OTHER, OTHER_CSV);
    const otherLine = await new CountyLine(town, prefecture, () => other).join();
    closes.push(
      () => otherLine.close(),
      () => other.stop(),
    );
    return { other, otherLine };
  }

  const county = async (code: string) => (await officer.get<{ counties: CountyView[] }>('/api/v1/counties')).counties.find((one) => one.code === code)!;
  const told = ({ deps }: House, type: string) => deps.db.read((q, t) => q.select({ gridCode: t.event.gridCode }).from(t.event).where(eq(t.event.type, type)));
  const seen = (id: string, state: string) =>
    town.eventually(
      `the prefecture sees it ${state}`,
      async () => {
        await town.clock.pass('1 s');
        return (await stateAt(prefecture, id)) === state;
      },
      60_000,
    );
  /** A letter with these rows beside the true ones, with the keys of the house, at the prefecture's broker. */
  const says = async ({ deps }: House, to: string, rows: unknown[][], topic: string, at: House) => {
    const [own, peer] = [await ownHouse(deps), await findPeer(deps.db, to)];
    const page = { listId: peer.listId, after: peer.saidUpTo, upTo: peer.saidUpTo + rows.length, rows, more: false };
    await at.deps.mqtt.publish(topic, writeLetter({ page, run: 'stolen' }, { from: own.id, to }, own.keys, peer));
    await town.clock.pass('5 s');
  };
  /** Every row of a house that somebody decided upon. */
  const copyOf = async ({ deps }: House) => {
    const copy: Record<string, unknown> = {};
    for (const name of ['gridNode', 'site', 'household', 'person', 'alert', 'alertRevision', 'alertArea', 'policy', 'signingKey', 'keyBook'] as const)
      copy[name] = await deps.db.read((q, t) => q.select().from(t[name]));
    return copy;
  };

  it('sees the alerts of a county, how they end, its boxes, its people in numbers, and nobody’s name', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await seen(alert, 'raised');
    const here = await county(COUNTY);
    expect(here).toMatchObject({ silentSince: null, households: 3, persons: 4, sites: { total: 4, silent: 0 }, alerts: [{ id: alert }] });
    expect(await county(OTHER)).toMatchObject({ alerts: [], households: 0, sites: { total: 0 } });
    const { alerts } = await officer.get<{ alerts: { id: string }[] }>('/api/v1/alerts');
    expect(alerts.map(({ id }) => id)).toEqual([alert]);
    await (await town.officer('cadre1')).ends(alert);
    await seen(alert, 'ended');
    await line.agree();
    const { events } = await officer.get<{ events: { type: string }[] }>(`/api/v1/alerts/${alert}/timeline`);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['alert.raised', 'audience.frozen', 'alert.ended']));

    const words = JSON.stringify(
      await Promise.all(Object.keys(sqliteTables).map((name) => prefecture.deps.db.read((q, t) => q.select().from(t[name as 'site'])))),
    );
    for (const name of ['演示户一', '演示人一', '演示甲', '演示监测员', 'p-1', 'h-1', 'm-ayi']) expect(words).not.toContain(name);
    await line.agree();
    expect(await line.differences()).toEqual([]);
  });

  it('sees what a village ordered alone, and that it was silent', async () => {
    const village = await openVillage();
    village.cut();
    await town.clock.pass('2 min');
    const own = await (await village.officer('cadre1', [VILLAGE])).orders({ at: [DASUO] });
    await village.heal();
    await seen(own, 'raised');
    expect(await told(prefecture, 'house.silent')).toEqual([{ gridCode: VILLAGE }]);
    await line.agree();
    expect(await line.differences()).toEqual([]);
  });

  it('its line is cut: the county goes on and is not alone, is red above within 90 s, and is seen again as it is', async () => {
    const village = await openVillage();
    const { otherLine } = await openOther();
    const earlier = await (await town.officer('cadre1')).orders({ at: [UPPER] });
    await seen(earlier, 'raised');
    line.cut();
    await town.clock.pass('95 s');
    expect((await county(COUNTY)).silentSince).not.toBeNull();
    expect((await county(COUNTY)).sites).toEqual({ total: 4, silent: 4 });
    expect((await county(OTHER)).silentSince).toBeNull();
    // Nobody is sent there by the prefecture: that is the county's to decide.
    expect(await prefecture.deps.db.read((q, t) => q.select().from(t.task))).toEqual([]);
    expect(await told(town.house, 'house.alone')).toEqual([]);
    const { degraded } = await (await town.officer('admin')).api.get<{ degraded: string[] }>('/readyz');
    expect(degraded.filter((word) => word.startsWith('above'))).toEqual([expect.stringContaining('the prefecture was not heard')]);
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await town.eventually(
      'Dasuo hears it',
      async () => {
        await town.clock.pass('1 s');
        return village.sites.get('site-dasuo')!.pole.heard.some(({ words }) => words.includes(MOVE_NOW));
      },
      60_000,
    );
    await (await town.officer('cadre1')).ends(alert);
    await line.heal();
    await seen(alert, 'ended');
    await town.clock.pass('30 s');
    expect((await county(COUNTY)).silentSince).toBeNull();
    expect([...(await line.differences()), ...(await otherLine.differences())]).toEqual([]);
    expect(village.sites.get('site-dasuo')!.pole.heard.some(({ words }) => words.includes(ALL_CLEAR))).toBe(true);
  });

  it('an officer of the prefecture changes nothing: each is told whose it is; and a house of a village is its county’s to enrol', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await seen(alert, 'raised');
    const before = await copyOf(prefecture);
    const draft = { mode: 'live', kind: 'order', order: 'move-now', areaCodes: [DASUO], eventCode: '11D00', durationMinutes: 60 };
    const tries: [string, unknown][] = [
      ['/api/v1/alerts', draft],
      [`/api/v1/alerts/${alert}/end`, { checkedBy: 'x' }],
      [`/api/v1/alerts/${alert}/cancel`, { reason: 'x' }],
      ['/api/v1/keys', { scope: COUNTY }],
      ['/api/v1/reports', { gridCode: DASUO, hazard: 'debris-flow', text: 'x', source: 'telephone' }],
      ['/api/v1/gateways/claim-codes', { siteId: 'site-dasuo' }],
    ];
    for (const [path, body] of tries) await expect(officer.post(path, body), path).rejects.toMatchObject({ code: 'county-decides' });
    await expect(officer.post('/api/v1/houses/claim-codes', { gridCode: VILLAGE })).rejects.toMatchObject({ code: 'transition-refused' });
    expect(await copyOf(prefecture)).toEqual(before);
    expect(await stateAt(town.house, alert)).toBe('raised');
  });

  it('what one county says of the other is not taken', async () => {
    const { other, otherLine } = await openOther();
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await seen(alert, 'raised');
    await line.agree();
    const before = await copyOf(prefecture);
    const rowsOf = async (name: 'alert' | 'site') => (await prefecture.deps.db.read((q, t) => q.select().from(t[name]))) as Record<string, unknown>[];
    const rows = [
      ['gridNode', JSON.stringify([COUNTY]), { code: COUNTY, tier: 'county', name: 'nowhere' }],
      ['gridNode', JSON.stringify([DASUO]), null],
      ['alert', JSON.stringify([alert]), { ...(await rowsOf('alert'))[0]!, state: 'cancelled', overAtMs: 1, version: 99 }],
      ['alertArea', JSON.stringify([alert, 1, OTHER]), { alertId: alert, revision: 1, code: OTHER }],
      ['site', JSON.stringify(['site-dasuo']), { ...(await rowsOf('site')).find(({ id }) => id === 'site-dasuo')!, gridCode: OTHER_VILLAGE }],
      ['peopleCount', JSON.stringify([DASUO]), { gridCode: DASUO, households: 0, persons: 0, members: 0 }],
    ];
    await says(other, otherLine.prefectureId, rows, topics.nodeUp(PREFECTURE, OTHER), prefecture);
    expect(await copyOf(prefecture)).toEqual(before);
    expect(await county(COUNTY)).toMatchObject({ households: 3, alerts: [{ id: alert }] });
  });

  it('what a stolen house of the prefecture writes changes nothing in the county, and a new empty one erases nothing', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await seen(alert, 'raised');
    await line.agree();
    const before = await copyOf(town.house);
    const rowsOf = async (name: 'alert' | 'gridNode' | 'alertArea') =>
      (await prefecture.deps.db.read((q, t) => q.select().from(t[name]))) as Record<string, unknown>[];
    const [row, node, area] = [(await rowsOf('alert'))[0]!, (await rowsOf('gridNode')).find(({ code }) => code === DASUO)!, (await rowsOf('alertArea'))[0]!];
    const rows = [
      ['alert', JSON.stringify([alert]), { ...row, state: 'cancelled', overAtMs: 1, version: 99 }],
      ['alertArea', JSON.stringify([alert, 1, COUNTY]), { ...area, code: COUNTY }],
      ['gridNode', JSON.stringify([DASUO]), { ...node, name: 'nowhere' }],
      ['gridNode', JSON.stringify([`${VILLAGE}77`]), { ...node, code: `${VILLAGE}77` }],
      ['gridNode', JSON.stringify([VILLAGE]), null],
      ['site', JSON.stringify(['site-dasuo']), null],
      ['policy', JSON.stringify([COUNTY]), { county: COUNTY, policy: {}, version: 9 }],
      ['household', JSON.stringify(['h-1']), null],
      ['keyBook', '[99]', { version: 99, wire: 'x', issuedAtMs: 1 }],
    ];
    await says(prefecture, line.countyId, rows, topics.nodeDown(PREFECTURE, COUNTY), prefecture);
    expect(await copyOf(town.house)).toEqual(before);
    await line.agree();
    expect(await line.differences()).toEqual([]);

    line.cut();
    await (await town.officer('admin')).api.post(`/api/v1/houses/${line.prefectureId}/revoke`);
    const fresh = await openHouse(town, join(dir, 'fresh'), PREFECTURE, COUNTIES_CSV);
    const freshLine = await new CountyLine(town, fresh, () => town.house).join();
    expect(await stateAt(fresh, alert)).toBe('raised');
    expect(await copyOf(town.house)).toEqual(before);
    expect(await freshLine.differences()).toEqual([]);
    await fresh.stop();
    await freshLine.close();
  });
});
