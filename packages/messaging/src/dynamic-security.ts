// Accounts at a Mosquitto broker, through its dynamic-security plugin: who may connect, and to which exact topics.
import { createHash } from 'node:crypto';
import { LabaError } from '@laba/domain/errors';
import type { BrokerAccount, BrokerBook } from './broker-book.ts';
import type { Mqtt } from './mqtt.ts';

interface Command {
  command: string;
  [field: string]: unknown;
}

interface Answer {
  command: string;
  error?: string;
  data?: unknown;
}

interface ListedClient {
  username: string;
  textname?: string;
}

const TOPIC = '$CONTROL/dynamic-security/v1';
const ANSWERS = `${TOPIC}/response`;
const ANSWER_MS = 30_000;
/** The plugin writes its whole file after each command, and the broker does nothing else meanwhile: small batches let messages through. */
const ACCOUNTS_PER_BATCH = 5;
/** A page of the list must fit into one packet. */
const CLIENTS_PER_PAGE = 100;
/** As packages/engines writes it into the file with which a broker begins. */
const MARK = 'laba ';

export class DynamicSecurity implements BrokerBook {
  readonly #mqtt: Mqtt;
  /** Tells our answers from those to other copies of the house. */
  readonly #name: string;
  readonly #waiting = new Map<string, (answers: readonly Answer[]) => void>();
  #asked = 0;
  #listening: Promise<void> | undefined;

  /** `name`: unique among all who keep the book at this broker. */
  constructor(mqtt: Mqtt, name: string) {
    this.#mqtt = mqtt;
    this.#name = name;
  }

  async put(accounts: readonly BrokerAccount[]): Promise<void> {
    for (let i = 0; i < accounts.length; i += ACCOUNTS_PER_BATCH) {
      const batch = accounts.slice(i, i + ACCOUNTS_PER_BATCH);
      const answers = await this.#send(batch.flatMap((account) => commandsFor(account, 'create')));
      const known = batch.filter((_, at) => answers.slice(2 * at, 2 * at + 2).some((answer) => answer.error !== undefined));
      const changed = known.length === 0 ? [] : await this.#unlike(known);
      if (changed.length > 0) await this.#change(changed);
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (let i = 0; i < ids.length; i += ACCOUNTS_PER_BATCH) {
      const batch = ids.slice(i, i + ACCOUNTS_PER_BATCH);
      const answers = await this.#send([
        ...batch.map((id) => ({ command: 'deleteClient', username: id })),
        ...batch.map((id) => ({ command: 'deleteRole', rolename: id })),
      ]);
      refuse(answers.filter(({ error }) => !/not found/i.test(error ?? 'not found')));
    }
  }

  async list(): Promise<Map<string, string | undefined>> {
    const found = new Map<string, string | undefined>();
    for (let total = 1, offset = 0; offset < total; offset += CLIENTS_PER_PAGE) {
      const answers = await this.#send([{ command: 'listClients', verbose: true, count: CLIENTS_PER_PAGE, offset }]);
      refuse(answers);
      const page = answers[0]?.data as { totalCount: number; clients: ListedClient[] };
      total = page.totalCount;
      for (const { username, textname } of page.clients) found.set(username, textname?.startsWith(MARK) === true ? textname.slice(MARK.length) : undefined);
    }
    return found;
  }

  // Another copy of the house may have entered them a moment ago: writing them again would cut off who has just connected.
  async #unlike(accounts: readonly BrokerAccount[]): Promise<BrokerAccount[]> {
    const answers = await this.#send(accounts.map(({ id }) => ({ command: 'getClient', username: id })));
    return accounts.filter((account, at) => {
      const { client } = (answers[at]?.data ?? {}) as { client?: ListedClient };
      return client?.textname !== MARK + markOf(account);
    });
  }

  async #change(accounts: readonly BrokerAccount[]): Promise<void> {
    // The half of an account that was there is changed, the other half made: what is refused then is said.
    await this.#send(accounts.map((account) => ({ ...commandsFor(account, 'create')[0]! })));
    refuse(await this.#send(accounts.flatMap((account) => commandsFor(account, 'modify').slice(0, 1))));
    const made = await this.#send(accounts.flatMap((account) => commandsFor(account, 'create').slice(1)));
    const there = accounts.filter((_, at) => made[at]?.error !== undefined);
    if (there.length > 0) refuse(await this.#send(there.flatMap((account) => commandsFor(account, 'modify').slice(1))));
  }

  async #send(commands: readonly Command[]): Promise<readonly Answer[]> {
    await this.#listen();
    const correlationData = `${this.#name} ${(this.#asked += 1)}`;
    const answered = new Promise<readonly Answer[]>((resolve, reject) => {
      this.#waiting.set(correlationData, resolve);
      AbortSignal.timeout(ANSWER_MS).addEventListener('abort', () => reject(new LabaError('broker-offline', 'The broker did not answer about its accounts.')));
    });
    answered.catch(() => {});
    try {
      await this.#mqtt.publish(TOPIC, JSON.stringify({ commands: commands.map((command) => ({ ...command, correlationData })) }));
      return await answered;
    } finally {
      this.#waiting.delete(correlationData);
    }
  }

  #listen(): Promise<void> {
    this.#listening ??= this.#mqtt.subscribe(ANSWERS, (_topic, payload) => this.#hear(payload));
    return this.#listening.catch((error: unknown) => {
      this.#listening = undefined;
      throw error;
    });
  }

  #hear(payload: Buffer): void {
    const { responses = [] } = JSON.parse(payload.toString('utf8')) as { responses?: (Answer & { correlationData?: string })[] };
    this.#waiting.get(responses[0]?.correlationData ?? '')?.(responses);
  }
}

/** What an account was made of, without telling it: two that differ in password or topics have different marks. */
export function markOf({ id, password, publish, subscribe }: BrokerAccount): string {
  return createHash('sha256')
    .update(JSON.stringify([id, password, publish, subscribe]))
    .digest('hex')
    .slice(0, 32);
}

function commandsFor(account: BrokerAccount, verb: 'create' | 'modify'): [Command, Command] {
  const { id, password } = account;
  return [
    { command: `${verb}Role`, rolename: id, acls: aclsOf(account) },
    { command: `${verb}Client`, username: id, clientid: id, password, textname: MARK + markOf(account), roles: [{ rolename: id }] },
  ];
}

function aclsOf({ publish, subscribe }: BrokerAccount): unknown[] {
  const allow = (acltype: string) => (topic: string) => ({ acltype, topic, priority: 0, allow: true });
  return [...publish.map(allow('publishClientSend')), ...subscribe.map(allow('subscribeLiteral'))];
}

function refuse(answers: readonly Answer[]): void {
  const refused = answers.find(({ error }) => error !== undefined);
  if (refused !== undefined) throw new LabaError('role-refused', `The broker refused ${refused.command}: ${refused.error}.`);
}
