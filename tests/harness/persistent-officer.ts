// An officer on a bad night: says the same thing with the same Idempotency-Key until he has an answer, and keeps what was confirmed.
import { randomUUID } from 'node:crypto';
import type { History } from './invariants.ts';
import type { Username } from './small-county.ts';

export interface OfficersCounty {
  readonly url: string;
  readonly acknowledged: History['acknowledged'];
  readonly asked: History['asked'];
}

export interface Answered<T> {
  status: number;
  body: T;
  /** How often it had to be said. */
  tries: number;
}

interface Act {
  /** The event that a 2xx confirms. */
  type: string;
  path: string;
  body?: unknown;
  /** Whom the event is about; the id of the answer when not given. */
  subjectId?: string;
  live?: boolean;
  /** Finds what was made, when the answer that named it was lost. */
  find?: () => Promise<string | undefined>;
}

/** Whoever waited for it does not know what became of it. */
export class NoAnswer extends Error {}

const TRY_MS = 4_000;
const PAUSE_MS = 100;
/** Long, for machines that run more than this test. */
const PATIENCE_MS = 90_000;
const TRY_AGAIN = new Set([
  'overloaded',
  'storage-failed',
  'draining',
  'internal',
  'outcome-unknown',
  'changed-meanwhile',
  'too-many-requests',
  'broker-offline',
]);

export class PersistentOfficer {
  readonly #county: OfficersCounty;
  readonly #username: Username;
  readonly #secret: Record<string, string>;
  #headers: Record<string, string> = {};
  /** What he was told instead of yes, oldest first: `503 storage-failed`. */
  readonly refusals: string[] = [];

  /** `secret`: his password; at a village's house his local code. */
  constructor(county: OfficersCounty, username: Username, secret: string | { code: string }) {
    this.#county = county;
    this.#username = username;
    this.#secret = typeof secret === 'string' ? { password: secret } : secret;
  }

  async signIn(): Promise<this> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    const door = 'code' in this.#secret ? '/api/v1/local-sessions' : '/api/v1/sessions';
    for (;;) {
      const response = await this.#send(door, { username: this.#username, ...this.#secret }, {}).catch(() => undefined);
      if (response?.ok) {
        const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0]);
        const { csrfToken } = (await response.json()) as { csrfToken: string };
        this.#headers = { cookie: cookie.join('; '), 'x-csrf-token': csrfToken };
        return this;
      }
      if (performance.now() > giveUpAt) throw new Error(`${this.#username} could not sign in: ${response?.status ?? 'nobody answers'}`);
      await pause();
    }
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(this.#county.url + path, { headers: this.#headers, signal: AbortSignal.timeout(TRY_MS) });
    return (await response.json()) as T;
  }

  /** Once, whatever comes: undefined when nobody answered. */
  async says<T = { id?: string }>(act: Act, key: string = randomUUID()): Promise<Omit<Answered<T>, 'tries'> | undefined> {
    try {
      const response = await this.#send(act.path, act.body ?? {}, { 'idempotency-key': key });
      const body = (await response.json()) as T & { id?: string; code?: string };
      this.#county.asked.push({ live: act.live ?? false, shed: body.code === 'overloaded', atMs: Date.now() });
      if (response.ok) this.#county.acknowledged.push({ type: act.type, subjectId: act.subjectId ?? body.id ?? '' });
      else this.refusals.push(`${response.status} ${body.code}`);
      return { status: response.status, body };
    } catch {
      return undefined;
    }
  }

  /** Until it is answered for good, by yes or by a no that will stay one. @throws when nobody answers within 90 s */
  async insists<T = { id?: string }>(act: Act): Promise<Answered<T>> {
    const key = randomUUID();
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (let tries = 1; ; tries++) {
      const answer = await this.says<T>(act, key);
      const code = (answer?.body as { code?: string } | undefined)?.code ?? '';
      if (code === 'already-done' && tries > 1) return { status: 200, body: { id: await this.#confirm(act) } as T, tries };
      if (answer !== undefined && !TRY_AGAIN.has(code)) return { ...answer, tries };
      if (performance.now() > giveUpAt) throw new NoAnswer(`${act.path}: no answer in ${PATIENCE_MS / 1000} s, last ${answer?.status ?? 'silence'} ${code}`);
      await pause();
    }
  }

  // The county carried it out and died before it could say so: what it did is looked up, and counts as promised.
  async #confirm(act: Act): Promise<string> {
    const subjectId = act.subjectId ?? (await act.find?.());
    if (subjectId === undefined) throw new Error(`${act.path} was carried out, but nothing shows it.`);
    this.#county.acknowledged.push({ type: act.type, subjectId });
    return subjectId;
  }

  #send(path: string, body: unknown, headers: Record<string, string>): Promise<Response> {
    return fetch(this.#county.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#headers, ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TRY_MS),
    });
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
