// The page's requests: with their token and key, in words when refused, and asked again when only the session was over.
import { Refused, UNREACHABLE, type Problem } from './problem.ts';
import { backAgain, session, signedIn, type SignedIn } from './session.ts';

const REQUEST_MS = 10_000;
/** A photo goes over a thin line. */
const UPLOAD_MS = 120_000;
const SIGN_IN = new Set(['/api/v1/sessions', '/api/v1/local-sessions']);

interface Sent {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Sent as it is. */
  file?: File;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

export const newKey = () => crypto.getRandomValues(new Uint32Array(4)).reduce((key, n) => key + n.toString(36), '');

async function once(path: string, { method, body, file, headers, signal }: Sent): Promise<Response> {
  const { value } = session;
  const timeout = AbortSignal.timeout(file === undefined ? REQUEST_MS : UPLOAD_MS);
  try {
    return await fetch(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(file === undefined ? {} : { 'content-type': file.type }),
        ...(method === 'GET' || !('csrfToken' in value) ? {} : { 'x-csrf-token': value.csrfToken }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(file === undefined ? {} : { body: file }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      cache: 'no-store',
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Refused(UNREACHABLE);
  }
}

async function problemFrom(response: Response): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const { title = response.statusText, titleZh = response.statusText, code = 'unknown' } = said;
  return { ...said, status: response.status, title, titleZh, code };
}

/** Another window of the same officer signed in anew: this one takes the new token. */
async function tokenAnew(): Promise<boolean> {
  const response = await once('/api/v1/sessions/current', { method: 'GET' });
  if (response.ok) signedIn((await response.json()) as SignedIn);
  return response.ok;
}

async function send(path: string, sent: Sent): Promise<unknown> {
  const response = await once(path, sent);
  if (response.ok) return response.status === 204 ? null : await response.json();
  const problem = await problemFrom(response);
  const isOver = problem.status === 401 && !SIGN_IN.has(path);
  const isBack = isOver ? await backAgain() : problem.code === 'csrf-missing' && (await tokenAnew());
  if (!isBack) throw new Refused(problem);
  const again = await once(path, sent);
  if (again.ok) return again.status === 204 ? null : await again.json();
  throw new Refused(await problemFrom(again));
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send(path, { method: 'GET', signal })) as T;
}

/** Acts once: when the answer is lost on the way, the same request is sent again under the same key. `key`: of a caller who may have to ask yet again. */
export async function post<T>(path: string, body: unknown = {}, { etag, key = newKey() }: { etag?: string; key?: string } = {}): Promise<T> {
  const sent: Sent = { method: 'POST', body, headers: { 'idempotency-key': key, ...(etag === undefined ? {} : { 'if-match': etag }) } };
  try {
    return (await send(path, sent)) as T;
  } catch (error) {
    if (!(error instanceof Refused) || error.problem !== UNREACHABLE) throw error;
    return (await send(path, sent)) as T;
  }
}

/** `etag`: of what was seen, where two officers may change it. */
export async function put<T>(path: string, body: unknown, { etag }: { etag?: string } = {}): Promise<T> {
  return (await send(path, { method: 'PUT', body, ...(etag === undefined ? {} : { headers: { 'if-match': etag } }) })) as T;
}

/** A file as the body. Sent once: a lost answer is told, for the same photo twice is two. */
export async function upload<T>(path: string, file: File): Promise<T> {
  return (await send(path, { method: 'POST', file })) as T;
}

export async function remove(path: string): Promise<void> {
  await send(path, { method: 'DELETE' });
}
