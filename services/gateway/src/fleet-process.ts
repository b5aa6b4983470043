// The entry of a child process that runs many gateways: reads its plan, says `ready`, goes when it is told or when its parent is gone.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { gatewayIdentitySchema } from '@laba/domain/gateway-protocol';
import { makeIds } from '@laba/domain/ids';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { every, systemClock } from '@laba/runtime/clock';
import { openLog } from '@laba/runtime/log';
import { withDeadSpeakers } from './dead-player.ts';
import { runFleet, type Fleet } from './fleet.ts';
import { playerOf } from './players.ts';
import { SOFTWARE } from './software.ts';

const PARENT_CHECK_MS = 1_000;

const fleetPlanSchema = z.object({
  identities: z.array(gatewayIdentitySchema).min(1),
  /** Holds the spool, the sounds and the play log. */
  dataDir: z.string(),
  audioCacheDir: z.string(),
  /** `wav` or `aplay:DEVICE`. */
  player: z.string(),
  faults: z.object({ deadSpeakers: z.array(z.string()) }),
  /** When this process is gone, the fleet goes too. */
  parentPid: z.number().int(),
  logLevel: z.string().default('warn'),
});
export type FleetPlan = z.input<typeof fleetPlanSchema>;

async function main(file: string): Promise<void> {
  const plan = fleetPlanSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  let running: Fleet | undefined;
  leaveWith(plan.parentPid, async () => running?.stop());
  running = await startFleet(plan);
  const online = running.gateways.filter((gateway) => gateway.online).length;
  process.stdout.write(
    `${JSON.stringify({ ready: true, gateways: running.gateways.length, online, rssMb: Math.round(process.memoryUsage().rss / 1_048_576) })}\n`,
  );
}

// Also before anything is connected: a fleet whose house died while both were starting would try to reach it for ever.
function leaveWith(parentPid: number, stop: () => Promise<void>): void {
  let isLeaving = false;
  const leave = () => {
    if (isLeaving) return;
    isLeaving = true;
    stop().then(
      () => end(0),
      () => end(1),
    );
  };
  for (const told of ['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect']) process.on(told, leave);
  // Nobody reads any more what is written here: the house is gone.
  process.stdout.on('error', leave);
  every(
    systemClock,
    PARENT_CHECK_MS,
    () => (isAlive(parentPid) ? undefined : leave()),
    () => {},
  );
}

function startFleet(plan: z.infer<typeof fleetPlanSchema>): Promise<Fleet> {
  const log = openLog(plan.logLevel, false);
  return runFleet({
    identities: plan.identities,
    dataDir: plan.dataDir,
    audioCacheDir: plan.audioCacheDir,
    player: withDeadSpeakers(playerOf(plan.player, join(plan.dataDir, 'sounds'), systemClock), new Set(plan.faults.deadSpeakers)),
    clock: systemClock,
    monotonicMs: () => performance.now(),
    ids: makeIds(() => systemClock.now(), randomBytes),
    log,
    software: SOFTWARE,
    connect: (connection) => connectMqtt(connection, { log }),
  });
}

function end(code: number): void {
  // oxlint-disable-next-line eslint/no-restricted-properties -- this file is the main of its own process
  process.exit(code);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

await main(process.argv[2] ?? '');
