// A small town for the tests of this room: a county with two villages, members, officers, and the house's own HTTP side.
import { createHash } from 'node:crypto';
import type { Kind, Level, Mode, Order } from '@laba/domain/alert';
import type { ConsumerName, EventType } from '@laba/domain/events';
import { makeIds } from '@laba/domain/ids';
import type { Officer } from '@laba/domain/officer';
import type { Mqtt } from '@laba/messaging/mqtt';
import { configSchema, type Config } from '@laba/runtime/config';
import { FakeClock } from '@laba/runtime/fake-clock';
import { createApp, SESSION_COOKIE, type App } from '@laba/runtime/http';
import { silentLog } from '@laba/runtime/log';
import type { Consumer, Deps } from '@laba/runtime/service';
import { Vault } from '@laba/runtime/vault';
import { any, type Op } from '@laba/storage/database';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import type { Job } from '@laba/storage/jobs';
import { mobilizationService } from './service.ts';

export const COUNTY = '533324';
export const VILLAGE = '533324100200';
export const GROUP_A = '53332410020001';
export const GROUP_B = '53332410020002';
export const OTHER_VILLAGE = '533324100300';

export const OFFICERS: Record<'admin' | 'county' | 'village' | 'other', Officer> = {
  admin: { id: 'o-admin', username: 'admin', name: '演示管理员', role: 'county-admin', scopes: [COUNTY] },
  county: { id: 'o-county', username: 'county', name: '演示值班员甲', role: 'county-officer', scopes: [COUNTY] },
  village: { id: 'o-village', username: 'village', name: '演示村干部乙', role: 'village-cadre', scopes: [VILLAGE] },
  other: { id: 'o-other', username: 'other', name: '演示村干部丙', role: 'village-cadre', scopes: [OTHER_VILLAGE] },
};

const noMqtt: Mqtt = {
  connected: true,
  publish: async () => {},
  subscribe: async () => {},
  onMessage: () => () => {},
  onConnection: () => () => {},
  close: async () => {},
} as unknown as Mqtt;

export class Town {
  readonly deps: Deps;
  readonly app: App;
  readonly clock: FakeClock;

  private constructor(deps: Deps, app: App, clock: FakeClock) {
    this.deps = deps;
    this.app = app;
    this.clock = clock;
  }

  static async found(config: Partial<Config> = {}): Promise<Town> {
    const clock = new FakeClock();
    let n = 0;
    const ids = makeIds(
      () => clock.now(),
      (size) => createHash('sha256').update(`seed ${n++}`).digest().subarray(0, size),
    );
    const db = SqliteDatabase.open(':memory:', HOUSE);
    const deps: Deps = {
      config: configSchema.parse({ county: COUNTY, ...config }),
      db,
      mqtt: noMqtt,
      clock,
      ids,
      log: silentLog,
      vault: new Vault(Buffer.alloc(32, 7)),
    };
    const find = async (token: string) => {
      const officer = OFFICERS[token as keyof typeof OFFICERS];
      return officer === undefined ? undefined : { officer, csrfToken: 'csrf', openedAtMs: clock.now() };
    };
    const app = await createApp({ config: deps.config, db, clock, log: silentLog, sessions: { find }, degraded: () => [] });
    mobilizationService(deps).routes?.(app);
    const node = (code: string, tier: 'county' | 'village' | 'group', name: string) => ({ code, tier, name });
    await db.atomically([
      any((q, t) =>
        q
          .insert(t.gridNode)
          .values([
            node(COUNTY, 'county', '演示县'),
            node(VILLAGE, 'village', '演示一村'),
            node(GROUP_A, 'group', '一组'),
            node(GROUP_B, 'group', '二组'),
            node(OTHER_VILLAGE, 'village', '演示二村'),
          ])
          .returning({ code: t.gridNode.code }),
      ),
    ]);
    return new Town(deps, app, clock);
  }

