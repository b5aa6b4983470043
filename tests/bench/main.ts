// `npm run bench`: how near the product is to the floor that the same machine gives in the same run. Ratios count, not times.
import { loadavg } from 'node:os';
import { boardBench } from './board.ts';
import { buttonBench } from './button.ts';
import { callOutBench } from './call-out.ts';
import { footprintBench } from './footprint.ts';
import { intakeBench } from './intake.ts';
import { told, type Figure } from './figure.ts';
import { readOptions, type BenchOptions } from './options.ts';
import { mergeBench } from './merge.ts';
import { peerBench } from './peer.ts';
import { plot } from './plot.ts';
import { raiseBench } from './raise.ts';
import { asJson, writeResults, type BenchRun } from './results.ts';
import { storeBench } from './store.ts';
import { stormBench } from './storm.ts';

const BENCHES: Record<string, (options: BenchOptions) => Promise<Figure[]>> = {
  store: storeBench,
  intake: intakeBench,
  raise: raiseBench,
  storm: stormBench,
  button: buttonBench,
  board: boardBench,
  callout: callOutBench,
  peer: peerBench,
  merge: mergeBench,
  footprint: footprintBench,
};

async function run(options: BenchOptions): Promise<BenchRun[]> {
  const chosen = Object.entries(BENCHES).filter(([name]) => options.only === undefined || options.only === name);
  if (chosen.length === 0) throw new Error(`--only names one of ${Object.keys(BENCHES).join(', ')}`);
  const runs: BenchRun[] = [];
  for (const [name, bench] of chosen) {
    const before = loadavg()[0]!;
    const figures = await bench(options);
    if (!options.json) process.stdout.write(`${[`── ${name}`, ...figures.map(told)].join('\n')}\n`);
    runs.push({ bench: name, figures, load: { before, after: loadavg()[0]! } });
  }
  return runs;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const runs = await run(options);
  if (options.json) process.stdout.write(`${asJson(options, runs)}\n`);
  if (options.write) writeResults(options, runs);
  if (options.plot !== undefined) plot(options.plot, Object.fromEntries(runs.map((one) => [`${options.profile}, ${one.bench}`, one])));
  // A product faster than its own floor means that the floor is broken.
  return runs.flatMap(({ figures }) => figures).some((figure) => figure.kind === 'ratio' && figure.broken) ? 1 : 0;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
