// A village's own house out of the archive, enrolled below a demo county out of the same archive, by what the terminal says.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Unpacked } from './unpacked.ts';

const PATIENCE_MS = 120_000;
const LOOK_MS = 100;

/** `county` runs. Resolves when the village was told its ground and its box is enrolled; the village is stopped again. */
export async function enrolBelow(county: Unpacked, village: Unpacked, gridCode: string): Promise<void> {
  const code = found(/Claim code (\S+)/, await county.laba(['edge', 'claim-code', gridCode]));
  const id = found(/edge confirm (\S+)/, await village.laba(['edge', 'enrol', '--above', county.url, '--code', code]));
  await county.laba(['edge', 'confirm', id]);
  const house = await village.start(['start'], 'ready in');
  try {
    const giveUpAt = performance.now() + PATIENCE_MS;
    while (!existsSync(join(village.data, 'box', 'identity.json'))) {
      if (performance.now() > giveUpAt) throw new Error('The village was not told its ground.');
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    await house.stop();
  }
}

function found(pattern: RegExp, said: string): string {
  const word = pattern.exec(said)?.[1];
  if (word === undefined) throw new Error(`laba said something else: ${said}`);
  return word;
}
