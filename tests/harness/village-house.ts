// A village's own house beside the county's of a town: the same program for one grid node, on the same fake clock, with a line that can be cut.
import { join } from 'node:path';
import { desc, eq, gt } from 'drizzle-orm';
import type { Client } from '@laba/host/cli/client';
import { compose, type House } from '@laba/host/compose';
import { newKeyPair } from '@laba/messaging/envelope';
import type { Mqtt } from '@laba/messaging/mqtt';
import { createOfficer } from '@laba/registry/create-officer';
import { enrolDirectly } from '@laba/registry/enrol-gateway';
import type { Act } from '@laba/runtime/auth';
import type { Clock } from '@laba/runtime/clock';
import type { Machine } from '@laba/runtime/house-clock';
import { configSchema } from '@laba/runtime/config';
import { silentLog, type Log } from '@laba/runtime/log';
import { groundOf, type Peer } from '@laba/storage/sharing/peers';
import { noticeChanges } from '@laba/storage/sharing/say';
import { sharedTruth } from '@laba/storage/sharing/truth';
import { askAbove, joinAbove } from '@laba/sharing/join-above';
import { ownHouse } from '@laba/sharing/own-house';
import { ChaosProxy } from './chaos-proxy.ts';
import { TownOfficer } from './officer.ts';
import { COUNTY, VILLAGE, type Username } from './small-county.ts';
import { PASSWORD, Site, type Town } from './town.ts';

/** A box's every heartbeat is news: on a busy machine it takes some looks to find both houses between two of them. */
const AGREE_PATIENCE_MS = 300_000;
/** After so many looks in vain it is asked whether only two beats fall together. */
const LOOKS_IN_VAIN = 60;
const SETUP: Act = { who: 'system', via: 'cli', once: [] };

/** The house above, and who enrols houses there. */
export interface Above {
  open(): House;
  officer(): Promise<Client>;
}

const standOf = ({ listId, saidUpTo, heardListId, heardUpTo }: Peer) => ({ said: `${listId} ${saidUpTo}`, heard: `${heardListId} ${heardUpTo}` });

export class VillageHouse {
  readonly #town: Town;
  readonly #dir: string;
  readonly #log: Log;
  readonly #above: Above;
  #upLine: Mqtt | undefined;
  readonly acknowledged: { type: string; subjectId: string }[] = [];
  /** Its own loudspeakers, by site. */
  readonly sites = new Map<string, Site>();
  /** What it stands on, where a story is about its clock. */
  machine: Machine | undefined;
  line!: ChaosProxy;
  house!: House;
  id = '';

  /** `log`: where it writes; `above`: the county when not given. */
  constructor(town: Town, dir: string, log: Log = silentLog, above?: Above) {
    this.#town = town;
    this.#dir = dir;
    this.#log = log;
    this.#above = above ?? { open: () => town.house, officer: async () => (await town.officer('admin')).api };
  }

  get clock() {
    return this.#town.clock;
  }

  /** Enrolled by an officer of the house above, confirmed, and told its ground. `before`: addresses that are tried before the line. */
  async open(node = VILLAGE, before: readonly string[] = []): Promise<this> {
    const above = this.#above.open();
    this.line = await ChaosProxy.start(above.broker.port);
    const api = await this.#above.officer();
    const { code } = await api.post<{ code: string }>('/api/v1/houses/claim-codes', { gridCode: node });
    await this.start(node);
    const own = await ownHouse(this.house.deps);
    const claimed = await askAbove(own, above.url(), code);
    await joinAbove(this.house.deps, claimed, [...before, `mqtt://127.0.0.1:${this.line.port}`]);
    this.id = claimed.id;
    await api.post(`/api/v1/houses/${claimed.id}/confirm`);
    await this.house.start();
    await this.agree();
    return this;
  }

