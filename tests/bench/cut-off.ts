// A county's house and a village's that do not hear each other, each on a disk of its own, with the village's daily life at both.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { EventType } from '@laba/domain/events';
import { makeIds } from '@laba/domain/ids';
import { systemClock } from '@laba/runtime/clock';
import { silentLog } from '@laba/runtime/log';
import { Vault } from '@laba/runtime/vault';
import { Exchange } from '@laba/sharing/exchange';
import { newHouse, type OwnHouse } from '@laba/sharing/own-house';
import { any, one, type Op } from '@laba/storage/database';
import { insertPeer } from '@laba/storage/sharing/peers';
import { sharedTruth } from '@laba/storage/sharing/truth';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';

const COUNTY = '533324';
const VILLAGE = '533324100201';
const GROUP = `${VILLAGE}01`;
const DAY_MS = 86_400_000;
const HOUSEHOLDS = 65;
const PERSONS = 199;
const CHANGES_A_DAY = 20;
const TASKS_A_DAY = 8;
const REPORTS_A_DAY = 5;
/** A look that waits for its turn, at a house with nothing else to do. */
const PAUSE_MS = 50;

const texts = [{ language: 'zh-CN', title: '转移通知', text: '打所小组全体村民请立即沿右侧山路转移到活动室，带好老人和孩子，不要返回拿东西。' }];

/** One of the two. */
class Lonely {
  readonly db: SqliteDatabase;
  readonly vault = new Vault(randomBytes(32));
  readonly name: 'county' | 'village';
  exchange!: Exchange;

  constructor(name: 'county' | 'village', dir: string) {
    this.name = name;
    this.db = SqliteDatabase.open(join(dir, `${name}.db`), HOUSE);
  }
}

/** What the merge took. */
export interface Merged {
  rows: number;
  ms: number;
  bytesUp: number;
  bytesDown: number;
  /** Rows that only one of them holds, or that they hold differently. */
  differences: number;
}

export class CutOff {
  readonly #county: Lonely;
  readonly #village: Lonely;
  readonly #sinceMs = Date.UTC(2026, 5, 1);
  #nowMs = this.#sinceMs;
  readonly #ids = makeIds(() => this.#nowMs, randomBytes);
  #isCut = false;

  private constructor(dir: string) {
    this.#county = new Lonely('county', dir);
    this.#village = new Lonely('village', dir);
  }

  /** Both know each other and agree on a village of 65 households and 199 persons; then the line is cut. */
  static async after(dir: string, days: number): Promise<CutOff> {
    const both = new CutOff(dir);
    await both.#meet();
    await both.#register();
    await both.#talk();
    both.#isCut = true;
    for (let day = 0; day < days; day++) {
      both.#nowMs = both.#sinceMs + (day + 1) * DAY_MS;
      await both.#village.db.atomically(both.#day('village', day));
      await both.#county.db.atomically([...both.#day('county', day), ...both.#changes(day)]);
    }
    return both;
  }

