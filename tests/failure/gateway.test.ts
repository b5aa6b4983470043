// The box in the activity room meets what the field does to it: power cuts, duplicates, disorder, wrong clocks; on real processes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkI3, type HistoryPlay } from '../harness/invariants.ts';
import { isInstalled } from '../harness/installed.ts';
import { FakeCounty } from '../harness/fake-county.ts';
import { DASUO } from '../harness/small-county.ts';
import { RealTown, type PlayLogLine } from '../harness/real-town.ts';

const startsOf = (log: readonly PlayLogLine[]): HistoryPlay[] =>
  log
    .filter((line) => line.event === 'started')
    .map((line) => ({
      speakerId: line.speakerId,
      alertId: line.alertId,
      revision: line.revision,
      purpose: 'alert',
      repeat: line.repeat,
      mode: 'live',
      startedAtMs: Date.parse(line.startedAt),
      hasSiren: true,
      words: '',
    }));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the gateway', () => {
  let town: RealTown;
  let county: FakeCounty;
  beforeEach(async () => {
    town = await new RealTown().layOut();
    county = await new FakeCounty(town).start();
  });
  afterEach(async () => {
    await county.stop();
    await town.close();
  });

  const starts = () => startsOf(town.playLog('room'));

  it('killed in the middle of a repeat burns it: after the restart the next one sounds, none twice', async () => {
    const box = await town.startGateways('room', ['dasuo-1']);
    await county.send(DASUO, county.command(DASUO, 'a1', {}));
    await town.until('it sounds', () => starts().length >= 1);
    await pause(500);
    await town.kill(box);
    await town.startGateways('room', ['dasuo-1']);
    await town.until('it sounds again', () => starts().length >= 2);
    expect(starts().map((play) => play.repeat)).toEqual([1, 2]);
    expect(checkI3({ plays: starts() })).toEqual([]);
  });

  it('killed four times at odd moments never plays a repeat twice', async () => {
    let box = await town.startGateways('room', ['dasuo-1']);
    await county.send(DASUO, county.command(DASUO, 'a1', { siren: false, texts: [] }));
    // Before that the box owes nothing: what it has not taken is the county's to send again.
    await town.until('it is written down', () => county.reports.some((report) => report.state === 'received'));
    for (let round = 0; round < 4; round++) {
      await pause(150 + 470 * round);
      await town.kill(box);
      box = await town.startGateways('room', ['dasuo-1']);
    }
    await town.until('it sounds after all that', () => starts().length >= 2);
    expect(checkI3({ plays: starts() })).toEqual([]);
  });

  it('hears a duplicated command once', async () => {
    await town.startGateways('room', ['dasuo-1']);
    const wire = county.command(DASUO, 'a1', { playTimes: 1 });
    for (let copy = 0; copy < 5; copy++) await county.send(DASUO, wire);
    await town.until('it has played', () => county.reports.some((report) => report.state === 'played'));
    await pause(3_000);
    expect(starts()).toHaveLength(1);
  });

  it('a cancel that overtakes its alert keeps it silent for good', async () => {
    await town.startGateways('room', ['dasuo-1']);
    const play = county.command(DASUO, 'a1', {});
    await county.send(DASUO, county.command(DASUO, 'a1', { action: 'stop', stopReason: 'cancelled', siren: false, texts: [] }));
    await county.send(DASUO, play);
    await town.until('the refusal is told', () => county.reports.some((report) => report.state === 'refused'));
    await pause(2_000);
    expect(starts()).toEqual([]);
    expect(county.reports.filter((report) => report.state === 'refused').map((report) => report.reason)).toEqual(['cancelled']);
  });

  it('an older revision that arrives late does not replace the newer one', async () => {
    await town.startGateways('room', ['dasuo-1']);
    const [older, newer] = [county.command(DASUO, 'a1', {}), county.command(DASUO, 'a1', { order: 'prepare' }, { revision: 2 })];
    await county.send(DASUO, newer);
    await county.send(DASUO, older);
    await town.until('it sounds', () => starts().length >= 1);
    await pause(2_000);
    expect(new Set(starts().map((play) => play.revision))).toEqual(new Set([2]));
  });

  it('goes on through a broker that dies and comes back empty, and hears the stop afterwards', async () => {
    await town.startGateways('room', ['dasuo-1']);
    await county.send(DASUO, county.command(DASUO, 'a1', {}));
    await town.until('it sounds', () => starts().length >= 1);
    await county.stopBroker();
    const before = starts().length;
    await town.until('it goes on alone', () => starts().length > before);
    county.tombstones.push({ alertId: 'a1', revision: 1, reason: 'cancelled', until: new Date(Date.now() + 86_400_000).toISOString() });
    await county.startBroker();
    await town.until('it says that it fell silent', () => county.reports.some((report) => report.state === 'stopped'));
    const silentAt = starts().length;
    await pause(3_000);
    expect(starts()).toHaveLength(silentAt);
    expect(checkI3({ plays: starts() })).toEqual([]);
  });

  describe.skipIf(!isInstalled('faketime', 'faketime'))('with a wrong clock (needs faketime)', () => {
    const faked = (offset: string) => ({ command: ['faketime', '-f', offset], env: { FAKETIME_DONT_FAKE_MONOTONIC: '1' } });

    it.each(['-3d', '+3d'])('%s: takes the county’s signed time and plays', async (offset) => {
      await town.startGateways('room', ['dasuo-1'], faked(offset));
      await pause(1_000);
      await county.send(DASUO, county.command(DASUO, 'a1', { playTimes: 1 }));
      await town.until('it has played', () => county.reports.some((report) => report.state === 'played'));
    });

    it('does not play what was stored and cannot be dated: power cut, clock back by years, county away', async () => {
      const box = await town.startGateways('room', ['dasuo-1']);
      await county.send(DASUO, county.command(DASUO, 'a1', { endTime: new Date(Date.now() + 8_000).toISOString() }, { exp: Date.now() / 1_000 + 8 }));
      await town.until('it sounds', () => starts().length >= 1);
      await town.kill(box);
      await county.stopBroker();
      await pause(9_000);
      const before = starts().length;
      await town.startGateways('room', ['dasuo-1'], { ...faked('-2000d'), waitReady: false });
      await pause(8_000);
      expect(starts()).toHaveLength(before);
    });
  });
});
