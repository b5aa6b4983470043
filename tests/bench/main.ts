// `npm run bench`: how near the product is to the floor that the same machine gives in the same run. Ratios count, not times.
import { cpus } from 'node:os';
import { intakeBench } from './intake.ts';
import { storeBench } from './store.ts';
import type { Figure } from './figure.ts';

const ROUNDS = 5;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

async function measure(name: string, goal: string, round: () => Promise<{ floorPerSecond: number; productPerSecond: number }>): Promise<Figure> {
  await round();
  const rounds: { floorPerSecond: number; productPerSecond: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await round());
  const ratios = rounds.map((one) => one.productPerSecond / one.floorPerSecond);
  return {
    name,
    goal,
    ratio: median(ratios),
    least: Math.min(...ratios),
    most: Math.max(...ratios),
    floorPerSecond: Math.round(median(rounds.map((one) => one.floorPerSecond))),
    productPerSecond: Math.round(median(rounds.map((one) => one.productPerSecond))),
  };
}

const figures = [
  await measure(
    'events with their jobs, durable, many callers at once / prepared inserts in one transaction',
    '≥ 0.8 of the store floor in batches',
    storeBench,
  ),
  await measure('POST /api/v1/reports, durable / bare Fastify route with the same schema', '≥ 0.4 of the intake floor', intakeBench),
];

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ node: process.version, cores: cpus().length, rounds: ROUNDS, figures })}\n`);
} else {
  for (const one of figures) {
    process.stdout.write(
      `${one.name}\n  ratio ${one.ratio.toFixed(2)} (${one.least.toFixed(2)} … ${one.most.toFixed(2)}), goal ${one.goal}; ${one.productPerSecond}/s against ${one.floorPerSecond}/s\n`,
    );
  }
}
// A product faster than its own floor means that the floor is broken.
process.exit(figures.some((one) => one.ratio > 1.1) ? 1 : 0);
