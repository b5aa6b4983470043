// Chapter 4, speaker: a key sounds only its own node; keys come and go, and nothing signed with a revoked one plays, also on a box that was away.
import { parseArgs } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '@laba/domain/gateway-protocol';
import type { Console } from '@laba/host/cli/command';
import { keysCommand } from '@laba/host/cli/keys-command';
import { MOVE_NOW, TAKEN_BACK } from '../harness/officer.ts';
import type { Forger } from '../harness/forger.ts';
import { ACROSS, COUNTY, DASUO, NEIGHBOUR, TOWNSHIP, UPPER, VILLAGE } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Town } from '../harness/town.ts';

const DAY_MS = 86_400_000;
const LIVE = `${COUNTY}-live`;
const FALSE_WORDS = '假的通知';

describe('the keys of a county', () => {
  let town: Town;
  let forger: Forger;
  beforeEach(async () => {
    town = await openTown();
    forger = await town.forger();
  });
  afterEach(() => town.close());

  const admin = async () => (await town.officer('admin')).api;
  async function changes(path: string, body: object = {}): Promise<{ made: string[]; book: number }> {
    const change = await (await admin()).post<{ made: string[]; book: number }>(`/api/v1/keys${path}`, body);
    await town.clock.settle();
    return change;
  }
  const listed = async () => (await admin()).get<{ book: number; keys: { kid: string; state: string }[]; behind: { count: number } }>('/api/v1/keys');
  const stateOf = async (kid: string) => (await listed()).keys.find((key) => key.kid === kid)?.state;
  const everybodyHolds = () => town.eventually('every gateway holds the newest book', async () => (await listed()).behind.count === 0);
  const refusals = async () => (await town.toldOf('delivery.refused')).map((row) => row.data['reason']);
  const kidOf = (wire: string) => (JSON.parse(Buffer.from(wire.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
  async function heartbeats(): Promise<void> {
    await town.clock.pass('25 s');
    await everybodyHolds();
  }

  it('a township’s key does not sound the county, a village’s not its neighbour; each sounds its own', async () => {
    await changes('', { scope: TOWNSHIP });
    await changes('', { scope: VILLAGE });
    await heartbeats();
    const township = await forger.steals(`${TOWNSHIP}-live`);
    const village = await forger.steals(`${VILLAGE}-live`);
    await forger.sendsWith(township, COUNTY);
    await forger.sendsWith(village, ACROSS);
    await forger.sendsWith(village, NEIGHBOUR);
    await forger.sendsWith(village, TOWNSHIP);
    await forger.sendsWith(village, UPPER, { scope: [UPPER, ACROSS] });
    await town.clock.pass('5 s');
    for (const pole of town.sites.keys()) await town.speaker(pole).neverHeard(FALSE_WORDS);
    expect(new Set(await refusals())).toEqual(new Set(['key-scope']));
    await forger.sendsWith(village, UPPER);
    await town.speaker('upper-1').hears(FALSE_WORDS);
    await forger.sendsWith(township, ACROSS);
    await town.speaker('across-1').hears(FALSE_WORDS);
    // A narrower key ends nothing that a wider one signed.
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    const before = town.site('dasuo-1').pole.heard.length;
    await forger.sendsWith(village, DASUO, { alertId: alert, revision: 9 }, { action: 'stop', stopReason: 'cancelled' });
    await town.clock.pass('2 min');
    expect(town.site('dasuo-1').pole.heard.length).toBeGreaterThan(before);
    town.nothingElseWasHeard();
  });

  it('rotated keys sign by themselves once every gateway holds them; what the old ones signed goes on', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await changes('/rotate', { scope: COUNTY });
    expect(await stateOf(`${LIVE}-2`)).toBe('waits');
    await town.clock.pass('2 min');
    expect(await stateOf(`${LIVE}-2`)).toBe('signs');
    const second = await (await town.officer('cadre2')).orders({ at: [ACROSS] });
    await town.speaker('across-1').hears(MOVE_NOW);
    expect(forger.recorded(second).map(kidOf)).toContain(`${LIVE}-2`);
    const before = town.site('dasuo-1').pole.heard.length;
    await town.clock.pass('2 min');
    expect(town.site('dasuo-1').pole.heard.length).toBeGreaterThan(before);
    await (await town.officer('cadre1')).cancels(alert);
    await town.speaker('dasuo-1').hears(TAKEN_BACK);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a key that is revoked in the middle of an alert silences no village and sounds no forger; nothing is played twice', async () => {
    const loot = await forger.steals(LIVE);
    const alert = await (await town.officer('cadre1')).orders({ at: [VILLAGE] });
    await town.speaker('upper-1').hears(MOVE_NOW);
    expect((await changes(`/${LIVE}/revoke`)).made).toEqual([`${LIVE}-2`]);
    await town.clock.pass('15 s');
    await heartbeats();
    await forger.sendsWith(loot, COUNTY);
    await forger.sendsWith(loot, COUNTY, { alertId: alert, revision: 9 }, { action: 'stop', stopReason: 'cancelled' });
    const before = town.site('upper-1').pole.heard.length;
    await town.clock.pass('3 min');
    expect(town.site('upper-1').pole.heard.length).toBeGreaterThan(before);
    for (const pole of town.sites.keys()) await town.speaker(pole).neverHeard(FALSE_WORDS);
    expect(Object.keys(await town.deliveryStates(alert))).not.toContain('stopped');
    const repeats = town
      .site('upper-1')
      .pole.heard.filter((heard) => heard.alertId === alert)
      .map(({ repeat }) => repeat);
    expect(new Set(repeats).size).toBe(repeats.length);
    await (await town.officer('cadre1')).cancels(alert);
    await town.speaker('upper-1').hears(TAKEN_BACK);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a box that was away for 30 days learns of the revocation before anything signed with the old key can play', async () => {
    const loot = await forger.steals(LIVE);
    await town.site('across-1').powerOff();
    await changes(`/${LIVE}/revoke`);
    await town.clock.pass('25 s');
    expect((await listed()).behind.count).toBe(1);
    town.clock.set(town.clock.now() + 30 * DAY_MS);
    await town.clock.settle();
    // The thief hears its question, too, and is faster than the county's answer.
    const { gatewayId } = town.site('across-1').identity;
    let asked = 0;
    await town.house.deps.mqtt.subscribe(topics.gatewayHello(COUNTY, gatewayId), () => {
      asked += 1;
      for (const code of [ACROSS, TOWNSHIP]) void forger.sendsWith(loot, code);
    });
    await town.site('across-1').powerOn();
    await town.eventually('it asks', () => asked > 0);
    for (const code of [ACROSS, COUNTY]) await forger.sendsWith(loot, code);
    await town.clock.pass('1 min');
    for (const pole of town.sites.keys()) await town.speaker(pole).neverHeard(FALSE_WORDS);
    for (const username of ['admin', 'cadre2'] as const) await (await town.officer(username)).signIn(PASSWORD);
    await everybodyHolds();
    await (await town.officer('cadre2')).orders({ at: [ACROSS] });
    await town.speaker('across-1').hears(MOVE_NOW);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('the administrator does it in the terminal, in lines that a person reads; a village cadre does not', async () => {
    const env = { LABA_URL: town.house.url(), LABA_USER: 'admin', LABA_PASSWORD: PASSWORD };
    async function keys(args: string[], who: object = {}): Promise<string> {
      const said: string[] = [];
      const line = (text: string) => void said.push(text);
      const terminal: Console = { out: line, err: line, isTty: false, env: { ...env, ...who }, untilToldToStop: () => Promise.resolve('') };
      expect(await keysCommand({ args, config: town.house.deps.config, terminal, parse: parseArgs })).toBe(0);
      await town.clock.settle();
      return said.join('\n');
    }
    expect(await keys(['new', TOWNSHIP])).toBe(`Key book 2 is signed. New: ${TOWNSHIP}-live, ${TOWNSHIP}-drill.`);
    expect(await keys(['rotate', TOWNSHIP])).toContain(`New: ${TOWNSHIP}-live-2, ${TOWNSHIP}-drill-2.`);
    expect(await keys(['switch', TOWNSHIP])).toBe(`The new keys of ${TOWNSHIP} sign.`);
    expect(await keys(['revoke', `${TOWNSHIP}-live`])).toBe('Key book 4 is signed.');
    expect(await keys(['list'])).toMatch(
      /^Key book 4\n[^]*533324101-live +533324101 +revoked[^]*4 gateways heard of in the last 7 days do not hold it:\n[^]*book 1/,
    );
    await heartbeats();
    expect(await keys(['list'])).not.toContain('do not hold it');
    await expect(keys(['revoke'])).rejects.toThrow('the ID is missing');
    await expect(keys(['new', '999999'])).rejects.toThrow();
    await expect(keys(['revoke', LIVE], { LABA_USER: 'cadre1' })).rejects.toMatchObject({ code: 'role-refused' });
  });

  it('a box that comes back while its alert goes on, under a new key, sounds it from the next repeat', async () => {
    const alert = await (await town.officer('cadre2')).orders({ at: [ACROSS] });
    await town.speaker('across-1').hears(MOVE_NOW);
    await town.site('across-1').powerOff();
    const before = town.site('across-1').pole.heard.length;
    await changes(`/${LIVE}/revoke`);
    await town.clock.pass('15 s');
    await town.site('across-1').powerOn();
    await town.clock.pass('3 min');
    const later = town.site('across-1').pole.heard.slice(before);
    expect(later.length).toBeGreaterThan(0);
    expect(later.every((heard) => heard.alertId === alert)).toBe(true);
    await (await town.officer('cadre2')).cancels(alert);
    await town.speaker('across-1').hears(TAKEN_BACK);
    expect(await town.brokenPromises()).toEqual([]);
  });
});
