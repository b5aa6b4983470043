// A village for tests: the county's keys, a broker in memory, poles that remember, and time in the test's hands.
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Mode } from '@laba/domain/alert';
import {
  gatewayStateSchema,
  gatewaySubscriptions,
  reportMessageSchema,
  topics,
  type GatewayHello,
  type GatewayIdentity,
  type GatewayState,
  type PlayCommand,
  type PlayReport,
  type SignedPayload,
  type TrustedKey,
} from '@laba/domain/gateway-protocol';
import { makeIds } from '@laba/domain/ids';
import type { Power } from '@laba/domain/power';
import { newKeyPair, seal, signingKey, type SigningKey } from '@laba/messaging/envelope';
import type { MessageHandler, Mqtt, MqttConnection } from '@laba/messaging/mqtt';
import { FakeClock } from '@laba/runtime/fake-clock';
import { silentLog } from '@laba/runtime/log';
import { SqliteDatabase } from '@laba/storage/sqlite';
import { createGateway, type Gateway } from './gateway.ts';
import type { PlayableSound, Player, PlayOrder, Probe, SpeakOrder } from './player.ts';
import { SPOOL, type SpoolTables } from './spool-tables.ts';
import type { Sound, Voice } from './voice.ts';

export const COUNTY = '533324';
export const TOWNSHIP = '533324100';
export const VILLAGE = '533324100201';
export const GROUP = '53332410020101';
export const START_MS = Date.UTC(2026, 6, 1, 4);

/** Only this test's county has these; another county's are other keys. */
export interface Signers {
  live: SigningKey;
  drill: SigningKey;
  township: SigningKey;
  keys: TrustedKey[];
}

export function makeSigners(): Signers {
  const made = (kid: string, scope: string, modes: Mode[]) => {
    const pair = newKeyPair();
    return { signer: signingKey(kid, pair.privateKey), key: { kid, alg: 'Ed25519' as const, publicKey: pair.publicKey, scope, modes } };
  };
  const live = made(`${COUNTY}-live`, COUNTY, ['live']);
  const drill = made(`${COUNTY}-drill`, COUNTY, ['drill', 'test']);
  const township = made(`${TOWNSHIP}-live`, TOWNSHIP, ['live']);
  return { live: live.signer, drill: drill.signer, township: township.signer, keys: [live.key, drill.key, township.key] };
}

const iso = (ms: number) => new Date(ms).toISOString();

/** A broker and a county in one: hands on what is published, remembers what was said. */
export class Line implements Mqtt {
  online = false;
  connection: MqttConnection | undefined;
  readonly reports: PlayReport[] = [];
  readonly states: GatewayState[] = [];
  readonly hellos: GatewayHello[] = [];
  readonly batches: { journalId: string; numbers: number[] }[] = [];
  readonly handlers = new Map<string, MessageHandler>();
  readonly #listeners = new Set<(online: boolean) => void>();
  onHello: (hello: GatewayHello) => void = () => {};

  async publish(topic: string, payload: string): Promise<void> {
    if (!this.online) throw new Error('broker-offline');
    const message: unknown = JSON.parse(payload);
    if (topic.endsWith('/report')) {
      const { journalId, reports } = reportMessageSchema.parse(message);
      this.batches.push({ journalId, numbers: reports.map((report) => report.number) });
      this.reports.push(...reports);
    } else if (topic.endsWith('/state')) this.states.push(gatewayStateSchema.parse(message));
    else {
      this.hellos.push(message as GatewayHello);
      this.onHello(message as GatewayHello);
    }
  }

  async subscribe(filter: string, handler: MessageHandler): Promise<void> {
    this.handlers.set(filter, handler);
  }

