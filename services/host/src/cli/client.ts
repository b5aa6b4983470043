// The terminal is an HTTP client like any other: signs in, sends CSRF token and Idempotency-Key, reads problem documents.
import { randomUUID } from 'node:crypto';

/** A refusal of the county, with its code. */
export class Refused extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Record<string, unknown>;

  constructor(status: number, problem: Problem, fallback: string) {
    super(problem.detail ?? fallback);
    this.code = problem.code ?? 'unknown';
    this.status = status;
    this.fields = problem;
  }
}

interface Problem extends Record<string, unknown> {
  code?: string;
  detail?: string;
}

export class Client {
  readonly #url: string;
  readonly #ask: (url: string, init?: RequestInit) => Promise<Response>;
  #cookie = '';
  #csrf = '';

  /** `url`: `http://host:port`. `ask`: who sends the requests. */
  constructor(url: string, ask: (url: string, init?: RequestInit) => Promise<Response> = fetch) {
    this.#url = url;
    this.#ask = ask;
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.#enter('/api/v1/sessions', { username, password });
  }

  /** At the house of a village, by a local code. */
  async signInHere(username: string, code: string): Promise<void> {
    await this.#enter('/api/v1/local-sessions', { username, code });
  }

  async #enter(path: string, credentials: Record<string, string>): Promise<void> {
    const response = await this.#send('POST', path, credentials);
    this.#cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const body = (await response.json()) as { csrfToken: string };
    this.#csrf = body.csrfToken;
  }

  async get<T>(path: string): Promise<T> {
    return (await (await this.#send('GET', path)).json()) as T;
  }

  async post<T>(path: string, body: unknown = {}): Promise<T> {
    return (await (await this.#send('POST', path, body)).json()) as T;
  }

  async put<T>(path: string, body: unknown): Promise<T> {
    return (await (await this.#send('PUT', path, body)).json()) as T;
  }

  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (this.#cookie) headers['cookie'] = this.#cookie;
    if (method !== 'GET') Object.assign(headers, { 'content-type': 'application/json', 'x-csrf-token': this.#csrf, 'idempotency-key': randomUUID() });
    return this.#checked(method, path, await this.#ask(this.#url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }));
  }

  /** Sends a file as it is. */
  async upload<T>(path: string, contentType: string, bytes: Buffer): Promise<T> {
    const headers = { accept: 'application/json', cookie: this.#cookie, 'content-type': contentType, 'x-csrf-token': this.#csrf };
    return (await (await this.#checked('POST', path, await this.#ask(this.#url + path, { method: 'POST', headers, body: new Uint8Array(bytes) }))).json()) as T;
  }

  /** Reads a file as it is. */
  async download(path: string): Promise<Buffer> {
    const headers = { accept: 'application/octet-stream, application/json', cookie: this.#cookie };
    return Buffer.from(await (await this.#checked('GET', path, await this.#ask(this.#url + path, { headers }))).arrayBuffer());
  }

  async #checked(method: string, path: string, response: Response): Promise<Response> {
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as Problem;
    throw new Refused(response.status, problem, `${method} ${path} answered ${response.status}`);
  }
}

/** Whether a Laba answers there. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(1_000) });
    return response.ok && ((await response.json()) as { alive?: boolean }).alive === true;
  } catch {
    return false;
  }
}
