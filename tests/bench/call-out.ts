// A call-out of a whole prefecture: planned in a few commits, then handed to a channel that takes everything, beside a bare queue.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeIds } from '@laba/domain/ids';
import { LIMITS } from '@laba/domain/limits';
import { MessageSender } from '@laba/dispatch/send-messages';
import { BullmqQueue } from '@laba/messaging/bullmq-queue';
import { planPart } from '@laba/mobilization/call-out/call-members';
import { callOut } from '@laba/mobilization/call-out/call-out';
import { findStanding } from '@laba/mobilization/call-out/call-out-store';
import type { Channel } from '@laba/runtime/channel';
import { systemClock } from '@laba/runtime/clock';
import { configSchema } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import type { Deps } from '@laba/runtime/service';
import { Vault } from '@laba/runtime/vault';
import type { Database } from '@laba/storage/database';
import type { Job } from '@laba/storage/jobs';
import { PostgresDatabase } from '@laba/storage/postgres';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { bareTableQueue } from './bare-table-queue.ts';
import { COUNTY } from './bench-county.ts';
import { startEngines, type BenchEngines } from './bench-engines.ts';
import { writeMembers, writeRaised } from './call-out-county.ts';
import { perSecond, plain, ratioOf, type Figure } from './figure.ts';
import type { BenchOptions } from './options.ts';

const PREFECTURE = 190_000;
const VILLAGE_NIGHT = 500;
const QUEUE = 'mobilization';
const PUSHED_AT_ONCE = 500;
const IN_HAND = 50_000;
/** Each plan is of an alert of its own, over the same members. */
const PLANS = 3;

const BARE = { embedded: 'a bare queue in a table, as durable', clustered: 'BullMQ alone, which keeps nothing on the disk' };

interface Measured {
  /** Of each plan. */
  planMs: number[];
  planCpuMs: number[];
  rate: number;
}

export async function callOutBench({ profile }: BenchOptions): Promise<Figure[]> {
  const engines = profile === 'clustered' ? await startEngines() : undefined;
  const dir = mkdtempSync(join(tmpdir(), 'laba-bench-call-out-'));
  // The floor before and after, so that a machine that grows busier meanwhile is seen.
  const floors: number[] = [];
  const floor = async () => void floors.push(await (engines === undefined ? bareTable(dir, floors.length) : bareBullmq(engines)));
  try {
    const few = await inHouse(engines, join(dir, 'few.db'), VILLAGE_NIGHT);
    await floor();
    const all = await inHouse(engines, join(dir, 'all.db'), PREFECTURE);
    await floor();
    return [
      plain(`${PREFECTURE} members planned: transaction time in all`, 'ms', all.planMs, 1_000),
      plain('  their part of this process, CPU', 'ms', all.planCpuMs),
      ratioOf(`their messages handed to a channel, each durable before and after / ${BARE[profile]}`, '/s', 0.8, { floor: floors, product: [all.rate] }),
      plain(`${VILLAGE_NIGHT} members planned and their messages handed over`, 'ms', [few.planMs[0]! + (VILLAGE_NIGHT / few.rate) * 1_000], 10_000),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
    await engines?.stop();
  }
}

async function inHouse(engines: BenchEngines | undefined, file: string, count: number): Promise<Measured> {
  const db: Database = engines === undefined ? SqliteDatabase.open(file, HOUSE) : await PostgresDatabase.open(engines.addresses.databaseUrl);
  const config = configSchema.parse({ county: COUNTY, logLevel: 'silent' });
  const ids = makeIds(() => Date.now(), randomBytes);
  const deps = { config, db, clock: systemClock, ids, log: silentLog, vault: new Vault(Buffer.alloc(32, 1)) } as unknown as Deps;
  const area = await writeMembers(deps, count);
  try {
    const measured: Measured = { planMs: [], planCpuMs: [], rate: Number.NaN };
    let alertId = '';
    for (let i = 0; i < PLANS; i++) {
      alertId = await writeRaised(deps, area);
      const { ms, cpuMs } = await plan(deps, alertId, area);
      measured.planMs.push(ms);
      measured.planCpuMs.push(cpuMs);
    }
    return { ...measured, rate: await handOver(deps, alertId, count) };
  } finally {
    await db.close();
  }
}

/** As the reaction does, part after part. */
async function plan(deps: Deps, alertId: string, area: string): Promise<{ ms: number; cpuMs: number }> {
  const { revision } = (await findStanding(deps.db, alertId))!;
  const spent = { ms: 0, cpuMs: 0 };
  for (let left = true; left;) {
    const part = await planPart(deps, revision, { areaCodes: [area], gridCode: area, urgent: true }, LIMITS.callsPerPlan);
    const begun = performance.now();
    const cpu = process.cpuUsage();
    await deps.db.atomically(part.ops);
    spent.ms += performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    spent.cpuMs += (user + system) / 1_000;
    left = part.left;
  }
  return spent;
}

/** The rounds as the relay runs them, and the sender beside them. */
async function handOver(deps: Deps, alertId: string, count: number): Promise<number> {
  let sent = 0;
  let allSent = () => {};
  const done = new Promise<void>((resolve) => (allSent = resolve));
  const sms: Channel = {
    name: 'sms',
    async send() {
      sent += 1;
      if (sent === count) allSent();
      return { outcome: 'sent' };
    },
  };
  const sender = new MessageSender(deps, [sms]);
  const begun = performance.now();
  await sender.start();
  const event = { id: 'e', seq: 1, type: 'calls.planned', atMs: Date.now(), who: 'system', gridCode: COUNTY, alertId, subjectId: alertId } as const;
  const job: Job = {
    ...{ id: 'j', consumer: 'mobilization.call-out', urgent: true, attempts: 0, dueAtMs: 0, doneAtMs: null },
    event: { ...event, data: { revision: 1, members: count, noChannel: 0 } },
  };
  for (let again = true; again;) {
    const { ops = [], againAtMs } = await callOut(deps, job);
    await deps.db.atomically(ops);
    again = againAtMs !== undefined && againAtMs <= Date.now();
  }
  await done;
  // Until the last outcome is written down.
  await sender.stop();
  return perSecond(count, performance.now() - begun);
}

const nothing = async () => {};

const bareTable = (dir: string, n: number) => bareTableQueue(join(dir, `bare-${n}.db`), PREFECTURE, nothing);

/** Job ids carried to a worker that does nothing. */
async function bareBullmq({ addresses }: BenchEngines): Promise<number> {
  const queue = await BullmqQueue.open({ url: addresses.redisUrl, log: silentLog, prefix: 'laba-bench-call-out' });
  let carried = 0;
  let allCarried = () => {};
  const done = new Promise<void>((resolve) => (allCarried = resolve));
  const begun = performance.now();
  queue.work(QUEUE, async () => {
    carried += 1;
    if (carried === PREFECTURE) allCarried();
  });
  for (let i = 0; i < PREFECTURE; i += PUSHED_AT_ONCE) {
    const ids = Array.from({ length: Math.min(PUSHED_AT_ONCE, PREFECTURE - i) }, (_, n) => `job-${i + n}`);
    await queue.push(QUEUE, ids, { urgent: true });
    // A queue has a limit; whoever feeds it waits.
    while (i - carried > IN_HAND) await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  const rate = perSecond(PREFECTURE, performance.now() - begun);
  await queue.close();
  return rate;
}
