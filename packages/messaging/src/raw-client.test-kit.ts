// A stranger with a plain socket: sends any bytes, and sees what comes back and when the line is cut.
import { connect, type Socket } from 'node:net';
import { generate, parser, type Packet } from 'mqtt-packet';
import { until } from './until.test-kit.ts';

export class RawClient {
  readonly socket: Socket;
  readonly received: Packet[] = [];
  closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    const reader = parser();
    reader.on('packet', (packet) => this.received.push(packet));
    socket.on('data', (chunk) => reader.parse(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
  }

  static async open(port: number, localAddress = '127.0.0.1'): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    const client = new RawClient(socket);
    await until(() => !socket.connecting, 'the socket is open');
    return client;
  }

  /** Connected as `clientId` with the right password. */
  static async signedIn(port: number, clientId: string, more: object = {}): Promise<RawClient> {
    const client = await RawClient.open(port);
    client.send(connectPacket(clientId, more));
    await client.gets('connack');
    return client;
  }

  send(packet: Packet): void {
    this.socket.write(generate(packet));
  }

  async gets(cmd: string): Promise<Packet> {
    await until(() => this.received.some((packet) => packet.cmd === cmd), `a ${cmd} came`);
    return this.received.find((packet) => packet.cmd === cmd)!;
  }

  /** The code with which the broker answered a CONNECT. */
  async connack(): Promise<number> {
    return ((await this.gets('connack')) as { returnCode: number }).returnCode;
  }

  async isCut(ms = 2_000): Promise<void> {
    await until(() => this.closed, 'the line was cut', ms);
  }

  end(): void {
    this.socket.destroy();
  }
}

export function connectPacket(clientId: string, more: object = {}): Packet {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId,
    keepalive: 30,
    username: clientId,
    password: Buffer.from(`password-of-${clientId}`),
    ...more,
  } as Packet;
}

export function publishPacket(topic: string, more: object = {}): Packet {
  return { cmd: 'publish', topic, payload: 'x', qos: 1, messageId: 7, dup: false, retain: false, ...more } as Packet;
}

export function subscribePacket(topics: readonly string[], qos: 0 | 1 | 2 = 1): Packet {
  return { cmd: 'subscribe', messageId: 9, subscriptions: topics.map((topic) => ({ topic, qos })) } as Packet;
}
