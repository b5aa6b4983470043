// The embedded broker: aedes behind a guard. The guard's rules stand in broker-guard.ts and topic-rules.ts.
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Aedes, type AedesPublishPacket, type Client } from 'aedes';
import { LIMITS } from '@laba/domain/limits';
import { BrokerGuard } from './broker-guard.ts';
import type { Authenticate, BrokerLog, Principal } from './principal.ts';
import { findRetainedByTopic, type RetainedStore } from './retained-by-topic.ts';
import { meterPackets, neverWaitFor } from './socket-limits.ts';
import { matches, mayPublish, maySubscribe } from './topic-rules.ts';

export type { Authenticate, BrokerLog, Principal } from './principal.ts';

export interface EmbeddedBrokerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  authenticate: Authenticate;
  log: BrokerLog;
}

export interface EmbeddedBroker {
  /** The port it listens on. */
  readonly port: number;
  /** Connected clients. */
  readonly connections: number;
  /** Ends this client's connection, if there is one: its account was withdrawn. Its last will is published. */
  disconnect(clientId: string): Promise<void>;
  close(): Promise<void>;
}

/** One authenticated connection. */
interface Standing {
  principal: Principal;
  filters: Set<string>;
  client: Client | undefined;
}

const HEARTBEAT_MS = 60_000;
const CLOSE_MS = 1_000;
/** Messages the broker hands out at the same time. */
const CONCURRENT_MESSAGES = 1_000;

/** @throws an error of one line when the port is busy or not permitted */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const house = new BrokerHouse(options);
  await house.start();
  return house;
}

