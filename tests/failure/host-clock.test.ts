// The county's machine changes its mind about the time while an alert is on: boxes go on sounding, obey its stops, and nothing sleeps for hours.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeTime, NOTICED_MS } from '../harness/fake-time.ts';
import { tellFault } from '../harness/fault-report.ts';
import { isInstalled } from '../harness/installed.ts';
import { callOff, raiseOrder } from '../harness/live-alert.ts';
import { PersistentOfficer } from '../harness/persistent-officer.ts';
import { brokenPromises, unended, unsettled } from '../harness/real-history.ts';
import { PASSWORD, RealTown } from '../harness/real-town.ts';

const ROOM = 'room';

describe.skipIf(!isInstalled('faketime', 'faketime'))('the clock of the host (needs faketime)', () => {
  let town: RealTown;
  let time: FakeTime;
  beforeEach(async () => {
    town = await new RealTown().layOut();
    time = new FakeTime(join(town.dir, 'faketime'));
    await town.startHost({ env: time.env });
    await town.startGateways(ROOM, ['dasuo-1']);
  });
  afterEach(() => town.close());

  const sounds = () => town.playLog(ROOM).filter((line) => line.event === 'started' && line.purpose === 'alert').length;
  const officer = () => new PersistentOfficer(town, 'cadre1', PASSWORD).signIn();
  const fellSilent = (id: string) => town.until('it falls silent', async () => (await unsettled(town, [id])).length === 0);

  const jumpTo = (offset: string) => {
    time.jumpTo(offset);
    return new Promise((resolve) => setTimeout(resolve, NOTICED_MS));
  };

  // The box takes the county's time and its pole writes down the machine's: three hours apart, I4 is held by the silence instead.
  // By the wall clock a job of a host that is hours behind looks forgotten: there must be none left.
  const broken = async () => {
    await town.until('the end was spoken', async () => (await unended(town)).length === 0);
    return (await brokenPromises(town, [ROOM])).filter((words) => !words.startsWith('played after'));
  };

  it.each(['+3h', '-3h'])('jumps by %s before an order: it sounds all the same, and falls silent when it is cancelled', async (offset) => {
    await jumpTo(offset);
    const jumpedAt = performance.now();
    const cadre = await officer();
    const id = await raiseOrder(cadre, { minutes: 600 });
    await town.until('it sounds', () => sounds() >= 2);
    const recoveryMs = performance.now() - jumpedAt;
    await callOff(cadre, id, 'cancel');
    await fellSilent(id);
    expect(await broken()).toEqual([]);
    tellFault({ fault: `host: clock ${offset} before a raise`, profile: 'embedded', seen: 'sounded, fell silent when cancelled', recoveryMs });
  });

  it.each(['+3h', '-3h'])('jumps by %s while an order sounds: it goes on, and its stop is obeyed', async (offset) => {
    const id = await raiseOrder(await officer(), { minutes: 600 });
    await town.until('it sounds', () => sounds() >= 1);
    await jumpTo(offset);
    const before = sounds();
    await town.until('it goes on', () => sounds() > before + 1);
    const stoppedAt = performance.now();
    await callOff(await officer(), id);
    await fellSilent(id);
    const recoveryMs = performance.now() - stoppedAt;
    expect(await broken()).toEqual([]);
    tellFault({ fault: `host: clock ${offset} while sounding`, profile: 'embedded', seen: 'went on, its stop was obeyed', recoveryMs });
  });
});
