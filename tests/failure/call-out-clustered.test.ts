// Call-outs of 500 on two copies of every service: Redis forgets, processes die, and nobody is left out or called twice; a provider's rate holds for all.
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { and, eq } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import type { Policy } from '@laba/domain/policy';
import { BareCaller } from '../harness/bare-caller.ts';
import { tellFault } from '../harness/fault-report.ts';
import { hasEveryEngine } from '../harness/installed-engines.ts';
import { callOff, raiseOrder } from '../harness/live-alert.ts';
import { PersistentOfficer } from '../harness/persistent-officer.ts';
import { PASSWORD, RealTown } from '../harness/real-town.ts';
import { DASUO } from '../harness/small-county.ts';
import { ChaosTown } from '../soak/chaos-town.ts';

const MEMBERS = 500;
const START_MS = 120_000;
/** The shortest that a county may set: the second step comes while the test looks on. */
const INTERVAL_MS = 15_000;
const OUTAGE_MS = 1_500;
/** Short messages in a second, as the provider has sold them. */
const RATE = 20;
const SECRET = 'a secret of the provider';

interface Asked {
  atMs: number;
  id: string;
  phone: string;
  channel: string;
}

/** The most of these times that lie within one second. */
const busiestSecond = (times: readonly number[]) => Math.max(...times.map((first, i) => times.findLastIndex((at) => at < first + 1_000) - i + 1));

const phoneOf = (n: number) => `138${String(n).padStart(8, '0')}`;

describe.skipIf(!hasEveryEngine())('a call-out of 500 on two copies of every service (needs PostgreSQL, Redis, Mosquitto and nginx)', () => {
  let town: RealTown;
  let provider: Server;
  let cadre: PersistentOfficer;
  const asked: Asked[] = [];
  const dir = mkdtempSync(join(tmpdir(), 'laba-provider-'));

  beforeAll(async () => {
    provider = await startProvider(asked);
    town = await new RealTown({ profile: 'clustered', channelsFile: channelsFile(dir, provider) }).layOut();
    await town.startCluster();
    await prepare(town);
    cadre = await new PersistentOfficer(town, 'cadre1', PASSWORD).signIn();
  }, START_MS);
  afterAll(async () => {
    await town.close();
    provider.closeAllConnections();
    provider.close();
    rmSync(dir, { recursive: true, force: true });
  }, START_MS);

  const callsOf = async (alertId: string) =>
    (await town.read((db) => db.read((q, t) => q.select().from(t.call).where(eq(t.call.alertId, alertId))))).filter(({ memberId }) =>
      memberId.startsWith('many-'),
    );
  const answered = async (alertId: string) => (await callsOf(alertId)).filter(({ answer }) => answer === 'arrived').map(({ memberId }) => memberId);

  /** The steps of the call-out that the provider was asked for: their messages are numbered by call and step. */
  const stepsOf = (alertId: string) => asked.filter(({ id, phone }) => id.startsWith(`${alertId}-`) && phone.startsWith('138'));
  const called = (alertId: string, channel: string) => new Set(stepsOf(alertId).flatMap((one) => (one.channel === channel ? [one.phone] : [])));

  /** When the short messages of the alert were taken by a sender, in order. */
  const taken = async (alertId: string, urgent: boolean) =>
    (
      await town.read((db) =>
        db.read((q, t) =>
          q
            .select()
            .from(t.message)
            .where(and(eq(t.message.alertId, alertId), eq(t.message.channel, 'sms'))),
        ),
      )
    )
      .flatMap((message) => (message.urgent === urgent && message.takenAtMs !== null ? [message.takenAtMs] : []))
      .toSorted((a, b) => a - b);

  /** An SMS that the provider hands over until the county has taken it. */
  async function replies(alertId: string, memberId: string): Promise<void> {
    const phone = phoneOf(Number(memberId.slice('many-'.length)));
    await town.until(`${memberId} is called`, () => called(alertId, 'sms').has(phone));
    const body = JSON.stringify([{ sms: '到了', phone, ref: `${alertId} ${memberId}` }]);
    const headers = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' };
    await town.until(`the county takes the reply of ${memberId}`, () =>
      fetch(`${town.url}/api/v1/channels/sms/incoming`, { method: 'POST', headers, body }).then(
        (response) => response.ok,
        () => false,
      ),
    );
  }

  const suffer = (how: 'flush' | 'kill') => new ChaosTown(town).suffer({ fault: 'engine', engine: 'redis', how, forMs: OUTAGE_MS });
  const flushes = async () => {
    const untilMs = performance.now() + OUTAGE_MS;
    while (performance.now() < untilMs) await suffer('flush');
  };
  /** While messages are in its hands, a sender dies, and with it all who plan. */
  const deaths = async () => {
    const before = asked.length;
    await town.until('somebody is called', () => asked.length > before);
    const names = [...town.cluster.members.keys()];
    const dies = (name: string) => new ChaosTown(town).suffer({ fault: 'kill-copy', copy: names.indexOf(name), forMs: 300 });
    await Promise.all(['dispatch-1', 'mobilization-1', 'mobilization-2'].map(dies));
  };
  const faults: [string, () => Promise<void>][] = [
    ['Redis: FLUSHALL again and again', () => flushes()],
    ['Redis: kill -9, and started empty', () => suffer('kill')],
    ['kill -9 of a sender and of every planner', () => deaths()],
  ];

  it.each(faults)('%s', async (name, happens) => {
    const alertId = await raiseOrder(cadre);
    const happening = happens();
    await replies(alertId, 'many-1');
    await happening;
    const healedAt = performance.now();
    await replies(alertId, 'many-2');
    await town.until('every member is called', () => called(alertId, 'sms').size === MEMBERS);
    const recoveryMs = performance.now() - healedAt;
    await town.until('both have answered', async () => (await answered(alertId)).length === 2);
    await town.until('who has not answered is called by the next channel', () => called(alertId, 'voice').size >= MEMBERS - 2);

    expect((await callsOf(alertId)).length).toBe(MEMBERS);
    expect((await answered(alertId)).toSorted()).toEqual(['many-1', 'many-2']);
    expect([phoneOf(1), phoneOf(2)].filter((phone) => called(alertId, 'voice').has(phone))).toEqual([]);
    expect(busiestSecond(await taken(alertId, true))).toBeGreaterThan(2 * RATE);
    // What a dead sender had in hand may have gone out: it goes again, when its lease is over and not sooner.
    for (const again of Map.groupBy(stepsOf(alertId), ({ id }) => id).values())
      expect(again.every(({ atMs }, i) => i === 0 || atMs - again[i - 1]!.atMs > LIMITS.messageLeaseMs)).toBe(true);
    tellFault({
      fault: `${name}, in a call-out of ${MEMBERS}`,
      profile: 'clustered',
      seen: 'every member called, both answers kept, no step twice',
      recoveryMs,
    });
    await callOff(cadre, alertId);
  });

  it('the rate of a provider holds for both copies of the sender together, where nothing is live and red', async () => {
    const alertId = await raiseOrder(cadre, { mode: 'drill' });
    await town.until('some seconds of a drill are called', () => called(alertId, 'sms').size >= 5 * RATE);
    const times = await taken(alertId, false);
    expect([times.length >= 5 * RATE, busiestSecond(times)]).toEqual([true, RATE]);
    await callOff(cadre, alertId);
  });
});

