// The embedded broker's front door: nobody's bytes reach the broker before he has said who he is, and never more than a packet's worth.
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { parser, type IConnectPacket } from 'mqtt-packet';
import { LIMITS } from '@laba/domain/limits';
import type { Authenticate, BrokerLog, Principal } from './principal.ts';
import { mayLeaveWill } from './topic-rules.ts';

/** Takes over an authenticated socket; `bytes` are what was read of it so far, the CONNECT first. */
export type Admit = (socket: Socket, principal: Principal, bytes: Buffer) => Promise<void>;

interface GuardOptions {
  authenticate: Authenticate;
  admit: Admit;
  log: BrokerLog;
}

interface Visitor {
  socket: Socket;
  address: string;
  timer: NodeJS.Timeout;
  stage: 'waiting' | 'reading' | 'gone';
}

// MQTT 3.1.1, table 3.1; 5.0, 3.2.2.2 for the last one.
const CONNACK = {
  'unacceptable-version': Buffer.from([0x20, 2, 0, 1]),
  'identifier-rejected': Buffer.from([0x20, 2, 0, 2]),
  'server-unavailable': Buffer.from([0x20, 2, 0, 3]),
  'not-authorized': Buffer.from([0x20, 2, 0, 5]),
  'mqtt-5': Buffer.from([0x20, 3, 0, 0x84, 0]),
} as const;
type Refusal = keyof typeof CONNACK;

const CONNECT_TYPE = 0x10;
const CLIENT_ID = /^[A-Za-z0-9._-]{1,64}$/;
const LOG_EVERY_MS = 1_000;

/**
 * Every socket has `mqttConnectTimeoutMs` from its arrival to be authenticated. Only so many are read at a time, in all and per
 * address, by turns among the addresses; the others wait unread, which costs a file handle and no buffer.
 */
export class BrokerGuard {
  readonly #options: GuardOptions;
  readonly #waiting = new Map<string, Set<Visitor>>();
  readonly #reading = new Map<string, Set<Visitor>>();
  #waitingCount = 0;
  #readingCount = 0;
  #loggedAtMs = -LOG_EVERY_MS;
  #unlogged = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** Sockets that have not said who they are yet. */
  get strangers(): number {
    return this.#waitingCount + this.#readingCount;
  }

