// Bad input, fourth part: on the county's broker. What is not the county's word plays nothing; what is not a device's word counts for nothing.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { newKeyPair, signingKey } from '@laba/messaging/envelope';
import { connectPacket, publishPacket, RawClient, subscribePacket } from '@laba/messaging/raw-client.test-kit';
import { until } from '@laba/messaging/until.test-kit';
import type { Forger } from '../harness/forger.ts';
import { MOVE_NOW } from '../harness/officer.ts';
import { nothingChanges, SAID_AT_ANY_TIME } from '../harness/refusals.ts';
import { ACROSS, COUNTY, DASUO, NEIGHBOUR, TOWNSHIP, UPPER } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

const YEAR_MS = 365 * 86_400_000;
/** Where a device's own words are written down, whatever they are worth. */
const REPORTED = ['gateway_report', ...SAID_AT_ANY_TIME];

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

const iso = (fromNowMs: number) => new Date(town.clock.now() + fromNowMs).toISOString();
const seconds = (fromNowMs: number) => (town.clock.now() + fromNowMs) / 1_000;

describe('a command that plays nothing, and is named in the timeline:', () => {
  let forger: Forger;
  beforeAll(async () => {
    forger = await town.forger();
  });

  /** Refused with this reason by each of so many poles; no table changes but those that say so. */
  async function refused(reason: string, send: () => Promise<void>, poles = 1): Promise<void> {
    const rows = async () => (await town.toldOf('delivery.refused')).map((row) => row.data['reason']);
    const before = (await rows()).length;
    await nothingChanges(town, async () => {
      await send();
      await town.eventually(`${reason} is named`, async () => (await rows()).length >= before + poles);
    }, [...REPORTED, 'event', 'speaker_status']);
    expect((await rows()).slice(before)).toEqual(Array.from({ length: poles }, () => reason));
    for (const pole of town.sites.keys()) await town.speaker(pole).neverHeard('假的通知');
  }

  it('forged with a key of his own', () => refused('unknown-key', () => forger.sendsForged(DASUO)));
  it('forged under the county’s name', () => refused('signature', () => forger.sendsAltered(DASUO)));
  it('expired', () => refused('expired', () => forger.sendsSigned('live', DASUO, { iat: seconds(-7_200_000), exp: seconds(-1) })));
  it('too late to begin', () => refused('expired', () => forger.sendsSigned('live', DASUO, {}, { notAfter: iso(-1) })));
  it('after its own end', () => refused('expired', () => forger.sendsSigned('live', DASUO, {}, { endTime: iso(-1) })));
  it('from the future', () => refused('clock', () => forger.sendsSigned('live', DASUO, { iat: seconds(3_600_000), exp: seconds(7_200_000) })));
  it('of another county', () => refused('county', () => forger.sendsSigned('live', UPPER, { aud: '533321' })));
  it('for another area on this one’s topic', () => refused('area', () => forger.sendsSigned('live', UPPER, { scope: [ACROSS] }, { areaCode: [ACROSS] })));
  it('for this area under a signature for another', () => refused('area', () => forger.sendsSigned('live', UPPER, { scope: [ACROSS] })));
  it('live under the drill key', () => refused('key-mode', () => forger.sendsSigned('drill', UPPER)));
  it('a drill that does not say so', () => refused('drill-words', () => forger.sendsSigned('drill', UPPER, { mode: 'drill' })));
  it('live voice, which no box here can play', () => refused('not-supported', () => forger.sendsSigned('live', UPPER, {}, { action: 'live-voice' })));
  it('no command at all', () => refused('malformed', () => forger.sendsBytes(ACROSS, 'move now!')));
  it('60 KB of nothing', () => refused('malformed', () => forger.sendsBytes(ACROSS, 'A.'.repeat(30_000))));
  it('20,000 brackets deep', () => refused('malformed', () => forger.sendsBytes(ACROSS, `${Buffer.from('['.repeat(20_000)).toString('base64url')}.e30.AA`)));

  it('the township’s key for the whole county', async () => {
    const { publicKey, privateKey } = newKeyPair();
    for (const { identity } of town.sites.values()) identity.keys.push({ kid: 'township', alg: 'Ed25519', publicKey, scope: TOWNSHIP, modes: ['live'] });
    await refused('key-scope', () => forger.sendsWith(signingKey('township', privateKey), COUNTY), town.sites.size);
  });

  it('the county’s own, altered by one character, and played again after it was taken back', async () => {
    const officer = await town.officer('cadre1');
    const alert = await officer.orders({ at: [UPPER], playTimes: 1 });
    await town.speaker('upper-1').hears(MOVE_NOW);
    const [wire = ''] = forger.recorded(alert);
    const middle = Math.floor(wire.length / 2);
    await refused('signature', () => forger.sendsBytes(UPPER, wire.slice(0, middle) + (wire[middle] === 'A' ? 'B' : 'A') + wire.slice(middle + 1)));
    await forger.replays(alert);
    expect(await town.speaker('upper-1').hears(MOVE_NOW)).toHaveLength(1);
    await officer.cancels(alert);
    await town.site('upper-1').powerOff();
    await town.site('upper-1').powerOn();
    await forger.replays(alert);
    await town.clock.pass('20 s');
    expect(await town.speaker('upper-1').hears(MOVE_NOW)).toHaveLength(1);
  });
});

