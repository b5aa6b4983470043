// More consoles beside the one in the browser: each is an officer's session of its own that hears the stream, and reads what the browser reads when it reads it.
import { Agent, get, type IncomingMessage } from 'node:http';
import type { BenchHouse } from './bench-house.ts';
import { now } from './process-talk.ts';

type Headers = Record<string, string>;

export class Consoles {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #sessions: Headers[] = [];
  /** ms from the question to the last byte, each. */
  waits: number[] = [];
  refused = 0;

  private constructor(url: string) {
    this.#url = url;
  }

  static async open(house: BenchHouse, count: number): Promise<Consoles> {
    const consoles = new Consoles(house.url);
    for (let i = 0; i < count; i++) {
      const headers = await house.signIn();
      consoles.#sessions.push(headers);
      consoles.#ask('/api/v1/live?calm=true', headers, (stream) => stream.resume());
    }
    return consoles;
  }

  /** All of them ask for it now. */
  read(path: string): void {
    const begunMs = now();
    for (const headers of this.#sessions)
      this.#ask(path, headers, (answer) => {
        if (answer.statusCode !== 200) this.refused += 1;
        answer.resume().on('end', () => this.waits.push(now() - begunMs));
      });
  }

  close(): void {
    this.#sessions.length = 0;
    this.#agent.destroy();
  }

  #ask(path: string, headers: Headers, take: (answer: IncomingMessage) => void): void {
    get(`${this.#url}${path}`, { headers, agent: this.#agent }, take).on('error', () => {
      if (this.#sessions.length > 0) this.refused += 1;
    });
  }
}
