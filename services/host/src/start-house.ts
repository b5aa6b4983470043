// From a configuration to a running house: the data folder, the demo on a first start, the simulated gateways.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { hardwareFrom } from '@laba/gateway/hardware';
import { makeIds } from '@laba/domain/ids';
import { systemClock } from '@laba/runtime/clock';
import type { Config } from '@laba/runtime/config';
import { openLog } from '@laba/runtime/log';
import type { Deps } from '@laba/runtime/service';
import { announceOnLan, lanUrls } from './announce-on-lan.ts';
import { compose, type House } from './compose.ts';
import type { DemoCounty } from './demo/demo-county.ts';
import { planFleet, type FleetFaults } from './demo/fleet-plan.ts';
import { readDemoFile, type DemoFile } from './demo/demo-file.ts';
import { demoPhones } from './demo/demo-phones.ts';
import { DEMO_SEED, identitiesDirOf, readIdentities, seedDemo } from './demo/seed-demo.ts';
import { startFleet, type FleetProcess } from './demo/start-fleet.ts';
import { EdgeBox } from './edge-box.ts';
import { freePort } from './free-port.ts';
import { holdDataDir } from './hold-data-dir.ts';
import { readHouseFile, writeHouseFile, type HouseFile } from './house-file.ts';
import { reachable } from './reachable.ts';
import { thisMachine } from './this-machine.ts';
import type { World } from './world.ts';

export interface RunningHouse {
  readonly config: Config;
  readonly house: House;
  readonly fleets: readonly FleetProcess[];
  readonly demo: DemoFile | undefined;
  /** True when this start made the demo county. */
  readonly madeDemo: boolean;
  /** What the demo county assumes where sources are silent. */
  readonly assumptions: readonly string[];
  /** Where others on the network find the page, the name first. */
  readonly lanUrls: readonly string[];
  stop(): Promise<void>;
}

/** What a village's house is called on its own network, when nobody says otherwise. */
const EDGE_NAME = 'laba';

/** What a start in an empty folder makes. */
export const NEW_DEMO: HouseFile = { county: '533324', demo: true, seed: DEMO_SEED, ready: false };

export interface StartOptions {
  /** How the simulated gateways are split and broken; only in a demo county. */
  faults?: FleetFaults;
  pretty?: boolean;
}

/** The world of a real process: the system's clock, random identifiers; the demo county has phones of its own. */
export function realWorld(config: Config, pretty: boolean): World {
  const channels = config.demo ? { channels: demoPhones(config.dataDir, systemClock) } : {};
  const machine = config.profile === 'edge' ? { machine: thisMachine() } : {};
  return { clock: systemClock, ids: makeIds(() => systemClock.now(), randomBytes), log: openLog(config.logLevel, pretty), ...machine, ...channels };
}

/** Starts everything; on the first start without `init` this makes the demo county, on the embedded profile. */
export async function startHouse(given: Config, options: StartOptions = {}): Promise<RunningHouse> {
  if (given.profile === 'clustered') return startMember(given, options);
  const release = holdDataDir(given.dataDir);
  try {
    return await startIn(given, options, release);
  } catch (error) {
    release();
    throw error;
  }
}

// One of many processes on the same engines: it sets nothing up, and shares its folder.
async function startMember(given: Config, options: StartOptions): Promise<RunningHouse> {
  const file = readHouseFile(given.dataDir);
  if (file?.ready !== true)
    throw new Error(`No county in ${given.dataDir}: set it up with 'laba init' and the same LABA_PROFILE, or bring its house.json and secret.key here.`);
  const config: Config = { ...given, county: file.county, demo: file.demo };
  const house = await compose(config, realWorld(config, options.pretty ?? false));
  try {
    await house.start();
  } catch (error) {
    await house.stop();
    throw error;
  }
  return { config, house, fleets: [], demo: undefined, madeDemo: false, assumptions: [], lanUrls: [], stop: () => house.stop() };
}

async function startIn(given: Config, options: StartOptions, release: () => void): Promise<RunningHouse> {
  const file = readHouseFile(given.dataDir) ?? NEW_DEMO;
  if (given.profile === 'edge' && file.node === undefined)
    throw new Error(`${given.dataDir} holds no village's house: laba edge enrol --above URL --code CODE first, into an empty folder.`);
  const config: Config = {
    ...given,
    county: file.county,
    demo: file.demo,
    ...(file.node === undefined ? {} : { profile: 'edge' as const, node: file.node }),
    port: given.port || (await freePort(given.host)),
    mqttPort: given.mqttPort || (await freePort(given.host)),
  };
  const house = await compose(config, realWorld(config, options.pretty ?? false));
  const fleets: FleetProcess[] = [];
  let forgetName = () => {};
  const hardware = hardwareFrom(file.hardware ?? {});
  const box = file.node === undefined ? undefined : new EdgeBox(house, { dir: join(config.dataDir, 'box'), site: file.site, hardware });
  const stop = async () => {
    forgetName();
    await box?.stop();
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    await house.stop();
    release();
  };
  try {
    const made = await setUp(house.deps, file);
    await house.start();
    await box?.start();
    if (file.demo) await startFleets(config, fleets, options.faults ?? {});
    const demo = file.demo ? readDemoFile(config.dataDir) : undefined;
    const lanName = config.lanName ?? (config.profile === 'edge' ? EDGE_NAME : undefined);
    const urls = lanUrls(config, lanName);
    if (lanName !== undefined && urls.length > 0) forgetName = announceOnLan(lanName, house.deps);
    return { config, house, fleets, demo, madeDemo: made !== undefined, assumptions: made?.assumptions ?? [], lanUrls: urls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The demo county, when nobody set this folder up before. */
export async function setUp(deps: Deps, file: HouseFile): Promise<DemoCounty | undefined> {
  if (file.ready) return undefined;
  const made = file.demo ? await seedDemo(deps, file.seed ?? DEMO_SEED) : undefined;
  writeHouseFile(deps.config.dataDir, { ...file, ready: true });
  return made;
}

/** Starts the simulated gateways of the demo county; each process is put into `fleets` as soon as it runs. */
export async function startFleets(config: Config, fleets: FleetProcess[], faults: FleetFaults): Promise<void> {
  const address = reachable(config.host);
  const identities = readIdentities(config.dataDir).map((identity) => ({
    ...identity,
    mqttUrl: `mqtt://${address}:${config.mqttPort}`,
    audioUrl: `http://${address}:${config.port}/audio`,
  }));
  const plans = planFleet({ identities, dataDir: join(config.dataDir, 'fleet'), parentPid: process.pid, faults });
  const started = await Promise.all(plans.map((plan, i) => startFleet(plan, identitiesDirOf(config.dataDir), `fleet-${i + 1}`)));
  fleets.push(...started);
}