describe('a box', () => {
  const off = async () => town.site('across-1').powerOff();
  afterEach(off);

  it.each([
    ['two years behind', -2 * YEAR_MS],
    ['two years ahead', 2 * YEAR_MS],
  ])('whose clock is %s is set right by the county and sounds', async (_what, clockOffMs) => {
    await off();
    await town.site('across-1').powerOn({ clockOffMs });
    const before = town.site('across-1').pole.heard.length;
    const alert = await (await town.officer('cadre2')).orders({ at: [ACROSS] });
    await town.eventually('it sounds', () => town.site('across-1').pole.heard.length > before);
    await town.eventually('it says when', async () => (await town.told(alert, 'delivery.playing')).length > 0);
    const [told] = await town.told(alert, 'delivery.playing');
    expect(Math.abs(Date.parse(String(told!.data['startTime'])) - town.clock.now())).toBeLessThan(60_000);
    await (await town.officer('cadre2')).cancels(alert);
  });

  it('without a clock and without a line plays nothing that it stored, and goes on when the county has told the time', async () => {
    await town.site('across-1').powerOn();
    // What the stories before left to say is said.
    await town.clock.pass('40 s');
    const alert = await (await town.officer('cadre2')).orders({ at: [ACROSS], says: '请马上到学校集合。' });
    const plays = () => town.site('across-1').pole.heard.filter((heard) => heard.alertId === alert).length;
    await town.eventually('it sounds', () => plays() === 1);
    await off();
    await town.site('across-1').powerOn({ clockKnown: false, cut: true });
    await town.clock.pass('2 min');
    expect(plays()).toBe(1);
    await off();
    await town.site('across-1').powerOn({ clockKnown: false });
    await town.clock.pass('5 s');
    await town.eventually('it goes on', () => plays() === 2);
    await (await town.officer('cadre2')).cancels(alert);
  });
});

