// A line that was cut for 30 days comes back: how long two houses need for one truth, and what that costs the line.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CutOff, type Merged } from './cut-off.ts';
import { plain, type Figure } from './figure.ts';
import type { BenchOptions } from './options.ts';

const DAYS = 30;
const MERGED_MS = 60_000;
const KB = 1_024;

/** Both houses share this process and its two cores; letters go from hand to hand: what the line itself takes is bytes / its rate. */
export async function mergeBench({ rounds }: BenchOptions): Promise<Figure[]> {
  const all: Merged[] = [];
  for (let i = 0; i < rounds; i++) all.push(await cutFor(DAYS));
  const of = (value: (one: Merged) => number) => all.map(value);
  return [
    plain(
      `${DAYS} days cut, ${all[0]!.rows} rows of one village changed or made at two houses; until both hold the same`,
      'ms',
      of(({ ms }) => ms),
      MERGED_MS,
    ),
    plain(
      '  letters up',
      'kB',
      of(({ bytesUp }) => bytesUp / KB),
    ),
    plain(
      '  letters down',
      'kB',
      of(({ bytesDown }) => bytesDown / KB),
    ),
    plain(
      '  rows in which they differ afterwards',
      '',
      of(({ differences }) => differences),
      0,
    ),
  ];
}

/** Two houses on disks of their own, cut off for so many days, and merged. */
export async function cutFor(days: number): Promise<Merged> {
  const dir = mkdtempSync(join(tmpdir(), 'laba-merge-'));
  try {
    const houses = await CutOff.after(dir, days);
    const merged = await houses.heal();
    await houses.close();
    return merged;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
