// Somebody who can publish on the county's broker but does not hold its keys: what the devices must not believe.
import { newKeyPair, seal, signingKey } from '@laba/messaging/envelope';
import { topics, type SignedCommand } from '@laba/domain/gateway-protocol';
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
    const iso = (ms: number) => new Date(ms).toISOString();
    return {
      type: 'command', aud: COUNTY, mode: 'live', commandId: this.#town.ids(), alertId: this.#town.ids(), revision: 1, seq: 999,
      iat: now / 1_000, exp: now / 1_000 + 3_600, scope: [code],
      body: {
        action: 'play', purpose: 'alert', kind: 'order', level: null, order: 'move-now', eventCode: '11D00', texts: [{ language: 'zh-CN', title: '假', text: '假的通知' }],
        siren: true, playTimes: 0, intervalSeconds: 60, volume: 80, startTime: iso(now), endTime: iso(now + 3_600_000), notAfter: iso(now + 3_600_000),
        quietHours: null, stopReason: null, areaCode: [code],
      },
    };
  }
}

function alertIdOf(wire: string): string {
  const payload = JSON.parse(Buffer.from(wire.split('.')[1] ?? '', 'base64url').toString('utf8')) as { alertId?: string };
  return payload.alertId ?? '';
}