describe('somebody with one gateway’s password', () => {
  let rogue: RawClient;
  const own = () => town.site('across-1').identity;
  beforeEach(async () => {
    await town.site('across-1').powerOff();
    rogue = await RawClient.signedIn(town.brokerPort, own().gatewayId, { password: Buffer.from(own().password) });
  });
  afterEach(() => rogue.end());

  const report = (more: Record<string, unknown> = {}) => ({
    number: 1,
    commandId: 'c',
    alertId: 'a',
    revision: 1,
    purpose: 'alert',
    speakerId: 'across-1',
    state: 'played',
    repeat: 1,
    ...more,
  });
  const says = (body: unknown) =>
    rogue.send(publishPacket(topics.gatewayReport(COUNTY, own().gatewayId), { payload: typeof body === 'string' ? body : JSON.stringify(body) }));
  const heard = async () => {
    await rogue.gets('puback');
    rogue.received.length = 0;
    await town.clock.settle();
  };

  it('hears by no wildcard, not $SYS, and of nobody else', async () => {
    const other = town.site('dasuo-1').identity.gatewayId;
    const filters = [
      '#',
      '+/#',
      '$SYS/#',
      '$SYS/broker/uptime',
      '$share/x/laba/#',
      `laba/v1/${COUNTY}/#`,
      topics.gatewayCommand(COUNTY, other),
      topics.gatewayReport(COUNTY, '+'),
      topics.areaCommand(COUNTY, DASUO),
    ];
    rogue.send(subscribePacket(filters));
    expect(((await rogue.gets('suback')) as unknown as { granted: number[] }).granted).toEqual(filters.map(() => 128));
    const alert = await (await town.officer('cadre1')).orders({ at: [UPPER], mode: 'test' });
    await town.eventually('the pole has it', async () => (await town.deliveryStates(alert))['received'] === 1);
    expect(rogue.received.filter(({ cmd }) => cmd === 'publish')).toEqual([]);
  });

  it.each([
    ['another gateway’s reports', () => topics.gatewayReport(COUNTY, town.site('dasuo-1').identity.gatewayId)],
    ['another gateway’s state', () => topics.gatewayState(COUNTY, town.site('dasuo-1').identity.gatewayId)],
    ['the commands of its own area', () => topics.areaCommand(COUNTY, ACROSS)],
    ['the commands of the county', () => topics.areaCommand(COUNTY, COUNTY)],
    ['$SYS', () => '$SYS/broker/x'],
  ])('who writes on %s is cut off', async (_what, topic) => {
    const state = {
      state: 'online',
      bootCounter: 9,
      journalId: 'rogue',
      software: 'x',
      clockKnown: true,
      power: { source: 'mains' },
      speakers: [],
      reportsWaiting: 0,
    };
    const body = topic().endsWith('/state') ? state : { journalId: 'rogue', reports: [report()] };
    await nothingChanges(town, async () => {
      rogue.send(publishPacket(topic(), { payload: JSON.stringify(body) }));
      await rogue.isCut();
    });
    const believed = await town.house.deps.db.read((q, t) => q.select({ journalId: t.gatewayStatus.journalId }).from(t.gatewayStatus));
    expect(believed.map((row) => row.journalId)).not.toContain('rogue');
  });

  it('who sends more than a packet may hold, 10,000 reports among them, is cut off', async () => {
    await nothingChanges(town, async () => {
      says({ journalId: 'x', reports: Array.from({ length: 10_000 }, (_, i) => report({ number: i + 1 })) });
      await rogue.isCut();
    });
  });

  it.each<[string, unknown]>([
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['20,000 brackets', '['.repeat(20_000)],
    ['an array', [report()]],
    ['no reports', { journalId: 'x', reports: [] }],
    ['51 reports', { journalId: 'x', reports: Array.from({ length: LIMITS.gatewayReportsPerMessage + 1 }, (_, i) => ({ number: i + 1 })) }],
    ['a negative number', { journalId: 'x', reports: [report({ number: -1 })] }],
    ['a number beyond all numbers', '{"journalId":"x","reports":[{"number":1e400}]}'],
    ['a journal without name', { journalId: '', reports: [report()] }],
    ['a journal with a long name', { journalId: 'x'.repeat(65), reports: [report()] }],
  ])('who reports %s is not counted', async (_what, body) => {
    await nothingChanges(town, async () => {
      says(body);
      await heard();
    });
  });

  it('who reports an unknown state, negative repeats or a foreign speaker is held and not believed', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [UPPER], mode: 'test' });
    await town.eventually('the pole has it', async () => (await town.deliveryStates(alert))['received'] === 1);
    const lies = [
      { state: 'exploded' },
      { state: '__proto__' },
      { repeat: -1 },
      { repeat: 1.5 },
      { repeat: 9e15 },
      { revision: -1 },
      { startTime: 'yesterday' },
      { speakerId: 'upper-1', alertId: alert, state: 'failed' },
      { speakerId: 'no-such' },
      { reason: 'x'.repeat(10_000) },
      { alertId: '' },
      { purpose: 'revenge' },
    ];
    await nothingChanges(
      town,
      async () => {
        says({ journalId: 'lies', reports: lies.map((lie, i) => report({ number: i + 1, ...lie })) });
        await town.eventually(
          'all are held',
          async () =>
            (await town.house.deps.db.read((q, t) => q.select({ journal: t.gatewayReport.journalId }).from(t.gatewayReport))).filter(
              (row) => row.journal === 'lies',
            ).length === lies.length,
        );
      },
      REPORTED,
    );
  });
});

it('four and a hundred idle sockets are closed in 5 s, and a plain alert sounds meanwhile', async () => {
  await town.site('across-1').powerOn();
  const idle = await Promise.all(Array.from({ length: 104 }, () => RawClient.open(town.brokerPort)));
  const wrong = await RawClient.open(town.brokerPort, '127.0.0.2');
  wrong.send(connectPacket('county', { password: Buffer.from('guess') }));
  expect(await wrong.connack()).toBe(5);
  await (await town.officer('town1')).orders({ at: [NEIGHBOUR, DASUO] });
  expect(await town.speaker('dasuo-1').hears(MOVE_NOW)).toHaveLength(1);
  await town.speaker('across-1').hears(MOVE_NOW);
  await until(() => idle.every(({ closed }) => closed), 'all were closed', LIMITS.mqttConnectTimeoutMs + 1_500);
  expect(await town.brokenPromises()).toEqual([]);
});
