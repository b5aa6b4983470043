// A county to watch, for the tests of this room: grid, speakers, an alert, officers with sessions, the house's own HTTP side.
import { createHash } from 'node:crypto';
import type { Mode } from '@laba/domain/alert';
import type { DeliveryState } from '@laba/domain/delivery';
import type { EventData, EventType } from '@laba/domain/events';
import { makeIds } from '@laba/domain/ids';
import type { Answer } from '@laba/domain/member';
import type { Power } from '@laba/domain/power';
import type { Officer } from '@laba/domain/officer';
import type { Mqtt } from '@laba/messaging/mqtt';
import { configSchema } from '@laba/runtime/config';
import { FakeClock } from '@laba/runtime/fake-clock';
import { createApp, SESSION_COOKIE, type App } from '@laba/runtime/http';
import { silentLog } from '@laba/runtime/log';
import type { Deps, Service } from '@laba/runtime/service';
import { Vault } from '@laba/runtime/vault';
import { any } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { consoleService } from './service.ts';

export const COUNTY = '533324';
export const VILLAGE = '533324100200';
export const GROUP_A = '53332410020001';
export const GROUP_B = '53332410020002';
export const OTHER = '533324100300';

export const OFFICERS: Record<'county' | 'relief' | 'village' | 'other' | 'admin' | 'villageAdmin', Officer> = {
  county: { id: 'o-county', username: 'county', name: '演示值班员甲', role: 'county-officer', scopes: [COUNTY] },
  relief: { id: 'o-relief', username: 'relief', name: '演示值班员丁', role: 'county-officer', scopes: [COUNTY] },
  village: { id: 'o-village', username: 'village', name: '演示村干部乙', role: 'village-cadre', scopes: [VILLAGE] },
  other: { id: 'o-other', username: 'other', name: '演示村干部丙', role: 'village-cadre', scopes: [OTHER] },
  admin: { id: 'o-admin', username: 'admin', name: '演示管理员', role: 'county-admin', scopes: [COUNTY] },
  villageAdmin: { id: 'o-village-admin', username: 'village-admin', name: '演示村管理员', role: 'county-admin', scopes: [VILLAGE] },
};

const NODES = [
  [COUNTY, 'county', '演示县'],
  [VILLAGE, 'village', '演示一村'],
  [GROUP_A, 'group', '一组'],
  [GROUP_B, 'group', '二组'],
  [OTHER, 'village', '演示二村'],
] as const;

export class Watch {
  readonly deps: Deps;
  readonly app: App;
  readonly clock: FakeClock;
  readonly service: Service;
  degraded: string[] = [];
  /** How long ago everybody entered his password. */
  signedInMsAgo = 0;

  private constructor(deps: Deps, clock: FakeClock, app: App) {
    this.deps = deps;
    this.clock = clock;
    this.app = app;
    this.service = consoleService(deps, { degraded: () => this.degraded, proofAges: () => ({ ladders: 4_000 }) });
    this.service.routes?.(app);
  }

  static async open(): Promise<Watch> {
    const clock = new FakeClock();
    let n = 0;
    const ids = makeIds(
      () => clock.now(),
      (size) => createHash('sha256').update(`seed ${n++}`).digest().subarray(0, size),
    );
    const db = SqliteDatabase.open(':memory:', HOUSE);
    const mqtt = {} as Mqtt;
    const deps: Deps = { config: configSchema.parse({ county: COUNTY }), db, mqtt, clock, ids, log: silentLog, vault: new Vault(Buffer.alloc(32, 7)) };
    const opened: { watch?: Watch } = {};
    const find = async (token: string) => {
      const officer = OFFICERS[token as keyof typeof OFFICERS];
      return officer === undefined ? undefined : { officer, csrfToken: 'csrf', openedAtMs: clock.now() - (opened.watch?.signedInMsAgo ?? 0) };
    };
    const watch = new Watch(deps, clock, await createApp({ config: deps.config, db, clock, log: silentLog, sessions: { find }, degraded: () => [] }));
    opened.watch = watch;
    await watch.#fill();
    return watch;
  }

