// The house watched: its ports counted and, where somebody asked for it, traced; what it answers to Prometheus and to who looks at the queues.
import { readFileSync } from 'node:fs';
import type { ConsumerName } from '@laba/domain/events';
import type { Config } from '@laba/runtime/config';
import type { App } from '@laba/runtime/http';
import { Metrics } from '@laba/runtime/metrics';
import { metricsRoute } from '@laba/runtime/metrics-route';
import type { Consumer } from '@laba/runtime/service';
import type { Engines } from './engines.ts';
import { queueBoard } from './queue-board.ts';
import type { Tracing } from './tracing.ts';

const version = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

export async function openObserver(config: Config): Promise<Observer> {
  const metrics = new Metrics({ version, profile: config.profile });
  if (config.otelEndpoint === undefined) return new Observer(config, metrics, undefined);
  const { openTracing } = await import('./tracing.ts');
  return new Observer(config, metrics, await openTracing({ endpoint: config.otelEndpoint, version, services: config.services }));
}

export class Observer {
  readonly metrics: Metrics;
  readonly #config: Config;
  readonly #tracing: Tracing | undefined;

  constructor(config: Config, metrics: Metrics, tracing: Tracing | undefined) {
    this.#config = config;
    this.metrics = metrics;
    this.#tracing = tracing;
  }

  /** The same engines; what goes through them is counted. */
  engines(engines: Engines): Engines {
    const mqtt = this.metrics.measuredMqtt(engines.mqtt);
    return { ...engines, db: this.metrics.measuredDatabase(engines.db), mqtt: this.#tracing?.tracedMqtt(mqtt) ?? mqtt };
  }

  consumers(consumers: ReadonlyMap<ConsumerName, Consumer>): Map<ConsumerName, Consumer> {
    const measured = this.metrics.measuredConsumers(consumers);
    return this.#tracing?.tracedConsumers(measured) ?? measured;
  }

  /** Adds the routes for those who run the house. Call before the application is ready. */
  watch(app: App, boards: Engines['boards']): void {
    metricsRoute(app, this.metrics, this.#config.metricsToken);
    this.#tracing?.watchHttp(app);
    if (this.#config.queueBoard && boards !== undefined) queueBoard(app, boards);
  }

  async stop(): Promise<void> {
    await this.#tracing?.stop();
  }
}
