// Whoever asks at the house's door: an officer with his session, or somebody with something else in his hand.
import { ERRORS } from '@laba/domain/errors';
import type { House } from '@laba/host/compose';

export interface Answer {
  status: number;
  /** The refusal's code; the status where there is none. */
  code: string;
  text: string;
}

export interface Asked {
  method: string;
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** A stream never ends: what it says at once is enough. */
const STREAM_MS = 250;

export class Visitor {
  readonly #house: () => House;
  readonly #headers: Record<string, string> = {};

  /** `headers`: what he shows instead of a session. */
  constructor(house: () => House, headers: Readonly<Record<string, string>> = {}) {
    this.#house = house;
    Object.assign(this.#headers, headers);
  }

  async signIn(username: string, password: string): Promise<this> {
    const response = await this.#fetch({ method: 'POST', path: '/api/v1/sessions', body: { username, password } });
    if (!response.ok) throw new Error(`${username} could not sign in: ${await response.text()}`);
    this.#headers['cookie'] = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    this.#headers['x-csrf-token'] = ((await response.json()) as { csrfToken: string }).csrfToken;
    return this;
  }

  async ask(asked: Asked): Promise<Answer> {
    const response = await this.#fetch(asked);
    const text = response.headers.get('content-type')?.startsWith('text/event-stream') ? await beginOf(response) : await response.text();
    return { status: response.status, code: codeOf(text) ?? String(response.status), text };
  }

  /** What he is given. @throws when he is refused */
  async gets<T>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T> {
    const answer = await this.ask({ method, path, ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text) as T;
  }

  #fetch({ method, path, body, headers = {} }: Asked): Promise<Response> {
    const isPlain = typeof body === 'string' || body instanceof Uint8Array || body instanceof URLSearchParams;
    const type = body === undefined || body instanceof URLSearchParams ? {} : { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: isPlain ? body : JSON.stringify(body) };
    return fetch(new URL(path, this.#house().url()), {
      method,
      redirect: 'manual',
      headers: { ...type, ...this.#headers, ...headers },
      ...sent,
    } as RequestInit);
  }
}

async function beginOf(response: Response): Promise<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const timer = setTimeout(() => void reader.cancel(), STREAM_MS);
  let text = '';
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += piece.value;
  clearTimeout(timer);
  return text;
}

function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { code?: string }).code;
  } catch {
    // A plain page says it in words.
    const title = /<h1>[^<]*<span lang="en">([^<]+)</.exec(text)?.[1];
    return Object.entries(ERRORS).find(([, { en }]) => en === title)?.[0];
  }
}