  onLine(listener: (online: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.online = false;
  }

  up(online: boolean): void {
    this.online = online;
    for (const listener of this.#listeners) listener(online);
  }

  deliver(topic: string, wire: string): void {
    if (!this.online) return;
    void this.handlers.get(topic)?.(topic, Buffer.from(wire));
  }
}

export interface Start extends PlayOrder {
  atMs: number;
  endedMs?: number;
  outcome?: 'played' | 'cut' | 'failed';
}

/** Remembers every start. */
export class RememberingPlayer implements Player {
  readonly name = 'remembering';
  readonly starts: Start[] = [];
  dead: string | undefined;
  /** Called the moment a sound begins. */
  onStart: (order: PlayOrder) => void = () => {};
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async play(sound: PlayableSound, order: PlayOrder, signal: AbortSignal, started: () => void): Promise<void> {
    const start: Start = { ...order, atMs: this.#clock.now() };
    this.starts.push(start);
    if (this.dead !== undefined) {
      start.outcome = 'failed';
      throw new Error(this.dead);
    }
    this.onStart(order);
    started();
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(sound.durationMs, resolve);
      signal.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });
    start.endedMs = this.#clock.now();
    start.outcome = signal.aborted ? 'cut' : 'played';
    signal.throwIfAborted();
  }

  readonly spoken: { speakerId: string; bytes: number; over: boolean }[] = [];

  async speak(pcm: Readable, order: SpeakOrder, _signal: AbortSignal, started: () => void): Promise<void> {
    const spoken = { speakerId: order.speakerId, bytes: 0, over: false };
    this.spoken.push(spoken);
    started();
    for await (const chunk of pcm) spoken.bytes += (chunk as Buffer).length;
    spoken.over = true;
  }

  async probe(): Promise<Probe> {
    return this.dead === undefined ? { ok: true } : { ok: false, reason: this.dead };
  }
}

export const SOUND_MS = 10_000;

export class SilentVoice implements Voice {
  missing: string[] = [];
  async soundFor(): Promise<Sound> {
    return { sha256: '0'.repeat(64), path: '/dev/null', durationMs: SOUND_MS, hasSiren: false, spoken: [], missing: this.missing };
  }
}

export type CommandChanges = Partial<PlayCommand> & {
  alertId?: string;
  revision?: number;
  mode?: Mode;
  commandId?: string;
  seq?: number;
  iat?: number;
  exp?: number;
  scope?: string[];
  aud?: string;
};

export interface VillageOptions {
  signers?: Signers;
  file?: string;
  startMs?: number;
  clockKnown?: boolean;
  speakers?: number;
  /** The county answers every hello by itself. */
  answers?: boolean;
  gridCode?: string;
  readPower?: () => Promise<Power>;
  /** What its identity says of the key book. */
  keyBook?: GatewayIdentity['keyBook'];
}

/** A file of its own for each test; the folder goes with the run. */
export function spoolFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'laba-spool-')), 'spool.db');
}

export class Village {
  readonly signers: Signers;
  readonly clock: FakeClock;
  readonly line = new Line();
  readonly player: RememberingPlayer;
  readonly voice = new SilentVoice();
  readonly db: SqliteDatabase<SpoolTables>;
  readonly identity: GatewayIdentity;
  readonly gateway: Gateway;
  #seq = 0;
  #stepMs = 0;
  /** What the next snapshot says beside the nonce. */
  snapshot: Partial<Extract<SignedPayload, { type: 'snapshot' }>['body']> = {};

  constructor(options: VillageOptions = {}) {
    this.signers = options.signers ?? makeSigners();
    this.clock = new FakeClock({ startMs: options.startMs ?? START_MS });
    this.player = new RememberingPlayer(this.clock);
    this.db = SqliteDatabase.open(options.file ?? ':memory:', SPOOL);
    const speakers = Array.from({ length: options.speakers ?? 1 }, (_, i) => ({ speakerId: `pole-${i + 1}`, name: `喇叭${i + 1}` }));
    this.identity = {
      county: COUNTY,
      gatewayId: 'gw-1',
      password: 'secret',
      siteId: 'site-1',
      gridCode: options.gridCode ?? GROUP,
      speakers,
      keys: this.signers.keys,
      ...(options.keyBook === undefined ? {} : { keyBook: options.keyBook }),
      mqttUrl: 'mqtt://localhost:1',
      audioUrl: 'http://localhost:1/audio',
      utcOffsetMinutes: 480,
    };
    const ids = makeIds(() => this.clock.now(), randomBytes);
    this.gateway = createGateway({
      identity: this.identity,
      spool: this.db,
      player: this.player,
      voice: this.voice,
      clock: this.clock,
      clockKnown: options.clockKnown ?? true,
      readPower: options.readPower,
      monotonicMs: () => this.clock.now() - this.#stepMs,
      ids,
      log: silentLog,
      software: 'test',
      connect: (connection) => {
        this.line.connection = connection;
        return this.line;
      },
    });
    if (options.answers !== false) this.line.onHello = (hello) => this.answer(hello);
  }

  async start(online = true): Promise<this> {
    await this.gateway.start();
    if (online) this.line.up(true);
    await this.clock.settle();
    return this;
  }

