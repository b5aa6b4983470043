// The page's line to the county: requests with their token and key, and the live stream that knows when it is broken.
import { learnTime, serverNow } from './dom.js';

let csrfToken = '';
export function useCsrf(token) {
  csrfToken = token;
}

class Refused extends Error {
  constructor(status, problem) {
    super(problem.title);
    this.status = status;
    this.problem = problem;
  }
}

const REQUEST_MS = 10_000;
const OFFLINE = { title: 'The county’s server cannot be reached: check the line, then try again', titleZh: '连不上县里的服务器，请检查网络后重试', detail: '' };

async function send(method, path, body, headers = {}, timeoutMs = REQUEST_MS) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { 'x-csrf-token': csrfToken }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
      cache: 'no-store',
    });
  } catch {
    throw new Refused(0, OFFLINE);
  }
  const data = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return { data, etag: response.headers.get('etag') };
  if (response.status === 401 && path !== '/api/v1/sessions') window.dispatchEvent(new Event('signed-out'));
  throw new Refused(response.status, data ?? { title: response.statusText, titleZh: response.statusText });
}

const newKey = () => [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join('');

export const get = async (path, timeoutMs) => (await send('GET', path, undefined, {}, timeoutMs)).data;
export const getTagged = (path) => send('GET', path);
export const remove = (path) => send('DELETE', path);

/** Acts once: when the answer is lost on the way, the same request is sent again under the same key. */
export async function post(path, body = {}, { etag } = {}) {
  const headers = { 'idempotency-key': newKey(), ...(etag ? { 'if-match': etag } : {}) };
  try {
    return (await send('POST', path, body, headers)).data;
  } catch (error) {
    if (error.status !== 0) throw error;
    return (await send('POST', path, body, headers)).data;
  }
}

// The county sends a heartbeat every 15 s: silence for longer is a broken line, also when the browser has not noticed.
const SILENT_MS = 20_000;
const RETRY_MS = 1_500;

/** Follows the live stream until closed. `onLine(true|false)` tells of the line, `onEvent(event)` of each event, `onResync()` to read everything anew. */
export function follow({ onEvent, onLine, onResync }) {
  let source;
  let lastId;
  let lastNewsMs = Date.now();
  let closed = false;
  let retry;
  const news = (message) => {
    lastNewsMs = Date.now();
    if (message.lastEventId) lastId = message.lastEventId;
    onLine(true);
  };
  const open = () => {
    if (closed) return;
    source?.close();
    lastNewsMs = Date.now();
    source = new EventSource(`/api/v1/live?calm=true${lastId === undefined ? '' : `&lastEventId=${lastId}`}`);
    source.addEventListener('event', (message) => {
      news(message);
      onEvent(JSON.parse(message.data));
    });
    for (const name of ['hello', 'beat'])
      source.addEventListener(name, (message) => {
        news(message);
        learnTime(JSON.parse(message.data).atMs);
      });
    source.addEventListener('resync', (message) => {
      news(message);
      onResync();
    });
    source.addEventListener('error', lost);
  };
  const lost = () => {
    onLine(false);
    // The browser tries again by itself, except after a refusal.
    if (source.readyState === EventSource.CLOSED && !closed) {
      clearTimeout(retry);
      retry = setTimeout(open, RETRY_MS);
    }
  };
  const watch = setInterval(() => {
    if (Date.now() - lastNewsMs < SILENT_MS) return;
    onLine(false);
    open();
  }, 1_000);
  open();
  return {
    newsAtMs: () => serverNow() - (Date.now() - lastNewsMs),
    close: () => {
      closed = true;
      clearInterval(watch);
      clearTimeout(retry);
      source?.close();
    },
  };
}
