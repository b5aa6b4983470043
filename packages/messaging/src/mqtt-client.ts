// The MQTT port: a line that comes back by itself, MQTT 3.1.1 or 5, clean sessions; nothing is ever sent again behind our back.
import { performance } from 'node:perf_hooks';
import type { IPublishPacket } from 'mqtt-packet';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { LightLine } from './light-line.ts';
import { LineTrouble, REASON } from './line-trouble.ts';
import type { MessageHandler, Mqtt, MqttConnection, PublishOptions, SubscribeOptions } from './mqtt.ts';
import { waitBeforeRetryMs } from './reconnect-wait.ts';
import { matches } from './topic-rules.ts';

/** What the client needs of a logger; told topics, ids and reasons, never payloads. */
export interface MqttLog {
  error(facts: Record<string, unknown>, words: string): void;
  warn(facts: Record<string, unknown>, words: string): void;
  info(facts: Record<string, unknown>, words: string): void;
}

interface MqttOptions {
  log: MqttLog;
  /** About how long to wait before the next try; 1 s when not given. See reconnect-wait.ts for what it grows to. */
  reconnectMs?: number;
}

interface Subscription {
  filter: string;
  handlers: MessageHandler[];
  /** Its retained messages are taken away at the broker. */
  live: boolean;
  /** The broker never sends a group what it kept: what comes marked as retained was said now. */
  isGroup: boolean;
}

const RECONNECT_MS = 1_000;
const KEEPALIVE_SECONDS = 20;
/** MQTT's own bytes around a payload: headers and a topic. */
const PACKET_OVERHEAD_BYTES = 512;
/** The same trouble is told again this often. */
const TELL_EVERY_MS = 60_000;
/** A line that stayed up for so many first waits is a good one: the next try comes soon again. */
const STEADY_WAITS = 30;
/** So many short lives in two such times are a fight for one client id, or a broker that will not have us: not a line that was moved. */
const SHORT_LIVES = 3;

/** Returns at once; connects, and connects again, in the background until `close`. */
export function connectMqtt(connection: MqttConnection, options: MqttOptions): Mqtt {
  const line = new MqttLine(connection, options);
  line.open();
  return line;
}

class MqttLine implements Mqtt {
  readonly #connection: MqttConnection;
  readonly #log: MqttLog;
  readonly #reconnectMs: number;
  /** By what the broker is asked for, the group included. */
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #listeners = new Set<(online: boolean) => void>();
  #line: LightLine | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #running = 0;
  #runningBytes = 0;
  #dropped = 0;
  #online = false;
  #closed = false;
  #trouble: LineTrouble | undefined;
  #told = { words: '', atMs: -Infinity };
  #upAtMs: number | undefined;
  #shortLivesAtMs: number[] = [];
  #kept = 0;
  #toldKeptAtMs = -Infinity;

  constructor(connection: MqttConnection, options: MqttOptions) {
    this.#connection = connection;
    this.#log = options.log;
    this.#reconnectMs = options.reconnectMs ?? RECONNECT_MS;
  }

  get online(): boolean {
    return this.#online;
  }

  get trouble(): string | undefined {
    if (this.#isFoughtOver)
      return `the line breaks again and again soon after it came up: does another program use the client id '${this.#connection.clientId}'?`;
    return this.#online ? undefined : this.#trouble?.message;
  }

  get #isFoughtOver(): boolean {
    const sinceMs = performance.now() - 2 * this.#steadyMs;
    return this.#shortLivesAtMs.filter((atMs) => atMs > sinceMs).length >= SHORT_LIVES;
  }

