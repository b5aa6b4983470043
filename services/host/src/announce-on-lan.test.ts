// The house's name on its network, asked for as any telephone does.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import multicastDns from 'multicast-dns';
import { expect, it } from 'vitest';
import { systemClock } from '@laba/runtime/clock';
import { silentLog } from '@laba/runtime/log';
import { announceOnLan, lanAddresses, lanUrls } from './announce-on-lan.ts';

const HERE = '127.0.0.1';

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, HERE);
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** Asks until it is answered; how often `name` was answered with what. */
async function asker(port: number) {
  const mdns = multicastDns({ interface: HERE, bind: '0.0.0.0', port });
  const heard: [string, unknown][] = [];
  mdns.on('response', ({ answers = [] }) => heard.push(...answers.flatMap((one) => (one.type === 'A' ? [[one.name, one.data] as [string, unknown]] : []))));
  await once(mdns, 'ready');
  return { heard, ask: (name: string) => mdns.query(name, 'A'), close: () => mdns.destroy() };
}

it('is answered with the address of that network, however it is written, and no other name is', async () => {
  const port = await freeUdpPort();
  const stop = announceOnLan('laba', { clock: systemClock, log: silentLog, addresses: () => [HERE], port });
  const { heard, ask, close } = await asker(port);
  await expect.poll(() => (ask('laba.local'), heard.length)).toBeGreaterThan(0);
  expect(heard[0]).toEqual(['laba.local', HERE]);
  await systemClock.sleep(200);
  const written = heard.length;
  await expect.poll(() => (ask('LABA.local'), heard.length)).toBeGreaterThan(written);
  const before = heard.length;
  ask('printer.local');
  ask('xlaba.local');
  ask('laba.local');
  await expect.poll(() => heard.length).toBeGreaterThan(before);
  expect(new Set(heard.map(([name]) => name))).toEqual(new Set(['laba.local']));
  stop();
  close();
});

it('is answered on a network that comes later, and no longer when it is gone', async () => {
  const port = await freeUdpPort();
  const looks: (() => void)[] = [];
  const clock = { ...systemClock, after: (_ms: number, look: () => void) => (looks.push(look), () => {}) };
  let now: string[] = [];
  const stop = announceOnLan('laba', { clock, log: silentLog, addresses: () => now, port });
  const { heard, ask, close } = await asker(port);
  ask('laba.local');
  now = [HERE];
  looks.shift()!();
  await expect.poll(() => (ask('laba.local'), heard.length)).toBeGreaterThan(0);
  now = [];
  await expect.poll(() => looks.length).toBe(1);
  looks.shift()!();
  const neighbour = announceOnLan('neighbour', { clock: systemClock, log: silentLog, addresses: () => [HERE], port });
  const before = heard.length;
  ask('laba.local');
  ask('neighbour.local');
  await expect.poll(() => heard.slice(before).map(([name]) => name)).toContain('neighbour.local');
  expect(heard.slice(before).map(([name]) => name)).not.toContain('laba.local');
  neighbour();
  stop();
  close();
});

it('a machine’s addresses are those that others can reach', () => {
  expect(lanAddresses()).not.toContain(HERE);
  expect(lanUrls({ host: HERE, port: 8080 }, 'laba')).toEqual([]);
  expect(lanUrls({ host: '0.0.0.0', port: 8080 }, 'laba')).toEqual(['laba.local', ...lanAddresses()].map((one) => `http://${one}:8080/`));
});
