// What the house counts about itself while it works: Prometheus metrics, one registry per house, names with few values, no ids and no people.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { FastifyRequest } from 'fastify';
import { LabaError } from '@laba/domain/errors';
import type { ConsumerName } from '@laba/domain/events';
import type { Mqtt } from '@laba/messaging/mqtt';
import { Permanent } from '@laba/messaging/queue';
import type { Database } from '@laba/storage/database';
import type { Config } from './config.ts';
import type { App } from './http.ts';
import type { Consumer } from './service.ts';

type Consumers = ReadonlyMap<ConsumerName, Consumer>;

const QUICK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const CALLERS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
/** The kinds of messages of the gateway protocol, as their topics end. */
const KINDS: ReadonlySet<string> = new Set(['cmd', 'report', 'state', 'hello', 'reading']);

export class Metrics {
  readonly registry = new Registry();
  readonly #requests = this.#counter('laba_http_requests_total', 'Answered HTTP requests by route pattern.', ['route', 'method', 'status']);
  readonly #requestSeconds = this.#histogram('laba_http_request_duration_seconds', 'From the request to the end of its answer.', QUICK_SECONDS, [
    'route',
    'method',
  ]);
  readonly #jobs = this.#counter('laba_jobs_total', 'Reactions that ended, by consumer: done, again, failed or buried.', ['consumer', 'outcome']);
  readonly #jobSeconds = this.#histogram('laba_job_duration_seconds', 'Time in a reaction, without its commit.', QUICK_SECONDS, ['consumer']);
  readonly #messages = this.#counter('laba_mqtt_messages_total', 'MQTT messages by kind: in, out, or out and refused.', ['kind', 'direction']);
  readonly #commitSeconds = this.#histogram(
    'laba_commit_duration_seconds',
    'From asking for a commit until it is durable, as each caller waits.',
    QUICK_SECONDS,
  );
  readonly #commitCallers = this.#histogram('laba_commit_callers', 'Callers that were told of their commit together.', CALLERS);
  readonly #refusedCommits = this.#counter('laba_commits_refused_total', 'Commits that were not made, by error code.', ['code']);

  constructor(build: { version: string; profile: Config['profile'] }) {
    const info = this.gauge('laba_build_info', 'Always 1; what runs here.', ['version', 'profile', 'node']);
    info.set({ ...build, node: process.versions.node }, 1);
  }

  /** A gauge of this registry. `ask` sets it when it is scraped. */
  gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = [], ask?: (gauge: Gauge<L>) => void | Promise<void>): Gauge<L> {
    const collect = ask === undefined ? {} : { collect: (): void | Promise<void> => ask(gauge) };
    const gauge: Gauge<L> = new Gauge({ name, help, labelNames, registers: [this.registry], ...collect });
    return gauge;
  }

  /** Counts every answered request. Call before the application is ready. */
  watchHttp(app: App): void {
    app.addHook('onResponse', async (request, reply) => {
      const labels = { route: patternOf(request), method: request.method };
      this.#requests.inc({ ...labels, status: String(reply.statusCode) });
      this.#requestSeconds.observe(labels, reply.elapsedTime / 1000);
    });
  }

  measuredConsumers(consumers: Consumers): Map<ConsumerName, Consumer> {
    return new Map([...consumers].map(([name, consumer]) => [name, this.#measured(name, consumer)]));
  }

  #measured(name: ConsumerName, consumer: Consumer): Consumer {
    // A series that begins at its first failure shows no increase: the alert rule would miss it.
    for (const outcome of ['done', 'again', 'failed', 'buried']) this.#jobs.inc({ consumer: name, outcome }, 0);
    return async (job) => {
      const end = this.#jobSeconds.startTimer({ consumer: name });
      try {
        const reaction = await consumer(job);
        this.#jobs.inc({ consumer: name, outcome: reaction.againAtMs === undefined ? 'done' : 'again' });
        return reaction;
      } catch (error) {
        const isBuried = error instanceof Permanent || (error instanceof LabaError && error.permanent);
        this.#jobs.inc({ consumer: name, outcome: isBuried ? 'buried' : 'failed' });
        throw error;
      } finally {
        end();
      }
    };
  }

  measuredMqtt(mqtt: Mqtt): Mqtt {
    const publish: Mqtt['publish'] = async (topic, payload, options) => {
      const kind = kindOf(topic);
      await mqtt.publish(topic, payload, options).catch((error: unknown) => {
        this.#messages.inc({ kind, direction: 'refused' });
        throw error;
      });
      this.#messages.inc({ kind, direction: 'out' });
    };
    const subscribe: Mqtt['subscribe'] = (filter, handler, ...rest) =>
      mqtt.subscribe(
        filter,
        (topic, payload) => {
          this.#messages.inc({ kind: kindOf(topic), direction: 'in' });
          return handler(topic, payload);
        },
        ...rest,
      );
    return instead(mqtt, { publish, subscribe });
  }

  measuredDatabase(db: Database): Database {
    let told = 0;
    db.onCommit(() => {
      if (told > 0) this.#commitCallers.observe(told);
      told = 0;
    });
    const atomically: Database['atomically'] = async (ops) => {
      const end = this.#commitSeconds.startTimer();
      try {
        return await db.atomically(ops);
      } catch (error) {
        this.#refusedCommits.inc({ code: error instanceof LabaError ? error.code : 'other' });
        throw error;
      } finally {
        told += 1;
        end();
      }
    };
    return instead(db, { atomically });
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram<L extends string>(name: string, help: string, buckets: number[], labelNames: readonly L[] = []): Histogram<L> {
    return new Histogram({ name, help, buckets, labelNames, registers: [this.registry] });
  }
}

// Addresses that no route knows are one series, or anybody could make as many as he likes.
function patternOf(request: FastifyRequest): string {
  return request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
}

function kindOf(topic: string): string {
  const kind = topic.slice(topic.lastIndexOf('/') + 1);
  return KINDS.has(kind) ? kind : 'other';
}

/** The same port with some of its verbs replaced; whatever else an adapter has stays its own. */
export function instead<T extends object>(port: T, verbs: Partial<T>): T {
  return new Proxy(port, {
    get: (target, name) => {
      if (Object.hasOwn(verbs, name)) return Reflect.get(verbs, name) as unknown;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
