// Server-sent events as bytes (HTML Living Standard, 9.2).
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** How often an open page is told that it still listens. */
export const HEARTBEAT_EVERY_MS = 15_000;

/** One event; `data` as JSON on one line. */
export function frame(fields: { event?: string; id?: number; retryMs?: number; data: unknown }): Buffer {
  const head = [
    fields.retryMs === undefined ? '' : `retry: ${fields.retryMs}\n`,
    fields.event === undefined ? '' : `event: ${fields.event}\n`,
    fields.id === undefined ? '' : `id: ${fields.id}\n`,
  ];
  return Buffer.from(`${head.join('')}data: ${JSON.stringify(fields.data)}\n\n`);
}

/**
 * Answers with the stream, and the line ends with it: one that would be kept for a next request holds up a house that stops, for as long as
 * it is kept.
 */
export function sendEvents(reply: FastifyReply, stream: Readable): FastifyReply {
  const headers = { 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' };
  return reply.type('text/event-stream; charset=utf-8').headers(headers).send(stream);
}
