// The MQTT port over mqtt.js, MQTT 3.1.1: clean sessions, one library client per connection, so that nothing is ever sent again behind our back.
import { connect, type MqttClient } from 'mqtt';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { MessageHandler, Mqtt, MqttConnection, PublishOptions } from './mqtt.ts';
import { matches } from './topic-rules.ts';

/** What the client needs of a logger; told topics, ids and reasons, never payloads. */
export interface MqttLog {
  error(facts: Record<string, unknown>, words: string): void;
  warn(facts: Record<string, unknown>, words: string): void;
  info(facts: Record<string, unknown>, words: string): void;
}

interface MqttOptions {
  log: MqttLog;
  /** About how long to wait before the next try; it doubles three times at most. 1 s when not given. */
  reconnectMs?: number;
}

const RECONNECT_MS = 1_000;
const KEEPALIVE_SECONDS = 20;
const CLOSE_MS = 1_000;
const REFUSED = 0x80;
/** MQTT's own bytes around a payload: headers and a topic. */
const PACKET_OVERHEAD_BYTES = 512;

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
  readonly #handlers = new Map<string, MessageHandler[]>();
  readonly #listeners = new Set<(online: boolean) => void>();
  readonly #unacknowledged = new Set<(error: LabaError) => void>();
  readonly #unanswered = new Set<() => void>();
  #client: MqttClient | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #running = 0;
  #runningBytes = 0;
  #dropped = 0;
  #online = false;
  #closed = false;

  constructor(connection: MqttConnection, options: MqttOptions) {
    this.#connection = connection;
    this.#log = options.log;
    this.#reconnectMs = options.reconnectMs ?? RECONNECT_MS;
  }

  get online(): boolean {
    return this.#online;
  }

  publish(topic: string, payload: string, options: PublishOptions = {}): Promise<void> {
    const client = this.#client;
    if (client?.connected !== true) return Promise.reject(offline());
    const bytes = Buffer.byteLength(payload) + Buffer.byteLength(topic);
    if (bytes > LIMITS.mqttPacketBytes - PACKET_OVERHEAD_BYTES)
      return Promise.reject(new LabaError('too-large', `An MQTT message of ${bytes} bytes is larger than a broker takes: split it.`));
    return new Promise((resolve, reject) => {
      this.#unacknowledged.add(reject);
      client.publish(topic, payload, { qos: 1, retain: options.retain ?? false }, (error) => {
        this.#unacknowledged.delete(reject);
        if (error) reject(offline());
        else resolve();
      });
    });
  }

  async subscribe(filter: string, handler: MessageHandler): Promise<void> {
    const known = this.#handlers.get(filter);
    if (known !== undefined) known.push(handler);
    else this.#handlers.set(filter, [handler]);
    const client = this.#client;
    if (client?.connected !== true || (known !== undefined && this.#online)) return;
    const answer = await this.#ask(client, filter);
    if (answer !== 'refused') return;
    this.#handlers.set(
      filter,
      (this.#handlers.get(filter) ?? []).filter((other) => other !== handler),
    );
    if (this.#handlers.get(filter)?.length === 0) this.#handlers.delete(filter);
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
    const client = this.#client;
    this.#lost();
    if (client === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CLOSE_MS);
      // Not forced: the broker must hear DISCONNECT, or it would publish the last will. What waits for a PUBACK was rejected just now.
      for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id));
      client.end(false, {}, () => {
        clearTimeout(timer);
        resolve();
      });
    });
    client.end(true);
  }

  open(): void {
    const { url, clientId, username, password, will, keepaliveSeconds } = this.#connection;
    const client = connect(url, {
      protocolVersion: 4,
      clean: true,
      clientId,
      username,
      password,
      keepalive: keepaliveSeconds ?? KEEPALIVE_SECONDS,
      connectTimeout: LIMITS.mqttConnectTimeoutMs,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      timerVariant: 'native',
      ...(will === undefined ? {} : { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1 as const, retain: true } }),
    });
    this.#client = client;
    client.on('connect', () => void this.#connected(client));
    client.on('error', (error) => {
      this.#log.warn({ client: clientId, why: error.message }, 'the MQTT line has an error');
      client.end(true);
    });
    client.on('close', () => this.#broken(client));
    client.on('message', (topic, payload) => this.#dispatch(topic, payload));
  }

  async #connected(client: MqttClient): Promise<void> {
    this.#failures = 0;
    const asked = new Set<string>();
    // A handler that is added while the first answers are on their way is asked for too, before the line counts as up.
    for (let missing = this.#missing(asked); missing.length > 0; missing = this.#missing(asked)) {
      const answers = await Promise.all(missing.map((filter) => this.#ask(client, filter)));
      missing.forEach((filter, i) => {
        asked.add(filter);
        if (answers[i] === 'refused') this.#log.error({ client: this.#connection.clientId, filter }, 'the broker refused a subscription');
      });
      if (client !== this.#client || !client.connected) return;
    }
    this.#setOnline(true);
  }

  #missing(asked: ReadonlySet<string>): string[] {
    return [...this.#handlers.keys()].filter((filter) => !asked.has(filter));
  }

  #ask(client: MqttClient, filter: string): Promise<'granted' | 'refused' | 'broken'> {
    return new Promise((resolve) => {
      const broken = () => resolve('broken');
      this.#unanswered.add(broken);
      client.subscribe(filter, { qos: 1 }, (error, _granted, packet) => {
        this.#unanswered.delete(broken);
        const codes = (packet?.granted ?? []) as number[];
        if (codes.includes(REFUSED)) resolve('refused');
        else resolve(error ? 'broken' : 'granted');
      });
    });
  }

  #broken(client: MqttClient): void {
    if (client !== this.#client || this.#closed) return;
    client.end(true);
    this.#lost();
    const waitMs = this.#waitMs();
    this.#failures += 1;
    this.#retry = setTimeout(() => this.open(), waitMs);
  }

  #lost(): void {
    this.#client = undefined;
    const waiting = [...this.#unacknowledged];
    this.#unacknowledged.clear();
    for (const reject of waiting) reject(offline());
    for (const broken of this.#unanswered) broken();
    this.#unanswered.clear();
    this.#setOnline(false);
  }

  // Spread by name, so that a county that lost its broker does not come back in one instant; the same name always waits the same.
  #waitMs(): number {
    let hash = this.#failures;
    for (const letter of this.#connection.clientId) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000;
    return this.#reconnectMs * 2 ** Math.min(this.#failures, 3) * (0.5 + hash / 1_000);
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
  #dispatch(topic: string, payload: Buffer): void {
    if (this.#running >= LIMITS.mqttRunningHandlers || this.#runningBytes + payload.length > LIMITS.mqttRunningBytes) {
      this.#dropped += 1;
      if (this.#dropped === 1)
        this.#log.error({ client: this.#connection.clientId, running: this.#running }, 'MQTT messages are dropped: more come than can be handled');
      return;
    }
    if (this.#dropped > 0 && this.#running === 0) {
      this.#log.warn({ client: this.#connection.clientId, dropped: this.#dropped }, 'MQTT messages are handled again');
      this.#dropped = 0;
    }
    for (const [filter, handlers] of this.#handlers) {
      if (matches(filter, topic)) for (const handler of handlers) void this.#handle(handler, topic, payload);
    }
  }

  async #handle(handler: MessageHandler, topic: string, payload: Buffer): Promise<void> {
    this.#running += 1;
    this.#runningBytes += payload.length;
    try {
      await handler(topic, payload);
    } catch (error) {
      this.#log.error({ topic, why: error instanceof Error ? error.message : String(error) }, 'an MQTT message could not be handled');
    } finally {
      this.#running -= 1;
      this.#runningBytes -= payload.length;
    }
  }
}

function offline(): LabaError {
  return new LabaError('broker-offline');
}
