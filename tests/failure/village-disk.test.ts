// The disk of a village's own house is full while it is alone: what sounds sounds on, the cadre is told no and why, and with room again all goes on.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mayMount, SmallDisk } from '../harness/disks.ts';
import { tellFault } from '../harness/fault-report.ts';
import { callOff, raiseOrder, reportHazard } from '../harness/live-alert.ts';
import { PersistentOfficer } from '../harness/persistent-officer.ts';
import { brokenPromises, unended } from '../harness/real-history.ts';
import { RealTown } from '../harness/real-town.ts';
import { RealVillage } from '../harness/real-village.ts';

const DISK_MB = 64;

describe.skipIf(!mayMount('tmpfs'))('the disk of a village’s house (needs the right to mount)', () => {
  let town: RealTown;
  let village: RealVillage;
  let disk: SmallDisk;
  let cadre: PersistentOfficer;
  beforeEach(() => {
    disk = SmallDisk.mount(DISK_MB);
    town = new RealTown();
  });
  afterEach(async () => {
    await town.close();
    disk.discard();
  });

  async function open(): Promise<void> {
    await town.layOut();
    await town.startHost();
    village = await new RealVillage(town, disk.dir).enrol();
    cadre = await new PersistentOfficer(village, 'cadre1', { code: await village.localCode('cadre1') }).signIn();
    town.line.cut();
  }

  const sounds = (id: string) => village.playLog().filter((line) => line.event === 'started' && line.alertId === id).length;
  const degraded = async () => (await cadre.get<{ degraded: { words: string[] } }>('/api/v1/now')).degraded.words.join('\n');
  const report = (n: number) =>
    cadre.says({
      type: 'report.received',
      path: '/api/v1/reports',
      body: { gridCode: '53332410120101', hazard: 'flash-flood', text: `水位 ${n} ${'涨'.repeat(300)}`, source: 'telephone' },
    });

  it('full: the order sounds on, the cadre is told no and reads why, and with room again all goes on', async () => {
    await open();
    const id = await raiseOrder(cadre);
    await town.until('it sounds', () => sounds(id) > 0);
    disk.fill();
    for (let n = 0; n < 400 && cadre.refusals.length < 5; n++) await report(n);
    expect(cadre.refusals.at(-1)).toBe('503 storage-failed');
    await town.until('the cadre sees that the disk is full', async () => /^disk: 0 MB left/m.test(await degraded()));
    const before = sounds(id);
    await town.until('it sounds on, again and again', () => sounds(id) > before + 3);
    disk.free();
    const freedAt = performance.now();
    await reportHazard(cadre, '又有落石');
    await callOff(cadre, id);
    await town.until('it falls silent', async () => (await unended(village)).length === 0);
    const recoveryMs = performance.now() - freedAt;
    expect(await brokenPromises(village, [])).toEqual([]);
    tellFault({
      fault: 'village: disk full (tmpfs), then freed',
      profile: 'edge',
      seen: `${cadre.refusals.length} acts refused with storage-failed; it sounded on`,
      recoveryMs,
    });
  });
});
