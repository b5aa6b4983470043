// One room of the house under test: real SQLite, real HTTP, a clock in the test's hands, officers who are simply signed in.
import { createHash, randomBytes } from 'node:crypto';
import { makeIds } from '@laba/domain/ids';
import type { Officer, Role } from '@laba/domain/officer';
import type { Mqtt, MessageHandler } from '@laba/messaging/mqtt';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import type { Sessions } from './auth.ts';
import { configSchema } from './config.ts';
import { FakeClock } from './fake-clock.ts';
import { createApp, SESSION_COOKIE, type App } from './http.ts';
import { silentLog } from './log.ts';
import type { Deps, Service } from './service.ts';
import { Vault } from './vault.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Answer<B = Record<string, unknown>> {
  status: number;
  /** The JSON answer, an empty object otherwise. What is in it is for the test to assert. */
  body: B;
  text: string;
  headers: Record<string, string | string[] | number | undefined>;
}

/** MQTT without a broker: what was published, and a way to let messages arrive. */
export class FakeMqtt implements Mqtt {
  online = true;
  readonly published: { topic: string; payload: string }[] = [];
  readonly #handlers = new Map<string, MessageHandler>();

  async publish(topic: string, payload: string): Promise<void> {
    this.published.push({ topic, payload });
  }

  async subscribe(filter: string, handler: MessageHandler): Promise<void> {
    this.#handlers.set(filter, handler);
  }

  onLine(): () => void {
    return () => {};
  }

  async close(): Promise<void> {}

  /** Lets a message arrive at whoever subscribed. */
  async arrives(topic: string, payload: unknown): Promise<void> {
    for (const [filter, handler] of this.#handlers) {
      const pattern = new RegExp(`^${filter.replaceAll('+', '[^/]+').replace('#', '.*')}$`);
      if (pattern.test(topic)) await handler(topic, Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)));
    }
  }
}

export interface FakeRoom {
  readonly deps: Deps & { clock: FakeClock; mqtt: FakeMqtt; db: SqliteDatabase };
  readonly app: App;
  readonly service: Service;
  /** One request, as this officer, or as nobody. */
  ask<B = Record<string, unknown>>(who: Officer | undefined, method: Method, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<B>>;
  close(): Promise<void>;
}

export function fakeOfficer(id: string, role: Role, ...scopes: string[]): Officer {
  return { id, username: id, name: `演示${id}`, role, scopes };
}

export async function openRoom(build: (deps: Deps) => Service, officers: readonly Officer[]): Promise<FakeRoom> {
  const clock = new FakeClock();
  const db = SqliteDatabase.open(':memory:', HOUSE);
  const mqtt = new FakeMqtt();
  const deps = {
    config: configSchema.parse({ dataDir: 'unused' }),
    db,
    mqtt,
    clock,
    log: silentLog,
    ids: makeIds(() => clock.now(), randomBytes),
    vault: new Vault(createHash('sha256').update('a secret for tests').digest()),
  };
  const sessions: Sessions = {
    async find(token) {
      const officer = officers.find((one) => one.id === token);
      return officer === undefined ? undefined : { officer, csrfToken: `csrf-${officer.id}`, openedAtMs: clock.now() };
    },
  };
  const app = await createApp({ config: deps.config, db, clock, log: silentLog, sessions, degraded: () => [] });
  const service = build(deps);
  service.routes?.(app);
  await service.start?.();
  return {
    deps,
    app,
    service,
    async ask<B>(who: Officer | undefined, method: Method, url: string, body?: unknown, headers: Record<string, string> = {}) {
      const signedIn: Record<string, string> = who === undefined ? {} : { cookie: `${SESSION_COOKIE}=${who.id}`, 'x-csrf-token': `csrf-${who.id}` };
      const response = await app.inject({
        method,
        url,
        headers: { ...signedIn, ...headers },
        ...(body === undefined ? {} : { payload: body as object | string }),
      });
      const json = String(response.headers['content-type'] ?? '').includes('json');
      return { status: response.statusCode, body: (json ? response.json() : {}) as B, text: response.body, headers: response.headers };
    },
    async close() {
      await service.stop?.();
      await app.close();
      await db.close();
    },
  };
}
