// Mosquitto as the contract suite starts it: one for each test, tuned as the operator's, accounts by its dynamic-security plugin.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMosquitto, startMosquitto, type MosquittoServer } from '@laba/engines/mosquitto-server';
import { DynamicSecurity } from './dynamic-security.ts';
import type { Mqtt } from './mqtt.ts';
import { connectMqtt, type MqttLog } from './mqtt-client.ts';
import type { BrokerUnderTest } from './mqtt.contract.ts';
import { until } from './until.test-kit.ts';

export const COUNTY = '533324';
const silent: MqttLog = { error() {}, warn() {}, info() {} };

/** For `describe.skipIf(!hasMosquitto)`. @throws when LABA_REQUIRE names mosquitto and it is missing */
export const hasMosquitto = lookForMosquitto();

function lookForMosquitto(): boolean {
  const found = findMosquitto() !== undefined;
  const isDemanded = (process.env['LABA_REQUIRE'] ?? '').split(',').some((name) => name.trim() === 'mosquitto');
  if (!found && isDemanded) throw new Error('LABA_REQUIRE asks for mosquitto, but it or its dynamic-security plugin is not installed.');
  return found;
}

export class MosquittoUnderTest implements BrokerUnderTest {
  readonly server: MosquittoServer;
  readonly #dir: string;
  readonly #keeper: Mqtt;
  readonly book: DynamicSecurity;

  private constructor(server: MosquittoServer, dir: string) {
    this.server = server;
    this.#dir = dir;
    this.#keeper = this.line('county-book');
    this.book = new DynamicSecurity(this.#keeper, 'test');
  }

  static async start(change?: (conf: string) => string): Promise<MosquittoUnderTest> {
    const dir = mkdtempSync(join(tmpdir(), 'laba-mosquitto-'));
    const adminPassword = 'the-county’s own / password';
    const server = await startMosquitto({ dir: join(dir, 'broker'), county: COUNTY, adminPassword, ...(change === undefined ? {} : { change }) });
    const broker = new MosquittoUnderTest(server, dir);
    await until(() => broker.#keeper.online, 'the keeper of the book is online');
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.server.port}`;
  }

  /** A line with the county's own account. */
  line(clientId: string, { version = 5, log = silent }: { version?: 4 | 5; log?: MqttLog } = {}): Mqtt {
    const { username, password } = new URL(this.server.url);
    return connectMqtt({ url: this.url, clientId, username, password: decodeURIComponent(password), version }, { log, reconnectMs: 20 });
  }

  /** Subscriptions may hold wildcards here: the contract is about the broker, not about our rules. */
  async account(clientId: string, { publish, subscribe }: { publish: readonly string[]; subscribe: readonly string[] }) {
    const password = `password-of-${clientId}`;
    await this.book.put([{ id: clientId, password, publish, subscribe: subscribe.flatMap((filter) => [filter, `$share/group/${filter}`]) }]);
    return { username: clientId, password };
  }

  /** Killed and started again, as the operator's would be; the book can be asked again when this is done. */
  async restart({ empty = false }: { empty?: boolean } = {}): Promise<void> {
    let isBack = false;
    const stop = this.#keeper.onLine((online) => (isBack = online));
    await this.server.restart({ kill: true, empty });
    await until(() => isBack, 'the keeper of the book is back');
    stop();
  }

  async stop(): Promise<void> {
    await this.#keeper.close();
    await this.server.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
