// The village alone: letters over MQTT. The house below has a line to the broker above it, by whichever address answers; the house above
// hears all that are below at its own.
import { LabaError } from '@laba/domain/errors';
import { topics } from '@laba/domain/gateway-protocol';
import type { Mqtt, MqttConnection } from '@laba/messaging/mqtt';
import type { Clock } from '@laba/runtime/clock';
import { every } from '@laba/runtime/clock';

/** An address that does not answer for so long is left for the next. */
const NEXT_ADDRESS_MS = 20_000;

/** Opens a line that comes back by itself. */
export type Connect = (connection: MqttConnection) => Mqtt;

export interface UpLineOptions {
  connect: Connect;
  clock: Clock;
  /** Whose broker it is: the county's, or the prefecture's. */
  county: string;
  /** The grid node of this house. */
  code: string;
  /** Of the broker above, tried in this order. */
  addresses: readonly string[];
  houseId: string;
  password: string;
  onLetter: (letter: Buffer) => Promise<void>;
  onLine: (online: boolean) => void;
  onError: (error: unknown) => void;
}

/** The line of a house to the one above it. */
export class UpLine {
  readonly #options: UpLineOptions;
  #mqtt: Mqtt | undefined;
  #tried = 0;
  #stop = () => {};

  constructor(options: UpLineOptions) {
    this.#options = options;
  }

  get online(): boolean {
    return this.#mqtt?.online ?? false;
  }

  get trouble(): string | undefined {
    return this.#mqtt?.trouble;
  }

  start(): void {
    this.#open();
    const { clock, addresses, onError } = this.#options;
    if (addresses.length > 1) this.#stop = every(clock, NEXT_ADDRESS_MS, () => this.#next(), onError);
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.#mqtt?.close();
  }

  /** False when the line is down. */
  async send(letter: Buffer): Promise<boolean> {
    const { county, code } = this.#options;
    return this.#mqtt === undefined ? false : published(this.#mqtt, topics.nodeUp(county, code), letter);
  }

  async #next(): Promise<void> {
    if (this.online) return;
    const left = this.#mqtt;
    this.#tried += 1;
    this.#open();
    await left?.close();
  }

  #open(): void {
    const { connect, county, code, addresses, houseId, password, onLetter, onLine, onError } = this.#options;
    const url = addresses[this.#tried % addresses.length]!;
    const mqtt = connect({ url, clientId: houseId, username: houseId, password });
    this.#mqtt = mqtt;
    mqtt.onLine((online) => (this.#mqtt === mqtt ? onLine(online) : undefined));
    mqtt.subscribe(topics.nodeDown(county, code), (_topic, payload) => onLetter(payload), { live: true }).catch(onError);
  }
}

/** False when the line is down. @throws whatever else went wrong */
export async function published(mqtt: Mqtt, topic: string, letter: Buffer): Promise<boolean> {
  try {
    await mqtt.publish(topic, letter);
    return true;
  } catch (error) {
    if (error instanceof LabaError && error.code === 'broker-offline') return false;
    throw error;
  }
}
