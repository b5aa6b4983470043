// A village alone orders, answers and counts, and its power goes at any moment: what was confirmed is there, no repeat sounds twice, and it goes on.
import { expect, it } from 'vitest';
import { tellFault } from '../harness/fault-report.ts';
import { PowerNight, type PowerCut } from '../soak/power-cuts.ts';

const CUTS = 10;
const SEED = 5;
const PATIENCE_MS = 480_000;

it.skipIf(!PowerNight.may())(
  'ten power cuts at random moments of a village’s own alert: nothing confirmed is lost, no repeat is doubled, both houses agree (needs the right to mount)',
  async () => {
    const night = new PowerNight(SEED);
    const cuts: PowerCut[] = [];
    try {
      await night.open();
      for (let n = 0; n < CUTS; n++) {
        const cut = await night.cut();
        expect(cut.broken, JSON.stringify(cut)).toEqual([]);
        cuts.push(cut);
      }
      expect(await night.rest()).toEqual([]);
    } finally {
      await night.close();
    }
    const { acknowledged, sounded } = cuts.at(-1)!;
    tellFault({
      fault: 'village: power cut (ext4 image) at ten random moments',
      profile: 'edge',
      seen: `${acknowledged} confirmed acts, all found after every cut; ${sounded} repeats, none twice; both houses agree`,
      recoveryMs: Math.max(...cuts.map(({ soundsMs }) => soundsMs ?? 0)),
    });
  },
  PATIENCE_MS,
);
