// A cluster on one machine from its first engine to its last: made ready, told about, stopped when the operator says so.
import { flushCompileCache } from 'node:module';
import type { Config } from '@laba/runtime/config';
import type { Console } from '../cli/command.ts';
import { tellDemo } from '../cli/start-command.ts';
import { compose } from '../compose.ts';
import type { DemoCounty } from '../demo/demo-county.ts';
import { readDemoFile } from '../demo/demo-file.ts';
import type { FleetProcess } from '../demo/start-fleet.ts';
import { readHouseFile, type HouseFile } from '../house-file.ts';
import { NEW_DEMO, realWorld, setUp, startFleets } from '../start-house.ts';
import { openCluster, type Cluster } from './start-cluster.ts';
import { tendEngines } from './tend-engines.ts';

const STOPPED = Symbol('stopped');

/** Returns when all has stopped. `config.dataDir` is held by the caller. @throws one line when something does not start */
export async function runCluster(config: Config, terminal: Console, told: Promise<string>): Promise<void> {
  const begun = performance.now();
  const say = (words: string) => terminal.err(`laba: ${words}`);
  // Told to stop while it starts: nobody waits for the rest.
  const stop = told.then((why): typeof STOPPED => {
    say(`${why}, stopping`);
    return STOPPED;
  });
  const file = readHouseFile(config.dataDir) ?? NEW_DEMO;
  const cluster = await openCluster({ config: { ...config, county: file.county, demo: file.demo }, env: terminal.env, say });
  const fleets: FleetProcess[] = [];
  let untend = async () => {};
  try {
    const started = start(cluster, file, fleets);
    const ready = await Promise.race([stop, started]);
    if (ready === STOPPED) return void started.catch(() => {});
    untend = tendEngines({ ...cluster.engines }, say);
    tell(terminal, cluster, begun);
    const { made } = ready;
    if (file.demo) tellDemo(terminal, readDemoFile(config.dataDir), made !== undefined, made?.assumptions ?? []);
    await stop;
  } finally {
    await untend();
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    await cluster.stop();
  }
}

async function start(cluster: Cluster, file: HouseFile, fleets: FleetProcess[]): Promise<{ made: DemoCounty | undefined }> {
  const { made, routes } = await prepare(cluster.config, file);
  flushCompileCache();
  await cluster.start(routes);
  if (file.demo) await startFleets(cluster.config, fleets, {});
  return { made };
}

// The schema, the county and the proxy's routes, before any process starts.
async function prepare(given: Config, file: HouseFile) {
  // It lives for a moment: that its line to the broker comes and goes is no news.
  const config: Config = { ...given, logLevel: 'error' };
  const house = await compose(config, realWorld(config, false));
  try {
    return { made: await setUp(house.deps, file), routes: house.routes };
  } finally {
    await house.stop();
  }
}

function tell(terminal: Console, { config, members }: Cluster, begun: number): void {
  terminal.out(`\n喇叭 Laba is ready in ${((performance.now() - begun) / 1000).toFixed(1)} s  ·  county ${config.county}${config.demo ? ' (demo 演示)' : ''}`);
  terminal.out(`  页面 page    ${config.publicUrl}/`);
  terminal.out(`  消息 MQTT    ${config.publicBrokerUrl}`);
  terminal.out(`  进程 run     ${[...members.keys()].join(' ')}`);
  terminal.out(`  数据 data    ${config.dataDir}   (logs/, engines/)`);
}
