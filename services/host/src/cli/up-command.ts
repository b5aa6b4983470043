// `laba up --clustered`: the whole topology on one machine, from Debian's packages.
import { existsSync } from 'node:fs';
import type { Config } from '@laba/runtime/config';
import { openCluster, type Cluster } from '../cluster/start-cluster.ts';
import { compose } from '../compose.ts';
import { readDemoFile } from '../demo/demo-file.ts';
import type { FleetProcess } from '../demo/start-fleet.ts';
import { freePort } from '../free-port.ts';
import { readHouseFile } from '../house-file.ts';
import { holdDataDir, NEW_DEMO, realWorld, setUp, startFleets } from '../start-house.ts';
import type { Command, Console } from './command.ts';
import { tellDemo } from './start-command.ts';
import { WrongUsage } from './usage.ts';

export const upCommand: Command = async ({ args, config, terminal, parse }) => {
  const { values } = parse({ args: [...args], options: { clustered: { type: 'boolean', default: false } } });
  if (!values.clustered) throw new WrongUsage("up wants --clustered; one process without it is 'laba start'");
  if (existsSync(`${config.dataDir}/laba.db`)) throw new Error(`${config.dataDir} holds an embedded county: name another folder with LABA_DATA.`);
  const begun = performance.now();
  const told = terminal.untilToldToStop();
  const release = holdDataDir(config.dataDir);
  try {
    const cluster = await openCluster({ config: { ...config, port: config.port || (await freePort(config.host)) }, env: terminal.env });
    await runUntil(told, cluster, terminal, begun);
    return 0;
  } finally {
    release();
  }
};

async function runUntil(told: Promise<string>, cluster: Cluster, terminal: Console, begun: number): Promise<void> {
  const fleets: FleetProcess[] = [];
  try {
    const { config, made, routes } = await prepare(cluster);
    await cluster.start(routes);
    if (config.demo) await startFleets({ ...config, port: config.port }, fleets, {});
    tell(terminal, cluster, config, begun);
    if (config.demo) tellDemo(terminal, readDemoFile(config.dataDir), made !== undefined, made?.assumptions ?? []);
    terminal.err(`laba: ${await told}, stopping`);
  } finally {
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    await cluster.stop();
  }
}

// The schema, the county and the proxy's routes, before any process starts.
async function prepare(cluster: Cluster) {
  const file = readHouseFile(cluster.config.dataDir) ?? NEW_DEMO;
  const config: Config = { ...cluster.config, county: file.county, demo: file.demo };
  const house = await compose(config, realWorld(config, false));
  try {
    return { config, made: await setUp(house.deps, file), routes: house.routes };
  } finally {
    await house.stop();
  }
}

function tell(terminal: Console, cluster: Cluster, config: Config, begun: number): void {
  terminal.out(`\n喇叭 Laba is ready in ${((performance.now() - begun) / 1000).toFixed(1)} s  ·  county ${config.county}${config.demo ? ' (demo 演示)' : ''}`);
  terminal.out(`  页面 page    ${config.publicUrl}/`);
  terminal.out(`  消息 MQTT    ${config.publicBrokerUrl}`);
  terminal.out(`  进程 run     ${[...cluster.members.keys()].join(' ')}`);
  terminal.out(`  数据 data    ${config.dataDir}   (logs/, engines/)`);
}
