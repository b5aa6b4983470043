// The line to the broker in a test's hands: what was published, what comes in, and whether the line is up.
import { LabaError } from '@laba/domain/errors';
import type { MessageHandler, Mqtt } from '@laba/messaging/mqtt';

interface Published {
  topic: string;
  payload: string;
}

export class FakeMqtt implements Mqtt {
  online = true;
  readonly published: Published[] = [];
  /** Called before each publish; may throw. */
  onPublish: (topic: string) => void | Promise<void> = () => {};
  readonly #handlers: { filter: string; handler: MessageHandler }[] = [];
  readonly #listeners = new Set<(online: boolean) => void>();

  async publish(topic: string, payload: string): Promise<void> {
    if (!this.online) throw new LabaError('broker-offline');
    await this.onPublish(topic);
    this.published.push({ topic, payload });
  }

  async subscribe(filter: string, handler: MessageHandler): Promise<void> {
    this.#handlers.push({ filter, handler });
  }

  onLine(listener: (online: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setOnline(online: boolean): void {
    this.online = online;
    for (const listener of this.#listeners) listener(online);
  }

  async deliver(topic: string, payload: string | object): Promise<void> {
    const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
    const fits = (filter: string) => filter.split('/').every((part, i) => part === '+' || part === topic.split('/')[i]);
    await Promise.all(this.#handlers.filter((one) => fits(one.filter)).map(async (one) => one.handler(topic, bytes)));
  }

  async close(): Promise<void> {}
}
