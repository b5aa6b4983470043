// What leaves a line, byte by byte: a broker of the test's own reads the acknowledgements as the protocol writes them.
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generate, parser, type Packet } from 'mqtt-packet';
import { openLightLine, type LightLine } from './light-line.ts';

const REFUSED = 0x83;

let server: Server;
let sockets: Socket[];
let line: LightLine | undefined;
beforeEach(async () => {
  sockets = [];
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await line?.end();
  line = undefined;
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** A broker that sends `count` messages at QoS 1 and gives the acknowledgements it reads, each with its remaining length, as soon as there are as many. */
function acknowledgementsOf(count: number, version: 4 | 5): Promise<[id: number, reason: number | undefined, bytes: number | undefined][]> {
  return new Promise((resolve, reject) => {
    server.once('connection', (socket) => {
      sockets.push(socket);
      const read = parser({ protocolVersion: version });
      const seen: [number, number | undefined, number | undefined][] = [];
      read.on('error', reject);
      read.on('packet', (packet: Packet) => {
        if (packet.cmd === 'connect') {
          socket.write(generate({ cmd: 'connack', reasonCode: 0, returnCode: 0, sessionPresent: false }, { protocolVersion: version }));
          for (let i = 1; i <= count; i++)
            socket.write(
              generate(
                { cmd: 'publish', topic: 't', payload: String(i), qos: 1, messageId: 0x0100 + i, retain: false, dup: false },
                { protocolVersion: version },
              ),
            );
        } else if (packet.cmd === 'puback') seen.push([packet.messageId!, packet.reasonCode, packet.length]);
        if (seen.length === count) resolve(seen);
      });
      socket.on('data', (bytes) => read.parse(bytes));
    });
  });
}

async function open(version: 4 | 5, onMessage: Parameters<typeof openLightLine>[0]['onMessage']): Promise<void> {
  const { port } = server.address() as AddressInfo;
  line = await openLightLine({ url: `mqtt://127.0.0.1:${port}`, version, clientId: 'c', username: 'c', password: 'p', keepaliveSeconds: 0, onMessage });
}

const refusesTheSecond = (payload: Buffer) => (payload.toString() === '2' ? REFUSED : 0);

test('on MQTT 5 a refused message is refused by its reason, and those around it are taken', async () => {
  const seen = acknowledgementsOf(3, 5);
  await open(5, (message, acknowledge) => acknowledge(refusesTheSecond(message.payload)));
  expect(await seen).toEqual([
    [0x0101, 0, 2],
    [0x0102, REFUSED, 3],
    [0x0103, 0, 2],
  ]);
});

test('MQTT 3.1.1 knows no reasons: every message is taken', async () => {
  const seen = acknowledgementsOf(3, 4);
  await open(4, (message, acknowledge) => acknowledge(refusesTheSecond(message.payload)));
  expect((await seen).map(([id, , bytes]) => [id, bytes])).toEqual([0x0101, 0x0102, 0x0103].map((id) => [id, 2]));
});

test('they leave in the order in which the messages came, whichever was done first', async () => {
  const seen = acknowledgementsOf(3, 5);
  const waiting: ((reason: number) => void)[] = [];
  await open(5, (_message, acknowledge) => {
    waiting.push(acknowledge);
    if (waiting.length < 3) return;
    waiting[2]!(0);
    waiting[0]!(REFUSED);
    setTimeout(() => waiting[1]!(0), 20);
  });
  expect(await seen).toEqual([
    [0x0101, REFUSED, 3],
    [0x0102, 0, 2],
    [0x0103, 0, 2],
  ]);
});
