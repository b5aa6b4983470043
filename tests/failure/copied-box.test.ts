// A loudspeaker gateway whose card somebody copied: two boxes speak as one. The officers see it, and the village sounds all the same.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MOVE_NOW } from '../harness/officer.ts';
import { DASUO } from '../harness/small-county.ts';
import { openTown, Site } from '../harness/town.ts';

interface Now {
  degraded: { words: string[] };
}

it('a copied card: the county’s officers see that two boxes speak as one, the village hears the order, and with one left nothing is wrong', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'laba-copied-box-'));
  const town = await openTown();
  const { api } = await town.officer('duty1');
  const areTwo = async () => (await api.get<Now>('/api/v1/now')).degraded.words.some((words) => words.includes('two boxes speak as one'));
  const until = (what: string, look: () => Promise<boolean>) =>
    town.eventually(what, async () => {
      await town.clock.pass('1 s');
      return look();
    });
  const own = town.site('dasuo-1');
  const copy = new Site(town, own.identity, dir);
  try {
    await town.clock.pass('1 min');
    expect(await areTwo()).toBe(false);
    await copy.powerOn();
    await until('the officers see it', areTwo);
    await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await until('the village hears the order', async () => [own, copy].some(({ pole }) => pole.heard.some(({ words }) => words.includes(MOVE_NOW))));
    await copy.powerOff();
    await town.clock.pass('11 min');
    await until('nothing is wrong any more', async () => !(await areTwo()));
  } finally {
    await copy.powerOff();
    await town.close();
    rmSync(dir, { recursive: true, force: true });
  }
});
