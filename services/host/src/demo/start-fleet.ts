// The simulated gateways: real gateway code in a few child processes, each holding many.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FleetPlan } from '@laba/gateway/fleet-process';

const ENTRY = fileURLToPath(import.meta.resolve('@laba/gateway/fleet-process'));
const READY_MS = 90_000;

export interface FleetProcess {
  readonly plan: FleetPlan;
  readonly child: ChildProcess;
  /** SIGTERM, then waits; SIGKILL when it does not go. */
  stop(): Promise<void>;
}

/** Starts one process for the plan and resolves when all its gateways are connected. @throws when it is not ready in time. */
export async function startFleet(plan: FleetPlan, planDir: string, name: string): Promise<FleetProcess> {
  mkdirSync(planDir, { recursive: true, mode: 0o700 });
  const file = join(planDir, `${name}.plan.json`);
  writeFileSync(file, JSON.stringify(plan), { mode: 0o600 });
  const child = fork(ENTRY, [file], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  await ready(child, name);
  return { plan, child, stop: () => stopChild(child) };
}

function ready(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The simulated gateways (${name}) were not ready within ${READY_MS / 1000} s.`)), READY_MS);
    let seen = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      seen = (seen + chunk.toString()).slice(-4_096);
      if (!seen.includes('"ready"')) return;
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The simulated gateways (${name}) ended with code ${code}.`));
    });
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}
