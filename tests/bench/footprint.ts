// What a village's box must hold: the archive's own processes at rest, and how soon after its start a house answers and a gateway can play.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arch } from '../../infra/archive/addons.ts';
import { enrolBelow } from '../archive/edge-house.ts';
import { freshArchive, Unpacked, type Started } from '../archive/unpacked.ts';
import { plain, type Figure } from './figure.ts';
import type { BenchOptions } from './options.ts';

/** At rest: nothing was asked of it for so long. */
const REST_MS = 30_000;
const MB = 1_048_576;
const GATEWAY_MB = 96;
const HOUSE_MB = 160;
const READY_MS = 3_000;

interface Round {
  gatewayMb: number;
  houseMb: number;
  gatewayMs: number;
  houseMs: number;
}

/** As the archive runs them, each round in fresh processes below the same demo county, on its line and with nothing to do. */
export async function footprintBench({ rounds }: BenchOptions): Promise<Figure[]> {
  const made = await freshArchive(process.arch as Arch);
  const county = await Unpacked.from(made.file);
  try {
    const village = await county.another('village');
    const above = await county.start(['start'], 'ready in');
    const all: Round[] = [];
    try {
      await beginVillage(county, village);
      for (let i = 0; i <= rounds; i++) all.push(await round(county, village));
    } finally {
      await above.stop();
    }
    return [plain(`archive for ${process.arch}`, 'MB', [made.bytes / MB]), ...figures(all.slice(1))];
  } finally {
    county.remove();
    made.remove();
  }
}

function figures(all: readonly Round[]): Figure[] {
  const of = (name: keyof Round) => all.map((one) => one[name]);
  return [
    plain('memory of `gateway run` after 30 s at rest', 'MB', of('gatewayMb'), GATEWAY_MB),
    plain("memory of a village's own house, its loudspeakers in the same process, after 30 s at rest", 'MB', of('houseMb'), HOUSE_MB),
    plain('start → the gateway is on its line and can play', 'ms', of('gatewayMs'), READY_MS),
    plain("start → the village's house answers and can play", 'ms', of('houseMs'), READY_MS),
  ];
}

const RUNS = 'runs; player';
const DASUO = '533324101205';
const boxOf = (county: Unpacked) => join(county.data, 'box');

/** The Dasuo of the demo county: a gateway of that county, and a house of its own below it. */
async function beginVillage(county: Unpacked, village: Unpacked): Promise<void> {
  await (await county.start(['gateway', 'try', '--dir', boxOf(county)], RUNS)).stop();
  await enrolBelow(county, village, DASUO);
}

async function round(county: Unpacked, village: Unpacked): Promise<Round> {
  const started: Started[] = [];
  try {
    const house = await village.start(['start'], 'ready in');
    started.push(house);
    const gateway = await county.start(['gateway', 'run', '--dir', boxOf(county)], RUNS);
    started.push(gateway);
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    return { gatewayMb: residentMb(gateway.pid), houseMb: residentMb(house.pid), gatewayMs: gateway.tookMs, houseMs: house.tookMs };
  } finally {
    for (const one of started.reverse()) await one.stop();
  }
}

function residentMb(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return (Number(kilobytes) * 1_024) / MB;
}