  /** `mqttPort`: where its boxes look for it, when it was there before. */
  async start(node = VILLAGE, mqttPort = 0): Promise<void> {
    const { clock, ids } = this.#town;
    const given = {
      profile: 'edge',
      node,
      county: COUNTY,
      port: 0,
      mqttPort,
      host: '127.0.0.1',
      dataDir: join(this.#dir, node),
      demo: true,
      logLevel: 'silent',
    };
    this.house = await compose(configSchema.parse(given), {
      ...{ clock: this.ownClock(), machine: this.machine, ids, log: this.#log, channels: [], mayLoseCommits: true },
      // The line upward is opened last.
      line: (mqtt) => clock.watch((this.#upLine = this.lineOf(mqtt))),
      database: (db) => clock.watchDatabase(db),
      queue: (queue) => clock.watchQueue(queue),
    });
  }

  /** What its own clock says. */
  protected ownClock(): Clock {
    return this.#town.clock;
  }

  /** Stands between the house and each of its lines. */
  protected lineOf(mqtt: Mqtt): Mqtt {
    return mqtt;
  }

  /** The house and its boxes are off for so long; `backOn` says what the machine is like then. */
  async isOff(span: string, backOn: () => void): Promise<void> {
    const port = this.house.broker.port;
    const { node } = this.house.deps.config;
    for (const site of this.sites.values()) await site.powerOff();
    await this.house.stop();
    await this.clock.pass(span);
    backOn();
    await this.start(node, port);
    await this.house.start();
    for (const site of this.sites.values()) await site.powerOn({ clockKnown: this.house.time?.by === 'machine' });
    await this.clock.settle();
  }

  /** The boxes of these sites are enrolled here, and leave the county's broker. */
  async hang(...siteIds: string[]): Promise<void> {
    const identities = await enrolDirectly(
      this.house.deps,
      siteIds.map((siteId) => ({ siteId, publicKey: newKeyPair().publicKey })),
      SETUP,
    );
    for (const identity of identities) {
      const before = [...this.#town.sites.values()].find((site) => site.identity.siteId === identity.siteId);
      await before?.powerOff();
      const site = new Site(this.#town, identity, this.#dir, () => this.house.broker.port);
      this.sites.set(identity.siteId, site);
      await site.powerOn();
    }
    await this.#town.eventually('the village’s gateways are online', async () => {
      const rows = await this.house.deps.db.read((q, t) => q.select({ id: t.gatewayStatus.gatewayId, online: t.gatewayStatus.online }).from(t.gatewayStatus));
      return identities.every(({ gatewayId }) => rows.some(({ id, online }) => id === gatewayId && online));
    });
  }

  async officer(username: Username, scopes: readonly string[]): Promise<TownOfficer> {
    await createOfficer(this.house.deps, { username, name: '演示村干部', role: 'village-cadre', scopes: [...scopes], password: PASSWORD }, SETUP);
    const officer = new TownOfficer(this, username);
    await officer.signIn(PASSWORD);
    return officer;
  }

  /** Neither has anything that the other one was not told. */
  async agree(): Promise<void> {
    let stand = '';
    let looks = 0;
    const quiet = async () => {
      await this.clock.pass('1 s');
      if (++looks % LOOKS_IN_VAIN === 0 && (await this.#isOnlyOutOfStep())) await this.#blip();
      const [above, below] = await this.#peers();
      stand = JSON.stringify({ above: standOf(above), below: standOf(below), lines: this.line.open });
      const isHeld = above?.heardListId === below.listId && above?.heardUpTo === below.saidUpTo && below.heardListId === above.listId;
      if (!isHeld || below.heardUpTo !== above.saidUpTo) return false;
      // What is found here is said at the next beat.
      const news = await Promise.all(this.#both().map(({ db, vault }, i) => noticeChanges(db, vault, [above, below][i]!.id).catch(() => 1)));
      if (news.some((rows) => rows !== 0)) stand += ` news: ${JSON.stringify(await this.#lastTold())}`;
      return news.every((rows) => rows === 0);
    };
    await this.#town.eventually(() => `both houses hold all that the other one told: ${stand}`, quiet, AGREE_PATIENCE_MS);
  }

  // A box says every 20 s that it lives, and the houses speak every 20 s: by one clock both may fall on the same moment for ever, and then a sign of life is always on its way.
  async #isOnlyOutOfStep(): Promise<boolean> {
    const [above, below] = await this.#peers();
    const unheard = async ({ db }: House['deps'], upTo: number) =>
      db.read((q, { told }) => q.select({ table: told.tableName }).from(told).where(gt(told.number, upTo)));
    const [county, village] = this.#both();
    const rows = [...(await unheard(county!, below.heardUpTo)), ...(await unheard(village!, above.heardUpTo))];
    return rows.every(({ table }) => table === 'gatewayStatus');
  }

  /** Whoever comes back speaks at once: their beats fall on another moment from then on. */
  async #blip(): Promise<void> {
    this.line.cut();
    await this.clock.pass('7 s');
    this.line.heal();
    await this.#isUpAgain();
  }

  /** What each of them has put on its list last. */
  #lastTold(): Promise<string[][]> {
    const lastOf = ({ db }: House['deps']) =>
      db.read((q, t) => q.select({ table: t.told.tableName, key: t.told.rowKey }).from(t.told).orderBy(desc(t.told.number)).limit(3));
    return Promise.all(this.#both().map(async (deps) => (await lastOf(deps)).map(({ table, key }) => `${table} ${key}`)));
  }

  /** Row by row, what one of them holds of the shared ground and the other does not. */
  async differences(): Promise<string[]> {
    const peers = await this.#peers();
    const [above, below] = await Promise.all(this.#both().map(({ db, vault }, i) => sharedTruth(db, vault, groundOf(peers[i]!))));
    const only = (mine: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>, name: string) =>
      [...mine].filter(([key, image]) => theirs.get(key) !== image).map(([key, image]) => `${name} alone: ${key} ${image}`);
    return [...only(above!, below!, 'county'), ...only(below!, above!, 'village')];
  }

  #both(): House['deps'][] {
    return [this.#above.open().deps, this.house.deps];
  }

  /** What the house above knows of this one, and this one of it. */
  async #peers(): Promise<[above: Peer, below: Peer]> {
    const [above, below] = this.#both();
    const [known] = await above!.db.read((q, t) => q.select().from(t.peer).where(eq(t.peer.id, this.id)));
    const [knows] = await below!.db.read((q, t) => q.select().from(t.peer).where(eq(t.peer.side, 'above')));
    return [known!, knows!];
  }

  /** The line to the house above is cut. */
  cut(): void {
    this.line.cut();
  }

  async heal(): Promise<void> {
    this.line.heal();
    await this.#isUpAgain();
    await this.agree();
  }

  /** A line comes back in its own time: the town's clock waits, or what must be said within minutes would be late. A connection alone is not yet a line. */
  #isUpAgain(): Promise<void> {
    return this.#town.eventually('the line is up again', () => this.line.open > 0 && this.#upLine?.online === true, 30_000);
  }

  async close(): Promise<void> {
    for (const site of this.sites.values()) await site.powerOff();
    await this.house.stop();
    await this.line.close();
  }
}
