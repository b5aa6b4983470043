// A small county for this room's tests: real database, real HTTP, time in the test's hands.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeIds } from '@laba/domain/ids';
import type { Officer, Role } from '@laba/domain/officer';
import type { Act } from '@laba/runtime/auth';
import { configSchema, type Config } from '@laba/runtime/config';
import { FakeClock } from '@laba/runtime/fake-clock';
import { createApp, SESSION_COOKIE, type App } from '@laba/runtime/http';
import { silentLog } from '@laba/runtime/log';
import type { Deps } from '@laba/runtime/service';
import { Vault } from '@laba/runtime/vault';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { createOfficer } from './create-officer.ts';
import { importCsv, type ImportKind, type ImportResult } from './import-csv.ts';
import { registryService } from './service.ts';
import { registrySessions } from './sessions.ts';

export const SYSTEM: Act = { who: 'system', via: 'cli', once: [] };
export const PASSWORD = 'correct horse battery';
export const COUNTY = '533324';
export const TOWNSHIP = '533324101';
export const VILLAGE = '533324101202';
export const GROUP = '53332410120201';
export const OTHER_TOWNSHIP = '533324102';
export const OTHER_GROUP = '53332410220101';

const noBroker: Deps['mqtt'] = { online: false, publish: async () => {}, subscribe: async () => {}, onLine: () => () => {}, close: async () => {} };

export interface TestHouse extends Deps {
  db: SqliteDatabase;
  clock: FakeClock;
}

export function openHouse(given: Partial<Config> = {}): TestHouse {
  const clock = new FakeClock();
  const config = configSchema.parse({ county: COUNTY, ...given });
  return {
    config,
    db: SqliteDatabase.open(':memory:', HOUSE),
    mqtt: noBroker,
    clock,
    ids: makeIds(
      () => clock.now(),
      (size) => randomBytes(size),
    ),
    log: silentLog,
    vault: new Vault(randomBytes(32)),
  };
}

export function divisionsFile(name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`../../../infra/divisions/${name}.csv`, import.meta.url)));
}

export function csv(...lines: string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}\n`);
}

export function bringIn(house: Deps, kind: ImportKind, bytes: Buffer, more: { dryRun?: boolean; county?: string } = {}): Promise<ImportResult> {
  return importCsv(house, { kind, bytes, dryRun: false, ...more }, SYSTEM);
}

export const GROUPS = csv(
  'code,name,parent_code,party_branch,languages',
  `${GROUP},演示一组,${VILLAGE},演示党支部,lis|nu`,
  `${OTHER_GROUP},演示二组,533324102201,,`,
);
export const SITES = csv(
  'site_id,name,grid_code,placed_by,speaker_id,speaker_name',
  `room-1,演示活动室一,${GROUP},演示,room-1-a,东喇叭`,
  `room-1,演示活动室一,${GROUP},演示,room-1-b,西喇叭`,
  `room-2,演示活动室二,${OTHER_GROUP},,room-2-a,喇叭`,
);

/** Divisions, two groups in different townships, a room in each. */
export async function furnish(house: Deps): Promise<void> {
  await bringIn(house, 'divisions', divisionsFile('533324'));
  await bringIn(house, 'groups', GROUPS);
  await bringIn(house, 'sites', SITES);
}

export async function officer(house: Deps, role: Role, scopes: string[], username: string = role): Promise<Officer> {
  return createOfficer(house, { username, name: `演示${username}`, role, scopes, password: PASSWORD }, SYSTEM);
}

export async function openApp(house: Deps, disconnect: (gatewayId: string) => Promise<void> = async () => {}): Promise<App> {
  const app = await createApp({ ...house, sessions: registrySessions(house), degraded: () => [] });
  registryService(house, { disconnect }).routes?.(app);
  await app.ready();
  return app;
}

export interface Caller {
  get(url: string): Promise<Answer>;
  post(url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(url: string): Promise<Answer>;
  headers: Record<string, string>;
}

export interface Answer {
  status: number;
  body: Record<string, never>;
  text: string;
  headers: Record<string, unknown>;
}

/** Nobody: no cookie, no CSRF token. */
export function anybody(app: App, headers: Record<string, string> = {}): Caller {
  const send = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: unknown, more: Record<string, string> = {}): Promise<Answer> => {
    const response = await app.inject({ method, url, headers: { ...headers, ...more }, ...(payload === undefined ? {} : { payload: payload as object }) });
    const isJson = String(response.headers['content-type'] ?? '').includes('json');
    return { status: response.statusCode, body: isJson ? response.json() : {}, text: response.body, headers: response.headers };
  };
  return { headers, get: (url) => send('GET', url), post: (url, body, more) => send('POST', url, body, more), delete: (url) => send('DELETE', url) };
}

export async function signedIn(app: App, username: string, password = PASSWORD): Promise<Caller> {
  const answer = await anybody(app).post('/api/v1/sessions', { username, password });
  if (answer.status !== 200) throw new Error(`Sign-in answered ${answer.status}: ${answer.text}`);
  const cookie = /laba_session=([^;]+)/.exec(String(answer.headers['set-cookie']))?.[1] ?? '';
  return anybody(app, { cookie: `${SESSION_COOKIE}=${cookie}`, 'x-csrf-token': String(answer.body['csrfToken']) });
}

export async function eventsOf(house: Deps): Promise<{ type: string; who: string; subjectId: string; gridCode: string; data: Record<string, unknown> }[]> {
  return house.db.read((q, t) =>
    q
      .select({ type: t.event.type, who: t.event.who, subjectId: t.event.subjectId, gridCode: t.event.gridCode, data: t.event.data })
      .from(t.event)
      .orderBy(t.event.seq),
  );
}
