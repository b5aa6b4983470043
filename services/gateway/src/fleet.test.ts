// Many gateways in one process, on the real broker; and the child process that runs them.
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  gatewayHelloSchema,
  gatewayPublications,
  gatewaySubscriptions,
  reportMessageSchema,
  topics,
  type GatewayIdentity,
  type PlayReport,
} from '@laba/domain/gateway-protocol';
import { makeIds } from '@laba/domain/ids';
import { startEmbeddedBroker } from '@laba/messaging/embedded-broker';
import { fingerprint as fingerprintOf } from '@laba/messaging/fingerprint';
import type { Mqtt } from '@laba/messaging/mqtt';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { systemClock } from '@laba/runtime/clock';
import { silentLog } from '@laba/runtime/log';
import { claimGateway } from './claim.ts';
import { runFleet } from './fleet.ts';
import { readIdentity } from './identity-file.ts';
import { playerOf } from './players.ts';
import { COUNTY, GROUP, makeSigners, VILLAGE, Village } from './village.test-kit.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const village = new Village({ signers: makeSigners() });

async function county(gateways: number) {
  const identities: GatewayIdentity[] = [];
  const broker = await startEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    authenticate: async (clientId) => {
      if (clientId === 'county') return { clientId, mayPublish: () => true, maySubscribe: () => true };
      return {
        clientId,
        mayPublish: (topic) => gatewayPublications(COUNTY, clientId).includes(topic),
        maySubscribe: (filter) => gatewaySubscriptions(COUNTY, clientId, GROUP).includes(filter),
      };
    },
  });
  ends.push(() => broker.close());
  for (let i = 0; i < gateways; i++) {
    identities.push({
      ...village.identity,
      gatewayId: `gw-${i}`,
      speakers: [{ speakerId: `pole-${i}`, name: '喇叭' }],
      mqttUrl: `mqtt://127.0.0.1:${broker.port}`,
    });
  }
  const mqtt = connectMqtt({ url: `mqtt://127.0.0.1:${broker.port}`, clientId: 'county', username: 'county', password: 'x' }, { log: silentLog });
  ends.push(() => mqtt.close());
  const reports: PlayReport[] = [];
  await expect.poll(() => mqtt.online).toBe(true);
  for (const { gatewayId } of identities) {
    await mqtt.subscribe(
      topics.gatewayReport(COUNTY, gatewayId),
      (_, payload) => void reports.push(...reportMessageSchema.parse(JSON.parse(payload.toString())).reports),
    );
    await mqtt.subscribe(topics.gatewayHello(COUNTY, gatewayId), (_, payload) => answer(mqtt, gatewayId, payload));
  }
  return { identities, mqtt, reports };
}

async function answer(mqtt: Mqtt, gatewayId: string, payload: Buffer): Promise<void> {
  const { nonce } = gatewayHelloSchema.parse(JSON.parse(payload.toString()));
  village.countyMs = () => Date.now();
  const wire = village.sign({
    type: 'snapshot',
    ...village.head({ scope: [GROUP] }),
    body: { nonce, commands: [], tombstones: [], journalId: null, reportsHeldUpTo: 0, highestSeq: 0 },
  });
  await mqtt.publish(topics.gatewayCommand(COUNTY, gatewayId), wire);
}

const shortCommand = () => village.wire({ texts: [], siren: false, playTimes: 1, scope: [VILLAGE], areaCode: [VILLAGE] });