  /** The line is back. */
  async heal(): Promise<Merged> {
    this.#isCut = false;
    const [up, down] = [this.#village.exchange.bytes.said, this.#county.exchange.bytes.said];
    const begunMs = performance.now();
    await this.#talk();
    const ms = performance.now() - begunMs;
    const { rows, differences } = await this.#compare();
    return { rows, ms, bytesUp: this.#village.exchange.bytes.said - up, bytesDown: this.#county.exchange.bytes.said - down, differences };
  }

  async close(): Promise<void> {
    await this.#county.db.close();
    await this.#village.db.close();
  }

  async #meet(): Promise<void> {
    const keys = { county: newHouse(), village: newHouse() };
    const meet = async (house: Lonely, own: OwnHouse, other: OwnHouse, side: 'above' | 'below', to: () => Lonely) => {
      const peer = { id: other.id, gridCode: VILLAGE, side, status: 'active', ...other.public, listId: `1.${side}`, createdAtMs: this.#sinceMs } as const;
      await house.db.atomically([insertPeer(peer)]);
      const send = async (letter: Buffer) => !this.#isCut && (await to().exchange.hear(letter));
      const { db, vault } = house;
      house.exchange = new Exchange(
        { db, vault, clock: systemClock, log: silentLog },
        { own, peerId: other.id, run: house.name, send, onHeard: () => Promise.resolve() },
      );
    };
    await meet(this.#county, keys.county, keys.village, 'below', () => this.#village);
    await meet(this.#village, keys.village, keys.county, 'above', () => this.#county);
  }

  async #register(): Promise<void> {
    const { vault, db } = this.#county;
    const nodes = [
      { code: COUNTY, tier: 'county' as const, name: '演示县' },
      { code: VILLAGE.slice(0, 9), tier: 'township' as const, name: '演示镇', parentCode: COUNTY },
      { code: VILLAGE, tier: 'village' as const, name: '演示村', parentCode: VILLAGE.slice(0, 9) },
      { code: GROUP, tier: 'group' as const, name: '演示组', parentCode: VILLAGE },
    ];
    const households = Array.from({ length: HOUSEHOLDS }, (_, i) => {
      const phone = `+86100000${String(i).padStart(5, '0')}`;
      const numbers = { phoneCipher: vault.encrypt(phone), phoneHash: vault.hash('phone', phone) };
      return { id: `h-${i}`, gridCode: GROUP, doorplate: `演示${i}号`, headName: `演示户${i}`, ...numbers, needs: [] };
    });
    const persons = Array.from({ length: PERSONS }, (_, i) => ({ id: `p-${i}`, householdId: `h-${i % HOUSEHOLDS}`, name: `演示人${i}`, needs: [] }));
    await db.atomically([
      any((q, t) => q.insert(t.gridNode).values(nodes).returning({ code: t.gridNode.code })),
      any((q, t) => q.insert(t.household).values(households).returning({ id: t.household.id })),
      any((q, t) => q.insert(t.person).values(persons).returning({ id: t.person.id })),
    ]);
  }

  /** Letters both ways, until neither has anything to say and both hold the same. */
  async #talk(): Promise<void> {
    for (;;) {
      const before = this.#said();
      for (const { exchange } of [this.#village, this.#county]) {
        exchange.touch();
        await exchange.speak();
      }
      if (this.#said() !== before) continue;
      if ((await this.#compare()).differences === 0) return;
      await systemClock.sleep(PAUSE_MS);
    }
  }

  #said(): number {
    return this.#village.exchange.bytes.said + this.#county.exchange.bytes.said;
  }

  async #compare(): Promise<{ rows: number; differences: number }> {
    const ground = { code: VILLAGE, sinceMs: this.#sinceMs };
    const [above, below] = await Promise.all([this.#county, this.#village].map(({ db, vault }) => sharedTruth(db, vault, ground)));
    const keys = new Set([...above!.keys(), ...below!.keys()]);
    return { rows: keys.size, differences: [...keys].filter((key) => above!.get(key) !== below!.get(key)).length };
  }

  /** An order or a drill that everybody is counted in, what was reported, and the work of the day. */
  #day(at: 'county' | 'village', day: number): Op[] {
    const who = at === 'village' ? 'officer:cadre' : 'officer:duty';
    const alertId = this.#ids();
    const persons = Array.from({ length: PERSONS }, (_, i) => ({
      ...{ alertId, personId: `p-${i}`, householdId: `h-${i % HOUSEHOLDS}`, gridCode: GROUP, status: 'moved' as const, means: 'by-list' as const },
      ...{ markedBy: who, markedAtMs: this.#nowMs + i * 1_000, version: 2 },
    }));
    const reports = Array.from({ length: REPORTS_A_DAY }, (_, i) => ({
      ...{ id: this.#ids(), gridCode: GROUP, hazard: 'landslide' as const, text: `第${day}天第${i}次巡查，坡脚有新裂缝，长约两米`, source: 'patrol' as const },
      ...{ state: 'new' as const, receivedAtMs: this.#nowMs + i },
    }));
    const tasks = Array.from({ length: TASKS_A_DAY }, () => this.#task());
    const event = (type: EventType, subjectId: string, data: object, i = 0) => ({
      ...{ id: this.#ids(), type, atMs: this.#nowMs + i, who, via: 'http' as const, gridCode: GROUP, alertId, subjectId, data: { ...data } },
    });
    const events = [
      event('alert.drafted', alertId, { revision: 1, templateId: null, reportId: null }),
      event('alert.ended', alertId, { revision: 1 }, 3_600_000),
      ...persons.map(({ personId }, i) => event('person.marked', personId, { status: 'moved', means: 'by-list' }, i * 1_000)),
      ...reports.map(({ id }) => event('report.received', id, { hazard: 'landslide', source: 'patrol' })),
      ...tasks.flatMap(({ id }) => [event('task.created', id, {}), event('task.done', id, { kind: 'inspect-point' }, 60_000)]),
    ];
    return [
      ...this.#alert(alertId, day % 3 === 0 ? 'live' : 'drill', who),
      any((q, t) => q.insert(t.rollcallPerson).values(persons).returning({ id: t.rollcallPerson.personId })),
      any((q, t) => q.insert(t.report).values(reports).returning({ id: t.report.id })),
      any((q, t) => q.insert(t.task).values(tasks).returning({ id: t.task.id })),
      any((q, t) => q.insert(t.event).values(events).returning({ id: t.event.id })),
    ];
  }

  #task() {
    const id = this.#ids();
    const times = { dueAtMs: this.#nowMs + 3_600_000, createdAtMs: this.#nowMs, changedAtMs: this.#nowMs, doneAtMs: this.#nowMs + 60_000 };
    const what = { kind: 'inspect-point' as const, gridCode: GROUP, zh: '巡查隐患点', en: 'inspect the hazard points' };
    return { id, mode: 'live' as const, ...what, source: 'officer' as const, sourceId: id, once: id, state: 'done' as const, doneBy: 'member:m', ...times };
  }

  #alert(id: string, mode: 'live' | 'drill', draftedBy: string): Op[] {
    const what = { mode, kind: 'order' as const, order: 'move-now' as const, eventCode: '11D00', draftedBy, raisedAtMs: this.#nowMs };
    const endTimeMs = this.#nowMs + 3_600_000;
    const how = { siren: true, playTimes: 3, intervalSeconds: 60, volume: 80, issuer: '演示县', areaCodes: [GROUP] };
    const over = { state: 'ended' as const, createdAtMs: this.#nowMs, overAtMs: endTimeMs, overBy: draftedBy };
    const revision = { alertId: id, revision: 1, ...what, ...how, texts, endTexts: texts, cancelTexts: texts, startTimeMs: this.#nowMs, endTimeMs };
    return [
      one((q, t) => q.insert(t.alertArea).values({ alertId: id, revision: 1, code: GROUP }).returning({ code: t.alertArea.code })),
      one((q, t) =>
        q
          .insert(t.alert)
          .values({ id, ...what, ...over, revision: 1, endTimeMs })
          .returning({ id: t.alert.id }),
      ),
      one((q, t) => q.insert(t.alertRevision).values(revision).returning({ id: t.alertRevision.alertId })),
    ];
  }

  /** The register is the county's. */
  #changes(day: number): Op[] {
    return Array.from({ length: CHANGES_A_DAY }, (_, i) => {
      const id = `p-${(day * CHANGES_A_DAY + i) % PERSONS}`;
      return one((q, t) =>
        q
          .update(t.person)
          .set({ name: `演示人${i}，第${day}天改` })
          .where(eq(t.person.id, id))
          .returning({ id: t.person.id }),
      );
    });
  }
}
