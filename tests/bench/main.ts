// `npm run bench`: how near the product is to the floor that the same machine gives in the same run. Ratios count, not times.
import { intakeBench } from './intake.ts';
import { told, type Figure } from './figure.ts';
import { readOptions, type BenchOptions } from './options.ts';
import { plot } from './plot.ts';
import { raiseBench } from './raise.ts';
import { asJson, writeResults } from './results.ts';
import { storeBench } from './store.ts';
import { stormBench } from './storm.ts';

const BENCHES: Record<string, (options: BenchOptions) => Promise<Figure[]>> = {
  store: storeBench,
  intake: intakeBench,
  raise: raiseBench,
  storm: stormBench,
};

async function run(options: BenchOptions): Promise<Figure[]> {
  const chosen = Object.entries(BENCHES).filter(([name]) => options.only === undefined || options.only === name);
  if (chosen.length === 0) throw new Error(`--only names one of ${Object.keys(BENCHES).join(', ')}`);
  const figures: Figure[] = [];
  for (const [name, bench] of chosen) {
    const some = await bench(options);
    if (!options.json) process.stdout.write(`${[`── ${name}`, ...some.map(told)].join('\n')}\n`);
    figures.push(...some);
  }
  return figures;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.profile === 'clustered') throw new Error('The clustered profile is not measured yet.');
  const figures = await run(options);
  if (options.json) process.stdout.write(`${asJson(options, figures)}\n`);
  if (options.write) writeResults(options, figures);
  if (options.plot !== undefined) plot(options.plot, figures);
  // A product faster than its own floor means that the floor is broken.
  return figures.some((figure) => figure.kind === 'ratio' && figure.broken) ? 1 : 0;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
