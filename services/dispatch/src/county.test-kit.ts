// A small county for dispatch's tests: a real database, relay and queue; a fake clock and a fake line to the broker.
import { and, asc, eq } from 'drizzle-orm';
import type { AlertState, Mode } from '@laba/domain/alert';
import { topics, type GatewayState, type PlayReport, type SignedCommand, type SignedPayload, type TrustedKey } from '@laba/domain/gateway-protocol';
import { makeIds, type Ids } from '@laba/domain/ids';
import { newKeyPair, open } from '@laba/messaging/envelope';
import { MemoryQueue } from '@laba/messaging/memory-queue';
import { readConfig } from '@laba/runtime/config';
import { FakeClock } from '@laba/runtime/fake-clock';
import { silentLog } from '@laba/runtime/log';
import { Relay } from '@laba/runtime/relay';
import type { Deps, Service } from '@laba/runtime/service';
import { Vault } from '@laba/runtime/vault';
import { any, type Database, type Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { loadJob, type Job } from '@laba/storage/jobs';
import { noReactions } from '@laba/storage/no-reactions.test-kit';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import type { Tables } from '@laba/storage/tables';
import { HighestSeqs, NewerBooks, Twins, type DispatchDeps } from './dispatch-deps.ts';
import { FakeMqtt } from './fake-mqtt.test-kit.ts';
import { dispatchService } from './service.ts';
import { Signer } from './signing-key-store.ts';

export const COUNTY = '533324';
export const VILLAGE = '533324100201';
export const OTHER_VILLAGE = '533324101203';
export const GROUP = '53332410020101';

interface GatewaySeed {
  id: string;
  gridCode: string;
  speakers: string[];
}

const GATEWAYS: GatewaySeed[] = [
  { id: 'gw-1', gridCode: GROUP, speakers: ['sp-1'] },
  { id: 'gw-2', gridCode: VILLAGE, speakers: ['sp-2', 'sp-2b'] },
  { id: 'gw-3', gridCode: OTHER_VILLAGE, speakers: ['sp-3'] },
];

interface RaiseOptions {
  alertId?: string;
  mode?: Mode;
  areaCodes?: string[];
  playTimes?: number;
  minutes?: number;
  text?: string;
  languages?: number;
  level?: 'red' | 'yellow';
}

export class TestCounty {
  readonly clock = new FakeClock();
  readonly mqtt = new FakeMqtt();
  readonly db: SqliteDatabase<Tables>;
  readonly ids: Ids;
  readonly deps: DispatchDeps;
  readonly keys: TrustedKey[] = [];
  service: Service;
  relay: Relay;
  #numbers = new Map<string, number>();

  constructor(db: SqliteDatabase<Tables>) {
    this.db = db;
    let seed = 7;
    this.ids = makeIds(
      () => this.clock.now(),
      (size) => Uint8Array.from({ length: size }, () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % 256),
    );
    const base: Deps = {
      config: readConfig({}, { county: COUNTY, logLevel: 'silent' }),
      db,
      mqtt: this.mqtt,
      clock: this.clock,
      ids: this.ids,
      log: silentLog,
      vault: new Vault(Buffer.alloc(32, 1)),
    };
    this.deps = { ...base, signer: new Signer(base), seqs: new HighestSeqs(base), newerBooks: new NewerBooks(base.clock), twins: new Twins(base.clock) };
    this.service = dispatchService(base);
    this.relay = this.#newRelay();
  }

  static async open(gateways: readonly GatewaySeed[] = GATEWAYS, file = ':memory:'): Promise<TestCounty> {
    const county = new TestCounty(SqliteDatabase.open(file, HOUSE));
    await county.#seed(gateways);
    await county.service.start?.();
    await county.relay.start();
    return county;
  }

  /** A new process on the same database. */
  async restart(): Promise<void> {
    await this.relay.stop();
    await this.service.stop?.();
    this.service = dispatchService(this.deps);
    this.relay = this.#newRelay();
    await this.service.start?.();
    await this.relay.start();
  }

  async close(): Promise<void> {
    await this.relay.stop();
    await this.service.stop?.();
    await this.db.close();
  }

  #newRelay(): Relay {
    const { db, clock, ids } = this;
    const consumers = new Map(Object.entries(this.service.consumers ?? {})) as ConstructorParameters<typeof Relay>[1];
    return new Relay({ db, clock, ids, log: silentLog, queue: new MemoryQueue((ms) => clock.sleep(ms)) }, consumers);
  }

  async #seed(gateways: readonly GatewaySeed[]): Promise<void> {
    const ops: Op[] = [];
    for (const [kid, modes] of [
      [`${COUNTY}-live`, ['live']],
      [`${COUNTY}-drill`, ['drill', 'test']],
    ] as [string, Mode[]][]) {
      const pair = newKeyPair();
      this.keys.push({ kid, alg: 'Ed25519', publicKey: pair.publicKey, scope: COUNTY, modes });
      ops.push(
        any((q, t) =>
          q
            .insert(t.signingKey)
            .values({ kid, scope: COUNTY, modes, publicKey: pair.publicKey, privateCipher: this.deps.vault.encrypt(pair.privateKey), createdAtMs: 0 })
            .returning({ kid: t.signingKey.kid }),
        ),
      );
    }
    for (const one of gateways) {
      ops.push(
        any((q, t) =>
          q
            .insert(t.site)
            .values({ id: `site-${one.id}`, name: one.id, gridCode: one.gridCode })
            .returning({ id: t.site.id }),
        ),
        any((q, t) =>
          q
            .insert(t.gateway)
            .values({ id: one.id, siteId: `site-${one.id}`, gridCode: one.gridCode, status: 'active', passwordHash: '', publicKey: '', createdAtMs: 0 })
            .returning({ id: t.gateway.id }),
        ),
        any((q, t) =>
          q
            .insert(t.speaker)
            .values(one.speakers.map((id) => ({ id, siteId: `site-${one.id}`, gatewayId: one.id, gridCode: one.gridCode, name: id })))
            .returning({ id: t.speaker.id }),
        ),
      );
    }
    for (let i = 0; i < ops.length; i += 900) await this.db.atomically(ops.slice(i, i + 900));
  }

  async addSpeakerWithoutGateway(id: string, gridCode: string): Promise<void> {
    await this.db.atomically([
      any((q, t) => q.insert(t.speaker).values({ id, siteId: 'site-bare', gatewayId: null, gridCode, name: id }).returning({ id: t.speaker.id })),
    ]);
  }

  /** What alerting writes when an alert is raised; dispatch's jobs only. */
  async raise(options: RaiseOptions = {}): Promise<string> {
    const alertId = options.alertId ?? 'alert-1';
    const areaCodes = options.areaCodes ?? [COUNTY];
    await this.#write(alertId, 1, options, areaCodes, 'alert.raised');
    return alertId;
  }

  /** The full next revision. */
  async update(alertId: string, revision: number, areaCodes: string[], options: RaiseOptions = {}): Promise<void> {
    await this.#write(alertId, revision, options, areaCodes, 'alert.updated');
  }

  async #write(alertId: string, revision: number, options: RaiseOptions, areaCodes: string[], type: 'alert.raised' | 'alert.updated'): Promise<void> {
    const nowMs = this.clock.now();
    const mode = options.mode ?? 'live';
    const level = options.level ?? 'red';
    const endTimeMs = nowMs + (options.minutes ?? 60) * 60_000;
    const words = (text: string) => Array.from({ length: options.languages ?? 1 }, (_, i) => ({ language: i === 0 ? 'zh-CN' : `x-${i}`, title: '预警', text }));
    const subject = { mode, kind: 'warning', level, order: null, eventCode: '11D00' } as const;
    const alert = {
      id: alertId,
      ...subject,
      state: 'raised',
      revision,
      draftedBy: 'o-1',
      raisedBy: 'o-1',
      createdAtMs: nowMs,
      raisedAtMs: nowMs,
      endTimeMs,
    } as const;
    await this.db.atomically([
      any((q, t) => q.insert(t.alert).values(alert).onConflictDoUpdate({ target: t.alert.id, set: { revision, endTimeMs } }).returning({ id: t.alert.id })),
      any((q, t) =>
        q
          .insert(t.alertRevision)
          .values({
            alertId,
            revision,
            ...subject,
            issuer: '县气象台',
            texts: words(options.text ?? '请立即转移'),
            endTexts: words('预警解除'),
            cancelTexts: words('预警取消'),
            areaCodes,
            siren: mode === 'live',
            playTimes: options.playTimes ?? 0,
            intervalSeconds: 60,
            volume: 90,
            startTimeMs: nowMs,
            endTimeMs,
            draftedBy: 'o-1',
            raisedAtMs: nowMs,
            raisedAtCode: COUNTY,
          })
          .returning({ alertId: t.alertRevision.alertId }),
      ),
      any((q, t) =>
        q
          .insert(t.alertArea)
          .values(areaCodes.map((code) => ({ alertId, revision, code })))
          .returning({ code: t.alertArea.code }),
      ),
      ...record(this.ids, {
        type,
        atMs: nowMs,
        who: 'officer:o-1',
        via: 'http',
        gridCode: COUNTY,
        alertId,
        subjectId: alertId,
        data: { revision, mode, areaCodes, officers: ['o-1'] },
        due: { ...noReactions('alert.raised'), 'dispatch.freeze-audience': nowMs },
        urgent: true,
      }),
    ]);
  }

  async quieten(alertId: string, revision = 1): Promise<void> {
    await this.db.atomically([
      any((q, t) => q.update(t.alert).set({ quiet: true }).where(eq(t.alert.id, alertId)).returning({ id: t.alert.id })),
      ...record(this.ids, {
        type: 'alert.quietened',
        atMs: this.clock.now(),
        who: 'officer:o-1',
        via: 'http',
        gridCode: COUNTY,
        alertId,
        subjectId: alertId,
        data: { revision },
      }),
    ]);
  }

  /** What alerting writes when an alert is over. */
  async over(alertId: string, state: Extract<AlertState, 'ended' | 'cancelled' | 'expired'>, revision = 1): Promise<void> {
    const atMs = this.clock.now();
    const common = { atMs, who: 'officer:o-1', via: 'http', gridCode: COUNTY, alertId, subjectId: alertId, due: { 'mobilization.close-calls': null } } as const;
    const data = { revision, mode: 'live', reason: state } as const;
    const event =
      state === 'expired'
        ? record(this.ids, { ...common, type: 'alert.expired', data: { ...data, unreached: 0 } })
        : record(this.ids, { ...common, type: `alert.${state}`, data });
    await this.db.atomically([
      any((q, t) => q.update(t.alert).set({ state, overAtMs: atMs }).where(eq(t.alert.id, alertId)).returning({ id: t.alert.id })),
      ...event,
    ]);
  }

  /** What the broker was given on topics that end so, opened and checked. */
  heard(topicEnd: string): SignedPayload[] {
    return this.mqtt.published.filter((one) => one.topic.endsWith(topicEnd)).map((one) => this.opened(one.payload));
  }

  commandsOn(topicEnd: string): SignedCommand[] {
    return this.heard(topicEnd).filter((one) => one.type === 'command');
  }

  opened(payload: string): SignedPayload {
    const result = open(payload, this.keys, COUNTY);
    if ('refused' in result) throw new Error(`A device would refuse this: ${result.refused}`);
    return result.payload;
  }

  deliveries(): Promise<Tables['delivery']['$inferSelect'][]> {
    return this.db.read((q, t) => q.select().from(t.delivery).orderBy(asc(t.delivery.revision), asc(t.delivery.id)));
  }

  /** State of each delivery by speaker, for one purpose and revision. */
  async states(purpose: 'alert' | 'all-clear' | 'cancellation' = 'alert', revision = 1): Promise<Record<string, string>> {
    const rows = (await this.deliveries()).filter((row) => row.purpose === purpose && row.revision === revision);
    return Object.fromEntries(rows.map((row) => [row.speakerId, row.reason === null ? row.state : `${row.state} ${row.reason}`]));
  }

  events(type: string): Promise<Tables['event']['$inferSelect'][]> {
    return this.db.read((q, t) => q.select().from(t.event).where(eq(t.event.type, type)).orderBy(asc(t.event.seq)));
  }

  async openJobs(consumer: string): Promise<Job[]> {
    const rows = await this.db.read((q, t) => q.select().from(t.job).where(eq(t.job.consumer, consumer)));
    const jobs = await Promise.all(rows.filter((row) => row.doneAtMs === null).map((row) => loadJob(this.db as Database, row.id)));
    return jobs.filter((job) => job !== undefined);
  }

  async held(gatewayId: string): Promise<number | undefined> {
    const [row] = await this.db.read((q, t) => q.select().from(t.gatewayStatus).where(eq(t.gatewayStatus.gatewayId, gatewayId)));
    return row?.reportsHeldUpTo;
  }

  async isOnline(gatewayId: string): Promise<boolean | undefined> {
    const [row] = await this.db.read((q, t) =>
      q
        .select()
        .from(t.gatewayStatus)
        .where(and(eq(t.gatewayStatus.gatewayId, gatewayId))),
    );
    return row?.online;
  }

  /** A report with the next number of the gateway's journal, unless one is given. */
  nextReport(gatewayId: string, report: Partial<PlayReport> & Pick<PlayReport, 'speakerId' | 'state'>): PlayReport {
    const number = report.number ?? (this.#numbers.get(gatewayId) ?? 0) + 1;
    this.#numbers.set(gatewayId, number);
    return { commandId: 'command', alertId: 'alert-1', revision: 1, purpose: 'alert', repeat: 0, ...report, number };
  }

  async report(gatewayId: string, ...reports: (Partial<PlayReport> & Pick<PlayReport, 'speakerId' | 'state'>)[]): Promise<void> {
    await this.send(
      gatewayId,
      reports.map((one) => this.nextReport(gatewayId, one)),
    );
  }

  /** The same word from each of the four speakers. */
  async everyoneReports(state: 'received' | 'playing' | 'stopped', more: Pick<Partial<PlayReport>, 'reason' | 'repeat' | 'purpose'> = {}): Promise<void> {
    for (const one of GATEWAYS) await this.report(one.id, ...one.speakers.map((speakerId) => ({ speakerId, state, ...more })));
  }

  async send(gatewayId: string, reports: readonly PlayReport[], journalId = 'journal-1'): Promise<void> {
    await this.mqtt.deliver(topics.gatewayReport(COUNTY, gatewayId), { journalId, reports });
  }

  state(gatewayId: string, change: Partial<GatewayState> = {}): GatewayState {
    const speakers = GATEWAYS.find((one) => one.id === gatewayId)?.speakers ?? [];
    return {
      state: 'online',
      bootCounter: 1,
      journalId: 'journal-1',
      software: 'test',
      clockKnown: true,
      power: { source: 'mains' },
      speakers: speakers.map((speakerId) => ({ speakerId, player: 'ok' as const })),
      reportsWaiting: 0,
      ...change,
    };
  }

  async heartbeat(gatewayId: string, change: Partial<GatewayState> = {}): Promise<void> {
    await this.mqtt.deliver(topics.gatewayState(COUNTY, gatewayId), this.state(gatewayId, change));
  }

  async hello(gatewayId: string, nonce: string, journalId = 'journal-1'): Promise<void> {
    await this.mqtt.deliver(topics.gatewayHello(COUNTY, gatewayId), { nonce, highestSeq: 0, bootCounter: 1, journalId });
  }
}
