// The village alone: all the houses this one talks with, those below it at its own broker, the one above at that one's.
import { topics } from '@laba/domain/gateway-protocol';
import { isWithin, prefectureOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { every } from '@laba/runtime/clock';
import type { Deps } from '@laba/runtime/service';
import type { Peer } from '@laba/storage/sharing/peers';
import { isWatched } from '@laba/storage/sharing/watched-tables';
import { Exchange, type Heard } from './exchange.ts';
import { listPeers, withoutKeys } from './house-store.ts';
import { NewsTail } from './news-store.ts';
import { published, UpLine, type Connect } from './letters-line.ts';
import type { OwnHouse } from './own-house.ts';

/** What is committed together is looked at together. */
const SETTLE_MS = 100;
/** Another process of this house may have confirmed or revoked one. */
const LOOK_AGAIN_MS = 20_000;
/** What must sound is told at once; of all else each of many houses is told at most so often, times their number. */
const EACH_MS = 25;
const HOT = /^(alert|command|keys)\./;

interface Neighbour {
  peer: Peer;
  exchange: Exchange;
  line: UpLine | undefined;
  cancel: () => void;
  /** When it is spoken to again; when it was last. */
  againAtMs: number;
  spokeAtMs: number;
}

export interface HousesOptions {
  connect: Connect;
  onHeard: (heard: Heard) => Promise<void>;
  /** The house above has said what time it is. */
  onTime?: ((ms: number) => Promise<void>) | undefined;
}

export class Houses {
  readonly #deps: Deps;
  readonly #options: HousesOptions;
  readonly #known = new Map<string, Neighbour>();
  readonly #wanted = new Set<string>();
  readonly #tail: NewsTail;
  #own: OwnHouse | undefined;
  readonly #run: string;
  #keyless: string[] = [];
  #round: Promise<void> | undefined;
  #settle = () => {};
  #isSettling = false;
  #isOpen = false;
  #stops: (() => void)[] = [];

  constructor(deps: Deps, options: HousesOptions) {
    this.#deps = deps;
    this.#run = deps.ids();
    this.#options = options;
    this.#tail = new NewsTail(deps.db);
  }

  async start(own: OwnHouse): Promise<void> {
    const { db, mqtt, clock, config, log } = this.#deps;
    this.#own = own;
    this.#isOpen = true;
    await mqtt.subscribe(topics.nodeUp(config.county, '+'), (topic, payload) => this.#letterFromBelow(topic, payload), { group: 'sharing', live: true });
    await this.#tail.read();
    await this.look();
    const onError = (error: unknown) => log.error({ why: String(error) }, 'the houses above and below could not be looked up');
    this.#stops = [db.onCommit(() => this.#news()), every(clock, LOOK_AGAIN_MS, () => this.look(), onError)];
  }

  async stop(): Promise<void> {
    this.#isOpen = false;
    for (const stop of this.#stops.splice(0)) stop();
    this.#settle();
    await Promise.all([...this.#known.values()].map((one) => this.#leave(one)));
    await this.#round;
  }

  /** Whoever is active now is talked with; nobody else. */
  async look(): Promise<void> {
    const peers = await listPeers(this.#deps.db, { statuses: ['active'] });
    const active = new Set(peers.map(({ id }) => id));
    for (const gone of [...this.#known.values()].filter(({ peer }) => !active.has(peer.id))) await this.#leave(gone);
    for (const peer of peers) {
      const known = this.#known.get(peer.id);
      if (known !== undefined) known.peer = peer;
      else if (this.#isOpen) this.#meet(peer);
    }
    const codes = peers.filter((peer) => !isWatched({ code: peer.gridCode })).map(({ gridCode }) => gridCode);
    this.#keyless = await withoutKeys(this.#deps.db, [...new Set(codes)]);
  }

  get above(): (Neighbour & { line: UpLine }) | undefined {
    return [...this.#known.values()].find((one): one is Neighbour & { line: UpLine } => one.line !== undefined);
  }

  degraded(): string[] {
    return [
      ...[...this.#known.values()].flatMap(({ peer, exchange }) => exchange.degraded(peer)),
      ...this.#keyless.map((code) => `keys: ${code} has none, so what its house orders sounds nowhere: ./laba keys new ${code}, at the county`),
    ];
  }

  exchangeWith(peerId: string): Exchange | undefined {
    return this.#known.get(peerId)?.exchange;
  }

  #meet(peer: Peer): void {
    const { vault, clock, config, log } = this.#deps;
    const own = this.#own!;
    const onError = (error: unknown) => log.error({ house: peer.id, why: String(error) }, 'the line to another house failed');
    const root = isWatched({ code: peer.gridCode }) ? prefectureOf(peer.gridCode) : config.county;
    const line =
      peer.side === 'below' || peer.lines === null || peer.lines.length === 0 || peer.passwordCipher === null
        ? undefined
        : new UpLine({
            ...{ connect: this.#options.connect, clock, county: root, code: peer.gridCode, addresses: peer.lines, houseId: own.id, onError },
            password: vault.decrypt(peer.passwordCipher),
            onLetter: (letter) => this.#take(peer.id, letter),
            onLine: (online) => (online ? this.#want(peer.id) : undefined),
          });
    const down = (letter: Buffer) => published(this.#deps.mqtt, topics.nodeDown(root, peer.gridCode), letter);
    const send = peer.side === 'above' ? async (letter: Buffer) => (line === undefined ? false : line.send(letter)) : down;
    const onHeard = (heard: Heard) => this.#heard(heard);
    const exchange = new Exchange(this.#deps, {
      own,
      peerId: peer.id,
      run: this.#run,
      send,
      onHeard,
      onTime: this.#options.onTime,
      others: () => this.#known.size,
    });
    this.#known.set(peer.id, { peer, exchange, line, cancel: () => {}, againAtMs: 0, spokeAtMs: -Infinity });
    line?.start();
    this.#want(peer.id);
  }

  async #leave(one: Neighbour): Promise<void> {
    one.cancel();
    this.#known.delete(one.peer.id);
    await one.line?.stop();
  }

  async #letterFromBelow(topic: string, letter: Buffer): Promise<void> {
    if (letter.length > LIMITS.mqttPacketBytes) return;
    const code = topic.split('/')[4];
    const one = [...this.#known.values()].find(({ peer }) => peer.side === 'below' && peer.gridCode === code);
    if (one !== undefined) await this.#take(one.peer.id, letter);
  }

  // What came from below goes on up, and what came from above goes on down.
  async #heard(heard: Heard): Promise<void> {
    const code = heard.peer.gridCode;
    if (heard.taken.written.size > 0)
      for (const { peer, exchange } of this.#known.values())
        if (peer.id !== heard.peer.id && (isWithin(peer.gridCode, code) || isWithin(code, peer.gridCode))) exchange.touch();
    await this.#options.onHeard(heard);
  }

  /** A letter that was not taken is said again by who wrote it. */
  async #take(peerId: string, letter: Buffer): Promise<void> {
    try {
      if (await this.#known.get(peerId)?.exchange.hear(letter)) this.#want(peerId);
    } catch (error) {
      this.#deps.log.error({ house: peerId, why: String(error) }, 'a letter of another house could not be taken');
    }
  }

  // The talk itself commits too: a look that finds nothing writes nothing, and so ends it.
  #news(): void {
    if (this.#isSettling || this.#known.size === 0) return;
    this.#isSettling = true;
    this.#settle = this.#deps.clock.after(SETTLE_MS, () => {
      this.#isSettling = false;
      this.#tellTouched().catch((error: unknown) => this.#deps.log.error({ why: String(error) }, 'what is new could not be looked up'));
    });
  }

  /** Every change of state has an event: whose ground it lies on is touched, and spoken to; for what must sound at once. */
  async #tellTouched(): Promise<void> {
    const news = await this.#tail.read();
    const codes = [...new Set(news.map(({ gridCode }) => gridCode))];
    const isHot = news.some(({ type }) => HOT.test(type));
    const nowMs = this.#deps.clock.now();
    for (const [peerId, one] of this.#known) {
      if (!codes.some((code) => isWithin(one.peer.gridCode, code) || isWithin(code, one.peer.gridCode))) continue;
      one.exchange.touch();
      // A clock that was set back is not waited for.
      const waitMs = Math.min(one.spokeAtMs - nowMs, 0) + this.#known.size * EACH_MS;
      if (isHot || waitMs <= 0) this.#want(peerId);
      else this.#later(one, waitMs);
    }
  }

  #later(one: Neighbour, ms: number): void {
    const atMs = this.#deps.clock.now() + ms;
    if (atMs >= one.againAtMs && one.againAtMs > this.#deps.clock.now()) return;
    one.cancel();
    one.againAtMs = atMs;
    one.cancel = this.#deps.clock.after(ms, () => this.#want(one.peer.id));
  }

  #want(peerId: string): void {
    this.#wanted.add(peerId);
    this.#round ??= this.#speakAll().finally(() => {
      this.#round = undefined;
      if (this.#wanted.size > 0 && this.#isOpen) this.#want([...this.#wanted][0]!);
    });
  }

  // One after the other: a county has hundreds of them and other work.
  async #speakAll(): Promise<void> {
    for (const peerId of this.#wanted) {
      this.#wanted.delete(peerId);
      const one = this.#known.get(peerId);
      if (one === undefined || !this.#isOpen) continue;
      try {
        one.againAtMs = 0;
        one.spokeAtMs = this.#deps.clock.now();
        this.#later(one, await one.exchange.speak());
      } catch (error) {
        this.#deps.log.error({ house: peerId, why: String(error) }, 'another house could not be told what is new');
        this.#later(one, LOOK_AGAIN_MS);
      }
    }
  }
}
