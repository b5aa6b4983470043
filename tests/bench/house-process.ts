// The house under test in a process of its own, with a watch on what becomes durable and on its event loop.
import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { makeIds } from '@laba/domain/ids';
import { accountsFile } from '@laba/host/broker-accounts-file';
import { compose, type House } from '@laba/host/compose';
import { freePort } from '@laba/host/free-port';
import { systemClock } from '@laba/runtime/clock';
import { configSchema } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import type { Database, Op } from '@laba/storage/database';
import { COUNTY, writeCounty } from './bench-county.ts';
import type { Addresses } from './bench-engines.ts';
import { writeGroupMembers } from './board-county.ts';
import { answerTo, now } from './process-talk.ts';

export type HouseTask =
  | { do: 'open'; dataDir: string; gateways: number; members: number; engines?: Addresses }
  | { do: 'start' }
  | { do: 'expect'; reports: number }
  | { do: 'lag' }
  | { do: 'memory' }
  | { do: 'stop' };

export interface Durable {
  /** When each report was durable, in order. */
  times: number[];
}

let house: House;
let times: number[] = [];
let expected: { reports: number; resolve: (durable: Durable) => void } | undefined;
const lag = monitorEventLoopDelay({ resolution: 5 });

// Only what the commit confirmed counts, at the moment at which its caller is told.
function watched(db: Database): Database {
  return {
    read: (statement, values) => db.read(statement, values),
    atomically: async (ops) => {
      const rows = await db.atomically(ops);
      const reports = (ops as readonly Op[]).find((op) => typeof op.statement !== 'function' && op.statement.name === 'dispatch-hold-reports');
      if (typeof reports?.expect === 'number') noteDurable(reports.expect);
      return rows;
    },
    onCommit: (listener) => db.onCommit(listener),
    close: () => db.close(),
  };
}

function noteDurable(count: number): void {
  const atMs = now();
  for (let i = 0; i < count; i++) times.push(atMs);
  if (expected === undefined || times.length < expected.reports) return;
  expected.resolve({ times });
  expected = undefined;
}

/** Written down, and nothing started yet: a broker of its own is told first who may connect. */
async function open({ dataDir, gateways, members, engines }: Extract<HouseTask, { do: 'open' }>) {
  const config = configSchema.parse({
    port: await freePort('127.0.0.1'),
    mqttPort: await freePort('127.0.0.1'),
    dataDir,
    county: COUNTY,
    logLevel: 'silent',
    ...engines,
  });
  house = await compose(config, { clock: systemClock, ids: makeIds(() => systemClock.now(), randomBytes), log: silentLog, database: watched });
  const written = await writeCounty(house.deps, gateways);
  await writeGroupMembers(house.deps, written, members);
  const accounts = engines === undefined ? undefined : (await accountsFile(house.deps)).text;
  return { mqttPort: config.mqttPort, gateways: written, accounts };
}

async function start() {
  await house.start();
  while (!house.deps.mqtt.online) await systemClock.sleep(50);
  lag.enable();
  return { url: house.url() };
}

answerTo<HouseTask>(async (task) => {
  if (task.do === 'open') return open(task);
  if (task.do === 'start') return start();
  if (task.do === 'expect') {
    times = [];
    return new Promise<Durable>((resolve) => (expected = { reports: task.reports, resolve }));
  }
  if (task.do === 'lag') {
    const seen = { p99: lag.percentile(99) / 1e6, max: lag.max / 1e6 };
    lag.reset();
    return seen;
  }
  if (task.do === 'memory') {
    globalThis.gc?.();
    return { rss: process.memoryUsage().rss };
  }
  await house.stop();
  return {};
});
