// Chapter 4, speaker: what gateways publish, from the wire to its reaction. Who said it is the topic's gateway: the broker saw to that.
import { topics, type GatewayHello, type GatewayState } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import type { DispatchDeps } from './dispatch-deps.ts';
import { GatewayInbox, type Taken } from './gateway-inbox.ts';
import { onHeartbeats, readState, type GatewayHeard } from './on-heartbeat.ts';
import { onHellos, readHello, type GatewayAsks } from './on-hello.ts';
import { onReports, readReportMessage, type GatewayReports, type NotTaken, type ReportBatch } from './on-report.ts';

type Message = { kind: 'reports'; batch: ReportBatch } | { kind: 'state'; state: GatewayState } | { kind: 'hello'; hello: GatewayHello };

/** As it came: it is read in its round, so that a burst does not stop everything else while it arrives. */
interface Waiting {
  kind: Message['kind'];
  payload: Buffer;
}

const READ: Record<Message['kind'], (payload: Buffer) => Message | undefined> = {
  reports: (payload) => wrap(readReportMessage(payload), (batch) => ({ kind: 'reports', batch })),
  state: (payload) => wrap(readState(payload), (state) => ({ kind: 'state', state })),
  hello: (payload) => wrap(readHello(payload), (hello) => ({ kind: 'hello', hello })),
};

function wrap<T>(content: T | undefined, made: (content: T) => Message): Message | undefined {
  return content === undefined ? undefined : made(content);
}

/** About 10 ms of work where the database is in this process; on a server of its own larger rounds are fewer journeys. */
const ROUND = {
  embedded: { gateways: 128, size: 65_536, sizePerGateway: 16_384 },
  clustered: { gateways: 256, size: 262_144, sizePerGateway: 16_384 },
  edge: { gateways: 16, size: 65_536, sizePerGateway: 16_384 },
};
const ROUNDS_AT_ONCE = 2;
/** A message is some work whatever its length. */
const LEAST_SIZE = 256;
/** How long a moment of overload is shown. */
const SAID_FOR_MS = 60_000;

export class GatewayMessages {
  readonly #deps: DispatchDeps;
  readonly #inbox: GatewayInbox<Waiting>;
  #malformed = 0;
  #refused = 0;
  #refusedAtMs = -Infinity;
  #open = false;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
    this.#inbox = new GatewayInbox<Waiting>({
      handle: (round) => this.#handle(round),
      onError: (gatewayIds, error) => {
        for (const gatewayId of gatewayIds) this.#notTaken(gatewayId, error);
      },
      sizeOf: ({ payload }) => LEAST_SIZE + payload.length,
      limit: LIMITS.gatewayMessagesWaiting,
      limitPerGateway: LIMITS.gatewayMessagesWaitingEach,
      round: ROUND[deps.config.profile],
      roundsAtOnce: ROUNDS_AT_ONCE,
    });
  }

  async start(): Promise<void> {
    this.#open = true;
    const { mqtt, config } = this.#deps;
    const subscribe = (topic: string, kind: Message['kind']) =>
      // Only its state may be kept at the broker: an old hello would be answered as if it were asked now.
      mqtt.subscribe(topic, (from, payload) => this.#take(from, { kind, payload }), { live: kind !== 'state' });
    await subscribe(topics.gatewayReport(config.county, '+'), 'reports');
    await subscribe(topics.gatewayState(config.county, '+'), 'state');
    await subscribe(topics.gatewayHello(config.county, '+'), 'hello');
  }

  /** Takes nothing more and waits until what was taken is durable. */
  async stop(): Promise<void> {
    this.#open = false;
    await this.#inbox.drain();
  }

  degraded(): string[] {
    if (this.#deps.clock.now() - this.#refusedAtMs > SAID_FOR_MS) return [];
    return [`gateways: too many messages at once, ${this.#refused} refused so far; they will be sent again`];
  }

  /** Messages that made no sense so far. */
  get malformed(): number {
    return this.#malformed;
  }

  #take(topic: string, message: Waiting): Promise<void> | void {
    if (!this.#open) return;
    const taken = this.#inbox.offer(topic.split('/')[4] ?? '', message);
    if (taken !== undefined) return taken;
    this.#refused += 1;
    this.#refusedAtMs = this.#deps.clock.now();
  }

  // Reports first: what is held then is what the answers say. Of several hellos only the last one still waits for an answer.
  async #handle(round: Taken<Waiting>[]): Promise<void> {
    const read = round.map(({ gatewayId, messages }) => ({ gatewayId, messages: messages.flatMap((one) => this.#read(gatewayId, one)) }));
    const failed = new Set<string>();
    const left = <T extends { gatewayId: string }>(all: readonly T[]) => all.filter((one) => !failed.has(one.gatewayId));
    const note = (troubles: readonly NotTaken[]) => {
      for (const { gatewayId, error } of troubles) {
        failed.add(gatewayId);
        this.#notTaken(gatewayId, error);
      }
    };
    for (const reports of inTurns(read, journalsOf)) note(await onReports(this.#deps, left(reports)));
    for (const states of inTurns(read, statesOf)) note(await onHeartbeats(this.#deps, left(states)));
    note(await onHellos(this.#deps, left(read).flatMap(lastHelloOf)));
  }

  #read(gatewayId: string, { kind, payload }: Waiting): Message[] {
    const message = READ[kind](payload);
    if (message !== undefined) return [message];
    this.#malformed += 1;
    this.#deps.log.warn({ gatewayId, malformed: this.#malformed }, 'a message of a gateway was malformed; ignored');
    return [];
  }

  #notTaken(gatewayId: string, error: unknown): void {
    this.#deps.log.error(
      { gatewayId, why: error instanceof Error ? error.message : String(error) },
      'a message of a gateway was not taken; it will be sent again',
    );
  }
}

interface Read {
  gatewayId: string;
  messages: Message[];
}

/** The first of each gateway, then the second of each …: a set never names a gateway twice, and each gateway's keep their order. */
function inTurns<T>(round: readonly Read[], of: (one: Read) => T[]): T[][] {
  const all = round.map(of);
  const most = Math.max(0, ...all.map((one) => one.length));
  return Array.from({ length: most }, (_, i) => all.flatMap((one) => one.slice(i, i + 1)));
}

function journalsOf({ gatewayId, messages }: Read): GatewayReports[] {
  const batches = messages.flatMap((message) => (message.kind === 'reports' ? [message.batch] : []));
  const journals = Map.groupBy(batches, (batch) => batch.journalId);
  return [...journals].map(([journalId, ofJournal]) => ({ gatewayId, journalId, reports: ofJournal.flatMap((batch) => batch.reports) }));
}

function statesOf({ gatewayId, messages }: Read): GatewayHeard[] {
  return messages.flatMap((message) => (message.kind === 'state' ? [{ gatewayId, state: message.state }] : []));
}

function lastHelloOf({ gatewayId, messages }: Read): GatewayAsks[] {
  const last = messages.findLast((message) => message.kind === 'hello');
  return last === undefined ? [] : [{ gatewayId, hello: last.hello }];
}