class BrokerHouse implements EmbeddedBroker {
  readonly #options: EmbeddedBrokerOptions;
  readonly #sockets = new Set<Socket>();
  readonly #standings = new WeakMap<object, Standing>();
  readonly #present = new Map<string, { socket: Socket; standing: Standing }>();
  readonly #guard: BrokerGuard;
  readonly #server: Server;
  readonly #aedes: Aedes;
  #ready = 0;
  #closing: Promise<void> | undefined;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
    this.#guard = new BrokerGuard({
      authenticate: options.authenticate,
      log: options.log,
      admit: (socket, principal, bytes) => this.#admit(socket, principal, bytes),
    });
    this.#server = createServer({ pauseOnConnect: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }, (socket) => this.#accept(socket));
    this.#aedes = this.#makeAedes();
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#options.port;
  }

  get connections(): number {
    return this.#ready;
  }

  async start(): Promise<void> {
    await this.#aedes.listen();
    findRetainedByTopic((this.#aedes as unknown as { persistence: RetainedStore }).persistence);
    const { host, port } = this.#options;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen({ host, port, backlog: 1_024 }, resolve);
      });
    } catch (error) {
      await closeAedes(this.#aedes);
      throw new Error(portProblem((error as NodeJS.ErrnoException).code, host, port), { cause: error });
    }
    this.#server.on('error', (error) => this.#options.log.warn({ why: error.message }, 'the MQTT port has an error'));
  }

  async disconnect(clientId: string): Promise<void> {
    await this.#takeOver(clientId);
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  async #shut(): Promise<void> {
    const stopped = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#guard.close();
    await within(closeAedes(this.#aedes), CLOSE_MS);
    for (const socket of this.#sockets) socket.destroy();
    await stopped;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    this.#guard.receive(socket);
  }

  // The same account again: the old line goes first, with its last will, before the new one may speak.
  async #admit(socket: Socket, principal: Principal, bytes: Buffer): Promise<void> {
    await this.#takeOver(principal.clientId);
    if (socket.destroyed || this.#closing !== undefined) {
      socket.destroy();
      return;
    }
    const standing: Standing = { principal, filters: new Set(), client: undefined };
    const present = { socket, standing };
    this.#present.set(principal.clientId, present);
    socket.once('close', () => {
      if (this.#present.get(principal.clientId) === present) this.#present.delete(principal.clientId);
    });
    this.#standings.set(socket, standing);
    const cut = (why: string) => () => this.#options.log.warn({ client: principal.clientId, why }, 'an MQTT client was cut off');
    meterPackets(socket, cut('packet-too-large'));
    // Who may listen by wildcard collects for the house: for him the senders wait.
    neverWaitFor(socket, () => [...standing.filters].some((filter) => /[+#]/.test(filter)), cut('too-much-unread'));
    socket.unshift(bytes);
    standing.client = this.#aedes.handle(socket);
  }

  async #takeOver(clientId: string): Promise<void> {
    for (let old = this.#present.get(clientId); old !== undefined; old = this.#present.get(clientId)) {
      const { socket, standing } = old;
      await new Promise<void>((resolve) => (standing.client === undefined ? resolve() : standing.client.close(resolve)));
      socket.destroy();
      if (this.#present.get(clientId) === old) this.#present.delete(clientId);
    }
  }

  #standingOf(client: Client | null): Standing | undefined {
    return client === null ? undefined : this.#standings.get(client.conn);
  }

  #makeAedes(): Aedes {
    const aedes = new Aedes({
      concurrency: CONCURRENT_MESSAGES,
      connectTimeout: LIMITS.mqttConnectTimeoutMs,
      heartbeatInterval: HEARTBEAT_MS,
      drainTimeout: LIMITS.mqttSlowClientMs,
      maxClientsIdLength: 64,
      maxTopicLevels: LIMITS.mqttTopicLevels,
      maxInflightInbound: 1,
      preConnect: (_client, packet, done) => {
        // Nothing here remembers a session: whoever comes back asks. And nobody may stay unheard of for longer than the limit.
        packet.clean = true;
        packet.keepalive = Math.min(packet.keepalive || LIMITS.mqttKeepaliveSeconds, LIMITS.mqttKeepaliveSeconds);
        done(null, true);
      },
      authenticate: (client, _username, _password, done) => done(null, this.#standingOf(client)?.principal.clientId === client.id),
      authorizePublish: (client, packet, done) => {
        const standing = this.#standingOf(client);
        done(standing !== undefined && mayPublish(standing.principal, packet) ? null : new Error('publish-refused'));
      },
      authorizeSubscribe: (client, subscription, done) => {
        const standing = this.#standingOf(client);
        const granted = standing !== undefined && maySubscribe(standing.principal, subscription.topic, subscription.qos);
        if (granted) standing.filters.add(subscription.topic);
        else this.#options.log.warn({ client: client.id, why: 'subscribe-refused' }, 'an MQTT subscription was refused');
        done(null, granted ? subscription : null);
      },
      authorizeForward: (client, packet) => (this.#mayHear(client, packet) ? packet : null),
    });
    this.#listenTo(aedes);
    return aedes;
  }

  // A second look, independent of how the broker matched: only what a granted filter covers, and only while it still is granted.
  #mayHear(client: Client, packet: AedesPublishPacket): boolean {
    const standing = this.#standingOf(client);
    if (standing === undefined || packet.topic.startsWith('$')) return false;
    const { filters, principal } = standing;
    if (filters.has(packet.topic)) return principal.maySubscribe(packet.topic);
    for (const filter of filters) if (matches(filter, packet.topic) && principal.maySubscribe(filter)) return true;
    return false;
  }

  #listenTo(aedes: Aedes): void {
    const { log } = this.#options;
    aedes.on('clientReady', (client) => {
      if (client.conn.destroyed) return;
      this.#ready += 1;
      client.conn.once('close', () => {
        this.#ready -= 1;
      });
      log.debug({ client: client.id }, 'an MQTT client connected');
    });
    aedes.on('clientDisconnect', (client) => log.debug({ client: client.id }, 'an MQTT client left'));
    aedes.on('clientError', (client, error) => log.warn({ client: client.id, why: error.message }, 'an MQTT client was cut off'));
    aedes.on('connectionError', (_client, error) => log.warn({ why: error.message }, 'an MQTT connection failed'));
    aedes.on('unsubscribe', (filters, client) => {
      for (const filter of filters) this.#standingOf(client)?.filters.delete(filter);
    });
    aedes.on('error' as 'closed', ((error: Error) => log.warn({ why: error.message }, 'the MQTT broker has an error')) as () => void);
  }
}

function closeAedes(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(() => resolve()));
}

function within(work: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function portProblem(code: string | undefined, host: string, port: number): string {
  if (code === 'EADDRINUSE') return `MQTT port ${port} is busy: stop the other program or set LABA_MQTT_PORT`;
  if (code === 'EACCES') return `MQTT port ${port} is not permitted for this user: set LABA_MQTT_PORT to 1024 or above`;
  return `MQTT cannot listen on ${host}:${port} (${code ?? 'unknown error'}): set LABA_HOST or LABA_MQTT_PORT`;
}