  /** Takes a socket that the server accepted with `pauseOnConnect`. */
  receive(socket: Socket): void {
    socket.on('error', () => {});
    if (this.#waitingCount >= LIMITS.mqttWaitingSockets) {
      socket.destroy();
      return this.#note('too-many-sockets');
    }
    const visitor: Visitor = {
      socket,
      address: socket.remoteAddress ?? '',
      stage: 'waiting',
      // The network's time is real time also where a test moves the house's clock.
      timer: setTimeout(() => this.#drop(visitor, 'too-slow'), LIMITS.mqttConnectTimeoutMs),
    };
    socket.once('close', () => this.#leave(visitor));
    addTo(this.#waiting, visitor);
    this.#waitingCount += 1;
    this.#callNext();
  }

  /** Drops everybody who has not been let in. */
  close(): void {
    for (const visitors of [...this.#waiting.values(), ...this.#reading.values()])
      for (const visitor of [...visitors]) {
        this.#leave(visitor);
        visitor.socket.destroy();
      }
  }

  #callNext(): void {
    for (const [address, visitors] of [...this.#waiting]) {
      if (this.#readingCount >= LIMITS.mqttUnauthenticatedSockets) return;
      // By turns: an address that was served goes to the end of the line.
      this.#waiting.delete(address);
      this.#waiting.set(address, visitors);
      const free = LIMITS.mqttUnauthenticatedSocketsPerAddress - (this.#reading.get(address)?.size ?? 0);
      const room = Math.min(free, LIMITS.mqttUnauthenticatedSockets - this.#readingCount);
      for (const visitor of [...visitors].slice(0, Math.max(0, room))) this.#read(visitor);
    }
  }

  #read(visitor: Visitor): void {
    removeFrom(this.#waiting, visitor);
    this.#waitingCount -= 1;
    visitor.stage = 'reading';
    addTo(this.#reading, visitor);
    this.#readingCount += 1;
    let bytes: Buffer = Buffer.alloc(0);
    const { socket } = visitor;
    const onReadable = () => {
      for (let chunk = socket.read() as Buffer | null; chunk !== null && visitor.stage === 'reading'; chunk = socket.read() as Buffer | null) {
        if (bytes.length + chunk.length > LIMITS.mqttUnauthenticatedBytes) return this.#drop(visitor, 'too-many-bytes');
        bytes = Buffer.concat([bytes, chunk]);
        const frame = connectFrame(bytes);
        if (frame === 'refused') return this.#drop(visitor, 'not-connect');
        if (frame === 'incomplete') continue;
        socket.removeListener('readable', onReadable);
        void this.#question(visitor, frame, bytes);
        return;
      }
    };
    socket.on('readable', onReadable);
  }

  async #question(visitor: Visitor, frame: Buffer, bytes: Buffer): Promise<void> {
    const version = unacceptableVersion(frame);
    if (version !== undefined) return this.#refuse(visitor, version);
    const packet = parseConnect(frame);
    if (packet === undefined) return this.#drop(visitor, 'malformed');
    const { clientId, username, password } = packet;
    if (!CLIENT_ID.test(clientId) || clientId !== username) return this.#refuse(visitor, 'identifier-rejected');
    if (password === undefined) return this.#refuse(visitor, 'not-authorized', clientId);
    const principal = await this.#options.authenticate(clientId, username, password.toString('utf8')).catch((error: unknown) => error as Error);
    if (visitor.stage === 'gone') return;
    if (principal instanceof Error) return this.#refuse(visitor, 'server-unavailable', clientId);
    if (principal?.clientId !== clientId || (packet.will !== undefined && !mayLeaveWill(principal, packet.will)))
      return this.#refuse(visitor, 'not-authorized', clientId);
    const { socket } = visitor;
    this.#leave(visitor);
    await this.#options.admit(socket, principal, bytes);
  }

  #refuse(visitor: Visitor, refusal: Refusal, clientId?: string): void {
    this.#leave(visitor);
    visitor.socket.end(CONNACK[refusal]);
    visitor.socket.destroySoon();
    this.#note(refusal, clientId);
  }

  #drop(visitor: Visitor, why: string): void {
    this.#leave(visitor);
    visitor.socket.destroy();
    this.#note(why);
  }

  #leave(visitor: Visitor): void {
    if (visitor.stage === 'gone') return;
    clearTimeout(visitor.timer);
    if (visitor.stage === 'waiting') this.#waitingCount -= 1;
    else this.#readingCount -= 1;
    removeFrom(visitor.stage === 'waiting' ? this.#waiting : this.#reading, visitor);
    visitor.stage = 'gone';
    this.#callNext();
  }

  // One line a second at most: strangers must not fill the disk with what they are refused for.
  #note(why: string, clientId?: string): void {
    if (performance.now() - this.#loggedAtMs < LOG_EVERY_MS) {
      this.#unlogged += 1;
      return;
    }
    this.#options.log.warn({ why, client: clientId, unlogged: this.#unlogged }, 'an MQTT connection was refused');
    this.#loggedAtMs = performance.now();
    this.#unlogged = 0;
  }
}

function addTo(groups: Map<string, Set<Visitor>>, visitor: Visitor): void {
  const group = groups.get(visitor.address);
  if (group === undefined) groups.set(visitor.address, new Set([visitor]));
  else group.add(visitor);
}

function removeFrom(groups: Map<string, Set<Visitor>>, visitor: Visitor): void {
  const group = groups.get(visitor.address);
  group?.delete(visitor);
  if (group?.size === 0) groups.delete(visitor.address);
}

/** The first packet's bytes once they are all there; `refused` when it is not a CONNECT of permitted size. */
function connectFrame(bytes: Buffer): Buffer | 'incomplete' | 'refused' {
  if (bytes[0] !== CONNECT_TYPE) return 'refused';
  let length = 0;
  for (let at = 1; at <= 4; at++) {
    const byte = bytes[at];
    if (byte === undefined) return 'incomplete';
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte >= 0x80) continue;
    const end = at + 1 + length;
    if (end > LIMITS.mqttUnauthenticatedBytes) return 'refused';
    return bytes.length < end ? 'incomplete' : bytes.subarray(0, end);
  }
  return 'refused';
}

/** MQTT 3.1 says `MQIsdp` 3, MQTT 3.1.1 says `MQTT` 4; everything else is told so in the words of its own version. */
function unacceptableVersion(frame: Buffer): Refusal | undefined {
  const start = frame.findIndex((byte, at) => at > 0 && byte < 0x80) + 1;
  if (frame.length < start + 2) return 'unacceptable-version';
  const nameEnd = start + 2 + frame.readUInt16BE(start);
  const spoken = `${frame.subarray(start + 2, nameEnd).toString('latin1')} ${frame[nameEnd]}`;
  if (spoken === 'MQTT 4' || spoken === 'MQIsdp 3') return undefined;
  return spoken === 'MQTT 5' ? 'mqtt-5' : 'unacceptable-version';
}

function parseConnect(frame: Buffer): (IConnectPacket & { password?: Buffer }) | undefined {
  let found: IConnectPacket | undefined;
  const reader = parser();
  reader.on('packet', (packet) => {
    if (packet.cmd === 'connect') found = packet as IConnectPacket;
  });
  reader.on('error', () => {
    found = undefined;
  });
  reader.parse(frame);
  return found;
}
