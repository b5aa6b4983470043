// Somebody who can publish on the county's broker but does not hold its keys: what the devices must not believe.
import { eq } from 'drizzle-orm';
import { newKeyPair, seal, signingKey, type SigningKey } from '@laba/messaging/envelope';
import { topics, type SignedCommand } from '@laba/domain/gateway-protocol';
import { playOrder } from './play-order.ts';
import { COUNTY } from './small-county.ts';
import type { House } from '@laba/host/compose';
import type { Ids } from '@laba/domain/ids';
import type { TownClock } from './town-clock.ts';

/** What a forger reaches of the town. */
export interface ForgersTown {
  readonly house: House;
  readonly clock: TownClock;
  readonly ids: Ids;
}

export class Forger {
  readonly #town: ForgersTown;
  readonly #recorded: { topic: string; wire: string; alertId: string }[] = [];

  constructor(town: ForgersTown) {
    this.#town = town;
  }

  /** Records every command from now on. */
  async listen(): Promise<void> {
    await this.#town.house.deps.mqtt.subscribe(`laba/v1/${COUNTY}/area/+/cmd`, (topic, payload) => {
      const wire = payload.toString();
      this.#recorded.push({ topic, wire, alertId: alertIdOf(wire) });
    });
  }

  /** A well-formed order, signed by a key that no device knows. */
  async sendsForged(code: string): Promise<void> {
    await this.#send(topics.areaCommand(COUNTY, code), seal(this.#order(code), signingKey('somebody', newKeyPair().privateKey)));
  }

  /** The same, under the county's own key name. */
  async sendsAltered(code: string): Promise<void> {
    await this.#send(topics.areaCommand(COUNTY, code), seal(this.#order(code), signingKey(`${COUNTY}-live`, newKeyPair().privateKey)));
  }

  /** An order that says what is given, signed with a key that the county really has: a stolen key, or a faulty county. */
  async sendsSigned(kid: 'live' | 'drill', code: string, says: Partial<SignedCommand> = {}, body: Partial<SignedCommand['body']> = {}): Promise<void> {
    await this.sendsWith(await this.steals(`${COUNTY}-${kid}`), code, says, body);
  }

  /** A key that the county has, by its name. */
  async steals(kid: string): Promise<SigningKey> {
    const { db, vault } = this.#town.house.deps;
    const [row] = await db.read((q, t) => q.select({ cipher: t.signingKey.privateCipher }).from(t.signingKey).where(eq(t.signingKey.kid, kid)));
    return signingKey(kid, vault.decrypt(row!.cipher));
  }

  async sendsWith(key: SigningKey, code: string, says: Partial<SignedCommand> = {}, body: Partial<SignedCommand['body']> = {}): Promise<void> {
    const order = this.#order(code);
    await this.#send(topics.areaCommand(COUNTY, code), seal({ ...order, ...says, body: { ...order.body, ...body } }, key));
  }

  /** Any bytes on an area's topic. */
  async sendsBytes(code: string, wire: string): Promise<void> {
    await this.#send(topics.areaCommand(COUNTY, code), wire);
  }

  /** The bytes of the alert's commands as they were recorded. */
  recorded(alertId: string): string[] {
    return this.#recorded.filter((one) => one.alertId === alertId).map((one) => one.wire);
  }

  /** Every recorded command of the alert, bit for bit, on its own topic again. */
  async replays(alertId: string): Promise<void> {
    for (const { topic, wire } of this.#recorded.filter((one) => one.alertId === alertId)) await this.#send(topic, wire);
  }

  async #send(topic: string, wire: string): Promise<void> {
    await this.#town.house.deps.mqtt.publish(topic, wire);
    await this.#town.clock.settle();
  }

  #order(code: string): SignedCommand {
    const now = this.#town.clock.now();
    return {
      type: 'command',
      aud: COUNTY,
      mode: 'live',
      commandId: this.#town.ids(),
      alertId: this.#town.ids(),
      revision: 1,
      seq: 999,
      iat: now / 1_000,
      exp: now / 1_000 + 3_600,
      scope: [code],
      body: playOrder(code, now, { texts: [{ language: 'zh-CN', title: '假', text: '假的通知' }] }),
    };
  }
}

function alertIdOf(wire: string): string {
  try {
    return (JSON.parse(Buffer.from(wire.split('.')[1] ?? '', 'base64url').toString('utf8')) as { alertId?: string }).alertId ?? '';
  } catch {
    return '';
  }
}
