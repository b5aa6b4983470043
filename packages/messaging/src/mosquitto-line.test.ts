// What an operator is told of a line that will not come up, or will not stay: one sentence, with what to do.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installed } from './installed.test-kit.ts';
import { hasMosquitto, MosquittoUnderTest } from './mosquitto.test-kit.ts';
import type { Mqtt, MqttConnection } from './mqtt.ts';
import { connectMqtt } from './mqtt-client.ts';
import { until } from './until.test-kit.ts';
import { createServer, type Server } from 'node:tls';
import type { AddressInfo } from 'node:net';

let logged: string[];
let lines: Mqtt[];

function connect(connection: Partial<MqttConnection> & { url: string }): Mqtt {
  const note = (facts: Record<string, unknown>) => void logged.push(String(facts['why']));
  const account = { clientId: 'county-1', username: 'county', password: 'guess', version: 5 } as const;
  const line = connectMqtt({ ...account, ...connection }, { log: { error: note, warn: note, info() {} }, reconnectMs: 20 });
  lines.push(line);
  return line;
}

beforeEach(() => {
  logged = [];
  lines = [];
});
afterEach(() => Promise.all(lines.map((line) => line.close())));

describe.skipIf(!hasMosquitto)('at a Mosquitto (needs mosquitto)', () => {
  let broker: MosquittoUnderTest;
  beforeEach(async () => {
    broker = await MosquittoUnderTest.start();
  });
  afterEach(() => broker.stop());

  test('a wrong password is told once, and not again with every try', async () => {
    const line = connect({ url: broker.url });
    await until(() => line.trouble !== undefined, 'it was told');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(logged).toEqual(["the broker refused the account 'county': wrong user name or password, or not entered at the broker"]);
  });

  test('TLS to a port that speaks plainly is told as that', async () => {
    const line = connect({ url: broker.url.replace('mqtt:', 'mqtts:') });
    await until(() => line.trouble !== undefined, 'it was told');
    expect(line.trouble).toMatch(/^127\.0\.0\.1:\d+ does not answer in TLS: is mqtt:\/\/ meant/);
  });

  test('two programs with one client id are told that they push each other out', async () => {
    const { username, password } = new URL(broker.server.url);
    const account = { url: broker.url, username, password: decodeURIComponent(password) };
    const twins = [connect(account), connect(account)];
    await until(() => twins.every((line) => line.trouble?.includes("does another program use the client id 'county-1'") === true), 'both were told');
  });
});

describe.skipIf(!installed('openssl', 'openssl'))('at a port that speaks TLS (needs openssl)', () => {
  let server: Server;
  let dir: string;
  let url: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-tls-'));
    const files = ['-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', ...files, ...names], {
      stdio: 'ignore',
    });
    server = createServer({ key: readFileSync(join(dir, 'key.pem')), cert: readFileSync(join(dir, 'cert.pem')) }, (socket) => {
      // A CONNACK of MQTT 5 without properties, whatever was asked.
      socket.once('data', () => socket.write(Buffer.from([0x20, 3, 0, 0, 0])));
      socket.on('error', () => {});
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `mqtts://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await Promise.all(lines.map((line) => line.close()));
    await new Promise((resolve) => server.close(resolve));
    rmSync(dir, { recursive: true });
  });

  test('a certificate of nobody we trust is named, and trusted once its authority is given', async () => {
    const stranger = connect({ url });
    await until(() => stranger.trouble !== undefined, 'it was told');
    expect(stranger.trouble).toContain('is signed by nobody we trust: name its authority by LABA_BROKER_CA');
    const friend = connect({ url, ca: readFileSync(join(dir, 'cert.pem'), 'utf8') });
    await until(() => friend.online, 'the line is up');
  });

  test('a certificate for another name is named', async () => {
    const line = connect({ url: url.replace('localhost', '127.0.0.1'), ca: readFileSync(join(dir, 'cert.pem'), 'utf8') });
    await until(() => line.trouble !== undefined, 'it was told');
    expect(line.trouble).toContain('is for another name');
  });

  test('plain speech to it is told as that', async () => {
    const line = connect({ url: url.replace('mqtts', 'mqtt') });
    await until(() => line.trouble !== undefined, 'it was told');
    expect(line.trouble).toMatch(/does it want TLS|does not speak MQTT/);
  });
});
