// Mosquitto is killed and forgets everybody while a village's boxes answer an order: their journals say it again, and nothing is lost.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '@laba/domain/gateway-protocol';
import { startMosquitto, type MosquittoServer } from '@laba/engines/mosquitto-server';
import { startRedis } from '@laba/engines/redis-server';
import { createGateway, type Gateway } from '@laba/gateway/gateway';
import { SPOOL } from '@laba/gateway/spool-tables';
import { compose, type House } from '@laba/host/compose';
import { realWorld } from '@laba/host/start-house';
import { newKeyPair } from '@laba/messaging/envelope';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { enrolDirectly } from '@laba/registry/enrol-gateway';
import { importCsv } from '@laba/registry/import-csv';
import { systemClock } from '@laba/runtime/clock';
import { configSchema, type Config } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import type { Act } from '@laba/runtime/auth';
import { freshDatabaseUrl } from '@laba/storage/postgres.test-kit';
import { SqliteDatabase } from '@laba/storage/sqlite';
import { FakePole, fakeVoice } from '../harness/fake-pole.ts';
import { tellFault } from '../harness/fault-report.ts';
import { hasEveryEngine } from '../harness/installed-engines.ts';
import { callOff, raiseOrder } from '../harness/live-alert.ts';
import { PersistentOfficer } from '../harness/persistent-officer.ts';
import { populate } from '../harness/populate.ts';
import { COUNTY, DASUO } from '../harness/small-county.ts';

const PASSWORD = 'a password for bursts only';
const BOXES = 20;
const SETUP: Act = { who: 'system', via: 'cli', once: [] };
const PATIENCE = { timeout: 60_000, interval: 100 };

describe.skipIf(!hasEveryEngine())('Mosquitto beside a house (needs PostgreSQL, Redis and Mosquitto)', () => {
  const undo: (() => Promise<unknown> | void)[] = [];
  let dir: string;
  let mosquitto: MosquittoServer;
  let config: Config;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-burst-'));
    chmodSync(dir, 0o711);
    undo.push(() => rmSync(dir, { recursive: true, force: true }));
    const postgres = await freshDatabaseUrl();
    undo.push(() => postgres.drop());
    const redis = await startRedis({ dir: join(dir, 'redis') });
    undo.push(() => redis.stop());
    mosquitto = await startMosquitto({ dir: join(dir, 'mosquitto'), county: COUNTY, adminPassword: randomBytes(12).toString('hex') });
    undo.push(() => mosquitto.stop());
    const engines = { profile: 'clustered', databaseUrl: postgres.url, redisUrl: redis.url, brokerUrl: mosquitto.url } as const;
    config = configSchema.parse({ ...engines, county: COUNTY, dataDir: join(dir, 'data'), port: 0, logLevel: 'silent' });
  });
  afterEach(async () => {
    for (const one of undo.splice(0).toReversed()) await one();
  });

  async function open(settings: Partial<Config> = {}): Promise<House> {
    const house = await compose({ ...config, ...settings }, { ...realWorld(config, false), mayLoseCommits: true });
    undo.push(() => house.stop());
    return house;
  }

  async function startBox(identity: Awaited<ReturnType<typeof enrolDirectly>>[number]): Promise<Gateway> {
    const spool = SqliteDatabase.open(join(dir, `${identity.gatewayId}.db`), SPOOL);
    const gateway = createGateway({
      identity,
      spool,
      player: new FakePole(systemClock, () => {}),
      voice: fakeVoice,
      clock: systemClock,
      ids: realWorld(config, false).ids,
      log: silentLog,
      software: 'test',
      connect: (connection) => connectMqtt({ ...connection, url: `mqtt://127.0.0.1:${mosquitto.port}` }, { log: silentLog, reconnectMs: 50 }),
    });
    undo.push(async () => {
      await gateway.stop();
      await spool.close();
    });
    await gateway.start();
    return gateway;
  }

  it('killed and emptied while twenty boxes answer: each answer is in the timeline once in the end', async () => {
    const house = await open();
    await populate(house.deps, PASSWORD, () => newKeyPair().publicKey);
    const rows = Array.from({ length: BOXES }, (_, i) => `burst-${i},演示${i},${DASUO},test,burst-${i}-a,喇叭`);
    const bytes = Buffer.from(['site_id,name,grid_code,placed_by,speaker_id,speaker_name', ...rows].join('\n'));
    await importCsv(house.deps, { kind: 'sites', bytes, dryRun: false, county: COUNTY }, SETUP);
    const sites = rows.map((_, i) => ({ siteId: `burst-${i}`, publicKey: newKeyPair().publicKey }));
    const identities = await enrolDirectly(house.deps, sites, SETUP);
    await house.start();
    const boxes = await Promise.all(identities.map(startBox));
    await expect.poll(() => boxes.filter((box) => box.online).length, PATIENCE).toBe(BOXES);

    const firstAnswer = new Promise<void>((resolve) => {
      void house.deps.mqtt.subscribe(topics.gatewayReport(COUNTY, '+'), () => resolve());
    });
    const officer = await new PersistentOfficer({ url: house.url(), acknowledged: [], asked: [] } as never, 'cadre1', PASSWORD).signIn();
    const alertId = await raiseOrder(officer);
    await firstAnswer;
    await mosquitto.restart({ kill: true, empty: true });
    const backAt = performance.now();
    const told = async (what: 'delivery.received' | 'delivery.playing') => {
      const ofAlert = await house.deps.db.read((q, t) => q.select().from(t.event).where(eq(t.event.alertId, alertId)));
      const speakers = ofAlert.filter(({ type }) => type === what).map(({ subjectId }) => subjectId.split(':').at(-1)!);
      return speakers.filter((speaker) => speaker.startsWith('burst-'));
    };
    const before = (await told('delivery.playing')).length;
    await expect.poll(async () => new Set(await told('delivery.playing')).size, PATIENCE).toBe(BOXES);
    await expect.poll(() => boxes.filter((box) => box.reportsWaiting > 0).length, PATIENCE).toBe(0);
    const recoveryMs = performance.now() - backAt;
    expect((await told('delivery.received')).toSorted()).toEqual(sites.map(({ siteId }) => `${siteId}-a`).toSorted());
    await callOff(officer, alertId, 'cancel');
    const states = () =>
      house.deps.db.read((q, t) => q.select({ id: t.delivery.speakerId, state: t.delivery.state }).from(t.delivery).where(eq(t.delivery.alertId, alertId)));
    await expect.poll(async () => (await states()).filter(({ id, state }) => id.startsWith('burst-') && state === 'stopped').length, PATIENCE).toBe(BOXES);
    tellFault({
      fault: 'Mosquitto: kill -9 in a burst, back empty',
      profile: 'clustered',
      seen: `${BOXES} boxes, ${before} known to play when it came back: each answer in the timeline once`,
      recoveryMs,
    });
  });

  it('that refuses the county’s password is said on /readyz within a minute, and what to look at', async () => {
    const wrong = new URL(mosquitto.url);
    wrong.password = 'not-the-password';
    const house = await open({ brokerUrl: wrong.href });
    await house.start();
    const readyz = async () => JSON.stringify(await (await fetch(`${house.url()}/readyz`)).json());
    await expect.poll(readyz, PATIENCE).toMatch(/broker: away for \d+ s.*the broker refused the account 'county': wrong user name or password/);
    expect(await readyz()).not.toContain('not-the-password');
  });
});
