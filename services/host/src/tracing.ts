// Traces for who asks for them: a request, a reaction, a publish, sent as OTLP over HTTP. Nothing of it is loaded unless LABA_OTEL_ENDPOINT is set.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import type { ConsumerName } from '@laba/domain/events';
import type { Mqtt } from '@laba/messaging/mqtt';
import type { App } from '@laba/runtime/http';
import { instead } from '@laba/runtime/metrics';
import type { Consumer } from '@laba/runtime/service';
import type { FastifyRequest } from 'fastify';

interface TracingPlan {
  /** `http://host:4318` */
  endpoint: string;
  version: string;
  services: readonly string[];
}

type Otel = typeof import('@opentelemetry/api');

/** A collector that is away must cost memory, not alerts: older spans are dropped. */
const SPANS_KEPT = 2_048;
const SEND_EVERY_MS = 2_000;
const SEND_MS = 5_000;

/** Loads the libraries and begins to send. An endpoint that is away is no error. */
export async function openTracing({ endpoint, version, services }: TracingPlan): Promise<Tracing> {
  const [otel, { TracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({ url: new URL('/v1/traces', endpoint).href, timeoutMillis: SEND_MS });
  const resource = resourceFromAttributes({ 'service.name': 'laba', 'service.version': version, 'laba.services': services.join(',') });
  const batches = new BatchSpanProcessor({ exporter, maxQueueSize: SPANS_KEPT, scheduledDelayMillis: SEND_EVERY_MS, exportTimeoutMillis: SEND_MS });
  const provider = new TracerProvider({ resource, spanProcessors: [batches] });
  return new Tracing(otel, provider.getTracer('laba', version), () => provider.shutdown());
}

export class Tracing {
  readonly #otel: Otel;
  readonly #tracer: Tracer;
  readonly #shutdown: () => Promise<void>;
  /** What is being done now, so that a publish knows the reaction it belongs to. Ours, not the library's global one. */
  readonly #current = new AsyncLocalStorage<Context>();

  constructor(otel: Otel, tracer: Tracer, shutdown: () => Promise<void>) {
    this.#otel = otel;
    this.#tracer = tracer;
    this.#shutdown = shutdown;
  }

  /** One span a request, by its pattern: addresses may hold what is nobody's business. */
  watchHttp(app: App): void {
    const spans = new WeakMap<FastifyRequest, Span>();
    const { SpanKind, SpanStatusCode } = this.#otel;
    app.addHook('onRequest', (request, _reply, done) => {
      const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
      const attributes = { 'http.request.method': request.method, 'http.route': route, 'laba.request': request.id };
      const span = this.#tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, this.#otel.ROOT_CONTEXT);
      spans.set(request, span);
      this.#current.run(this.#otel.trace.setSpan(this.#otel.ROOT_CONTEXT, span), done);
    });
    app.addHook('onResponse', async (request, reply) => {
      const span = spans.get(request);
      span?.setAttribute('http.response.status_code', reply.statusCode);
      if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
    });
  }

  tracedConsumers(consumers: ReadonlyMap<ConsumerName, Consumer>): Map<ConsumerName, Consumer> {
    return new Map([...consumers].map(([name, consumer]) => [name, (job) => this.#traced(`job ${name}`, jobAttributes(job), () => consumer(job))]));
  }

  tracedMqtt(mqtt: Mqtt): Mqtt {
    const publish: Mqtt['publish'] = (topic, payload, options) =>
      this.#traced('mqtt publish', { 'laba.topic': topic, 'laba.bytes': payload.length }, () => mqtt.publish(topic, payload, options));
    return instead(mqtt, { publish });
  }

  /** Sends what is left, for 5 s at most. */
  async stop(): Promise<void> {
    await this.#shutdown().catch(() => {});
  }

  async #traced<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
    const parent = this.#current.getStore() ?? this.#otel.ROOT_CONTEXT;
    const span = this.#tracer.startSpan(name, { attributes }, parent);
    try {
      return await this.#current.run(this.#otel.trace.setSpan(parent, span), work);
    } catch (error) {
      // The code and not the words: those may quote a row.
      span.setStatus({ code: this.#otel.SpanStatusCode.ERROR, message: (error as { code?: string }).code ?? 'failed' });
      throw error;
    } finally {
      span.end();
    }
  }
}

function jobAttributes(job: Parameters<Consumer>[0]): Attributes {
  const { alertId, type } = job.event;
  return { 'laba.job': job.id, 'laba.event': type, ...(alertId === null ? {} : { 'laba.alert': alertId }) };
}
