// Chapter 2, alert: one alerting room for the tests, with its officers, its places, and a clock in the test's hands.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect } from 'vitest';
import type { ConsumerName } from '@laba/domain/events';
import type { Officer } from '@laba/domain/officer';
import { MemoryQueue } from '@laba/messaging/memory-queue';
import { fakeOfficer, openRoom, type FakeRoom } from '@laba/runtime/fake-room';
import { Relay } from '@laba/runtime/relay';
import type { Consumer } from '@laba/runtime/service';
import { any } from '@laba/storage/database';
import type { AlertView } from '@laba/domain/alert-view';
import { alertingService } from './service.ts';

export const COUNTY = '533324';
export const TOWNSHIP = '533324100';
export const VILLAGE = '533324100201';
export const GROUP = '53332410020101';
export const OTHER = '533324101201';
export const MINUTE = 60_000;

export const admin = fakeOfficer('admin', 'county-admin', COUNTY);
export const duty1 = fakeOfficer('duty1', 'county-officer', COUNTY);
export const duty2 = fakeOfficer('duty2', 'county-officer', COUNTY);
export const township = fakeOfficer('township', 'township-officer', TOWNSHIP);
export const cadre = fakeOfficer('cadre', 'village-cadre', VILLAGE);
export const stranger = fakeOfficer('stranger', 'village-cadre', OTHER);
export const everybody = [admin, duty1, duty2, township, cadre, stranger];

/** Opened anew for each test of a file that asked for it by `inAlertRoom`. */
export let room: FakeRoom;

/** Opens a room before each test and closes it after. */
export function inAlertRoom(): void {
  beforeEach(openAlertRoom);
  afterEach(() => room.close());
}

async function openAlertRoom(): Promise<void> {
  room = await openRoom(alertingService, everybody);
  const node = (code: string, tier: 'county' | 'township' | 'village' | 'group') => ({ code, tier, name: `演示${code}` });
  await room.deps.db.atomically([
    any((q, t) =>
      q
        .insert(t.gridNode)
        .values([node(COUNTY, 'county'), node(TOWNSHIP, 'township'), node(VILLAGE, 'village'), node(GROUP, 'group'), node(OTHER, 'village')])
        .returning({ code: t.gridNode.code }),
    ),
    any((q, t) =>
      q
        .insert(t.officer)
        .values(everybody.map((one) => ({ id: one.id, username: one.username, name: one.name, role: one.role, scopes: [...one.scopes] })))
        .returning({ id: t.officer.id }),
    ),
  ]);
}

type Refusal = { code: string; detail: string };
type Body = AlertView & Refusal;
export const ask = (who: Officer | undefined, method: 'GET' | 'POST' | 'PATCH' | 'PUT', path: string, body?: unknown, headers?: Record<string, string>) =>
  room.ask<Body>(who, method, `/api/v1${path}`, body, headers);

export const order = (over: Record<string, unknown> = {}) => ({
  mode: 'live',
  kind: 'order',
  order: 'move-now',
  templateId: 'debris-flow-move-now',
  areaCodes: [GROUP],
  durationMinutes: 60,
  ...over,
});
export const red = (over: Record<string, unknown> = {}) => ({
  mode: 'live',
  kind: 'warning',
  level: 'red',
  issuer: '演示县气象台',
  templateId: 'rainstorm-red',
  areaCodes: [COUNTY],
  durationMinutes: 60,
  ...over,
});
export const draft = async (who: Officer = cadre, body: unknown = order()) => (await ask(who, 'POST', '/alerts', body)).body;
export const act = (who: Officer | undefined, id: string, verb: string, body?: unknown, headers?: Record<string, string>) =>
  ask(who, 'POST', `/alerts/${id}/${verb}`, body, headers);
export const raised = async (who: Officer = cadre, body: unknown = order()) => {
  const { id } = await draft(who, body);
  const answer = await act(who, id, 'raise');
  expect(answer.body.state).toBe('raised');
  return answer.body;
};
export const iso = (inMinutes: number) => new Date(room.deps.clock.now() + inMinutes * MINUTE).toISOString();
export const events = async (type?: string) =>
  (await room.deps.db.read((q, t) => q.select().from(t.event).orderBy(t.event.seq))).filter(
    (event) => event.type !== 'template.loaded' && (type === undefined || event.type === type),
  );
export const types = async () => (await events()).map((event) => event.type);
export const jobs = (consumer: ConsumerName) => room.deps.db.read((q, t) => q.select().from(t.job).where(eq(t.job.consumer, consumer)));
export const headOf = async (id: string) => (await room.deps.db.read((q, t) => q.select().from(t.alert).where(eq(t.alert.id, id))))[0]!;

export async function withRelay(work: () => Promise<void>): Promise<void> {
  const { db, clock, ids, log } = room.deps;
  const consumers = new Map(Object.entries(room.service.consumers ?? {}) as [ConsumerName, Consumer][]);
  const relay = new Relay({ db, queue: new MemoryQueue((ms) => clock.sleep(ms)), clock, ids, log }, consumers);
  await relay.start();
  await work();
  await relay.stop();
}
