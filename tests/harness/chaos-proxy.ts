// A bad line between two processes: slow, frozen, one-way, reset, half open; mended when the test says so.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { freeLocalPort } from '@laba/engines/server-process';

/** `up`: towards the server; `down`: towards who connected. */
export type Direction = 'up' | 'down' | 'both';

interface Pair {
  near: Socket;
  far: Socket;
}

export class ChaosProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #held = new Set<{ direction: 'up' | 'down'; go: () => void }>();
  readonly #frozen = new Set<'up' | 'down'>();
  #targetPort: number;
  #latencyMs = 0;
  #refuses = false;
  /** Connections taken since the start. */
  taken = 0;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    // Half open must stay half open: neither end's FIN closes the other by itself.
    this.#server = createServer({ allowHalfOpen: true }, (near) => this.#take(near));
  }

  /** Listens on a port of the loopback and passes on to `targetPort` there. */
  static async start(targetPort: number): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(targetPort);
    const port = await freeLocalPort();
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(port, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get open(): number {
    return this.#pairs.size;
  }

  set targetPort(port: number) {
    this.#targetPort = port;
  }

  /** Every piece of data waits so long, in each direction. 0: none. */
  slow(latencyMs: number): void {
    this.#latencyMs = latencyMs;
  }

  /** Nothing passes in this direction; connections stay, also new ones. */
  freeze(direction: Direction = 'both'): void {
    for (const one of direction === 'both' ? (['up', 'down'] as const) : [direction]) this.#frozen.add(one);
  }

  /** What was held passes on. */
  thaw(): void {
    this.#frozen.clear();
    for (const held of [...this.#held]) {
      this.#held.delete(held);
      held.go();
    }
  }

  /** Cuts every connection by RST. */
  reset(): void {
    for (const pair of [...this.#pairs]) this.#drop(pair, true);
  }

  /** The far end is gone without a word: who connected still believes in his connection, and writes into nothing. */
  halfOpen(): void {
    for (const { far } of this.#pairs) {
      far.removeAllListeners();
      far.on('error', () => {});
      far.destroy();
    }
  }

  /** The other way round: the server still believes in a client that is gone. */
  halfOpenServer(): void {
    for (const { near } of this.#pairs) {
      near.removeAllListeners();
      near.on('error', () => {});
      near.destroy();
    }
  }

  /** No new connection, and the old ones are cut: as if nobody were there. */
  cut(): void {
    this.#refuses = true;
    this.reset();
  }

  /** A good line again. What was half open is cut, as a machine's own timeout would. */
  heal(): void {
    this.#refuses = false;
    this.#latencyMs = 0;
    this.thaw();
    for (const pair of [...this.#pairs]) if (pair.far.destroyed || pair.near.destroyed) this.#drop(pair, true);
  }

  async close(): Promise<void> {
    this.reset();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(near: Socket): void {
    near.on('error', () => {});
    if (this.#refuses) {
      near.resetAndDestroy();
      return;
    }
    this.taken += 1;
    const far = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true });
    const pair = { near, far };
    this.#pairs.add(pair);
    this.#pass(near, far, 'up');
    this.#pass(far, near, 'down');
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.#drop(pair, true));
      socket.on('close', () => this.#drop(pair, false));
    }
  }

  #pass(from: Socket, to: Socket, direction: 'up' | 'down'): void {
    let line: Promise<void> = Promise.resolve();
    const inTurn = (what: () => void) => {
      line = line.then(() => this.#wait(direction)).then(what);
    };
    from.on('data', (chunk) => {
      from.pause();
      inTurn(() => {
        if (!to.destroyed) to.write(chunk);
        from.resume();
      });
    });
    from.on('end', () => inTurn(() => to.end()));
  }

  async #wait(direction: 'up' | 'down'): Promise<void> {
    if (this.#latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#latencyMs));
    if (this.#frozen.has(direction)) await new Promise<void>((go) => this.#held.add({ direction, go }));
  }

  #drop(pair: Pair, reset: boolean): void {
    if (!this.#pairs.delete(pair)) return;
    for (const socket of [pair.near, pair.far]) {
      if (reset && !socket.destroyed) socket.resetAndDestroy();
      else socket.destroy();
    }
  }
}
