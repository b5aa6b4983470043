// Chapter 4, speaker: what gateways publish, from the wire to its reaction. Who said it is the topic's gateway: the broker saw to that.
import { topics, type GatewayHello, type GatewayState } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import type { DispatchDeps } from './dispatch-deps.ts';
import { GatewayInbox } from './gateway-inbox.ts';
import { onHeartbeat, readState } from './on-heartbeat.ts';
import { onHello, readHello } from './on-hello.ts';
import { onReports, readReportMessage, type ReportBatch } from './on-report.ts';

type Message = { kind: 'reports'; batch: ReportBatch } | { kind: 'state'; state: GatewayState } | { kind: 'hello'; hello: GatewayHello };

const SIDE_BY_SIDE = 128;
/** How long a moment of overload is shown. */
const SAID_FOR_MS = 60_000;

export class GatewayMessages {
  readonly #deps: DispatchDeps;
  readonly #inbox: GatewayInbox<Message>;
  #malformed = 0;
  #refused = 0;
  #refusedAtMs = -Infinity;
  #open = false;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
    this.#inbox = new GatewayInbox<Message>({
      handle: (gatewayId, messages) => this.#handle(gatewayId, messages),
      onError: (gatewayId, error) =>
        deps.log.error(
          { gatewayId, why: error instanceof Error ? error.message : String(error) },
          'a message of a gateway was not taken; it will be sent again',
        ),
      limit: LIMITS.gatewayMessagesWaiting,
      limitPerGateway: LIMITS.gatewayMessagesWaitingEach,
      concurrency: SIDE_BY_SIDE,
    });
  }

  async start(): Promise<void> {
    this.#open = true;
    const { mqtt, config } = this.#deps;
    await mqtt.subscribe(topics.gatewayReport(config.county, '+'), (topic, payload) =>
      this.#take(
        topic,
        read(readReportMessage(payload), (batch) => ({ kind: 'reports', batch })),
      ),
    );
    await mqtt.subscribe(topics.gatewayState(config.county, '+'), (topic, payload) =>
      this.#take(
        topic,
        read(readState(payload), (state) => ({ kind: 'state', state })),
      ),
    );
    await mqtt.subscribe(topics.gatewayHello(config.county, '+'), (topic, payload) =>
      this.#take(
        topic,
        read(readHello(payload), (hello) => ({ kind: 'hello', hello })),
      ),
    );
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

  #take(topic: string, message: Message | undefined): Promise<void> | void {
    if (!this.#open) return;
    const gatewayId = topic.split('/')[4] ?? '';
    if (message === undefined) {
      this.#malformed += 1;
      this.#deps.log.warn({ gatewayId, malformed: this.#malformed }, 'a message of a gateway was malformed; ignored');
      return;
    }
    const taken = this.#inbox.offer(gatewayId, message);
    if (taken !== undefined) return taken;
    this.#refused += 1;
    this.#refusedAtMs = this.#deps.clock.now();
  }

  // Reports first: what is held then is what the answers say. Of several hellos only the last one still waits for an answer.
  async #handle(gatewayId: string, messages: readonly Message[]): Promise<void> {
    const batches = messages.flatMap((message) => (message.kind === 'reports' ? [message.batch] : []));
    if (batches.length > 0) await onReports(this.#deps, gatewayId, batches);
    for (const message of messages) if (message.kind === 'state') await onHeartbeat(this.#deps, gatewayId, message.state);
    const hello = messages.findLast((message) => message.kind === 'hello');
    if (hello !== undefined) await onHello(this.#deps, gatewayId, hello.hello);
  }
}

function read<T>(content: T | undefined, wrap: (content: T) => Message): Message | undefined {
  return content === undefined ? undefined : wrap(content);
}
