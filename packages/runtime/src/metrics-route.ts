// GET /metrics for Prometheus: from this machine directly, or from anywhere with the token. Nobody else learns how the county works.
import type { FastifyRequest } from 'fastify';
import { LabaError } from '@laba/domain/errors';
import type { App } from './http.ts';
import type { Metrics } from './metrics.ts';
import { sameSecret } from './vault.ts';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
/** Who comes through a proxy of this machine comes from anywhere. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

/** `token`: LABA_METRICS_TOKEN. */
export function metricsRoute(app: App, metrics: Metrics, token: string | undefined): void {
  metrics.watchHttp(app);
  app.get('/metrics', { config: { access: 'link' }, schema: { hide: true } }, async (request, reply) => {
    if (!mayScrape(request, token)) throw new LabaError('not-signed-in', 'Metrics are for this machine, or for who sends the token of LABA_METRICS_TOKEN.');
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

function mayScrape(request: FastifyRequest, token: string | undefined): boolean {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (given !== undefined && token !== undefined) return sameSecret(given, token);
  const isForwarded = FORWARDED.some((name) => request.headers[name] !== undefined);
  return !isForwarded && LOOPBACK.test(request.socket.remoteAddress ?? '');
}
