// The embedded broker as the contract suite and the guard tests start it: accounts by list, on a free port of loopback.
import { startEmbeddedBroker, type BrokerLog, type EmbeddedBroker, type Principal } from './embedded-broker.ts';
import type { BrokerUnderTest } from './mqtt.contract.ts';
import { matches } from './topic-rules.ts';

/** What one account of a test may do: filters. */
export interface Allowed {
  publish: readonly string[];
  subscribe: readonly string[];
  retain?: readonly string[];
}

export const GATEWAY: Allowed = { publish: ['laba/g1/report', 'laba/g1/state'], subscribe: ['laba/g1/cmd', 'laba/area/cmd'], retain: ['laba/g1/state'] };

export class EmbeddedUnderTest implements BrokerUnderTest {
  readonly #accounts = new Map<string, { password: string; allowed: Allowed }>();
  readonly logged: { facts: Record<string, unknown>; words: string }[] = [];
  broker!: EmbeddedBroker;

  static async start(): Promise<EmbeddedUnderTest> {
    const house = new EmbeddedUnderTest();
    await house.#open(0);
    return house;
  }

  /** With two gateways, `g1` and `g2`, and the county that hears and commands them. */
  static async withGateways(): Promise<EmbeddedUnderTest> {
    const house = await EmbeddedUnderTest.start();
    await house.account('g1', GATEWAY);
    await house.account('g2', { publish: ['laba/g2/report'], subscribe: ['laba/g2/cmd'] });
    await house.account('county', { publish: ['laba/#'], subscribe: ['laba/+/report', 'laba/+/state', 'laba/everything/#'] });
    return house;
  }

  /** Why it refused or cut off, in order. */
  reasons(): unknown[] {
    return this.logged.map(({ facts }) => facts['why']);
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.broker.port}`;
  }

  async account(clientId: string, allowed: Allowed): Promise<{ username: string; password: string }> {
    const password = `password-of-${clientId}`;
    this.#accounts.set(clientId, { password, allowed });
    return { username: clientId, password };
  }

  async restart(): Promise<void> {
    const { port } = this.broker;
    await this.broker.close();
    await this.#open(port);
  }

  async stop(): Promise<void> {
    await this.broker.close();
  }

  async #open(port: number): Promise<void> {
    const note = (facts: Record<string, unknown>, words: string) => {
      this.logged.push({ facts, words });
    };
    const log: BrokerLog = { warn: note, debug: note };
    this.broker = await startEmbeddedBroker({
      host: '127.0.0.1',
      port,
      log,
      authenticate: async (clientId, username, password) => this.#principal(clientId, username, password),
    });
  }

  #principal(clientId: string, username: string, password: string): Principal | undefined {
    const account = this.#accounts.get(username);
    if (account === undefined || account.password !== password) return undefined;
    const { publish, subscribe, retain = publish } = account.allowed;
    return {
      clientId,
      mayPublish: (topic, retained) => (retained ? retain : publish).some((filter) => matches(filter, topic)),
      maySubscribe: (filter) => subscribe.includes(filter),
    };
  }
}