  /** Steps the wall clock; elapsed time is not touched. */
  step(ms: number): void {
    this.#stepMs += ms;
    this.clock.set(this.clock.now() + ms);
  }

  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  /** The county's own time, when the device's differs. */
  countyMs: () => number = () => this.clock.now();

  answer(hello: GatewayHello): void {
    this.say(
      this.sign({
        type: 'snapshot',
        ...this.head({ mode: 'live', scope: [this.identity.gridCode] }),
        body: { nonce: hello.nonce, commands: [], tombstones: [], journalId: null, reportsHeldUpTo: 0, highestSeq: 0, ...this.snapshot },
      }),
    );
  }

  held(upTo: number, changes: { journalId?: string; highestSeq?: number; iat?: number } = {}): void {
    const { journalId = this.line.batches.at(-1)?.journalId ?? 'none', highestSeq = 0, ...head } = changes;
    this.say(this.sign({ type: 'held', ...this.head({ mode: 'live', ...head }), body: { journalId, reportsHeldUpTo: upTo, highestSeq } }));
  }

  head(changes: { mode?: Mode; iat?: number; exp?: number; commandId?: string; seq?: number; scope?: string[]; aud?: string }) {
    const iat = changes.iat ?? this.countyMs() / 1000;
    return {
      aud: changes.aud ?? COUNTY,
      mode: changes.mode ?? ('live' as Mode),
      commandId: changes.commandId ?? `c-${randomBytes(6).toString('hex')}`,
      seq: changes.seq ?? ++this.#seq,
      iat,
      exp: changes.exp ?? iat + 7_200,
      scope: changes.scope ?? [GROUP],
    };
  }

  /** A live red warning for an hour, every minute, unless said otherwise. */
  command(changes: CommandChanges = {}): SignedPayload {
    const now = this.countyMs();
    const { alertId = 'alert-1', revision = 1, mode = 'live', commandId, seq, iat, exp, scope, aud, ...body } = changes;
    const words = mode === 'drill' ? '这是演练。请到活动室集合。' : '泥石流危险，请立即转移。';
    const given = {
      ...(commandId === undefined ? {} : { commandId }),
      ...(seq === undefined ? {} : { seq }),
      ...(iat === undefined ? {} : { iat }),
      ...(exp === undefined ? {} : { exp }),
      ...(scope === undefined ? {} : { scope }),
      ...(aud === undefined ? {} : { aud }),
    };
    return {
      type: 'command',
      ...this.head({ mode, ...given }),
      alertId,
      revision,
      body: {
        action: 'play',
        purpose: 'alert',
        kind: 'warning',
        level: 'red',
        order: null,
        eventCode: '11D00',
        texts: [{ language: 'zh-CN', title: '预警', text: words }],
        siren: true,
        playTimes: 0,
        intervalSeconds: 60,
        volume: 100,
        startTime: iso(now),
        endTime: iso(now + 3_600_000),
        notAfter: iso(now + 3_600_000),
        quietHours: null,
        stopReason: null,
        areaCode: [GROUP],
        ...body,
      },
    };
  }

  sign(payload: SignedPayload, key: SigningKey = payload.mode === 'live' ? this.signers.live : this.signers.drill): string {
    return seal(payload, key);
  }

  wire(changes: CommandChanges = {}): string {
    return this.sign(this.command(changes));
  }

  /** On the gateway's own topic. */
  say(wire: string): void {
    this.line.deliver(topics.gatewayCommand(COUNTY, 'gw-1'), wire);
  }

  async hears(wire: string): Promise<void> {
    this.say(wire);
    await this.clock.settle();
  }

  /** Each report once. */
  get told(): PlayReport[] {
    return [...new Map(this.line.reports.map((report) => [report.number, report])).values()];
  }

  /** `state repeat reason`, in order; without what came before. */
  said(from = 0): string[] {
    return this.told
      .slice(from)
      .map((r) =>
        [
          r.alertId === 'alert-1' ? '' : r.alertId,
          r.revision > 1 ? `r${r.revision}` : '',
          r.purpose === 'alert' ? '' : r.purpose,
          r.state,
          r.repeat > 0 ? r.repeat : '',
          r.reason ?? '',
        ]
          .filter((word) => word !== '')
          .join(' '),
      );
  }

  starts(): string[] {
    return this.player.starts.map((s) => `${s.alertId} ${s.revision} ${s.repeat}`);
  }

  topics(): string[] {
    return gatewaySubscriptions(COUNTY, 'gw-1', this.identity.gridCode);
  }
}
