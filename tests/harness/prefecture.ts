// A prefecture's house above the counties of a story: it watches them, each by a line of its own that can be cut.
import { eq } from 'drizzle-orm';
import { Client } from '@laba/host/cli/client';
import { compose, type House } from '@laba/host/compose';
import { createOfficer } from '@laba/registry/create-officer';
import { importCsv } from '@laba/registry/import-csv';
import { makeCountyKeys } from '@laba/registry/make-county-keys';
import type { Act } from '@laba/runtime/auth';
import { configSchema } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { askAbove, joinAbove } from '@laba/sharing/join-above';
import { ownHouse } from '@laba/sharing/own-house';
import { findPeer, groundOf, type Peer } from '@laba/storage/sharing/peers';
import { noticeChanges } from '@laba/storage/sharing/say';
import { sharedTruth } from '@laba/storage/sharing/truth';
import { ChaosProxy } from './chaos-proxy.ts';
import { PASSWORD, type Town } from './town.ts';

const SETUP: Act = { who: 'system', via: 'cli', once: [] };
export const PREFECTURE = '5333';

/** A house of the story beside the town's own, on the same clock. */
export async function openHouse(town: Town, dataDir: string, county: string, divisionsCsv: string): Promise<House> {
  const { clock, ids } = town;
  const given = { county, port: 0, mqttPort: 0, host: '127.0.0.1', dataDir, demo: true, logLevel: 'silent' };
  const house = await compose(configSchema.parse(given), {
    ...{ clock, ids, log: silentLog, channels: [], mayLoseCommits: true },
    line: (mqtt) => clock.watch(mqtt),
    database: (db) => clock.watchDatabase(db),
    queue: (queue) => clock.watchQueue(queue),
  });
  if (divisionsCsv !== '') await importCsv(house.deps, { kind: 'divisions', bytes: Buffer.from(divisionsCsv), dryRun: false, county }, SETUP);
  if (county !== PREFECTURE) await makeCountyKeys(house.deps);
  const role = county === PREFECTURE ? 'prefecture-officer' : 'county-admin';
  await createOfficer(house.deps, { username: 'admin', name: '演示值班员', role, scopes: [county], password: PASSWORD }, SETUP);
  await house.start();
  return house;
}

export async function signedIn(house: House, username = 'admin'): Promise<Client> {
  const client = new Client(house.url());
  await client.signIn(username, PASSWORD);
  return client;
}

/** A county below a prefecture: what lies between the two. */
export class CountyLine {
  readonly #town: Town;
  readonly #above: House;
  readonly #county: () => House;
  #line!: ChaosProxy;
  /** What each calls the other. */
  countyId = '';
  prefectureId = '';

  constructor(town: Town, above: House, county: () => House) {
    this.#town = town;
    this.#above = above;
    this.#county = county;
  }

  async join(): Promise<this> {
    this.#line = await ChaosProxy.start(this.#above.broker.port);
    const api = await signedIn(this.#above);
    const { deps } = this.#county();
    const { code } = await api.post<{ code: string }>('/api/v1/houses/claim-codes', { gridCode: deps.config.county });
    const claimed = await askAbove(await ownHouse(deps), this.#above.url(), code);
    await joinAbove(deps, claimed, [`mqtt://127.0.0.1:${this.#line.port}`]);
    this.countyId = claimed.id;
    this.prefectureId = claimed.houseId;
    await api.post(`/api/v1/houses/${claimed.id}/confirm`);
    await this.#town.clock.pass('30 s');
    await this.agree();
    return this;
  }

  /** Neither has anything that the other was not told. */
  async agree(): Promise<void> {
    const quiet = async () => {
      await this.#town.clock.pass('1 s');
      const [above, below] = await this.#peers();
      const news = await Promise.all([
        noticeChanges(this.#above.deps.db, this.#above.deps.vault, above.id).catch(() => 1),
        noticeChanges(this.#county().deps.db, this.#county().deps.vault, below.id).catch(() => 1),
      ]);
      const isHeld = above.heardListId === below.listId && above.heardUpTo === below.saidUpTo && below.heardListId === above.listId;
      return isHeld && below.heardUpTo === above.saidUpTo && news.every((rows) => rows === 0);
    };
    await this.#town.eventually('the prefecture holds all that its county told', quiet, 30_000);
  }

  /** Row by row, what one of the two holds of the county and the other does not. */
  async differences(): Promise<string[]> {
    const [above, below] = await this.#peers();
    const truths = await Promise.all([
      sharedTruth(this.#above.deps.db, this.#above.deps.vault, groundOf(above)),
      sharedTruth(this.#county().deps.db, this.#county().deps.vault, groundOf(below)),
    ]);
    const only = (mine: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>, name: string) =>
      [...mine].filter(([key, image]) => theirs.get(key) !== image).map(([key, image]) => `${name} alone: ${key} ${image}`);
    return [...only(truths[0], truths[1], 'prefecture'), ...only(truths[1], truths[0], 'county')];
  }

  async #peers(): Promise<[above: Peer, below: Peer]> {
    return [await findPeer(this.#above.deps.db, this.countyId), await findPeer(this.#county().deps.db, this.prefectureId)];
  }

  cut(): void {
    this.#line.cut();
  }

  async heal(): Promise<void> {
    this.#line.heal();
    await this.#town.eventually('the line is up again', () => this.#line.open > 0, 30_000);
    await this.agree();
  }

  close(): Promise<void> {
    return this.#line.close();
  }
}

/** How an alert stands at a house. */
export async function stateAt({ deps }: House, alertId: string): Promise<string | undefined> {
  const [row] = await deps.db.read((q, t) => q.select({ state: t.alert.state }).from(t.alert).where(eq(t.alert.id, alertId)));
  return row?.state;
}
