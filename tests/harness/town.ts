// A whole county in one test process: the real house, a real broker, real gateways; time, voices and poles in the tests' hands.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { EventType } from '@laba/domain/events';
import { makeIds } from '@laba/domain/ids';
import type { GatewayIdentity } from '@laba/domain/gateway-protocol';
import { createGateway, type Gateway } from '@laba/gateway/gateway';
import { SPOOL } from '@laba/gateway/spool-tables';
import { compose, type House } from '@laba/host/compose';
import { newKeyPair } from '@laba/messaging/envelope';
import type { Mqtt } from '@laba/messaging/mqtt';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import type { Clock } from '@laba/runtime/clock';
import { configSchema } from '@laba/runtime/config';
import { silentLog, type Log } from '@laba/runtime/log';
import { SqliteDatabase } from '@laba/storage/sqlite';
import { FakePhones } from './fake-phones.ts';
import { FakePole, fakeVoice } from './fake-pole.ts';
import { recordHistory } from './history.ts';
import { Forger } from './forger.ts';
import { brokenInvariants } from './invariants.ts';
import { TownOfficer } from './officer.ts';
import { populate } from './populate.ts';
import { COUNTY, type Pole, type Username } from './small-county.ts';
import { TownClock } from './town-clock.ts';
import { startTownEngines, type TownEngines } from './town-engines.ts';
import { TownPhone } from './town-phone.ts';

export const PASSWORD = 'a password for stories only';
/** 3 a.m. in the county, the first of July 2026, in the rain. */
const THREE_AM = Date.UTC(2026, 5, 30, 19, 0, 0);
/** The discard port: refused at once on any machine of today. */
const NOBODY_LISTENS = 9;
const THREE_PM = Date.UTC(2026, 5, 30, 7, 0, 0);

/** One activity room: its gateway, the line it hangs on, its pole. */
export class Site {
  readonly pole: FakePole;
  readonly identity: GatewayIdentity;
  readonly #town: Town;
  readonly #brokerPort: () => number;
  readonly #dir: string;
  #gateway: Gateway | undefined;
  #spool: ReturnType<typeof SqliteDatabase.open<typeof SPOOL.tables>> | undefined;
  mqtt: Mqtt | undefined;

  /** `brokerPort`: the county's when not given. */
  constructor(town: Town, identity: GatewayIdentity, dir: string, brokerPort?: () => number) {
    this.#town = town;
    this.#brokerPort = brokerPort ?? (() => town.brokerPort);
    this.identity = identity;
    this.#dir = dir;
    this.pole = new FakePole(town.clock, town.clock.beat);
  }

  /** `clockOffMs`: its wall clock is wrong by so much; `clockKnown: false`: it has none; `cut`: its line is down. */
  async powerOn(fault: { clockOffMs?: number; clockKnown?: boolean; cut?: boolean } = {}): Promise<void> {
    const clock = this.#town.clock;
    const { clockOffMs = 0, clockKnown = true, cut = false } = fault;
    const wall: Clock = { now: () => clock.now() + clockOffMs, after: (ms, callback) => clock.after(ms, callback), sleep: (ms) => clock.sleep(ms) };
    this.#spool = SqliteDatabase.open(join(this.#dir, `${this.identity.gatewayId}.db`), SPOOL, { mayLoseCommits: true });
    this.#spool.onCommit(clock.beat);
    this.#gateway = createGateway({
      identity: this.identity,
      spool: this.#spool,
      player: this.pole,
      voice: fakeVoice,
      clock: wall,
      clockKnown,
      ids: this.#town.ids,
      log: silentLog,
      software: 'test',
      monotonicMs: () => clock.elapsedMs,
      connect: (connection) => {
        this.mqtt = clock.watch(
          connectMqtt({ ...connection, url: `mqtt://127.0.0.1:${cut ? NOBODY_LISTENS : this.#brokerPort()}` }, { log: silentLog, reconnectMs: 20 }),
        );
        return this.mqtt;
      },
    });
    await this.#gateway.start();
  }

  /** Alerts that the box would go on with, by its spool. */
  async alertsInForce(): Promise<{ alertId: string; revision: number }[]> {
    if (this.#spool === undefined) return [];
    return this.#spool.read((q, t) =>
      q
        .select({ alertId: t.spoolCommand.alertId, revision: t.spoolCommand.revision })
        .from(t.spoolCommand)
        .where(and(eq(t.spoolCommand.active, true), eq(t.spoolCommand.purpose, 'alert'), eq(t.spoolCommand.gatewayId, this.identity.gatewayId))),
    );
  }

  get gateway(): Gateway {
    if (this.#gateway === undefined) throw new Error('The box is switched off.');
    return this.#gateway;
  }

  /** The box is switched off in order. */
  async powerOff(): Promise<void> {
    await this.#gateway?.stop();
    await this.#spool?.close();
    this.#gateway = undefined;
    this.#spool = undefined;
  }

  /** The line to the county is cut; the box goes on alone. */
  async loseLine(): Promise<void> {
    await this.mqtt?.close();
    await this.#town.clock.settle();
  }
}

