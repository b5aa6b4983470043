// A house of a demo in a process of its own, as an operator starts it.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answers } from '../cli/client.ts';
import { until } from './story.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const READY_MS = 180_000;
const STOP_MS = 20_000;

export interface HouseProcess {
  url: string;
  dataDir: string;
  stop(): Promise<void>;
}

/** Where a house stands. */
export interface Network {
  /** It listens there, and is reached there by this process. */
  listen: string;
  host: string;
  /** What runs a program there; nothing when it is this process's own. */
  enter: readonly string[];
}

export const LOOPBACK: Network = { listen: '127.0.0.1', host: '127.0.0.1', enter: [] };

export interface HousePlan {
  dataDir: string;
  port: number;
  mqttPort: number;
  /** The loopback when not given. */
  network?: Network;
}

export function environmentOf({ dataDir, port, mqttPort, network = LOOPBACK }: HousePlan): Record<string, string> {
  const at = { LABA_PORT: String(port), LABA_MQTT_PORT: String(mqttPort), LABA_HOST: network.listen };
  return { PATH: pathOf(), LABA_DATA: dataDir, ...at, LABA_LOG_LEVEL: 'warn' };
}

function programOf({ network = LOOPBACK }: HousePlan, ...args: string[]): [string, string[]] {
  const [program, ...rest] = [...network.enter, process.execPath, MAIN, ...args];
  return [program!, rest];
}

// The voice and the player are programs of the machine.
const pathOf = () => ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'].join(':');

/** Resolves when it answers; its words go into `house.log` beside its data. @throws when it is not ready in time */
export async function startHouseProcess(plan: HousePlan): Promise<HouseProcess> {
  mkdirSync(plan.dataDir, { recursive: true, mode: 0o700 });
  const log = openSync(join(plan.dataDir, '..', `${plan.port}.log`), 'a', 0o600);
  // It goes when the line to its starter is cut.
  const child = spawn(...programOf(plan, 'start'), { env: environmentOf(plan), stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const url = `http://${(plan.network ?? LOOPBACK).host}:${plan.port}`;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  await until(`the house in ${plan.dataDir} answers`, READY_MS, async () => {
    if (isGone()) throw new Error(`The house in ${plan.dataDir} ended with code ${child.exitCode}: see its log beside that folder.`);
    return (await answers(url)) ? true : undefined;
  });
  const stop = async () => {
    if (isGone()) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(timer);
  };
  return { url, dataDir: plan.dataDir, stop };
}

/** Runs one command of the terminal to its end. @throws with its last line when it fails */
export async function runLaba(plan: HousePlan, ...args: string[]): Promise<void> {
  const child = spawn(...programOf(plan, ...args), { env: environmentOf(plan), stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`laba ${args[0]} ${args[1] ?? ''} ended with ${String(code)}: ${said.trim().split('\n').at(-1)}`);
}
