// What a village's box must hold: the archive's own processes at rest, and how soon after its start a house answers and a gateway can play.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arch } from '../../infra/archive/addons.ts';
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

/** As the archive runs them, each round in a fresh process on the same county: 35 grid nodes and nobody in it. */
export async function footprintBench({ rounds }: BenchOptions): Promise<Figure[]> {
  const made = await freshArchive(process.arch as Arch);
  const village = await Unpacked.from(made.file);
  try {
    await beginVillage(village);
    const counted: Round[] = [];
    for (let i = 0; i <= rounds; i++) counted.push(await round(village));
    counted.shift();
    return [
      plain(`archive for ${process.arch}`, 'MB', [made.bytes / MB]),
      plain(
        'memory of `gateway run` after 30 s at rest',
        'MB',
        counted.map((one) => one.gatewayMb),
        GATEWAY_MB,
      ),
      plain(
        'memory of the house without simulated gateways after 30 s at rest',
        'MB',
        counted.map((one) => one.houseMb),
        HOUSE_MB,
      ),
      plain(
        'start → the gateway runs',
        'ms',
        counted.map((one) => one.gatewayMs),
        READY_MS,
      ),
      plain(
        'start → the house is ready',
        'ms',
        counted.map((one) => one.houseMs),
        READY_MS,
      ),
    ];
  } finally {
    village.remove();
    made.remove();
  }
}

const RUNS = 'runs; player';
const PASSWORD = 'a password for the bench only';
const OFFICER = { LABA_USER: 'admin', LABA_PASSWORD: PASSWORD };
const boxOf = (village: Unpacked) => join(village.data, 'box');

/** A county with one officer and one gateway, claimed and confirmed. */
async function beginVillage(village: Unpacked): Promise<void> {
  const begun = await village.laba(['init', '--divisions', join(village.folder, 'infra/divisions/533324.csv'), '--county', '533324']);
  const house = await village.start(['start'], 'ready in');
  try {
    const path = /(\/first\/[\w-]+)/.exec(begun)?.[1];
    const set = await fetch(village.url + path!, { method: 'POST', body: new URLSearchParams({ password: PASSWORD, again: PASSWORD }) });
    if (!set.ok) throw new Error(`the officer's password was not taken: ${set.status}`);
    await (await village.start(['gateway', 'try', '--dir', boxOf(village)], RUNS, OFFICER)).stop();
  } finally {
    await house.stop();
  }
}

async function round(village: Unpacked): Promise<Round> {
  const started: Started[] = [];
  try {
    const house = await village.start(['start'], 'ready in');
    started.push(house);
    const gateway = await village.start(['gateway', 'run', '--dir', boxOf(village)], RUNS);
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
