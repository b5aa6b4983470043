// One county, one house: another house with the same code at the same broker would command the same loudspeakers, so each says that it is there.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Mqtt } from '@laba/messaging/mqtt';
import { every, type Clock } from '@laba/runtime/clock';
import type { Log } from '@laba/runtime/log';

const SAY_MS = 30_000;
/** Heard no more for so long, it is gone; the broker forgets what it said after the same time. */
const GONE_MS = 120_000;
const SHOWN_CHARS = 8;

const saidSchema = z.object({ house: z.string().regex(/^[0-9a-f]{32}$/) });

interface HouseDeps {
  mqtt: Mqtt;
  clock: Clock;
  log: Pick<Log, 'error' | 'warn' | 'info'>;
  /** Six digits. */
  county: string;
  /** The same in all processes of one house, and in no other. */
  self: () => Promise<string>;
}

/** Where houses say that they are there. Only the county's own account may speak or listen here. */
export const houseTopic = (county: string) => `laba/v1/${county}/house`;

export class HouseWatch {
  readonly #deps: HouseDeps;
  #own: string | undefined;
  #other: { id: string; heardAtMs: number } | undefined;
  #stop: (() => void)[] = [];

  constructor(deps: HouseDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { mqtt, clock, log, county } = this.#deps;
    const untold = (error: unknown) => log.warn({ why: String(error) }, 'other houses at the broker could not be told of this one');
    // A broker that is away must not keep the house from starting.
    mqtt.subscribe(houseTopic(county), (_topic, payload) => this.#hear(payload)).catch(untold);
    const newLine = mqtt.onLine((online) => {
      if (online) this.say().catch(untold);
    });
    this.#stop = [newLine, every(clock, SAY_MS, () => this.say(), untold)];
    this.say().catch(untold);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stop.splice(0)) stop();
  }

  /** Tells every house at the broker, now and later, that this one is there. @throws what the database or the broker says */
  async say(): Promise<void> {
    const { mqtt, county } = this.#deps;
    if (!mqtt.online) return;
    const house = await this.#self();
    await mqtt.publish(houseTopic(county), JSON.stringify({ house }), { retain: true, expirySeconds: GONE_MS / 1000 });
  }

  degraded(): string[] {
    const other = this.#heard();
    if (other === undefined) return [];
    const { county } = this.#deps;
    return [
      `broker: another house of county ${county} (${other.slice(0, SHOWN_CHARS)}) speaks at it, beside this one (${this.#own?.slice(0, SHOWN_CHARS)}): both command the same loudspeakers; stop one, or give each a broker of its own`,
    ];
  }

  async #hear(payload: Buffer): Promise<void> {
    const said = saidSchema.safeParse(parsed(payload)).data;
    if (said === undefined || said.house === (await this.#self())) return;
    const { log, clock, county } = this.#deps;
    const isNew = this.#heard() !== said.house;
    this.#other = { id: said.house, heardAtMs: clock.now() };
    if (isNew) log.error({ county, other: said.house }, 'another house of this county speaks at the same broker: stop one of them');
  }

  #heard(): string | undefined {
    const { clock, log } = this.#deps;
    if (this.#other !== undefined && clock.now() - this.#other.heardAtMs > GONE_MS) {
      log.info({ other: this.#other.id }, 'the other house at the broker is heard no more');
      this.#other = undefined;
    }
    return this.#other?.id;
  }

  // Hashed: what it is made of is nobody's business at the broker.
  async #self(): Promise<string> {
    this.#own ??= createHash('sha256')
      .update(await this.#deps.self())
      .digest('hex')
      .slice(0, 32);
    return this.#own;
  }
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}
