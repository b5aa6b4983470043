// Four promises at their most fragile moment, each on real processes: what planted.test.ts breaks on purpose to see these fail.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SPOOL } from '@laba/gateway/spool-tables';
import { SqliteDatabase } from '@laba/storage/sqlite';
import { FakeCounty } from '../harness/fake-county.ts';
import { isInstalled } from '../harness/installed.ts';
import { callOff, raiseOrder } from '../harness/live-alert.ts';
import { PersistentOfficer } from '../harness/persistent-officer.ts';
import { brokenPromises, recordRealHistory } from '../harness/real-history.ts';
import { isRunning, PASSWORD, RealTown } from '../harness/real-town.ts';
import { DASUO } from '../harness/small-county.ts';
import { straceOf } from '../harness/strace.ts';

const ROOM = 'room';
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('the county', () => {
  let town: RealTown;
  let host: ChildProcess;
  let cadre: PersistentOfficer;
  beforeEach(async () => {
    town = await new RealTown().layOut();
    host = await town.startHost();
    cadre = await new PersistentOfficer(town, 'cadre1', PASSWORD).signIn();
  });
  afterEach(() => town.close());

  it('works on what a dead box has not heard (outbox)', async () => {
    const room = await town.startGateways(ROOM, ['dasuo-1']);
    await town.kill(room);
    await raiseOrder(cadre);
    await town.until('the audience is frozen', async () => (await recordRealHistory(town, [ROOM])).deliveries.length > 0);
    const announcing = async () => (await recordRealHistory(town, [ROOM])).openJobs.some((job) => job.consumer === 'dispatch.announce');
    await town.until('it was announced', async () => !(await announcing()));
    expect(await brokenPromises(town, [ROOM])).toEqual([]);
  });

  it('does what is said twice under one key once (idempotency)', async () => {
    const body = { gridCode: DASUO, hazard: 'debris-flow', text: '落石', source: 'telephone' };
    const key = randomUUID();
    for (let time = 0; time < 2; time++) await cadre.says({ type: 'report.received', path: '/api/v1/reports', body }, key);
    const { events } = await recordRealHistory(town, [ROOM]);
    expect(new Set(town.acknowledged.map((one) => one.subjectId)).size).toBe(1);
    expect(events.filter((event) => event.type === 'report.received')).toHaveLength(1);
  });

  it.skipIf(!isInstalled('strace', 'strace'))('has on its disk what it confirmed before it died at a sync (group commit; needs strace)', async () => {
    for (const n of [1, 2, 4]) {
      const [command = '', ...args] = straceOf(host.pid!, { killAtSync: n });
      const tracer = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      await new Promise((resolve) => tracer.stderr.once('data', resolve));
      const died = new Promise((resolve) => host.once('exit', resolve));
      const tells = (text: string) =>
        cadre.says({ type: 'report.received', path: '/api/v1/reports', body: { gridCode: DASUO, hazard: 'flash-flood', text, source: 'telephone' } });
      await Promise.all(Array.from({ length: 12 }, (_, i) => tells(`水位 ${n} ${i}`)));
      // One commit may have taken them all: more, until it was the n-th.
      for (let i = 12; isRunning(host); i++) await tells(`水位 ${n} ${i}`);
      await died;
      host = await town.startHost();
    }
    expect(await brokenPromises(town, [ROOM])).toEqual([]);
    await callOff(cadre, await raiseOrder(cadre), 'cancel');
  });
});

describe('the box', () => {
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

  it('does not take a recorded command a second time after its power was cut (replay memory)', async () => {
    const box = await town.startGateways(ROOM, ['dasuo-1']);
    const wire = county.command(DASUO, 'a1', { playTimes: 1, siren: false, texts: [{ language: 'zh-CN', title: '走', text: '走' }] });
    await county.send(DASUO, wire);
    await town.until('it has played', () => county.reports.some((report) => report.state === 'played'));
    await town.kill(box);
    const again = await town.startGateways(ROOM, ['dasuo-1']);
    await county.send(DASUO, wire);
    await pause(1_500);
    await town.kill(again);
    expect(await taken('a1')).toBe(1);
    expect(town.playLog(ROOM).filter((line) => line.event === 'started')).toHaveLength(1);
  });

  /** How often the box wrote down that it took the alert's command. */
  async function taken(alertId: string): Promise<number> {
    const spool = SqliteDatabase.open(join(town.dir, ROOM, 'spool.db'), SPOOL);
    const rows = await spool.read((q, t) => q.select().from(t.spoolReport));
    await spool.close();
    return rows.filter(({ report }) => report.alertId === alertId && report.state === 'received').length;
  }
});
