// The line between two houses of a demo, which can be cut; counts what passes. Network namespaces want root, a proxy wants nothing.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class CutLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  /** Since the start: towards the house above, and from it. */
  readonly bytes = { up: 0, down: 0 };

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Passes on to this port of the loopback. */
  static async start(targetPort: number): Promise<CutLine> {
    const line = new CutLine(createServer());
    line.#server.on('connection', (near) => line.#pass(near, targetPort));
    await new Promise<void>((resolve, reject) => {
      line.#server.once('error', reject);
      line.#server.listen(0, '127.0.0.1', resolve);
    });
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  heal(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(near: Socket, targetPort: number): void {
    if (this.#isCut) return void near.resetAndDestroy();
    const far = connect({ port: targetPort, host: '127.0.0.1' });
    for (const [from, to, way] of [
      [near, far, 'up'],
      [far, near, 'down'],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (chunk) => {
        this.bytes[way] += chunk.length;
        to.write(chunk);
      });
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