export class Town {
  readonly clock: TownClock;
  readonly ids = makeIds(
    () => this.clock.now(),
    (size) => randomBytes(size),
  );
  readonly phones = new FakePhones(() => this.clock.now());
  readonly sites = new Map<Pole, Site>();
  readonly acknowledged: { type: string; subjectId: string }[] = [];
  readonly #dir = mkdtempSync(join(tmpdir(), 'laba-town-'));
  readonly #officers = new Map<Username, TownOfficer>();
  readonly #expectedSounds = new Set<string>();
  #house: House | undefined;
  #engines: TownEngines | undefined;

  readonly #log: Log;

  constructor(startMs: number, log: Log) {
    this.#log = log;
    this.clock = new TownClock({ startMs });
  }

  get house(): House {
    if (this.#house === undefined) throw new Error('The town is not open.');
    return this.#house;
  }

  get brokerPort(): number {
    return this.house.broker.port;
  }

  /** As the database has it: every gateway's line is up, and the county knows. */
  async isEveryGatewayOnline(): Promise<boolean> {
    return (await this.#online()) === this.sites.size;
  }

  async open(): Promise<this> {
    await this.startHouse();
    await this.#populate();
    await this.eventually('every gateway is online', () => this.isEveryGatewayOnline());
    return this;
  }

  /** Starts (or starts again) the county's house on the same data. */
  async startHouse(mqttPort = 0): Promise<void> {
    this.#engines ??= await startTownEngines();
    this.clock.barrier = this.#engines.barrier;
    const given = { port: 0, mqttPort, dataDir: join(this.#dir, 'county'), county: COUNTY, demo: true, logLevel: 'silent' };
    this.#house = await compose(configSchema.parse({ ...given, ...this.#engines.settings }), {
      clock: this.clock,
      ids: this.ids,
      log: this.#log,
      line: (mqtt) => this.clock.watch(mqtt),
      database: (db) => this.clock.watchDatabase(db),
      queue: (queue) => this.clock.watchQueue(queue),
      channels: this.phones.channels().map((channel) => this.clock.watchChannel(channel)),
      mayLoseCommits: true,
    });
    if (await this.#isPopulated()) await this.house.start();
  }

  async close(): Promise<void> {
    for (const site of this.sites.values()) await site.powerOff();
    await this.#house?.stop();
    await this.#engines?.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #isPopulated(): Promise<boolean> {
    return (await this.house.deps.db.read((q, t) => q.select({ code: t.gridNode.code }).from(t.gridNode).limit(1))).length > 0;
  }

  async #populate(): Promise<void> {
    const identities = await populate(this.house.deps, PASSWORD, () => newKeyPair().publicKey);
    await this.house.start();
    for (const identity of identities) {
      const pole = identity.speakers[0]!.speakerId as Pole;
      const site = new Site(this, identity, this.#dir);
      this.sites.set(pole, site);
      await site.powerOn();
    }
  }

  async #online(): Promise<number> {
    const rows = await this.house.deps.db.read((q, t) => q.select({ online: t.gatewayStatus.online }).from(t.gatewayStatus));
    return rows.filter((row) => row.online).length;
  }

  /** Waits in real time, the clock standing still, until it is so. */
  async eventually(what: string | (() => string), look: () => Promise<boolean> | boolean, patienceMs = 5_000): Promise<void> {
    const giveUpAt = performance.now() + patienceMs;
    while (!(await look())) {
      if (performance.now() > giveUpAt) throw new Error(`Waited in vain: ${typeof what === 'string' ? what : what()}.`);
      await this.clock.settle();
    }
  }

  async officer(username: Username): Promise<TownOfficer> {
    let officer = this.#officers.get(username);
    if (officer === undefined) {
      officer = new TownOfficer(this, username);
      await officer.signIn(PASSWORD);
      this.#officers.set(username, officer);
    }
    return officer;
  }

  site(pole: Pole): Site {
    return this.sites.get(pole)!;
  }

  speaker(pole: Pole): TownSpeaker {
    return new TownSpeaker(this, pole, this.#expectedSounds);
  }

  /** How many deliveries of the alert stand in each state. */
  async deliveryStates(alertId: string): Promise<Record<string, number>> {
    const rows = await this.house.deps.db.read((q, t) => q.select({ state: t.delivery.state }).from(t.delivery).where(eq(t.delivery.alertId, alertId)));
    return Object.fromEntries([...Map.groupBy(rows, (row) => row.state)].map(([state, all]) => [state, all.length]));
  }

  /** The alert's timeline rows of one type. */
  async told(alertId: string, type: EventType): Promise<{ who: string; data: Record<string, unknown> }[]> {
    return this.house.deps.db.read((q, t) =>
      q
        .select({ who: t.event.who, data: t.event.data })
        .from(t.event)
        .where(and(eq(t.event.alertId, alertId), eq(t.event.type, type)))
        .orderBy(t.event.seq),
    );
  }

  /** Timeline rows of one type in the whole county. */
  async toldOf(type: EventType): Promise<{ subjectId: string; data: Record<string, unknown> }[]> {
    return this.house.deps.db.read((q, t) =>
      q.select({ subjectId: t.event.subjectId, data: t.event.data }).from(t.event).where(eq(t.event.type, type)).orderBy(t.event.seq),
    );
  }

  /** The county's house dies and comes back on the same data and ports: an empty broker among it. */
  async restartHouse(): Promise<void> {
    const port = this.house.broker.port;
    await this.house.stop();
    await this.#engines?.emptyBroker();
    this.#officers.clear();
    await this.startHouse(port);
    const isBack = () => [...this.sites.values()].every((site) => site.mqtt?.online === true) && this.house.deps.mqtt.online;
    await this.eventually('every gateway is back', isBack);
    await this.clock.settle();
  }

  /** What the county sends on a topic from now on. */
  async listenTo(topic: string): Promise<string[]> {
    const seen: string[] = [];
    await this.house.deps.mqtt.subscribe(topic, (_topic, payload) => {
      seen.push(payload.toString());
    });
    return seen;
  }

  /** Somebody on the county's broker with a key of his own, or with recorded commands. */
  async forger(): Promise<Forger> {
    const forger = new Forger(this);
    await forger.listen();
    return forger;
  }

  /** A called member, holding his own link. */
  member(call: { link: string }): TownMember {
    return new TownMember(this, call.link);
  }

  /** What a member has in his pocket; its messages come by SMS and as calls. */
  phone(memberId: string): TownPhone {
    return new TownPhone(this, memberId);
  }

  /** No phone was sent anything that the story did not speak of. */
  async nothingElseWasSent(): Promise<void> {
    await this.clock.settle();
    const unexpected = this.phones.unexpected();
    if (unexpected.length > 0) throw new Error(`Also sent: ${unexpected.map(({ channel, phone, words }) => `${channel} to ${phone}: ${words}`).join('; ')}`);
  }

  /** No pole sounded for anything that the story did not speak of. */
  nothingElseWasHeard(): void {
    for (const [pole, site] of this.sites) {
      const unexpected = site.pole.heard.filter((heard) => !this.#expectedSounds.has(soundKey(pole, heard.alertId, heard.purpose)));
      if (unexpected.length > 0) throw new Error(`${pole} also played: ${unexpected.map((heard) => heard.words).join('; ')}`);
    }
  }

  /** Every invariant over everything that happened in this town. @returns what was broken, in words */
  async brokenPromises(): Promise<string[]> {
    await this.clock.settle();
    return brokenInvariants(await recordHistory(this));
  }
}

const soundKey = (pole: Pole, alertId: string, purpose: string) => `${pole} ${alertId} ${purpose}`;

/** A pole as the people under it hear it. */
export class TownSpeaker {
  readonly #town: Town;
  readonly #pole: Pole;
  readonly #expected: Set<string>;

  constructor(town: Town, pole: Pole, expected: Set<string>) {
    this.#town = town;
    this.#pole = pole;
    this.#expected = expected;
  }

  /** Sounds that have these words, oldest first. Waits for the first one. */
  async hears(words: string): Promise<{ repeat: number; hasSiren: boolean; mode: string }[]> {
    const found = () => this.#heard().filter((heard) => heard.words.includes(words));
    await this.#town.eventually(
      `${this.#pole} hears '${words}'; it heard: ${
        this.#heard()
          .map((heard) => heard.words)
          .join('; ') || 'nothing'
      }`,
      () => found().length > 0,
    );
    for (const heard of found()) this.#expected.add(soundKey(this.#pole, heard.alertId, heard.purpose));
    return found();
  }

  /** These words were not to be heard up to now. */
  async neverHeard(words: string): Promise<void> {
    await this.#town.clock.settle();
    if (this.#heard().some((heard) => heard.words.includes(words))) throw new Error(`${this.#pole} played '${words}'.`);
  }

  async falls(silent: 'silent'): Promise<void> {
    await this.#town.eventually(`${this.#pole} falls ${silent}`, () => this.#heard().every((heard) => heard.outcome !== 'playing'));
  }

  async hearsNothing(): Promise<void> {
    await this.#town.clock.settle();
    if (this.#heard().length > 0)
      throw new Error(
        `${this.#pole} should be silent, but played: ${this.#heard()
          .map((heard) => heard.words)
          .join('; ')}`,
      );
  }

  #heard() {
    return this.#town.site(this.#pole).pole.heard;
  }
}

/** A member with a cheap phone: opens the page behind his link and presses a button. */
export class TownMember {
  readonly #town: Town;
  readonly #link: string;

  constructor(town: Town, link: string) {
    this.#town = town;
    this.#link = link;
  }

  async answers(answer: 'coming' | 'on-the-way' | 'arrived' | 'cannot'): Promise<void> {
    const response = await fetch(new URL(this.#link, this.#town.house.url()), { method: 'POST', redirect: 'manual', body: new URLSearchParams({ answer }) });
    if (response.status !== 303) throw new Error(`The member's page answered ${response.status}.`);
    await this.#town.clock.settle();
  }

  async sees(words: string): Promise<void> {
    const page = await (await fetch(new URL(this.#link, this.#town.house.url()))).text();
    if (!page.includes(words)) throw new Error(`The member's page does not say '${words}'.`);
  }
}

/** Opens a town for one story, at 3 a.m. unless it is about the day; close it in `afterEach`. `log`: where its house writes. */
export function openTown(when: 'night' | 'day' = 'night', log: Log = silentLog): Promise<Town> {
  return new Town(when === 'night' ? THREE_AM : THREE_PM, log).open();
}
