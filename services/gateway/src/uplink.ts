// The line to the county: who is here, what was done, what is in force. Nothing depends on what a broker remembered.
import { gatewaySubscriptions, HEARTBEAT_MS, topics, type GatewayHello, type GatewayState } from '@laba/domain/gateway-protocol';
import type { Mqtt, MqttConnection } from '@laba/messaging/mqtt';
import { every } from '@laba/runtime/clock';
import type { Box } from './box.ts';

const RESEND_MS = 5_000;
/** An answer that took longer proves nothing about the time: the question is asked anew. */
const NONCE_MS = 30_000;

export interface UplinkDeps {
  box: Box;
  connect: (connection: MqttConnection) => Mqtt;
  /** What the state topic says now. */
  state: (state: GatewayState['state']) => GatewayState;
  hello: () => Promise<Omit<GatewayHello, 'nonce'>>;
  onWire: (wire: string) => void;
  /** A new connection: the county has not answered on it yet. */
  onGreet: () => void;
  /** Before each heartbeat: asks the players how they are. */
  probe: () => Promise<void>;
}

export class Uplink {
  readonly #deps: UplinkDeps;
  readonly #topic: { report: string; state: string; hello: string };
  #mqtt: Mqtt | undefined;
  #nonce: { value: string; atMs: number } | undefined;
  #sending = false;
  #sendAgain = false;
  #stateDue = false;
  #stops: (() => void)[] = [];

  constructor(deps: UplinkDeps) {
    this.#deps = deps;
    const { county, gatewayId } = deps.box.identity;
    this.#topic = {
      report: topics.gatewayReport(county, gatewayId),
      state: topics.gatewayState(county, gatewayId),
      hello: topics.gatewayHello(county, gatewayId),
    };
  }

  get online(): boolean {
    return this.#mqtt?.online ?? false;
  }

  onLine(listener: (online: boolean) => void): () => void {
    return this.#mqtt?.onLine(listener) ?? (() => {});
  }

  start(): void {
    const { box, connect, state, onWire, probe } = this.#deps;
    const { county, gatewayId, gridCode, mqttUrl, password } = box.identity;
    const will = { topic: this.#topic.state, payload: JSON.stringify(state('lost')) };
    const mqtt = connect({ url: mqttUrl, clientId: gatewayId, username: gatewayId, password, will, keepaliveSeconds: HEARTBEAT_MS / 1000 });
    this.#mqtt = mqtt;
    const told = (error: unknown) => box.log.warn({ gatewayId, error: String(error) }, 'the line to the county');
    this.#stops = [
      mqtt.onLine((online) => (online ? this.#greet() : undefined)),
      every(box.clock.clock, HEARTBEAT_MS, () => probe().then(() => this.sayState()), told),
      every(box.clock.clock, RESEND_MS, () => this.#remind(), told),
    ];
    for (const topic of gatewaySubscriptions(county, gatewayId, gridCode)) mqtt.subscribe(topic, (_, payload) => onWire(payload.toString('utf8'))).catch(told);
    if (mqtt.online) this.#greet();
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await this.#publish(this.#topic.state, this.#deps.state('leaving'), true);
    await this.#mqtt?.close();
  }

  /** State, retained; several changes in one turn are one message. */
  sayState(): void {
    if (this.#stateDue || !this.online) return;
    this.#stateDue = true;
    queueMicrotask(() => {
      this.#stateDue = false;
      void this.#publish(this.#topic.state, this.#deps.state('online'), true);
    });
  }

  /** Sends every report not yet sent on this connection. */
  sendReports(): void {
    this.#sendAgain = true;
    if (!this.#sending) void this.#sendAll();
  }

  /** Asks for what is in force. The answer is only taken with this question's own nonce, and only once. */
  ask(): void {
    const now = this.#deps.box.clock.monotonic();
    if (this.#nonce === undefined || now - this.#nonce.atMs > NONCE_MS) this.#nonce = { value: this.#deps.box.ids(), atMs: now };
    const nonce = this.#nonce.value;
    void this.#deps.hello().then(
      (hello) => this.#publish(this.#topic.hello, { nonce, ...hello }, false),
      (error: unknown) => this.#deps.box.log.warn({ error: String(error) }, 'the spool could not be read; the question waits'),
    );
  }

  takeNonce(nonce: string): boolean {
    const isAsked = this.isAsked(nonce);
    if (isAsked) this.#nonce = undefined;
    return isAsked;
  }

  isAsked(nonce: string): boolean {
    return this.#nonce?.value === nonce && this.#deps.box.clock.monotonic() - this.#nonce.atMs <= NONCE_MS;
  }

  #greet(): void {
    this.#nonce = undefined;
    this.#deps.onGreet();
    this.sayState();
    this.ask();
    this.#deps.box.journal.rewind();
    this.sendReports();
  }

  #remind(): void {
    if (!this.online) return;
    if (this.#nonce !== undefined) this.ask();
    if (this.#deps.box.journal.waiting === 0) return;
    this.#deps.box.journal.rewind(RESEND_MS);
    this.sendReports();
  }

  async #sendAll(): Promise<void> {
    const { journal, log } = this.#deps.box;
    this.#sending = true;
    try {
      while (this.#sendAgain && this.online) {
        this.#sendAgain = false;
        for (let batch = await journal.nextBatch(); batch !== undefined && this.online; batch = await journal.nextBatch()) {
          await this.#mqtt!.publish(this.#topic.report, JSON.stringify(batch));
          journal.markSent(batch);
        }
      }
    } catch (error) {
      log.debug({ error: String(error) }, 'reports wait for the line');
    } finally {
      this.#sending = false;
    }
  }

  async #publish(topic: string, message: object, retain: boolean): Promise<void> {
    try {
      await this.#mqtt?.publish(topic, JSON.stringify(message), { retain });
    } catch (error) {
      this.#deps.box.log.debug({ topic, error: String(error) }, 'not said: the line is down');
    }
  }
}
