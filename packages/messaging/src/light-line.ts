// One MQTT connection, 3.1.1 or 5, over the codec mqtt-packet: thousands fit into a process, and a message is acknowledged when it is done with.
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { parser, writeToStream, type IConnackPacket, type IConnectPacket, type IPublishPacket, type Packet } from 'mqtt-packet';
import { LIMITS } from '@laba/domain/limits';
import { goodbyeOf, LineTrouble, networkTrouble, REASON, refusalOf, silentEnd } from './line-trouble.ts';

export interface LightLineOptions {
  /** `mqtt://host:port` or `mqtts://host:port`; an account in it is not looked at. */
  url: string;
  /** The protocol level: 4 is MQTT 3.1.1. */
  version: 4 | 5;
  clientId: string;
  username: string;
  password: string;
  /** Published, retained, by the broker when the connection dies. */
  will?: { topic: string; payload: string } | undefined;
  /** Seconds; 0 sends no pings. */
  keepaliveSeconds: number;
  /** PEM of the authority that signed the broker's certificate; the machine's own list when not given. */
  ca?: string | undefined;
  /** MQTT 5: how many messages the broker may send ahead of our acknowledgements; it keeps the rest. */
  receiveMaximum?: number;
  /**
   * A message came. `acknowledge` says so, whenever that is, with a reason code of MQTT 5 (0: taken; from 0x80: refused).
   * Acknowledgements leave in the order in which the messages came, as MQTT asks (4.6.0).
   */
  onMessage(message: IPublishPacket & { payload: Buffer }, acknowledge: (reason: number) => void): void;
  /** Once, after a line that was open has ended; undefined when we ended it. */
  onClosed?(trouble: LineTrouble | undefined): void;
}

export interface LightPublish {
  qos?: 0 | 1;
  retain?: boolean;
  /** MQTT 5: the broker throws it away when it could not deliver it in this time. */
  expirySeconds?: number | undefined;
}

interface Pending {
  resolve(codes: readonly number[]): void;
  reject(error: LineTrouble): void;
}

interface Unacknowledged {
  messageId: number;
  reason: number | undefined;
}

const IDS = 65_535;
const CLOSE_MS = 1_000;

/** Connects and waits for the broker's word. @throws LineTrouble */
export async function openLightLine(options: LightLineOptions): Promise<LightLine> {
  const line = new LightLine(options);
  await line.opened;
  return line;
}

export class LightLine {
  readonly opened: Promise<void>;
  readonly #options: LightLineOptions;
  readonly #socket: Socket;
  readonly #wire: { protocolVersion: number };
  readonly #pending = new Map<number, Pending>();
  readonly #waiting: { packet: IPublishPacket; pending: Pending }[] = [];
  readonly #incoming: Unacknowledged[] = [];
  #firstIncoming = 0;
  #acknowledging = false;
  #inFlight = 0;
  #window = IDS;
  #lastId = 0;
  #maximumBytes = Infinity;
  #stage: 'opening' | 'open' | 'closed' = 'opening';
  #trouble: LineTrouble | undefined;
  #heard = true;
  #beat: NodeJS.Timeout | undefined;
  #settleOpened!: { resolve(): void; reject(error: LineTrouble): void };

