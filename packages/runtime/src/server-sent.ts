// Server-sent events as bytes (HTML Living Standard, 9.2).

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
