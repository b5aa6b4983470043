// Two copies of every service on PostgreSQL, Redis and Mosquitto: each engine and each copy fails in the middle of a live alert.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellFault } from '../harness/fault-report.ts';
import { hasEveryEngine } from '../harness/installed-engines.ts';
import { callOff, raiseOrder, reportHazard } from '../harness/live-alert.ts';
import { brokenPromises, unsettled } from '../harness/real-history.ts';
import { RealTown } from '../harness/real-town.ts';
import { ChaosTown, ROOMS } from '../soak/chaos-town.ts';
import type { Fault } from '../soak/schedule.ts';

const START_MS = 120_000;
const FOR_MS = 1_500;
const engine = (name: 'database' | 'redis' | 'broker', how: 'kill' | 'stop' | 'flush'): Fault => ({ fault: 'engine', engine: name, how, forMs: FOR_MS });

const FAULTS: [string, Fault][] = [
  ['Redis: FLUSHALL', engine('redis', 'flush')],
  ['Redis: SIGSTOP', engine('redis', 'stop')],
  ['Redis: kill -9 and restart', engine('redis', 'kill')],
  ['PostgreSQL: SIGSTOP', engine('database', 'stop')],
  ['PostgreSQL: kill -9 and restart', engine('database', 'kill')],
  ['Mosquitto: SIGSTOP', engine('broker', 'stop')],
  ['Mosquitto: kill -9, back empty', engine('broker', 'kill')],
];

describe.skipIf(!hasEveryEngine())('clustered (needs PostgreSQL, Redis, Mosquitto and nginx)', () => {
  let chaos: ChaosTown;
  beforeAll(async () => {
    chaos = await new ChaosTown(new RealTown({ profile: 'clustered' })).open();
  }, START_MS);
  afterAll(() => chaos.close(), START_MS);

  const sounds = (id: string) => ROOMS.some((room) => chaos.town.playLog(room).some((line) => line.alertId === id && line.event === 'started'));
  const atRest = (ids: string[]) => chaos.town.until('everything is at rest', async () => (await unsettled(chaos.town, ids)).length === 0, 90_000);

  /** One alert sounds, another is raised while it is broken. @returns ms from the end of the fault until all of both had reported */
  async function survives(fault: Fault): Promise<number> {
    const cadre = chaos.officer('cadre1');
    const first = await raiseOrder(cadre);
    await chaos.town.until('it sounds', () => sounds(first));
    const suffering = chaos.suffer(fault);
    const acts = Promise.all([raiseOrder(cadre), reportHazard(cadre, `落石 ${Math.random()}`)]);
    await suffering;
    const healedAt = performance.now();
    const [second] = await acts;
    await atRest([first, second]);
    await chaos.town.until('the second sounds', () => sounds(second));
    const recoveryMs = performance.now() - healedAt;
    await callOff(cadre, first);
    await callOff(cadre, second, 'cancel');
    await atRest([first, second]);
    expect(await brokenPromises(chaos.town, ROOMS)).toEqual([]);
    return recoveryMs;
  }

  it.each(FAULTS)('%s while an alert sounds: nothing lost, nothing doubled, no limbo', async (name, fault) => {
    const recoveryMs = await survives(fault);
    tellFault({ fault: name, profile: 'clustered', seen: 'an order and a report during it were confirmed once and carried out', recoveryMs });
  });

  it('kill -9 of one copy of every service, one after the other', async () => {
    const members = [...chaos.town.cluster.members.keys()];
    for (const name of members.filter((member) => member.endsWith('-1'))) {
      const recoveryMs = await survives({ fault: 'kill-copy', copy: members.indexOf(name), forMs: 300 });
      tellFault({ fault: `kill -9 of ${name}`, profile: 'clustered', seen: 'the other copy went on; an order and a report were confirmed once', recoveryMs });
    }
  }, 400_000);
});