  get #steadyMs(): number {
    return STEADY_WAITS * this.#reconnectMs;
  }

  async publish(topic: string, payload: string | Buffer, { retain = false, expirySeconds }: PublishOptions = {}): Promise<void> {
    const line = this.#line;
    if (line?.isOpen !== true) throw offline();
    const bytes = Buffer.byteLength(payload) + Buffer.byteLength(topic);
    if (bytes > Math.min(LIMITS.mqttPacketBytes, line.maximumBytes) - PACKET_OVERHEAD_BYTES)
      throw new LabaError('too-large', `An MQTT message of ${bytes} bytes is larger than a broker takes: split it.`);
    const reason = await line.publish(topic, payload, { retain, expirySeconds }).catch(() => {
      throw offline();
    });
    if (reason === REASON.notAuthorized) throw new LabaError('role-refused', `The broker does not let ${this.#connection.clientId} publish on ${topic}.`);
    if (reason >= REASON.unspecified) throw offline();
  }

  async subscribe(filter: string, handler: MessageHandler, { group, live = false }: SubscribeOptions = {}): Promise<void> {
    const isGroup = group !== undefined && this.#connection.version === 5;
    const wanted = isGroup ? `$share/${group}/${filter}` : filter;
    const known = this.#subscriptions.get(wanted);
    if (known !== undefined) known.handlers.push(handler);
    else this.#subscriptions.set(wanted, { filter, handlers: [handler], live, isGroup });
    const line = this.#line;
    if (line?.isOpen !== true || (known !== undefined && this.#online)) return;
    const [answer] = await this.#ask(line, [wanted]);
    if (answer !== 'refused') return;
    const left = this.#subscriptions.get(wanted)?.handlers.filter((other) => other !== handler) ?? [];
    if (left.length === 0) this.#subscriptions.delete(wanted);
    else this.#subscriptions.set(wanted, { filter, handlers: left, live, isGroup });
    throw new LabaError('role-refused', `The broker does not let ${this.#connection.clientId} subscribe to ${filter}.`);
  }

  onLine(listener: (online: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    const line = this.#line;
    this.#line = undefined;
    this.#setOnline(false);
    await line?.end();
  }

  open(): void {
    const { version = 4, keepaliveSeconds = KEEPALIVE_SECONDS, ...connection } = this.#connection;
    const line = new LightLine({
      ...connection,
      version,
      keepaliveSeconds,
      receiveMaximum: LIMITS.mqttReceiveMaximum,
      onMessage: (message, acknowledge) => this.#dispatch(message, acknowledge),
      onClosed: (trouble) => this.#broken(line, trouble),
    });
    this.#line = line;
    line.opened.then(
      () => void this.#connected(line),
      (trouble: LineTrouble) => this.#broken(line, trouble),
    );
  }

  async #connected(line: LightLine): Promise<void> {
    this.#upAtMs = performance.now();
    const asked = new Set<string>();
    // A handler that is added while the first answers are on their way is asked for too, before the line counts as up.
    for (let missing = this.#missing(asked); missing.length > 0; missing = this.#missing(asked)) {
      const answers = await this.#ask(line, missing);
      missing.forEach((filter, i) => {
        asked.add(filter);
        if (answers[i] === 'refused') this.#log.error({ client: this.#connection.clientId, filter }, 'the broker refused a subscription');
      });
      if (line !== this.#line || !line.isOpen) return;
    }
    if (line === this.#line && line.isOpen) this.#setOnline(true);
  }

  async #ask(line: LightLine, wanted: readonly string[]): Promise<Answer[]> {
    const asPublished = wanted.filter((one) => {
      const { live, isGroup } = this.#subscriptions.get(one) ?? {};
      return live === true && isGroup === true;
    });
    const codes = await line.subscribe(wanted, new Set(asPublished)).catch(() => undefined);
    return wanted.map((_, i) => (codes === undefined ? 'broken' : (codes[i] ?? REASON.unspecified) >= REASON.unspecified ? 'refused' : 'granted'));
  }

  #missing(asked: ReadonlySet<string>): string[] {
    return [...this.#subscriptions.keys()].filter((filter) => !asked.has(filter));
  }

  #broken(line: LightLine, trouble: LineTrouble | undefined): void {
    if (line !== this.#line || this.#closed) return;
    this.#line = undefined;
    this.#trouble = trouble;
    this.#noteLife();
    this.#setOnline(false);
    if (trouble !== undefined) this.#tell(trouble);
    const waitMs = this.#waitMs(trouble);
    this.#failures += 1;
    this.#retry = setTimeout(() => this.open(), waitMs);
  }

  // Mosquitto 2.0 does not say that another took the line over: that it never lives long is all there is to see.
  #noteLife(): void {
    const nowMs = performance.now();
    if (this.#upAtMs === undefined) return;
    if (nowMs - this.#upAtMs >= this.#steadyMs) this.#failures = 0;
    else this.#shortLivesAtMs = [...this.#shortLivesAtMs.slice(1 - SHORT_LIVES), nowMs];
    this.#upAtMs = undefined;
  }

  // A line that is refused tries again every few seconds; the log is told when the reason changes, and once a minute.
  #tell(trouble: LineTrouble): void {
    const nowMs = performance.now();
    const words = this.trouble ?? trouble.message;
    if (words === this.#told.words && nowMs - this.#told.atMs < TELL_EVERY_MS) return;
    this.#told = { words, atMs: nowMs };
    const needsHelp = trouble.kind === 'refused' || trouble.kind === 'tls';
    this.#log[needsHelp ? 'error' : 'warn']({ client: this.#connection.clientId, why: words }, 'the MQTT line has an error; it is tried again');
  }

  #waitMs(trouble: LineTrouble | undefined): number {
    const isAway = trouble === undefined || trouble.kind === 'unreachable' || trouble.kind === 'broken';
    return waitBeforeRetryMs(this.#connection.clientId, this.#failures, isAway && !this.#isFoughtOver ? 'away' : 'unwilling', this.#reconnectMs);
  }

  #setOnline(online: boolean): void {
    if (this.#online === online) return;
    this.#online = online;
    this.#log.info({ client: this.#connection.clientId }, online ? 'the MQTT line is up' : 'the MQTT line is down');
    for (const listener of this.#listeners) {
      try {
        listener(online);
      } catch (error) {
        this.#log.error({ why: String(error) }, 'a listener to the MQTT line failed');
      }
    }
  }

  // Reading more slowly instead of dropping would be a trap: a handler may wait for a PUBACK that stands behind what is not read.
  #dispatch({ topic, payload, retain }: IPublishPacket & { payload: Buffer }, acknowledge: (reason: number) => void): void {
    if (this.#running >= LIMITS.mqttRunningHandlers || this.#runningBytes + payload.length > LIMITS.mqttRunningBytes) {
      this.#dropped += 1;
      if (this.#dropped === 1)
        this.#log.error({ client: this.#connection.clientId, running: this.#running }, 'MQTT messages are dropped: more come than can be handled');
      return acknowledge(REASON.quotaExceeded);
    }
    if (this.#dropped > 0 && this.#running === 0) {
      this.#log.warn({ client: this.#connection.clientId, dropped: this.#dropped }, 'MQTT messages are handled again');
      this.#dropped = 0;
    }
    const all = [...this.#subscriptions.values()].filter((one) => matches(one.filter, topic));
    if (retain && payload.length > 0 && all.some(({ live }) => live)) this.#takeAway(topic);
    // An empty one is how a retained message is taken away: nothing was said.
    const hearing = all.filter(({ live, isGroup }) => !live || (payload.length > 0 && (!retain || isGroup)));
    const handlers = hearing.flatMap((one) => one.handlers);
    void Promise.all(handlers.map((handler) => this.#handle(handler, topic, payload))).then((taken) =>
      acknowledge(taken.includes(false) ? REASON.unspecified : REASON.success),
    );
  }

  #takeAway(topic: string): void {
    this.#kept += 1;
    const nowMs = performance.now();
    if (nowMs - this.#toldKeptAtMs > TELL_EVERY_MS) {
      this.#toldKeptAtMs = nowMs;
      this.#log.warn({ topic, soFar: this.#kept }, 'a device had the broker keep a message where none belongs: it is taken away');
    }
    // Should this fail, it is met again with the next line.
    void this.publish(topic, '', { retain: true }).catch(() => {});
  }

  async #handle(handler: MessageHandler, topic: string, payload: Buffer): Promise<boolean> {
    this.#running += 1;
    this.#runningBytes += payload.length;
    try {
      await handler(topic, payload);
      return true;
    } catch (error) {
      this.#log.error({ topic, why: error instanceof Error ? error.message : String(error) }, 'an MQTT message could not be handled');
      return false;
    } finally {
      this.#running -= 1;
      this.#runningBytes -= payload.length;
    }
  }
}

type Answer = 'granted' | 'refused' | 'broken';

function offline(): LabaError {
  return new LabaError('broker-offline');
}
