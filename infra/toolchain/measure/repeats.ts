// The house measured: code that stands twice. jscpd looks; the limit is ours.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Share of repeated lines among the product's own, and the shortest run of tokens that counts as a repeat. */
export const REPEATS = { limitPercent: 2, tokens: 60 } as const;

export interface Repeats {
  percent: number;
  /** `first:line = second:line, n lines`, longest first. */
  places: string[];
}

interface Report {
  statistics: { total: { percentage: number } };
  duplicates: { lines: number; firstFile: { name: string; start: number }; secondFile: { name: string; start: number } }[];
}

/** Looks through the product's TypeScript under the folders, tests left out. @throws when jscpd itself fails. */
export function measureRepeats(root: string, folders: readonly string[]): Repeats {
  const output = mkdtempSync(join(tmpdir(), 'laba-repeats-'));
  try {
    const ignore = ['**/node_modules/**', '**/*.test.ts', '**/*.contract.ts', '**/migrations/**'].join(',');
    const args = [
      ...folders,
      '--format',
      'typescript',
      '--ignore',
      ignore,
      '--min-tokens',
      String(REPEATS.tokens),
      '--reporters',
      'json',
      '--output',
      output,
      '--silent',
    ];
    const run = spawnSync(join(import.meta.dirname, '../../../node_modules/.bin/jscpd'), args, { cwd: root, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`jscpd failed: ${run.error?.message ?? run.stderr}`);
    return readReport(JSON.parse(readFileSync(join(output, 'jscpd-report.json'), 'utf8')) as Report);
  } finally {
    rmSync(output, { recursive: true });
  }
}

function readReport({ statistics, duplicates }: Report): Repeats {
  const places = [...duplicates]
    .sort((a, b) => b.lines - a.lines)
    .map(({ lines, firstFile, secondFile }) => `${firstFile.name}:${firstFile.start} = ${secondFile.name}:${secondFile.start}, ${lines} lines`);
  return { percent: statistics.total.percentage, places };
}