  async member(id: string, codes: string[], available = true, more: { phone?: string; offDuty?: boolean } = {}): Promise<void> {
    const { vault } = this.deps;
    const phone = more.phone === undefined ? {} : { phoneCipher: vault.encrypt(more.phone), phoneHash: vault.hash('phone', more.phone) };
    await this.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.member)
          .values({ id, name: `演示成员${id}`, skills: [], available, offDuty: more.offDuty ?? false, ...phone })
          .returning({ id: t.member.id }),
      ),
      any((q, t) =>
        q
          .insert(t.membership)
          .values(codes.map((gridCode) => ({ memberId: id, gridCode })))
          .returning({ id: t.membership.memberId }),
      ),
    ]);
  }

  /** An alert as alerting leaves it after the raise. */
  async raised(areaCodes: string[], mode: Mode = 'live', level: Level | null = null): Promise<string> {
    const id = this.deps.ids();
    const nowMs = this.clock.now();
    const order = level === null ? 'move-now' : null;
    const subject = { mode, kind: level === null ? 'order' : 'warning', level, order, eventCode: '11D00' } as const;
    const texts = [
      { language: 'zh-CN', title: '立即转移', text: '泥石流要来了，<马上>到活动室集合。' },
      { language: 'en', title: 'Move now', text: 'Debris flow. Go to the activity room.' },
    ];
    await this.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.alert)
          .values({ id, ...subject, state: 'raised', revision: 1, draftedBy: 'o-county', createdAtMs: nowMs, raisedAtMs: nowMs, endTimeMs: nowMs + 3_600_000 })
          .returning({ id: t.alert.id }),
      ),
      this.#revision(id, 1, areaCodes, { ...subject, texts }, nowMs),
      this.#areas(id, 1, areaCodes),
    ]);
    return id;
  }

  #revision(
    id: string,
    revision: number,
    areaCodes: string[],
    said: { mode: Mode; kind: Kind; level: Level | null; order: Order | null; eventCode: string; texts: { language: string; title: string; text: string }[] },
    nowMs: number,
  ): Op {
    const sound = { siren: true, playTimes: 0, intervalSeconds: 60, volume: 80, startTimeMs: nowMs, endTimeMs: nowMs + 3_600_000 };
    return any((q, t) =>
      q
        .insert(t.alertRevision)
        .values({
          alertId: id,
          revision,
          ...said,
          issuer: '演示县',
          endTexts: [],
          cancelTexts: [],
          areaCodes,
          ...sound,
          draftedBy: 'o-county',
          raisedAtMs: nowMs,
        })
        .returning({ id: t.alertRevision.alertId }),
    );
  }

  #areas(alertId: string, revision: number, areaCodes: string[]): Op {
    return any((q, t) =>
      q
        .insert(t.alertArea)
        .values(areaCodes.map((code) => ({ alertId, revision, code })))
        .returning({ code: t.alertArea.code }),
    );
  }

  /** The alert is over, as alerting writes it. */
  /** A further revision of the same words under another colour. */
  async regraded(alertId: string, areaCodes: string[], revision: number, level: Level): Promise<void> {
    const { eq } = await import('drizzle-orm');
    const said = { mode: 'live', kind: 'warning', level, order: null, eventCode: '11D00', texts: [] } as const;
    await this.deps.db.atomically([
      any((q, t) => q.update(t.alert).set({ level, revision }).where(eq(t.alert.id, alertId)).returning({ id: t.alert.id })),
      this.#revision(alertId, revision, areaCodes, { ...said, texts: [] }, this.clock.now()),
      this.#areas(alertId, revision, areaCodes),
    ]);
  }

  async over(alertId: string, state: 'ended' | 'cancelled' | 'expired'): Promise<void> {
    const overAtMs = this.clock.now();
    const { eq } = await import('drizzle-orm');
    await this.deps.db.atomically([any((q, t) => q.update(t.alert).set({ state, overAtMs }).where(eq(t.alert.id, alertId)).returning({ id: t.alert.id }))]);
  }

  /** Runs this room's reaction to an event and commits what it leaves, as the relay does. */
  async react(consumer: ConsumerName, type: EventType, alertId: string, data: Record<string, unknown>): Promise<{ againAtMs?: number }> {
    const handler = mobilizationService(this.deps).consumers?.[consumer] as Consumer;
    const job: Job = {
      id: 'j',
      consumer,
      urgent: true,
      attempts: 0,
      dueAtMs: 0,
      doneAtMs: null,
      event: { id: 'e', seq: 1, type, atMs: this.clock.now(), who: 'officer:o-county', gridCode: COUNTY, alertId, subjectId: alertId, data },
    };
    const { ops = [], againAtMs } = await handler(job);
    await this.deps.db.atomically(ops);
    return againAtMs === undefined ? {} : { againAtMs };
  }

  async callMembers(alertId: string, areaCodes: string[], mode: Mode = 'live', revision = 1): Promise<void> {
    await this.react('mobilization.call-members', 'alert.raised', alertId, { revision, mode, areaCodes, officers: ['o-county'] });
  }

  async household(id: string, gridCode: string, persons: readonly string[]): Promise<void> {
    await this.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.household)
          .values({ id, gridCode, doorplate: `门牌${id}`, headName: `演示户主${id}`, needs: [] })
          .returning({ id: t.household.id }),
      ),
      ...persons.map((personId) =>
        any((q, t) =>
          q
            .insert(t.person)
            .values({ id: personId, householdId: id, name: `演示人${personId}`, needs: [] })
            .returning({ id: t.person.id }),
        ),
      ),
    ]);
  }

  async place(id: string, gridCode: string, headCount: number): Promise<void> {
    const row = { id, gridCode, kind: 'guesthouse', name: `演示客栈${id}`, contactName: '演示店主', headCount };
    await this.deps.db.atomically([any((q, t) => q.insert(t.place).values(row).returning({ id: t.place.id }))]);
  }

  /** The list is frozen, as after the raise or an update. */
  async freeze(alertId: string, areaCodes: string[], revision = 1, mode: Mode = 'live'): Promise<void> {
    const data = { revision, mode, areaCodes, officers: ['o-county'] };
    await this.react('mobilization.freeze-roll-call', revision === 1 ? 'alert.raised' : 'alert.updated', alertId, data);
  }

  listed() {
    return this.deps.db.read((q, t) => q.select().from(t.rollcallPerson).orderBy(t.rollcallPerson.alertId, t.rollcallPerson.personId));
  }

  as(officer: keyof typeof OFFICERS) {
    return { cookies: { [SESSION_COOKIE]: officer }, headers: { 'x-csrf-token': 'csrf' } };
  }

  events(type?: EventType): Promise<{ type: string; who: string; gridCode: string; subjectId: string; data: Record<string, unknown> }[]> {
    return this.deps.db
      .read((q, t) => q.select().from(t.event).orderBy(t.event.seq))
      .then((rows) => rows.filter((row) => type === undefined || row.type === type));
  }

  calls() {
    return this.deps.db.read((q, t) => q.select().from(t.call).orderBy(t.call.id));
  }
}
