// What a run leaves behind: RESULTS.md with the machine, the commit and every figure.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { told, type Figure } from './figure.ts';
import type { BenchOptions } from './options.ts';

const FILE = fileURLToPath(new URL('./RESULTS.md', import.meta.url));

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

export function asJson(options: BenchOptions, figures: readonly Figure[]): string {
  return JSON.stringify({ ...machine(), profile: options.profile, rounds: options.rounds, figures });
}

export function writeResults(options: BenchOptions, figures: readonly Figure[]): void {
  const { cpu, cores, memoryMb, fileHandles: handles, node, date, commit, changed } = machine();
  const lines = figures.map((figure) => `- ${told(figure).trim()}`);
  writeFileSync(
    FILE,
    `# What \`npm run bench\` measured

Written by the bench itself. A ratio compares the product with a floor measured in the same run on the same machine: times mean little elsewhere.
Medians, with the least and the most of the rounds in brackets.

${cpu}, ${cores} cores, ${memoryMb} MB, ${handles} file handles a process; Node ${node}; profile ${options.profile}; ${date}; commit ${commit}${changed ? ' with changes' : ''};
${options.rounds} rounds after a first one that does not count.

${lines.join('\n')}
`,
  );
}
