// Traces: none and nothing loaded unless asked for; then a collector is told of requests, reactions and publishes, and of nobody's name.
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTracing } from '@laba/host/tracing';
import type { Mqtt } from '@laba/messaging/mqtt';
import type { Consumer } from '@laba/runtime/service';
import Fastify from 'fastify';
import type { App } from '@laba/runtime/http';

let collector: Server;
let endpoint: string;
let told: { path: string; body: Buffer }[];

beforeEach(async () => {
  told = [];
  collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      told.push({ path: request.url!, body: Buffer.concat(parts) });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(collector.address() as { port: number }).port}`;
});
afterEach(() => {
  collector.closeAllConnections();
  collector.close();
});

interface SentSpan {
  name: string;
  spanId: string;
  parentSpanId?: string;
  traceId: string;
  status?: { code?: number; message?: string };
}

const spans = () =>
  told.flatMap(({ body }) => {
    const { resourceSpans } = JSON.parse(body.toString()) as { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] };
    return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  });

const published: string[] = [];
const mqtt = { online: true, publish: async (topic: string) => void published.push(topic) } as unknown as Mqtt;
const job = { id: 'job-1', event: { type: 'alert.raised', alertId: 'alert-1' } } as unknown as Parameters<Consumer>[0];

test('a request, a reaction and its publish are told, without names', async () => {
  const tracing = await openTracing({ endpoint, version: '1', services: ['dispatch'] });
  const line = tracing.tracedMqtt(mqtt);
  const consumers = tracing.tracedConsumers(
    new Map([
      ['dispatch.announce', async () => (await line.publish('laba/v1/533324/area/1/cmd', '演示户一')) ?? {}],
      ['dispatch.freeze', () => Promise.reject(Object.assign(new Error('演示户一 has no phone'), { code: 'bad-input' }))],
    ] as never),
  );
  const app = Fastify() as unknown as App;
  tracing.watchHttp(app);
  app.get('/who/:name', async () => 'ok');
  await app.inject(`/who/${encodeURIComponent('演示户一')}?phone=+8610000000011`);
  await app.close();
  expect(line.online).toBe(true);
  await consumers.get('dispatch.announce' as never)!(job);
  await expect(consumers.get('dispatch.freeze' as never)!(job)).rejects.toThrow('演示户一');
  await tracing.stop();
  expect(told.map(({ path }) => path)).toEqual(['/v1/traces']);
  const byName = new Map(spans().map((span) => [span.name, span]));
  expect([...byName.keys()].sort()).toEqual(['GET /who/:name', 'job dispatch.announce', 'job dispatch.freeze', 'mqtt publish']);
  expect(byName.get('mqtt publish')!.parentSpanId).toBe(byName.get('job dispatch.announce')!.spanId);
  expect(byName.get('mqtt publish')!.traceId).toBe(byName.get('job dispatch.announce')!.traceId);
  expect(byName.get('job dispatch.freeze')!.status).toMatchObject({ message: 'bad-input' });
  expect(told.map(({ body }) => body.toString()).join('')).not.toMatch(/演示|%E6|8610000000011/);
});

test('a collector that is away costs no work', async () => {
  collector.close();
  const tracing = await openTracing({ endpoint, version: '1', services: [] });
  const [reaction] = tracing.tracedConsumers(new Map([['dispatch.announce', async () => ({})]] as never)).values();
  expect(await reaction!(job)).toEqual({});
  await tracing.stop();
});

// prom-client brings OpenTelemetry's interfaces with it; what makes and sends spans is another matter.
test('nothing that traces, and nothing of bull-board, is loaded by a house that was not asked to', () => {
  const room = JSON.stringify(import.meta.resolve('@laba/host/compose'));
  const program = `
    const { createRequire } = await import('node:module');
    await import(${room});
    console.log(Object.keys(createRequire(process.cwd() + '/x.js').cache).filter((file) => /node_modules.(@bull-board|@opentelemetry.(?!api.))/.test(file)).length);`;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).trim()).toBe('0');
});
