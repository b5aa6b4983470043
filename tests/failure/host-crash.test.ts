// The county's host dies by SIGKILL at every step of the story, one after the other; the rooms go on, and nothing is lost or doubled.
import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tellFault } from '../harness/fault-report.ts';
import { isInstalled } from '../harness/installed.ts';
import { callOff, raiseOrder, reportHazard } from '../harness/live-alert.ts';
import { PersistentOfficer } from '../harness/persistent-officer.ts';
import { brokenPromises, unsettled } from '../harness/real-history.ts';
import { isRunning, PASSWORD, RealTown } from '../harness/real-town.ts';
import { straceOf } from '../harness/strace.ts';

const ROOM = 'room';
const START_MS = 120_000;

describe('the host dies', () => {
  let town: RealTown;
  let host: ChildProcess;
  let cadre: PersistentOfficer;
  let restarting = Promise.resolve();
  let diedAtMs = 0;

  beforeAll(async () => {
    town = await new RealTown().layOut();
    host = await town.startHost({ death: {} });
    await town.startGateways(ROOM, ['dasuo-1']);
    cadre = await new PersistentOfficer(town, 'cadre1', PASSWORD).signIn();
  }, START_MS);
  afterEach(() => restarting);
  afterAll(() => town.close());

  // Whoever runs a county starts it again at once; systemd does.
  function isStartedAgain(): void {
    const dying = host;
    restarting = new Promise<void>((resolve) => (isRunning(dying) ? dying.once('exit', () => resolve()) : resolve())).then(async () => {
      if (dying.signalCode !== 'SIGKILL') return;
      diedAtMs = performance.now();
      host = await town.startHost({ death: {} });
    });
  }

  /** One whole story; the host dies somewhere in it. @returns whether it did */
  async function story(n: number): Promise<boolean> {
    diedAtMs = 0;
    isStartedAgain();
    const id = await raiseOrder(cadre);
    await reportHazard(cadre, `落石 ${n}`);
    await town.until('the pole sounds', () => town.playLog(ROOM).some((line) => line.alertId === id));
    await callOff(cadre, id, n % 2 === 0 ? 'end' : 'cancel');
    await town.until('everything is at rest', async () => (await town.answers()) && (await unsettled(town, [id])).length === 0);
    return diedAtMs > 0;
  }

  async function dieAtEach(fault: string, moments: readonly number[], decree: (n: number) => Promise<() => void> | void): Promise<void> {
    let [deaths, slowestMs] = [0, 0];
    for (const n of moments) {
      const lift = await decree(n);
      if (await story(n)) {
        deaths += 1;
        slowestMs = Math.max(slowestMs, performance.now() - diedAtMs);
      }
      lift?.();
      await town.until('the host is back', () => town.answers());
    }
    expect(await brokenPromises(town, [ROOM])).toEqual([]);
    expect(deaths).toBeGreaterThanOrEqual(moments.length - 1);
    const seen = `${deaths} deaths in ${moments.length} alerts; poles went on; every act was confirmed once; the slowest is named here`;
    tellFault({ fault, profile: 'embedded', seen, recoveryMs: slowestMs });
  }

  it('when its n-th commit is durable and nobody was told', () =>
    dieAtEach('host: kill -9 after the n-th commit', [1, 2, 4, 7], (n) => town.decree(host, { afterCommit: n })));

  it('in place of its n-th publish to an area', () =>
    dieAtEach('host: kill -9 in place of the n-th publish', [1, 2], (n) => town.decree(host, { insteadOfPublish: n })));

  it.skipIf(!isInstalled('strace', 'strace'))('at its n-th sync, when nothing of it is durable (needs strace)', () =>
    dieAtEach('host: kill -9 at the n-th sync', [1, 3, 6], (n) => traced(n)),
  );

  async function traced(n: number): Promise<() => void> {
    const [command = '', ...args] = straceOf(host.pid!, { killAtSync: n });
    const tracer = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise((resolve) => tracer.stderr.once('data', resolve));
    return () => tracer.kill();
  }
});
