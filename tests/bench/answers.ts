// One answer of every gateway: the product's whole report path without a broker, and the bare statements that write the same rows.
import { randomBytes } from 'node:crypto';
import SqliteDriver from 'better-sqlite3';
import { topics } from '@laba/domain/gateway-protocol';
import { makeIds, type Ids } from '@laba/domain/ids';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import { dispatchService } from '@laba/dispatch/service';
import type { MessageHandler, Mqtt } from '@laba/messaging/mqtt';
import { systemClock } from '@laba/runtime/clock';
import { configSchema } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import type { Deps } from '@laba/runtime/service';
import { Vault } from '@laba/runtime/vault';
import { any } from '@laba/storage/database';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import type { Tables } from '@laba/storage/tables';
import { benchGateways, COUNTY, writeCounty, type BenchGateway } from './bench-county.ts';
import { median, perSecond } from './figure.ts';

const ALERT = 'alert-1';
const SINGLES = 50;
const newIds = () => makeIds(() => Date.now(), randomBytes);

/** A line on which nobody is: what would arrive is handed to the house's own handlers. */
class InHand implements Mqtt {
  readonly online = true;
  readonly handlers = new Map<string, MessageHandler>();
  async publish(): Promise<void> {}
  async subscribe(filter: string, handler: MessageHandler): Promise<void> {
    this.handlers.set(filter, handler);
  }
  onLine(): () => void {
    return () => {};
  }
  async close(): Promise<void> {}
}

interface Laid {
  deps: Deps;
  mqtt: InHand;
  gateways: BenchGateway[];
}

/** A county whose every speaker has a delivery that was sent. */
async function layOut(file: string, count: number): Promise<Laid> {
  const db = SqliteDatabase.open(file, HOUSE);
  const mqtt = new InHand();
  const config = configSchema.parse({ county: COUNTY, logLevel: 'silent' });
  const deps: Deps = { config, db, mqtt, clock: systemClock, ids: newIds(), log: silentLog, vault: new Vault(Buffer.alloc(32, 1)) };
  await writeCounty(deps, count);
  const gateways = benchGateways(count);
  await db.atomically([
    any((q, t) => q.insert(t.policy).values({ county: COUNTY, policy: DEFAULT_POLICY }).onConflictDoNothing().returning({ county: t.policy.county })),
  ]);
  for (let i = 0; i < count; i += 500) {
    const rows = gateways.slice(i, i + 500).map(deliveryOf);
    await db.atomically([any((q, t) => q.insert(t.delivery).values(rows).returning({ id: t.delivery.id }))]);
  }
  return { deps, mqtt, gateways };
}

function deliveryOf(one: BenchGateway): Tables['delivery']['$inferInsert'] {
  return {
    id: deliveryId(one),
    alertId: ALERT,
    revision: 1,
    purpose: 'alert',
    speakerId: one.speakerId,
    gatewayId: one.id,
    siteId: `site-${one.id}`,
    gridCode: one.gridCode,
    mode: 'live',
    playTimes: 0,
    state: 'sent',
    changedAtMs: 1,
  };
}

const deliveryId = (one: BenchGateway) => `${ALERT}:1:a:${one.speakerId}`;

const message = (one: BenchGateway, number: number, state: string) =>
  Buffer.from(
    JSON.stringify({
      journalId: 'journal-of-this-gateway',
      reports: [{ number, commandId: 'c', alertId: ALERT, revision: 1, purpose: 'alert', speakerId: one.speakerId, state, repeat: number - 1 }],
    }),
  );

/** Answers per second until all are durable; the time of one by itself. */
export async function answersProduct(file: string, count: number): Promise<{ rate: number; singleMs: number }> {
  const { deps, mqtt, gateways } = await layOut(file, count);
  const service = dispatchService(deps);
  await service.start?.();
  const handler = mqtt.handlers.get(topics.gatewayReport(COUNTY, '+'))!;
  const messages = gateways.map((one) => ({ topic: topics.gatewayReport(COUNTY, one.id), payload: message(one, 1, 'received') }));
  const begun = performance.now();
  await Promise.all(messages.map(async (one) => handler(one.topic, one.payload)));
  const rate = perSecond(count, performance.now() - begun);
  const singles: number[] = [];
  for (const one of gateways.slice(0, SINGLES)) {
    const from = performance.now();
    await handler(topics.gatewayReport(COUNTY, one.id), message(one, 2, 'playing'));
    singles.push(performance.now() - from);
  }
  await service.stop?.();
  await deps.db.close();
  return { rate, singleMs: median(singles) };
}

/** Answers per second of the bare statements, all in one durable transaction. */
export async function answersFloor(file: string, count: number): Promise<number> {
  const { deps, gateways } = await layOut(file, count);
  await deps.db.close();
  const db = new SqliteDriver(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  const rate = writeBare(db, gateways, deps.ids);
  db.close();
  return rate;
}

function writeBare(db: SqliteDriver.Database, gateways: readonly BenchGateway[], ids: Ids): number {
  const held = db.prepare('insert into gateway_report values (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const moved = db.prepare("update delivery set state = 'received', repeat = ?, changed_at_ms = ?, version = version + 1 where id = ? and version = ?");
  const event = db.prepare('insert into event (id, type, at_ms, who, via, grid_code, alert_id, subject_id, data) values (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const speaker = db.prepare("insert into speaker_status (speaker_id, player, last_received_at_ms) values (?, 'ok', ?)");
  const status = db.prepare(
    'insert into gateway_status (gateway_id, site_id, grid_code, online, last_seen_at_ms, boot_counter, journal_id, reports_held_up_to) values (?, ?, ?, 1, ?, 0, ?, ?)',
  );
  const data = JSON.stringify({ repeat: 0, purpose: 'alert', revision: 1 });
  const begun = performance.now();
  db.exec('begin immediate');
  for (const one of gateways) {
    const at = Date.now();
    held.run(one.id, 'journal-of-this-gateway', 1, ALERT, 1, one.speakerId, 'received', 0, at);
    moved.run(0, at, deliveryId(one), 1);
    event.run(ids(), 'delivery.received', at, `gateway:${one.id}`, 'mqtt', one.gridCode, ALERT, deliveryId(one), data);
    speaker.run(one.speakerId, at);
    status.run(one.id, `site-${one.id}`, one.gridCode, at, 'journal-of-this-gateway', 1);
  }
  db.exec('commit');
  return perSecond(gateways.length, performance.now() - begun);
}
