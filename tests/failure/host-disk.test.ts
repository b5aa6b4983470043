// The county's disk is full, or loses its power, while an alert is on: what was confirmed stays, the rest is told no, and it mends itself.
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { LoopDisk, mayMount, SmallDisk } from '../harness/disks.ts';
import { tellFault } from '../harness/fault-report.ts';
import { isInstalled } from '../harness/installed.ts';
import { checkI1 } from '../harness/invariants.ts';
import { callOff, raiseOrder, reportHazard } from '../harness/live-alert.ts';
import { PersistentOfficer } from '../harness/persistent-officer.ts';
import { brokenPromises, unsettled } from '../harness/real-history.ts';
import { PASSWORD, RealTown } from '../harness/real-town.ts';
import { straceOf } from '../harness/strace.ts';

const ROOM = 'room';
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('the disk of the host', () => {
  let town: RealTown;
  let host: ChildProcess;
  let cadre: PersistentOfficer;

  async function open(dataDir?: string): Promise<string> {
    town = await new RealTown(dataDir === undefined ? {} : { dataDir }).layOut();
    host = await town.startHost();
    await town.startGateways(ROOM, ['dasuo-1']);
    cadre = await new PersistentOfficer(town, 'cadre1', PASSWORD).signIn();
    const id = await raiseOrder(cadre);
    await town.until('the pole sounds', () => town.playLog(ROOM).some((line) => line.alertId === id));
    return id;
  }
  const sounds = () => town.playLog(ROOM).filter((line) => line.event === 'started').length;
  const report = (n: number) =>
    cadre.says({
      type: 'report.received',
      path: '/api/v1/reports',
      body: { gridCode: '53332410120101', hazard: 'flash-flood', text: `水位 ${n} ${'涨'.repeat(300)}`, source: 'telephone' },
    });

  async function mendsItself(fault: string, id: string, seen: string): Promise<void> {
    const freedAt = performance.now();
    await reportHazard(cadre, '又有落石');
    await callOff(cadre, id);
    await town.until('the pole falls silent', async () => (await unsettled(town, [id])).length === 0);
    const recoveryMs = performance.now() - freedAt;
    expect(await brokenPromises(town, [ROOM])).toEqual([]);
    tellFault({ fault, profile: 'embedded', seen, recoveryMs });
  }

  describe.skipIf(!mayMount('tmpfs'))('on a small disk (needs the right to mount)', () => {
    let disk: SmallDisk;
    beforeEach(() => {
      disk = SmallDisk.mount(16);
    });
    afterEach(async () => {
      await town.close();
      disk.discard();
    });

    it('full: poles sound on, officers are told no and that they are, and with room again all goes on', async () => {
      const id = await open(join(disk.dir, 'county'));
      disk.fill();
      const before = sounds();
      for (let n = 0; n < 400 && cadre.refusals.length < 5; n++) await report(n);
      expect(cadre.refusals.at(-1)).toBe('503 storage-failed');
      await town.until('the pole sounds on', () => sounds() > before);
      const confirmed = town.acknowledged.length;
      disk.free();
      await mendsItself(
        'host: disk full (tmpfs), then freed',
        id,
        `${cadre.refusals.length} acts refused with storage-failed, ${confirmed} confirmed before; the pole sounded on`,
      );
    });
  });

  describe('on an ordinary disk', () => {
    afterEach(() => town.close());

    it.skipIf(!isInstalled('strace', 'strace'))('a sync that fails for want of space confirms nothing of its group (needs strace)', async () => {
      const id = await open();
      const [command = '', ...args] = straceOf(host.pid!, { noSpaceFromSync: 1, calls: 60_000 });
      const tracer = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      await new Promise((resolve) => tracer.stderr.once('data', resolve));
      for (let n = 0; n < 5; n++) await report(n);
      const [confirmed, refused] = [town.acknowledged.length, cadre.refusals.length];
      const gone = new Promise((resolve) => tracer.once('exit', resolve));
      tracer.kill();
      await gone;
      expect(refused).toBe(5);
      await mendsItself('host: every sync fails with ENOSPC, then works', id, `${refused} acts refused with storage-failed, ${confirmed} confirmed before`);
    });
  });

  describe.skipIf(!mayMount('loop'))('loses its power (needs the right to mount)', () => {
    let disk: LoopDisk;
    beforeEach(() => {
      disk = LoopDisk.make(96);
    });
    afterEach(async () => {
      await town.close();
      disk.discard();
    });

    it('at eight moments: whatever was confirmed before is on the disk afterwards, and the county goes on from there', async () => {
      const id = await open(join(disk.dir, 'county'));
      const cuts: { after: LoopDisk; confirmed: { type: string; subjectId: string }[] }[] = [];
      for (let n = 0; n < 8; n++) {
        const busy = Array.from({ length: 6 }, (_, i) => report(n * 10 + i));
        await pause(7 * n);
        // Power goes at one moment for all: nobody is told anything while the disk is copied.
        host.kill('SIGSTOP');
        const confirmed = [...town.acknowledged];
        cuts.push({ after: disk.cut(), confirmed });
        host.kill('SIGCONT');
        await Promise.all(busy);
      }
      for (const { after, confirmed } of cuts) expect(await lostIn(after.powerOn(), confirmed)).toEqual([]);
      await town.kill(host);
      // The county goes on from the last of them, as after a real one.
      rmSync(town.dataDir, { recursive: true });
      cpSync(join(cuts.at(-1)!.after.dir, 'county'), town.dataDir, { recursive: true });
      town.acknowledged.splice(0, Infinity, ...cuts.at(-1)!.confirmed);
      host = await town.startHost();
      await mendsItself('host: power cut (ext4 image) at eight moments', id, `${cuts.at(-1)!.confirmed.length} confirmed acts, all found after every cut`);
    });

    async function lostIn(after: LoopDisk, confirmed: { type: string; subjectId: string }[]): Promise<string[]> {
      const db = SqliteDatabase.open(join(after.dir, 'county', 'laba.db'), HOUSE);
      const events = await db.read((q, t) => q.select().from(t.event));
      await db.close();
      return checkI1({ acknowledged: confirmed, events });
    }
  });
});
