// A server that closes: lines that never asked for anything do not hold it up, and who is being answered is answered.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { leaveNobodyWaiting } from './leave-nobody-waiting.ts';

it('ends lines that never asked, and answers whoever has asked', async () => {
  const app = Fastify();
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    app.get('/', async () => {
      resolve();
      await new Promise<void>((go) => (answer = go));
      return 'answered';
    });
  });
  leaveNobodyWaiting(app);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const silent = connect(port, '127.0.0.1');
  await once(silent, 'connect');
  const answered = fetch(`http://127.0.0.1:${port}/`).then((response) => response.text());
  await asked;
  const ended = once(silent, 'close');
  const closed = app.close();
  await ended;
  answer();
  expect(await answered).toBe('answered');
  await closed;
});
