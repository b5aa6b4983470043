// One request to a provider over HTTP, and what its failures mean. Nothing that it answers is taken for more than it says.
import { LIMITS } from '@laba/domain/limits';
import type { SendOutcome } from '@laba/domain/message';
import type { Clock } from '@laba/runtime/clock';

export interface HttpAsked {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string | Buffer;
}

type ForNow = Extract<SendOutcome, { outcome: 'failed-for-now' }>;
export type NotSent = Exclude<SendOutcome, { outcome: 'sent' }>;

/** A provider that was never reached: the connection did not come about, so nothing went out. */
const NEVER_REACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED']);
/** Nobody knows whether it went out: not again within the interval. */
export const NO_ANSWER: ForNow = { outcome: 'failed-for-now', reason: 'no-answer', afterMs: LIMITS.messageLeaseMs };
export const AWAY: ForNow = { outcome: 'failed-for-now', reason: 'provider-away' };
export const REFUSED: NotSent = { outcome: 'failed-for-good', reason: 'provider-refused' };
export const BUSY: ForNow = { outcome: 'failed-for-now', reason: 'provider-busy' };
export const BROKEN: ForNow = { outcome: 'failed-for-now', reason: 'provider-error' };

/** The answer of a provider that answered 2xx, as JSON where it is, else as text; or why it is none. Redirects are not followed. */
export async function askHttp(clock: Clock, { url, ...asked }: HttpAsked, timeoutMs: number): Promise<{ answer: unknown; headers: Headers } | NotSent> {
  const tooLong = new AbortController();
  const cancel = clock.after(timeoutMs, () => tooLong.abort());
  try {
    const response = await fetch(url, { ...asked, body: asked.body ?? null, redirect: 'manual', signal: tooLong.signal } as RequestInit);
    const text = await textOf(response);
    return response.ok ? { answer: parsed(text), headers: response.headers } : meaning(response, clock.now());
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return NEVER_REACHED.has(cause?.code ?? '') ? AWAY : NO_ANSWER;
  } finally {
    cancel();
  }
}

function meaning({ status, headers }: Response, nowMs: number): NotSent {
  if (status === 429) return { ...BUSY, ...afterMs(headers.get('retry-after'), nowMs) };
  if (status === 503) return { ...BROKEN, ...afterMs(headers.get('retry-after'), nowMs) };
  return status >= 500 || status === 408 ? BROKEN : REFUSED;
}

/** `Retry-After`: seconds, or a date (RFC 9110 10.2.3). */
function afterMs(given: string | null, nowMs: number): { afterMs?: number } {
  if (given === null) return {};
  const ms = /^\d+$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? { afterMs: ms } : {};
}

async function textOf(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LIMITS.providerAnswerChars) break;
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
