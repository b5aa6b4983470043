// Chapter 2 and 4 in a village alone: its house was switched off and does not know for how long. It asks; what is fresh sounds; what is over stays silent.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventType } from '@laba/domain/events';
import { orderByButton } from '@laba/host/order-by-button';
import type { TownOfficer } from '../harness/officer.ts';
import { DASUO, VILLAGE } from '../harness/small-county.ts';
import { TestMachine } from '../harness/test-machine.ts';
import { openTown, PASSWORD, type Site, type Town } from '../harness/town.ts';
import { VillageHouse } from '../harness/village-house.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FRESH = '二次泥石流，快走';

interface ClockView {
  state: string;
  nowMs: number;
  waiting: number;
}

describe('a village house that was switched off', () => {
  let town: Town;
  let village: VillageHouse;
  let machine: TestMachine;
  let cadre: TownOfficer;
  let dir: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-village-'));
    town = await openTown();
    machine = new TestMachine(town.clock);
    village = new VillageHouse(town, dir);
    village.machine = machine;
    await village.open();
    await village.hang('site-dasuo');
    cadre = await village.officer('cadre1', [VILLAGE]);
    // Of the county's own boxes nothing is told here.
    for (const site of town.sites.values()) await site.powerOff();
    village.cut();
  });
  afterEach(async () => {
    await village.close();
    await town.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const dasuo = (): Site => village.sites.get('site-dasuo')!;
  const heard = (alertId: string) => dasuo().pole.heard.filter((one) => one.alertId === alertId);
  const hears = (alertId: string, more = 1) => {
    const before = heard(alertId).length;
    const isHeard = async () => {
      await town.clock.pass('10 s');
      return heard(alertId).length >= before + more;
    };
    return town.eventually(`Dasuo hears ${alertId}`, isHeard, 60_000);
  };
  const told = (type: EventType) =>
    village.house.deps.db.read((q, t) => q.select({ who: t.event.who, via: t.event.via, data: t.event.data }).from(t.event).where(eq(t.event.type, type)));
  const clock = () => cadre.api.get<ClockView>('/api/v1/clock');
  const confirm = (ms: number, by = cadre) => by.api.post<ClockView>('/api/v1/clock/confirm', { time: new Date(ms).toISOString() });
  const stateOf = async (alertId: string) => (await cadre.api.get<{ state: string }>(`/api/v1/alerts/${alertId}`)).state;
  /** Its battery is flat, as the county's computers were made: in 1970. */
  const withoutBattery = () => {
    machine.isTold = false;
    machine.switchOn(HOUR_MS);
  };
  const isOff = async (span: string, backOn = withoutBattery) => {
    await village.isOff(span, backOn);
    await cadre.signIn(PASSWORD);
  };

  it('asks for the time and stays silent; when a cadre confirms it, what is still in force goes on from where it stood', async () => {
    const alert = await cadre.orders({ at: [DASUO], minutes: 10, intervalSeconds: 30 });
    await hears(alert, 2);
    const wentOffMs = town.clock.now();
    await isOff('4 min');
    const before = heard(alert).length;
    await town.clock.pass('1 min');
    expect(heard(alert)).toHaveLength(before);
    const asked = await clock();
    expect(asked).toMatchObject({ state: 'unknown', waiting: 1 });
    expect(asked.nowMs - wentOffMs).toBeLessThan(3 * 60_000);
    const { degraded } = await cadre.api.get<{ degraded: { words: string[] } }>('/api/v1/now');
    expect(degraded.words.join()).toContain('clock: unknown since a power cut');
    expect(await told('clock.unknown')).toMatchObject([{ who: 'system' }]);

    expect(await confirm(town.clock.now())).toMatchObject({ state: 'by-hand', waiting: 0 });
    await hears(alert, 2);
    const repeats = heard(alert).map(({ repeat }) => repeat);
    expect(repeats).toEqual([...new Set(repeats)]);
    expect(repeats).toEqual([...repeats].sort((a, b) => a - b));
    expect(await told('clock.told')).toMatchObject([
      { who: expect.stringMatching(/^officer:/), via: 'http', data: { by: 'officer', was: expect.any(String) } },
    ]);
    await town.clock.pass('8 min');
    expect(await stateOf(alert)).toBe('expired');
    const over = heard(alert).length;
    await town.clock.pass('2 min');
    expect(heard(alert)).toHaveLength(over);
  });

  it('stays silent about what has expired by then', async () => {
    const alert = await cadre.orders({ at: [DASUO], minutes: 5 });
    await hears(alert);
    await isOff('8 min');
    const before = heard(alert).length;
    await confirm(town.clock.now());
    await town.clock.pass('2 min');
    expect(heard(alert)).toHaveLength(before);
    expect(await stateOf(alert)).toBe('expired');
  });

  it('sounds a fresh order and a fresh press at once, for as long as they were meant to, and nothing older', async () => {
    const old = await cadre.orders({ at: [DASUO], minutes: 5 });
    await hears(old);
    await isOff('8 min');
    const before = heard(old).length;
    const fresh = await cadre.orders({ at: [DASUO], says: FRESH, minutes: 7, intervalSeconds: 30 });
    await hears(fresh);
    const pressId = town.ids();
    await orderByButton(village.house.deps, 'site-dasuo')(pressId, {
      askForByHand: (id, houseMs) => dasuo().gateway.askForByHand(id, houseMs),
      alarm: () => undefined,
    });
    expect(heard(old)).toHaveLength(before);
    await confirm(town.clock.now());
    await town.clock.pass('3 min');
    expect([await stateOf(old), await stateOf(fresh)]).toEqual(['expired', 'raised']);
    await hears(fresh);
    await town.clock.pass('5 min');
    expect(await stateOf(fresh)).toBe('expired');
    expect(heard(old)).toHaveLength(before);
  });

  it('lets a press sound while an older order to move waits', async () => {
    const old = await cadre.orders({ at: [DASUO], minutes: 5 });
    await hears(old);
    await isOff('8 min');
    const pressId = town.ids();
    // Without the box in the same process: it is asked for by the house's own signed word.
    await orderByButton(village.house.deps, 'site-dasuo')(pressId, { askForByHand: () => {}, alarm: () => undefined });
    await hears(pressId);
  });

  it('believes the house above as soon as it is heard, also against what an officer said', async () => {
    const alert = await cadre.orders({ at: [DASUO], minutes: 600 });
    await hears(alert);
    await isOff('8 min');
    // Nobody is signed out by it; what he ends by the wrong time is signed by the wrong time.
    await confirm(town.clock.now() + 90 * DAY_MS);
    expect((await clock()).nowMs - town.clock.now()).toBeGreaterThan(89 * DAY_MS);
    await town.clock.pass('2 min');
    expect(await stateOf(alert)).toBe('expired');
    await village.heal();
    const isTold = async () => {
      await town.clock.pass('1 s');
      return village.house.deps.clock.doubt === undefined;
    };
    await town.eventually('the village knows the time', isTold, 60_000);
    expect(Math.abs(village.house.deps.clock.now() - town.clock.now())).toBeLessThan(60_000);
    expect((await told('clock.told')).map(({ data }) => data['by'])).toEqual(['officer', 'above']);
    const fresh = await cadre.orders({ at: [DASUO], says: FRESH });
    await hears(fresh);
    // What it wrote down of the wrong time bars nobody from the right one.
    village.cut();
    await isOff('8 min');
    expect(await confirm(town.clock.now())).toMatchObject({ state: 'by-hand' });
  });

  it('hears the time from the house above before anybody need confirm it', async () => {
    const alert = await cadre.orders({ at: [DASUO], minutes: 600, intervalSeconds: 30 });
    await hears(alert);
    await isOff('8 min');
    village.line.heal();
    await hears(alert);
    expect((await told('clock.told')).map(({ data }) => data['by'])).toEqual(['above']);
    expect(await clock()).toMatchObject({ state: 'known' });
  });

  it('asks nobody when a battery kept its clock, nor when only its process was away', async () => {
    const alert = await cadre.orders({ at: [DASUO], minutes: 600, intervalSeconds: 30 });
    await hears(alert);
    await isOff('8 min', () => machine.switchOn(town.clock.now()));
    await hears(alert);
    expect(await clock()).toMatchObject({ state: 'known' });
    await isOff('8 min');
    await confirm(town.clock.now());
    await isOff('1 min', () => {});
    expect(await clock()).toMatchObject({ state: 'by-hand' });
    expect(Math.abs((await clock()).nowMs - town.clock.now())).toBeLessThan(1_000);
    await hears(alert);
  });

  it('does not believe a clock that fell behind, whatever vouches for it, and takes the network’s word when it comes', async () => {
    const alert = await cadre.orders({ at: [DASUO], minutes: 600, intervalSeconds: 30 });
    await hears(alert);
    const stale = town.clock.now() - 5 * 60_000;
    await isOff('8 min', () => machine.switchOn(stale));
    expect(await clock()).toMatchObject({ state: 'unknown' });
    machine.switchOn(town.clock.now());
    await town.clock.pass('2 min');
    expect(await clock()).toMatchObject({ state: 'known' });
    expect((await told('clock.told')).map(({ data }) => data['by'])).toEqual(['machine']);
    await hears(alert);
  });

  it('refuses an impossible time, an officer of less than the village, a stranger, and a word that nobody needs', async () => {
    const refused = (work: Promise<unknown>) =>
      work.then(
        () => 'none',
        (error: { code: string }) => error.code,
      );
    expect(await refused(confirm(town.clock.now()))).toBe('transition-refused');
    const lastKnownMs = town.clock.now();
    await isOff('8 min');
    // Officers of another village are not known here at all; one of a single group does not speak for the village.
    const other = await village.officer('cadre2', [DASUO]);
    for (const wrong of [lastKnownMs - DAY_MS, 0, Date.UTC(2099, 0, 1)]) expect(await refused(confirm(wrong))).toBe('wrong-time');
    expect(await refused(confirm(town.clock.now(), other))).toBe('out-of-scope');
    for (const time of ['yesterday', '2026-07-01', 5]) expect(await refused(cadre.api.post('/api/v1/clock/confirm', { time }))).toBe('bad-input');
    const json = { 'content-type': 'application/json' };
    const body = JSON.stringify({ time: new Date(town.clock.now()).toISOString() });
    const stranger = await fetch(`${village.house.url()}/api/v1/clock/confirm`, { method: 'POST', headers: json, body });
    expect(stranger.status).toBe(401);
    expect(await clock()).toMatchObject({ state: 'unknown' });
    expect(await told('clock.told')).toEqual([]);
    // A wrong word can be taken back by a better one.
    await confirm(town.clock.now() + 2 * HOUR_MS);
    expect(await confirm(town.clock.now())).toMatchObject({ state: 'by-hand' });
    expect(Math.abs((await clock()).nowMs - town.clock.now())).toBeLessThan(1_000);
  });
});
