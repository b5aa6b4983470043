// Somebody with a plain HTTP client: sends anything to any path exactly as given, and sees what comes back.
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Sending {
  /** Undefined leaves a header out that would be sent otherwise. */
  headers?: Record<string, string | undefined>;
  /** A string or bytes go as they are, anything else as JSON. */
  body?: unknown;
}

/** What a refusal over HTTP must hold. */
export interface Problem extends Record<string, unknown> {
  type: string;
  title: string;
  titleZh: string;
  status: number;
  code: string;
  detail: string;
}

export class BareCaller {
  readonly #url: () => string;
  #cookie: string | undefined;
  #csrf: string | undefined;

  /** `url`: where the house is at present. */
  constructor(url: () => string) {
    this.#url = url;
  }

  /** From here on with the officer's session and its token. */
  async signIn(username: string, password: string): Promise<this> {
    const answer = await this.post('/api/v1/sessions', { username, password });
    if (answer.status !== 200) throw new Error(`${username} could not sign in: ${answer.text}`);
    this.#cookie = answer.headers['set-cookie']?.map((line) => line.split(';')[0]).join('; ');
    this.#csrf = jsonOf<{ csrfToken: string }>(answer).csrfToken;
    return this;
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown = {}, headers: Sending['headers'] = {}): Promise<Answer> {
    return this.send('POST', path, { body, headers });
  }

  async send(method: string, path: string, { headers = {}, body }: Sending = {}): Promise<Answer> {
    const { hostname, port } = new URL(this.#url());
    const bytes = body === undefined ? undefined : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const all = {
      'content-type': bytes === undefined ? undefined : 'application/json',
      cookie: this.#cookie,
      'x-csrf-token': this.#csrf,
      connection: 'close',
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const request = httpRequest({ hostname, port, method, path, agent: false, headers: withoutGaps(all) }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        const done = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') });
        // Who is refused while he still sends has his line cut after the answer.
        response.on('end', done).on('error', done);
      });
      request.on('error', reject);
      request.end(bytes);
    });
  }
}

export function jsonOf<T>(answer: Answer): T {
  return JSON.parse(answer.text) as T;
}

function withoutGaps(headers: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
