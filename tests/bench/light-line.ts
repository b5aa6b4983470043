// The lightest MQTT 3.1.1 line there is: mqtt-packet over a socket. Nothing is queued, sent again or remembered.
import { connect, type Socket } from 'node:net';
import { generate, parser, type IPublishPacket, type Packet } from 'mqtt-packet';

export interface LineOptions {
  port: number;
  clientId: string;
  password: string;
  topics: readonly string[];
  onPublish: (packet: IPublishPacket, line: LightLine) => void;
}

const OPTIONS = { protocolVersion: 4 } as const;

export class LightLine {
  readonly socket: Socket;
  #messageId = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  /** Resolves when every topic is granted. */
  static open(options: LineOptions): Promise<LightLine> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
      const line = new LightLine(socket);
      const reader = parser(OPTIONS);
      reader.on('packet', (packet: Packet) => {
        if (packet.cmd === 'publish') line.#take(packet, options);
        else if (packet.cmd === 'connack') {
          if (packet.returnCode !== 0) return reject(new Error(`${options.clientId} was refused: ${packet.returnCode}`));
          line.#send({ cmd: 'subscribe', messageId: line.#nextId(), subscriptions: options.topics.map((topic) => ({ topic, qos: 1 })) });
        } else if (packet.cmd === 'suback') resolve(line);
      });
      socket.on('data', (bytes) => reader.parse(bytes));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error(`${options.clientId} was cut off`)));
      const { clientId, password } = options;
      line.#send({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive: 300,
        clientId,
        username: clientId,
        password: Buffer.from(password),
      });
    });
  }

  /** QoS 1; nobody waits for the PUBACK. */
  publish(topic: string, payload: string, retain = false): void {
    this.#send({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain, messageId: this.#nextId() });
  }

  #take(packet: IPublishPacket, options: LineOptions): void {
    if (packet.qos === 1) this.#send({ cmd: 'puback', messageId: packet.messageId! });
    options.onPublish(packet, this);
  }

  #nextId(): number {
    this.#messageId = (this.#messageId % 65_535) + 1;
    return this.#messageId;
  }

  #send(packet: Packet): void {
    this.socket.write(generate(packet, OPTIONS));
  }
}
