// A provider over HTTP that runs in the test: takes, fails, is busy, refuses, or says nothing.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Behaviour } from './channel.contract.ts';

export interface Request {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface HttpPeer {
  readonly url: string;
  readonly host: string;
  readonly requests: Request[];
  does(what: Behaviour): void;
  /** Answers everything so; undefined: as `does` says. */
  answers(status: number, body: unknown, headers?: Record<string, string>): void;
  stop(): Promise<void>;
}

/** `yes` and `no`: bodies by which this kind of provider takes or refuses with 200; without `no` it refuses with 400. */
export async function startHttpPeer(yes: unknown, no?: unknown): Promise<HttpPeer> {
  const requests: Request[] = [];
  let behaviour: Behaviour = 'takes';
  let fixed: { status: number; body: unknown; headers: Record<string, string> } | undefined;
  const answer = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  const react = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (fixed !== undefined) return answer(response, fixed.status, fixed.body, fixed.headers);
    if (behaviour === 'is silent') return undefined;
    if (behaviour === 'fails') return answer(response, 500, yes);
    if (behaviour === 'is busy') return answer(response, 429, yes, { 'retry-after': '7' });
    if (behaviour === 'refuses') return no === undefined ? answer(response, 400, {}) : answer(response, 200, no);
    requests.push({ method: request.method!, url: new URL(request.url!, 'http://peer'), headers: request.headers, body: Buffer.concat(chunks) });
    return answer(response, 201, yes, { location: `http://peer/message/${requests.length}` });
  };
  const server = createServer((request, response) => void react(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    requests,
    does: (what) => (behaviour = what),
    answers: (status, body, headers = {}) => (fixed = { status, body, headers }),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