/** Takes messages by SMS and by voice, and writes down whom for. */
async function startProvider(asked: Asked[]): Promise<Server> {
  const provider = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { to, ref } = JSON.parse(Buffer.concat(chunks).toString()) as { to: string; ref: string };
      asked.push({ atMs: performance.now(), id: ref, phone: to, channel: request.url!.slice(1) });
      setTimeout(() => response.end('{}'), 20);
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  return provider;
}

function channelsFile(dir: string, provider: Server): string {
  const [file, secretFile] = [join(dir, 'channels.json'), join(dir, 'provider.secret')];
  writeFileSync(secretFile, SECRET, { mode: 0o600 });
  const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const send = (name: string) => ({ kind: 'http', url: `${url}/${name}`, body: { to: '{phone}', text: '{words}', ref: '{id}' } });
  const incoming = { secretFile, reply: { words: 'sms', from: 'phone', id: 'ref' } };
  writeFileSync(file, JSON.stringify({ sms: { ...send('sms'), perSecond: RATE, incoming }, voice: send('voice') }));
  return file;
}

/** Five hundred members in one group, and the shortest interval. */
async function prepare(town: RealTown): Promise<void> {
  const admin = await new BareCaller(() => town.url).signIn('admin', PASSWORD);
  const rows = Array.from({ length: MEMBERS }, (_, n) => `many-${n},演示${n},${phoneOf(n)},,true,${DASUO},`);
  const csv = ['member_id,name,phone,skills,available,grid_code,post', ...rows].join('\n');
  const imported = await admin.post('/api/v1/imports/members', csv, { 'content-type': 'text/csv' });
  expect(imported.status, imported.text).toBe(200);
  const { version, ...policy } = JSON.parse((await admin.get('/api/v1/policy')).text) as Policy & { version: number };
  const callOut = { ...policy.callOut, intervalSeconds: { ...policy.callOut.intervalSeconds, red: INTERVAL_MS / 1_000 } };
  const changed = await admin.send('PUT', '/api/v1/policy', { body: { ...policy, callOut }, headers: { 'if-match': `"${version}"` } });
  expect(changed.status, changed.text).toBe(200);
}
