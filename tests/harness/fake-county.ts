// The county's voice in the tests' hands: real broker, real keys, but the test decides what is sent, when, and in which order.
import { desc, eq } from 'drizzle-orm';
import { join } from 'node:path';
import { startEmbeddedBroker, type EmbeddedBroker } from '@laba/messaging/embedded-broker';
import { seal, signingKey } from '@laba/messaging/envelope';
import { keyBookProof } from '@laba/messaging/key-book';
import type { Mqtt } from '@laba/messaging/mqtt';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { topics, type PlayCommand, type PlayReport, type ReportMessage, type SignedCommand, type SignedPayload } from '@laba/domain/gateway-protocol';
import { silentLog } from '@laba/runtime/log';
import { DEVICE_PASSWORD, Vault } from '@laba/runtime/vault';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { playOrder } from './play-order.ts';
import { COUNTY } from './small-county.ts';
import type { RealTown } from './real-town.ts';

let serial = 0;

export class FakeCounty {
  readonly #town: RealTown;
  readonly reports: PlayReport[] = [];
  /** False: hellos get no answer, as while the county's program is away but its broker is not. */
  answersHello = true;
  readonly tombstones: { alertId: string; revision: number; reason: 'cancelled'; until: string }[] = [];
  #broker: EmbeddedBroker | undefined;
  #mqtt: Mqtt | undefined;
  #key = '';
  #book = 0;
  #vault: Vault | undefined;
  #seq = 0;

  constructor(town: RealTown) {
    this.#town = town;
  }

  async start(): Promise<this> {
    const db = SqliteDatabase.open(join(this.#town.dataDir, 'laba.db'), HOUSE);
    const [row] = await db.read((q, t) =>
      q
        .select()
        .from(t.signingKey)
        .where(eq(t.signingKey.kid, `${COUNTY}-live`)),
    );
    const [book] = await db.read((q, t) => q.select({ version: t.keyBook.version }).from(t.keyBook).orderBy(desc(t.keyBook.version)).limit(1));
    await db.close();
    this.#book = book!.version;
    this.#vault = Vault.open(join(this.#town.dataDir, 'secret.key'));
    this.#key = this.#vault.decrypt(row!.privateCipher);
    await this.startBroker();
    return this;
  }

  async startBroker(): Promise<void> {
    const anybody = { mayPublish: () => true, maySubscribe: () => true };
    this.#broker = await startEmbeddedBroker({
      host: '127.0.0.1',
      port: this.#town.config.mqttPort,
      authenticate: async (clientId) => ({ clientId, ...anybody }),
      log: silentLog,
    });
    this.#mqtt = connectMqtt({ url: `mqtt://127.0.0.1:${this.#broker.port}`, clientId: 'county', username: 'county', password: 'any' }, { log: silentLog });
    await this.#mqtt.subscribe(topics.gatewayReport(COUNTY, '+'), (_topic, payload) => {
      this.reports.push(...(JSON.parse(payload.toString()) as ReportMessage).reports);
    });
    await this.#mqtt.subscribe(topics.gatewayHello(COUNTY, '+'), (topic, payload) =>
      this.#answer(topic.split('/')[4]!, JSON.parse(payload.toString()) as { nonce: string; journalId: string }),
    );
    await this.#town.until('the county is connected', () => this.#mqtt?.online === true);
  }

  async stopBroker(): Promise<void> {
    await this.#mqtt?.close();
    await this.#broker?.close();
  }

  async #answer(gatewayId: string, hello: { nonce: string; journalId: string }): Promise<void> {
    if (!this.answersHello) return;
    const { nonce, journalId } = hello;
    const keyBook = { version: this.#book, proof: keyBookProof(this.#vault!.hash(DEVICE_PASSWORD, gatewayId), nonce, this.#book) };
    const body = { nonce, commands: [], tombstones: this.tombstones, journalId, reportsHeldUpTo: 0, highestSeq: this.#seq, keyBook };
    const wire = this.#sign({ ...this.#head(), type: 'snapshot', body });
    await this.#mqtt?.publish(topics.gatewayCommand(COUNTY, gatewayId), wire);
  }

  #head(): Pick<SignedPayload, 'aud' | 'mode' | 'commandId' | 'seq' | 'iat' | 'exp' | 'scope'> {
    this.#seq += 1;
    serial += 1;
    const now = Date.now() / 1_000;
    return { aud: COUNTY, mode: 'live', commandId: `command-${serial}-${process.pid}`, seq: this.#seq, iat: now, exp: now + 3_600, scope: [COUNTY] };
  }

  #sign(payload: SignedPayload): string {
    return seal(payload, signingKey(`${COUNTY}-live`, this.#key));
  }

  /** The signed bytes of a command for one place. */
  command(code: string, alertId: string, body: Partial<PlayCommand>, head: Partial<SignedCommand> = {}): string {
    return this.#sign({
      ...this.#head(),
      scope: [code],
      type: 'command',
      alertId,
      revision: 1,
      ...head,
      body: playOrder(code, Date.now(), { intervalSeconds: 1, ...body }),
    });
  }

  async send(code: string, wire: string): Promise<void> {
    await this.#mqtt?.publish(topics.areaCommand(COUNTY, code), wire);
  }

  async stop(): Promise<void> {
    await this.stopBroker();
  }
}
