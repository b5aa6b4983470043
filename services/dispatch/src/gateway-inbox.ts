// Chapter 4, speaker: messages from gateways wait here. One gateway's are handled in their order; many gateways' go through one round together.

export interface Taken<M> {
  gatewayId: string;
  messages: M[];
}

interface InboxOptions<M> {
  /** One round: each gateway is named once. It tells of a single gateway's trouble itself; what it throws is everybody's. */
  handle: (round: Taken<M>[]) => Promise<void>;
  onError: (gatewayIds: string[], error: unknown) => void;
  /** How much work a message is; a gateway brings no more than its share into one round. */
  sizeOf: (message: M) => number;
  /** Messages that may wait, of all gateways and of one. More are refused: a gateway sends again what is not held. */
  limit: number;
  limitPerGateway: number;
  /** What one round takes at most: it bounds how long a round blocks everything else. */
  round: { gateways: number; size: number; sizePerGateway: number };
  /** Rounds side by side, of different gateways. */
  roundsAtOnce: number;
}

interface Waiting<M> {
  message: M;
  done: () => void;
}

export class GatewayInbox<M> {
  readonly #options: InboxOptions<M>;
  readonly #waiting = new Map<string, Waiting<M>[]>();
  readonly #ready = new Set<string>();
  readonly #busy = new Set<string>();
  #rounds = 0;
  #count = 0;
  #idle: (() => void)[] = [];

  constructor(options: InboxOptions<M>) {
    this.#options = options;
  }

  /** Messages that wait. */
  get size(): number {
    return this.#count;
  }

  /**
   * Resolves when the message was handled, well or not: who reads from the broker may wait for it. Undefined: full, the message is
   * not taken. A first message is handled at once; what comes meanwhile is handled together.
   */
  offer(gatewayId: string, message: M): Promise<void> | undefined {
    const { limit, limitPerGateway } = this.#options;
    const waiting = this.#waiting.get(gatewayId) ?? [];
    if (this.#count >= limit || waiting.length >= limitPerGateway) return undefined;
    const handled = new Promise<void>((done) => waiting.push({ message, done }));
    this.#waiting.set(gatewayId, waiting);
    this.#count += 1;
    if (!this.#busy.has(gatewayId)) this.#ready.add(gatewayId);
    this.#pump();
    return handled;
  }

  /** Resolves when everything that was taken has been handled. */
  async drain(): Promise<void> {
    if (this.#busy.size + this.#count === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  // Beside a round that runs, only a full one begins: what comes in ones and twos would else never be handled together.
  #pump(): void {
    const { roundsAtOnce, round } = this.#options;
    while (this.#ready.size > 0 && this.#rounds < roundsAtOnce && (this.#rounds === 0 || this.#ready.size >= round.gateways)) void this.#handle();
  }

  #takeRound(): { gatewayId: string; waiting: Waiting<M>[] }[] {
    const { round, sizeOf } = this.#options;
    const taken: { gatewayId: string; waiting: Waiting<M>[] }[] = [];
    let room = round.size;
    for (const gatewayId of this.#ready) {
      if (taken.length === round.gateways || room <= 0) break;
      const all = this.#waiting.get(gatewayId)!;
      let share = Math.min(room, round.sizePerGateway);
      const [first, ...others] = all;
      room -= sizeOf(first!.message);
      share -= sizeOf(first!.message);
      let count = 1;
      for (const { message } of others) {
        const size = sizeOf(message);
        if (size > share) break;
        share -= size;
        room -= size;
        count += 1;
      }
      taken.push({ gatewayId, waiting: all.splice(0, count) });
      this.#count -= count;
      if (all.length === 0) this.#waiting.delete(gatewayId);
    }
    for (const { gatewayId } of taken) {
      this.#ready.delete(gatewayId);
      this.#busy.add(gatewayId);
    }
    return taken;
  }

  async #handle(): Promise<void> {
    const taken = this.#takeRound();
    this.#rounds += 1;
    try {
      await this.#options.handle(taken.map(({ gatewayId, waiting }) => ({ gatewayId, messages: waiting.map((one) => one.message) })));
    } catch (error) {
      this.#options.onError(
        taken.map((one) => one.gatewayId),
        error,
      );
    }
    this.#rounds -= 1;
    for (const { gatewayId, waiting } of taken) {
      for (const one of waiting) one.done();
      this.#busy.delete(gatewayId);
      // To the end of the line: who sends much does not hold up who sends little.
      if (this.#waiting.has(gatewayId)) this.#ready.add(gatewayId);
    }
    this.#pump();
    if (this.#busy.size + this.#count === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
