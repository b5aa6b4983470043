// What runs leave behind: RESULTS.md, its data and its picture, with the machine, the commit and every figure.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { told, type Figure } from './figure.ts';
import type { BenchOptions } from './options.ts';
import { plot } from './plot.ts';

const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const FILE = beside('./RESULTS.md');
const DATA = beside('./results.json');
const SVG = beside('./results.svg');
const NOTES = '## What does not hold, and why';
const HEAD = `# What \`npm run bench\` measured

Written by the bench itself (\`--write\`), but for the last part. A ratio compares the product with a floor measured in the same run on the same machine: times
mean little elsewhere. Medians, with the least and the most of the rounds in brackets. The same as a picture: [results.svg](results.svg).
`;

/** What one bench said. */
export interface BenchRun {
  bench: string;
  figures: readonly Figure[];
  load: { before: number; after: number };
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

function fileHandles(): string {
  const line = readFileSync('/proc/self/limits', 'utf8')
    .split('\n')
    .find((one) => one.startsWith('Max open files'));
  return line?.split(/\s{2,}/)[1] ?? 'unknown';
}

function machine() {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryMb: Math.round(totalmem() / 1_048_576),
    fileHandles: fileHandles(),
    node: process.version,
    date: new Date().toISOString(),
    commit: git('rev-parse', '--short', 'HEAD'),
    changed: git('status', '--porcelain') !== '',
  };
}

export function asJson(options: BenchOptions, runs: readonly BenchRun[]): string {
  return JSON.stringify({ ...machine(), profile: options.profile, rounds: options.rounds, runs });
}

/** One bench of one profile, as it was measured last. */
interface Section extends BenchRun {
  profile: BenchOptions['profile'];
  rounds: number;
  /** Others' work on the same machine shows here. */
  load: { before: number; after: number };
  machine: ReturnType<typeof machine>;
}

type Kept = Record<string, Section>;

function kept(): Kept {
  return existsSync(DATA) ? (JSON.parse(readFileSync(DATA, 'utf8')) as Kept) : {};
}

/** Takes the place of what the same bench of the same profile and size said before; the hand-written end of RESULTS.md stays. */
export function writeResults(options: BenchOptions, runs: readonly BenchRun[]): void {
  const all = kept();
  for (const run of runs) {
    const size = ['raise', 'storm', 'peer'].includes(run.bench) ? ` ${options.gateways.join(', ')}` : '';
    const { profile, rounds } = options;
    all[`${profile}, ${run.bench}${size}`] = { ...run, profile, rounds, machine: machine() };
  }
  writeFileSync(DATA, `${JSON.stringify(all, null, 1)}\n`);
  const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  const notesAt = text.indexOf(NOTES);
  const sections = Object.entries(all).map(sectionText);
  writeFileSync(FILE, `${[HEAD, ...sections, notesAt < 0 ? `${NOTES}\n` : text.slice(notesAt)].join('\n')}`);
  plot(SVG, all);
}

function sectionText([name, { figures, rounds, load, machine: on }]: [string, Section]): string {
  const { cpu, cores, memoryMb, fileHandles: handles, node, date, commit, changed } = on;
  return `## ${name}

${date}; commit ${commit}${changed ? ' with changes' : ''}; ${cpu}, ${cores} cores, ${memoryMb} MB, ${handles} file handles a process; Node ${node};
${rounds} rounds after a first one that does not count; load of the machine ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after.

${figures.map((figure) => `- ${told(figure).trim()}`).join('\n')}
`;
}
