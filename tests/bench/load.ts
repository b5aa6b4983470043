// A light HTTP load: so many requests at once over kept connections, on raw sockets, so that the sender is not the limit.
import { connect } from 'node:net';
import { perSecond } from './figure.ts';

interface Load {
  url: string;
  headers: Record<string, string>;
  body: string;
  count: number;
  atOnce: number;
}

const END_OF_HEAD = '\r\n\r\n';

/** Requests per second. @throws when an answer is not 201 */
export async function load({ url, headers, body, count, atOnce }: Load): Promise<number> {
  const { hostname, port, pathname } = new URL(url);
  const all = { host: hostname, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const bytes = Buffer.from(`POST ${pathname} HTTP/1.1\r\n${head.join('')}\r\n${body}`);
  let left = count;
  const begun = performance.now();
  await Promise.all(Array.from({ length: atOnce }, () => sendAll(Number(port), bytes, () => left-- > 0)));
  return perSecond(count, performance.now() - begun);
}

function sendAll(port: number, bytes: Buffer, more: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let text = '';
    const next = () => {
      if (more()) socket.write(bytes);
      else {
        socket.destroy();
        resolve();
      }
    };
    socket.once('connect', next);
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const end = text.indexOf(END_OF_HEAD);
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < end + END_OF_HEAD.length + length) return;
      if (!text.startsWith('HTTP/1.1 201')) reject(new Error(`answered ${text.slice(0, 200)}`));
      text = '';
      next();
    });
  });
}
