// Messages on real processes: the sender is killed in the middle of five hundred, and nobody's phone rings twice within the interval.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { queueMessages } from '@laba/storage/messages';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { RealTown } from '../harness/real-town.ts';
import { DASUO } from '../harness/small-county.ts';

const COUNT = 500;
/** Slow enough that a kill finds some in hand. */
const PROVIDER_MS = 60;

let town: RealTown;
let provider: Server;
let asked: { id: string; atMs: number }[];

beforeEach(async () => {
  asked = [];
  provider = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push({ id: (JSON.parse(Buffer.concat(chunks).toString()) as { ref: string }).ref, atMs: performance.now() });
      setTimeout(() => response.end('{"code":0}'), PROVIDER_MS);
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  town = await new RealTown().layOut();
});
afterEach(async () => {
  await town.close();
  provider.closeAllConnections();
  provider.close();
});

const states = () => town.read((db) => db.read((q, t) => q.select({ id: t.message.id, state: t.message.state }).from(t.message)));

/** Put down before the house starts, so that all of them are due at once. */
async function queueAll(): Promise<void> {
  const db = SqliteDatabase.open(join(town.dataDir, 'laba.db'), HOUSE);
  const nowMs = Date.now();
  const base = { alertId: null, purpose: 'number-check', memberId: 'm-ayi', gridCode: DASUO, channel: 'sms', step: 1, urgent: true, facts: {} } as const;
  const times = { dueAtMs: nowMs, notAfterMs: nowMs + 3_600_000, changedAtMs: nowMs };
  await db.atomically(queueMessages(Array.from({ length: COUNT }, (_, i) => ({ ...base, ...times, id: `m-${i}`, subjectId: `check-${i}` }))));
  await db.close();
}

test('killed in the middle of five hundred messages, the house sends the rest after its restart, and none of them twice within the interval', async () => {
  const file = join(town.dir, 'channels.json');
  const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/send`;
  writeFileSync(file, JSON.stringify({ sms: { kind: 'http', url, body: { to: '{phone}', text: '{words}', ref: '{id}' }, sent: { path: 'code', is: ['0'] } } }));
  const env = { LABA_CHANNELS: file };
  await queueAll();
  const host = await town.startHost({ env, waitReady: false });
  await town.until('some are sent, and not all', () => asked.length > COUNT / 3);
  await town.kill(host);
  const before = asked.length;
  expect(before).toBeLessThan(COUNT);

  await town.startHost({ env });
  await town.until('nothing waits but what was in hand', async () => (await states()).every(({ state }) => state === 'sent' || state === 'sending'));
  // In a dead sender's hand were those that it had just taken, and those whose outcome was not written yet.
  const inItsHand = 2 * LIMITS.urgentMessagesAtOnce;
  await town.until('all that can be is sent', async () => (await states()).filter(({ state }) => state === 'sending').length <= inItsHand);
  const rows = await states();
  const took = new Set(asked.map(({ id }) => id));
  const inHand = new Set(rows.filter(({ state }) => state === 'sending').map(({ id }) => id));
  expect(rows).toHaveLength(COUNT);
  // What was in hand goes again when its lease is over, which a slow machine may see.
  for (const again of Map.groupBy(asked, ({ id }) => id).values())
    expect(again.every(({ atMs }, i) => i === 0 || atMs - again[i - 1]!.atMs > LIMITS.messageLeaseMs)).toBe(true);
  // What is not in hand was taken by the provider: nothing is claimed that it did not say, and nobody is left out.
  expect(rows.filter(({ id }) => !inHand.has(id)).every(({ id, state }) => state === 'sent' && took.has(id))).toBe(true);
  expect(before).toBeGreaterThan(0);
});