describe('a fleet', () => {
  it('of twenty hears one publish, each says so, each sounds once', async () => {
    const { identities, mqtt, reports } = await county(20);
    const dir = mkdtempSync(join(tmpdir(), 'laba-fleet-'));
    const fleet = await runFleet({
      identities,
      dataDir: dir,
      audioCacheDir: join(dir, 'audio'),
      player: playerOf('wav', join(dir, 'sounds'), systemClock),
      clock: systemClock,
      monotonicMs: () => performance.now(),
      ids: makeIds(Date.now, randomBytes),
      log: silentLog,
      software: 'test',
      connect: (connection) => connectMqtt(connection, { log: silentLog }),
    });
    ends.push(() => fleet.stop());
    expect(fleet.gateways.every((gateway) => gateway.online)).toBe(true);
    village.countyMs = () => Date.now();
    await mqtt.publish(topics.areaCommand(COUNTY, VILLAGE), shortCommand());
    const of = (state: string) => new Set(reports.filter((r) => r.state === state).map((r) => r.speakerId)).size;
    await expect.poll(() => of('played'), { timeout: 60_000 }).toBe(20);
    expect([of('received'), of('playing')]).toEqual([20, 20]);
    const lines = readFileSync(join(dir, 'sounds', 'play-log.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; wav: string; speakerId: string })
      .filter((line) => line.event === 'ended');
    expect(new Set(lines.map((line) => line.speakerId)).size).toBe(20);
    expect(lines.length).toBe(20);
    expect(new Set(lines.map((line) => line.wav)).size).toBe(1);
  });

  it('in a child process says ready, plays, and goes when told; a dead speaker is said to be dead', async () => {
    const { identities, mqtt, reports } = await county(6);
    const dir = mkdtempSync(join(tmpdir(), 'laba-fleet-'));
    const plan = { identities, dataDir: dir, audioCacheDir: join(dir, 'audio'), player: 'wav', faults: { deadSpeakers: ['pole-3'] }, parentPid: process.pid };
    writeFileSync(join(dir, 'plan.json'), JSON.stringify(plan));
    const child = fork(fileURLToPath(new URL('./fleet-process.ts', import.meta.url)), [join(dir, 'plan.json')], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      execArgv: [],
    });
    ends.push(() => void child.kill('SIGKILL'));
    const line = await new Promise<string>((resolve) => child.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    expect(JSON.parse(line)).toMatchObject({ ready: true, gateways: 6, online: 6 });
    village.countyMs = () => Date.now();
    await mqtt.publish(topics.areaCommand(COUNTY, VILLAGE), shortCommand());
    const of = (state: string) => new Set(reports.filter((r) => r.state === state).map((r) => r.speakerId)).size;
    await expect.poll(() => [of('played'), of('failed')], { timeout: 60_000 }).toEqual([5, 1]);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await gone).toBe(0);
  });

  it('in a child process goes when its parent is gone', async () => {
    const { identities } = await county(1);
    const dir = mkdtempSync(join(tmpdir(), 'laba-fleet-'));
    const plan = { identities, dataDir: dir, audioCacheDir: join(dir, 'audio'), player: 'wav', faults: { deadSpeakers: [] }, parentPid: 2 ** 22 - 1 };
    writeFileSync(join(dir, 'plan.json'), JSON.stringify(plan));
    const child = fork(fileURLToPath(new URL('./fleet-process.ts', import.meta.url)), [join(dir, 'plan.json')], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    ends.push(() => void child.kill('SIGKILL'));
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
  });
});

describe('a claim', () => {
  it('makes the key, keeps what the county answers in a file only its owner reads, and never sends the private key', async () => {
    let asked = '';
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => (asked += chunk.toString()));
      request.on('end', () => response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(village.identity)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => void server.close());
    const dir = join(mkdtempSync(join(tmpdir(), 'laba-claim-')), 'box');
    const { fingerprint, ...identity } = await claimGateway({
      countyUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      code: 'ABCD-EFGH',
      dir,
    });
    expect(readIdentity(dir)).toEqual(identity);
    const file = join(dir, 'identity.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { privateKey } = JSON.parse(readFileSync(file, 'utf8')) as { privateKey: string };
    expect(JSON.parse(asked)).toEqual({ code: 'ABCD-EFGH', publicKey: expect.stringMatching(/^[\w-]{43}$/) });
    expect(asked).not.toContain(privateKey);
    // What the installer reads out is that of the key which the county was told.
    const { publicKey } = JSON.parse(asked) as { publicKey: string };
    expect(fingerprint).toBe(fingerprintOf(publicKey));
    expect(fingerprint).toMatch(/^([0-9a-f]{4} ){3}[0-9a-f]{4}$/);
  });

  it('that the county refuses leaves nothing behind and says why', async () => {
    const server = createServer((_, response) =>
      response.writeHead(403, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ code: 'claim-invalid', detail: 'used' })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => void server.close());
    const dir = join(mkdtempSync(join(tmpdir(), 'laba-claim-')), 'box');
    await expect(claimGateway({ countyUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, code: 'X', dir })).rejects.toMatchObject({
      code: 'claim-invalid',
    });
    expect(existsSync(dir)).toBe(false);
  });
});
