// Chapter 4, speaker: messages from gateways wait here. One gateway's are handled in their order; many gateways' share one commit.

interface InboxOptions<M> {
  handle: (gatewayId: string, messages: M[]) => Promise<void>;
  onError: (gatewayId: string, error: unknown) => void;
  /** Messages that may wait, of all gateways and of one. More are refused: a gateway sends again what is not held. */
  limit: number;
  limitPerGateway: number;
  /** Gateways handled side by side: it bounds how long one commit blocks everything else. */
  concurrency: number;
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

  #pump(): void {
    while (this.#busy.size < this.#options.concurrency) {
      const [gatewayId] = this.#ready;
      if (gatewayId === undefined) return;
      this.#ready.delete(gatewayId);
      this.#busy.add(gatewayId);
      void this.#handle(gatewayId);
    }
  }

  async #handle(gatewayId: string): Promise<void> {
    const taken = this.#waiting.get(gatewayId) ?? [];
    this.#waiting.delete(gatewayId);
    this.#count -= taken.length;
    try {
      await this.#options.handle(
        gatewayId,
        taken.map((one) => one.message),
      );
    } catch (error) {
      this.#options.onError(gatewayId, error);
    }
    for (const one of taken) one.done();
    this.#busy.delete(gatewayId);
    if (this.#waiting.has(gatewayId)) this.#ready.add(gatewayId);
    this.#pump();
    if (this.#busy.size + this.#count === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
