// Every refusal over HTTP: a problem document (RFC 9457) with our code, or a plain page where people look at it.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ERRORS, LabaError, type ErrorCode } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Log } from './log.ts';
import { problemPage } from './plain-page.ts';

const PROBLEM = 'application/problem+json; charset=utf-8';

export function problemOf(error: unknown): { status: number; body: Record<string, unknown> } {
  const known = toLabaError(error);
  const kind = ERRORS[known.code];
  return {
    status: kind.status,
    body: {
      ...known.fields,
      type: `urn:laba:error:${known.code}`,
      title: kind.en,
      titleZh: kind.zh,
      status: kind.status,
      code: known.code,
      detail: known.message,
    },
  };
}

function toLabaError(error: unknown): LabaError {
  if (error instanceof LabaError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return validationError(error.validation);
  const { statusCode: status, code, message = '' } = error as { statusCode?: number; code?: string; message?: string };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || status === 413)
    return new LabaError(
      'too-large',
      `The body is too large: ${LIMITS.httpBodyBytes} bytes at most, a photo ${LIMITS.photoUploadBytes}, a recording ${LIMITS.bulletinUploadBytes}. Send less, or in parts.`,
    );
  if (status === 415) return new LabaError('bad-input', 'Content-Type: send the body as application/json.', { field: 'Content-Type' });
  if (status === 429) return new LabaError('too-many-requests');
  if (status !== undefined && status >= 400 && status < 500) return new LabaError('bad-input', message);
  return new LabaError('internal');
}

// A missing mode or kind has a name of its own: they are required and never defaulted.
function validationError(issues: { instancePath: string; message?: string | undefined }[]): LabaError {
  const first = issues[0];
  const field = (first?.instancePath ?? '').split('/').filter(Boolean).join('.');
  const names: Record<string, ErrorCode> = { mode: 'mode-required', kind: 'kind-required' };
  const errors = issues.map((issue) => ({ field: issue.instancePath, message: issue.message ?? '' }));
  const code = Object.hasOwn(names, field) ? names[field] : undefined;
  return new LabaError(code ?? 'bad-input', `${field || 'body'}: ${first?.message ?? 'not valid'}`, { errors });
}

// Who follows a link in a browser wants to read what is wrong; a program asks for JSON.
function isPage(request: FastifyRequest): boolean {
  if (request.routeOptions.config?.page === true) return true;
  return request.is404 && request.method === 'GET' && !request.url.startsWith('/api/') && /text\/html/.test(request.headers.accept ?? '');
}

export function sendProblem(log: Log, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, body } = problemOf(error);
  if (status >= 500) log.error({ err: error, request: request.id, route: request.routeOptions.url }, 'a request failed');
  reply.header('x-request-id', request.id);
  if (isPage(request))
    return reply
      .code(status)
      .type('text/html; charset=utf-8')
      .send(problemPage(body, request.method === 'GET'));
  return reply.code(status).type(PROBLEM).send(JSON.stringify(body));
}

/** Bytes that are no HTTP request, or whose head is too large: there is no request yet to answer to, only a socket. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const refusal =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new LabaError('too-large', 'The address and headers of this request are longer than 16 KiB together: send less.')
      : new LabaError('bad-input', 'This cannot be read as an HTTP request: send it again, whole.');
  const { status, body } = problemOf(refusal);
  const text = JSON.stringify(body);
  if (socket.writable)
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${PROBLEM}\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
    );
  socket.destroySoon();
}
