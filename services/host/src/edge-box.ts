// The loudspeakers of the activity room that a village's own house stands in: enrolled at this house as soon as it knows the room.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BoxHardware } from '@laba/gateway/hardware';
import { readIdentity, writeIdentity } from '@laba/gateway/identity-file';
import { runGateway, type RunningBox } from '@laba/gateway/service';
import { newKeyPair } from '@laba/messaging/envelope';
import { enrolDirectly } from '@laba/registry/enrol-gateway';
import { signsFor, sitesUnder } from '@laba/registry/grid-store';
import { every } from '@laba/runtime/clock';
import type { House } from './compose.ts';
import { orderByButton } from './order-by-button.ts';

/** Until the house above has told of the room, and handed the keys. */
const LOOK_MS = 2_000;

export interface EdgeBoxOptions {
  /** Holds the box's identity, spool and sounds. */
  dir: string;
  /** The activity room, when the node has several. */
  site?: string | undefined;
  hardware: BoxHardware;
}

export class EdgeBox {
  readonly #house: House;
  readonly #options: EdgeBoxOptions;
  #running: RunningBox | undefined;
  #stop = () => {};

  constructor(house: House, options: EdgeBoxOptions) {
    this.#house = house;
    this.#options = options;
  }

  get running(): RunningBox | undefined {
    return this.#running;
  }

  async start(): Promise<void> {
    const { clock, log } = this.#house.deps;
    if (existsSync(join(this.#options.dir, 'identity.json'))) return this.#play();
    this.#stop = every(
      clock,
      LOOK_MS,
      () => this.#enrol(),
      (error) => log.error({ why: String(error) }, 'the room’s loudspeakers could not be enrolled'),
    );
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.#running?.stop();
  }

  async #enrol(): Promise<void> {
    const { deps } = this.#house;
    const node = deps.config.node!;
    const sites = await sitesUnder(deps.db, node);
    const siteId = this.#options.site ?? sites[0];
    if (siteId === undefined || !sites.includes(siteId) || !(await signsFor(deps.db, node))) return;
    this.#stop();
    const pair = newKeyPair();
    const [identity] = await enrolDirectly(deps, [{ siteId, publicKey: pair.publicKey }], { who: 'system', via: 'cli', once: [] });
    writeIdentity(this.#options.dir, identity!, pair.privateKey);
    await this.#play();
  }

  async #play(): Promise<void> {
    const { dir, hardware } = this.#options;
    const { deps } = this.#house;
    const order = orderByButton(deps, readIdentity(dir).siteId);
    // A box knows no more of the time than the house that it stands in: until that is told, it asks.
    const clockKnown = this.#house.time === undefined || this.#house.time.by === 'machine';
    this.#running = await runGateway({ dir, hardware, clockKnown, onPress: (pressId, box) => void order(pressId, box), log: deps.log });
  }
}