  constructor(options: LightLineOptions) {
    this.#options = options;
    this.#wire = { protocolVersion: options.version };
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
    });
    this.#socket = this.#dial();
  }

  get isOpen(): boolean {
    return this.#stage === 'open';
  }

  /** The largest packet that the broker takes, in bytes. */
  get maximumBytes(): number {
    return this.#maximumBytes;
  }

  /** Resolves with the broker's reason code (0 on 3.1.1); at once for QoS 0. @throws LineTrouble when the line broke before its PUBACK */
  publish(topic: string, payload: string | Buffer, { qos = 1, retain = false, expirySeconds }: LightPublish = {}): Promise<number> {
    if (this.#stage !== 'open') return Promise.reject(this.#brokenLine());
    const properties =
      this.#options.version === 5 && expirySeconds !== undefined ? { properties: { messageExpiryInterval: Math.max(1, Math.ceil(expirySeconds)) } } : {};
    const packet: IPublishPacket = { cmd: 'publish', topic, payload, qos, retain, dup: false, ...properties };
    if (qos === 0) {
      this.#send(packet);
      return Promise.resolve(REASON.success);
    }
    return new Promise((resolve, reject) => {
      const pending: Pending = { resolve: ([code]) => resolve(code ?? REASON.success), reject };
      if (this.#inFlight < this.#window) this.#sendPublish(packet, pending);
      else this.#waiting.push({ packet, pending });
    });
  }

  /**
   * QoS 1. `asPublished`: filters whose messages keep the sender's wish to be retained (MQTT 5 only). Resolves with one code per filter; from
   * 0x80 it is refused. @throws LineTrouble when the line broke before the answer
   */
  subscribe(filters: readonly string[], asPublished: ReadonlySet<string> = new Set()): Promise<readonly number[]> {
    if (this.#stage !== 'open') return Promise.reject(this.#brokenLine());
    return new Promise((resolve, reject) => {
      this.#ask(
        { cmd: 'subscribe', subscriptions: filters.map((topic) => ({ topic, qos: 1 as const, nl: false, rap: asPublished.has(topic), rh: 0 })) },
        { resolve, reject },
      );
    });
  }

  /** Says good-bye, so that the broker does not publish the last will. */
  async end(): Promise<void> {
    if (this.#stage === 'closed') return;
    const gone = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
    if (this.#stage === 'open') this.#send({ cmd: 'disconnect' });
    this.#close(undefined);
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), CLOSE_MS);
    await gone;
    clearTimeout(timer);
  }

  /** Breaks the line without a word. */
  destroy(): void {
    this.#close(undefined);
    this.#socket.destroy();
  }

  get #secure(): boolean {
    return new URL(this.#options.url).protocol === 'mqtts:';
  }

  get #address(): string {
    const { hostname, port } = new URL(this.#options.url);
    return `${hostname}:${port || (this.#secure ? '8883' : '1883')}`;
  }

  #dial(): Socket {
    const { hostname, port } = new URL(this.#options.url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const secure = this.#secure;
    const { ca } = this.#options;
    const socket = secure
      ? connectTls({ host, port: Number(port || 8883), ...(ca === undefined ? {} : { ca }), ...(isAddress(host) ? {} : { servername: host }) })
      : connectPlain({ host, port: Number(port || 1883) });
    socket.setNoDelay(true);
    socket.once(secure ? 'secureConnect' : 'connect', () => this.#send(connectPacket(this.#options)));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#close(networkTrouble(error, this.#address, secure && this.#stage === 'opening')));
    socket.once('close', () => this.#close(this.#brokenLine()));
    this.#beat = setTimeout(() => {
      this.#close(new LineTrouble('busy', `${this.#address} does not answer`));
      socket.destroy();
    }, LIMITS.mqttConnectTimeoutMs);
    const reader = parser(this.#wire);
    reader.on('packet', (packet) => this.#receive(packet));
    reader.on('error', (error: Error) => {
      this.#close(new LineTrouble('broken', `${this.#address} does not speak MQTT: ${error.message}`));
      socket.destroy();
    });
    socket.on('data', (chunk: Buffer) => reader.parse(chunk));
    return socket;
  }

  #receive(packet: Packet): void {
    this.#heard = true;
    if (this.#stage === 'closed') return;
    if (this.#stage === 'opening') {
      if (packet.cmd === 'connack') this.#greeted(packet);
      return;
    }
    if (packet.cmd === 'publish') this.#take(packet);
    else if (packet.cmd === 'puback') this.#answered(packet.messageId!, [packet.reasonCode ?? REASON.success], true);
    else if (packet.cmd === 'suback') this.#answered(packet.messageId!, packet.granted as number[], false);
    else if (packet.cmd === 'disconnect') {
      this.#close(goodbyeOf(packet.reasonCode ?? 0, this.#options.clientId));
      this.#socket.destroy();
    }
  }

  #greeted(packet: IConnackPacket): void {
    clearTimeout(this.#beat);
    const code = packet.returnCode ?? packet.reasonCode ?? 0;
    if (code !== 0) {
      this.#close(refusalOf(code, this.#options.username));
      this.#socket.destroy();
      return;
    }
    this.#window = packet.properties?.receiveMaximum ?? IDS;
    this.#maximumBytes = packet.properties?.maximumPacketSize ?? Infinity;
    this.#stage = 'open';
    const keepaliveSeconds = packet.properties?.serverKeepAlive ?? this.#options.keepaliveSeconds;
    if (keepaliveSeconds > 0) this.#beat = setInterval(() => this.#ping(), keepaliveSeconds * 500);
    this.#settleOpened.resolve();
  }

  // Twice in the promised time; silence from one ping to the next is a dead line.
  #ping(): void {
    if (!this.#heard) {
      this.#close(new LineTrouble('broken', `${this.#address} fell silent`));
      this.#socket.destroy();
      return;
    }
    this.#heard = false;
    this.#send({ cmd: 'pingreq' });
  }

  #take(packet: IPublishPacket): void {
    const message = packet as IPublishPacket & { payload: Buffer };
    if (packet.qos === 0) return this.#options.onMessage(message, () => {});
    const entry: Unacknowledged = { messageId: packet.messageId!, reason: undefined };
    this.#incoming.push(entry);
    this.#options.onMessage(message, (reason) => {
      entry.reason ??= reason;
      if (this.#acknowledging) return;
      this.#acknowledging = true;
      process.nextTick(() => this.#acknowledge());
    });
  }

  // Many become durable at the same moment: their acknowledgements leave as one piece.
  #acknowledge(): void {
    this.#acknowledging = false;
    const incoming = this.#incoming;
    if (this.#stage !== 'open') return;
    const from = this.#firstIncoming;
    while (incoming[this.#firstIncoming]?.reason !== undefined) this.#firstIncoming += 1;
    const due = incoming.slice(from, this.#firstIncoming);
    if (due.length > 0)
      this.#socket.write(Buffer.from(due.flatMap(({ messageId, reason = 0 }) => pubackBytes(messageId, this.#options.version === 5 ? reason : 0))));
    if (this.#firstIncoming > 1_024 && this.#firstIncoming * 2 > incoming.length) {
      incoming.splice(0, this.#firstIncoming);
      this.#firstIncoming = 0;
    }
  }

  #sendPublish(packet: IPublishPacket, pending: Pending): void {
    this.#inFlight += 1;
    this.#ask(packet, pending);
  }

  #ask(packet: Packet, pending: Pending): void {
    let id = this.#lastId;
    do id = (id % IDS) + 1;
    while (this.#pending.has(id) && id !== this.#lastId);
    if (this.#pending.has(id)) return pending.reject(new LineTrouble('broken', 'too much is on its way to the broker at once'));
    this.#lastId = id;
    this.#pending.set(id, pending);
    this.#send({ ...packet, messageId: id });
  }

  #answered(messageId: number, codes: readonly number[], wasPublish: boolean): void {
    const pending = this.#pending.get(messageId);
    if (pending === undefined) return;
    this.#pending.delete(messageId);
    if (wasPublish) {
      this.#inFlight -= 1;
      const next = this.#inFlight < this.#window ? this.#waiting.shift() : undefined;
      if (next !== undefined) this.#sendPublish(next.packet, next.pending);
    }
    pending.resolve(codes);
  }

  #send(packet: Packet): void {
    writeToStream(packet, this.#socket, this.#wire);
  }

  #brokenLine(): LineTrouble {
    if (this.#trouble !== undefined) return this.#trouble;
    return this.#stage === 'opening' ? silentEnd(this.#address, this.#secure) : new LineTrouble('broken', `the line to ${this.#address} broke`);
  }

  #close(trouble: LineTrouble | undefined): void {
    if (this.#stage === 'closed') return;
    const wasOpen = this.#stage === 'open';
    this.#trouble = trouble;
    const why = this.#brokenLine();
    this.#stage = 'closed';
    clearTimeout(this.#beat);
    this.#settleOpened.reject(why);
    // Nobody may have asked whether a line that is thrown away ever opened.
    this.opened.catch(() => {});
    for (const pending of this.#pending.values()) pending.reject(why);
    this.#pending.clear();
    for (const { pending } of this.#waiting.splice(0)) pending.reject(why);
    if (wasOpen) this.#options.onClosed?.(trouble);
  }
}

function connectPacket({ version, clientId, username, password, keepaliveSeconds, will, receiveMaximum }: LightLineOptions): IConnectPacket {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: version,
    clean: true,
    clientId,
    username,
    password: Buffer.from(password),
    keepalive: keepaliveSeconds,
    ...(will === undefined ? {} : { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1 as const, retain: true } }),
    ...(version === 5
      ? { properties: { sessionExpiryInterval: 0, maximumPacketSize: LIMITS.mqttPacketBytes, ...(receiveMaximum === undefined ? {} : { receiveMaximum }) } }
      : {}),
  };
}

/** PUBACK on the wire (MQTT 5, 3.4): the reason is left out when it is success. */
function pubackBytes(messageId: number, reason: number): number[] {
  const id = [messageId >> 8, messageId & 0xff];
  return reason === REASON.success ? [0x40, 2, ...id] : [0x40, 3, ...id, reason];
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(':');
}