  async #fill(): Promise<void> {
    const officers = Object.values(OFFICERS);
    const expiresAtMs = this.clock.now() + 12 * 3_600_000;
    const speakers = [
      ['s-a', GROUP_A],
      ['s-b', GROUP_B],
      ['s-v', VILLAGE],
      ['s-o', OTHER],
    ] as const;
    await this.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.gridNode)
          .values(NODES.map(([code, tier, name]) => ({ code, tier, name })))
          .returning({ id: t.gridNode.code }),
      ),
      any((q, t) =>
        q
          .insert(t.officer)
          .values(officers.map(({ id, username, name, role, scopes }) => ({ id, username, name, role, scopes: [...scopes] })))
          .returning({ id: t.officer.id }),
      ),
      any((q, t) =>
        q
          .insert(t.session)
          .values(officers.map(({ id }) => ({ tokenHash: id, officerId: id, csrfToken: 'csrf', expiresAtMs })))
          .returning({ id: t.session.officerId }),
      ),
      any((q, t) =>
        q
          .insert(t.site)
          .values(speakers.map(([id, gridCode]) => ({ id: `site-${id}`, name: `${id} 活动室`, gridCode })))
          .returning({ id: t.site.id }),
      ),
      any((q, t) =>
        q
          .insert(t.speaker)
          .values(speakers.map(([id, gridCode]) => ({ id, siteId: `site-${id}`, gatewayId: `gw-${id}`, gridCode, name: `喇叭 ${id}` })))
          .returning({ id: t.speaker.id }),
      ),
      any((q, t) =>
        q
          .insert(t.household)
          .values([1, 2, 3].map((n) => ({ id: `h${n}`, gridCode: n === 3 ? GROUP_B : GROUP_A, doorplate: `${n}`, headName: '演示户', needs: [] })))
          .returning({ id: t.household.id }),
      ),
    ]);
  }

  async alert(areaCodes: string[], mode: Mode = 'live', id = this.deps.ids()): Promise<string> {
    const nowMs = this.clock.now();
    const subject = { mode, kind: 'order' as const, level: null, order: 'move-now' as const, eventCode: '11D00' };
    const words = { texts: [{ language: 'zh-CN', title: '立即转移', text: '泥石流' }], endTexts: [], cancelTexts: [] };
    const sound = { siren: true, playTimes: 0, intervalSeconds: 60, volume: 80, startTimeMs: nowMs, endTimeMs: nowMs + 3_600_000 };
    await this.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.alert)
          .values({ id, ...subject, state: 'raised', revision: 1, draftedBy: 'o-county', createdAtMs: nowMs, raisedAtMs: nowMs, endTimeMs: nowMs + 3_600_000 })
          .returning({ id: t.alert.id }),
      ),
      any((q, t) =>
        q
          .insert(t.alertRevision)
          .values({ alertId: id, revision: 1, ...subject, ...words, ...sound, issuer: '演示县', areaCodes, draftedBy: 'o-county', raisedAtMs: nowMs })
          .returning({ id: t.alertRevision.alertId }),
      ),
      any((q, t) =>
        q
          .insert(t.alertArea)
          .values(areaCodes.map((code) => ({ alertId: id, revision: 1, code })))
          .returning({ id: t.alertArea.code }),
      ),
      ...record(this.deps.ids, {
        type: 'alert.raised',
        atMs: nowMs,
        who: 'officer:o-county',
        via: 'http',
        gridCode: COUNTY,
        alertId: id,
        subjectId: id,
        data: { revision: 1, mode, areaCodes, officers: ['o-county'] },
      }),
    ]);
    return id;
  }

  async delivery(alertId: string, speakerId: string, gridCode: string, state: DeliveryState, reason: string | null = null): Promise<void> {
    const row = {
      id: `${alertId}/${speakerId}`,
      alertId,
      revision: 1,
      purpose: 'alert' as const,
      speakerId,
      siteId: `site-${speakerId}`,
      gridCode,
      mode: 'live' as const,
      playTimes: 0,
      state,
      reason,
      changedAtMs: this.clock.now(),
    };
    await this.deps.db.atomically([any((q, t) => q.insert(t.delivery).values(row).returning({ id: t.delivery.id }))]);
  }

  async call(alertId: string, n: number, gridCode: string, answer: Answer | null): Promise<void> {
    const row = {
      id: `${alertId}-${n}`,
      alertId,
      revision: 1,
      memberId: `m${n}`,
      gridCode,
      mode: 'live' as const,
      state: answer === null ? ('read' as const) : ('answered' as const),
      answer,
      changedAtMs: this.clock.now(),
    };
    await this.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.member)
          .values({ id: `m${n}`, name: `演示成员${n}`, skills: [] })
          .returning({ id: t.member.id }),
      ),
      any((q, t) => q.insert(t.call).values(row).returning({ id: t.call.id })),
    ]);
  }

  async heard(speakerId: string, gridCode: string, online = true, power: Power = { source: 'unknown' }): Promise<void> {
    const said = { state: 'online' as const, bootCounter: 1, journalId: 'j', software: 'test', clockKnown: true, reportsWaiting: 0, speakers: [] };
    const row = {
      state: { ...said, power },
      gatewayId: `gw-${speakerId}`,
      siteId: `site-${speakerId}`,
      gridCode,
      online,
      lastSeenAtMs: this.clock.now(),
      bootCounter: 1,
      journalId: 'j',
      reportsHeldUpTo: 0,
    };
    await this.deps.db.atomically([any((q, t) => q.insert(t.gatewayStatus).values(row).returning({ id: t.gatewayStatus.gatewayId }))]);
  }

  async tell<T extends EventType>(type: T, gridCode: string, subjectId: string, data: EventData<T>, alertId: string | null = null): Promise<void> {
    await this.deps.db.atomically(record(this.deps.ids, { type, atMs: this.clock.now(), who: 'system', via: 'mqtt', gridCode, alertId, subjectId, data }));
  }

  async act<T>(officer: keyof typeof OFFICERS, method: 'POST' | 'PUT', url: string, payload: object = {}): Promise<{ status: number; body: T }> {
    const response = await this.app.inject({ method, url, payload, cookies: { [SESSION_COOKIE]: officer }, headers: { 'x-csrf-token': 'csrf' } });
    return { status: response.statusCode, body: response.json<T>() };
  }

  async get<T>(officer: keyof typeof OFFICERS, url: string): Promise<{ status: number; body: T }> {
    const response = await this.app.inject({ method: 'GET', url, cookies: { [SESSION_COOKIE]: officer } });
    return { status: response.statusCode, body: response.json<T>() };
  }
}
