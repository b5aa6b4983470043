// The bad line does what it says, one fault after the other, and is a good line again afterwards.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ChaosProxy } from './chaos-proxy.ts';

let server: Server;
let proxy: ChaosProxy;
let client: Socket;
let answered = '';
let asked = '';
let ended = '';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function dial(): Promise<void> {
  [answered, ended] = ['', ''];
  const own = connect(proxy.port, '127.0.0.1');
  client = own;
  client.on('data', (chunk) => (answered += chunk.toString()));
  client.on('error', (error: NodeJS.ErrnoException) => (ended = error.code ?? 'error'));
  client.on('close', () => (ended ||= client === own ? 'closed' : ''));
  await new Promise((resolve) => {
    for (const settled of ['connect', 'close'] as const) client.once(settled, resolve);
  });
}

beforeEach(async () => {
  asked = '';
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      asked += chunk.toString();
      socket.write(chunk.toString().toUpperCase());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await ChaosProxy.start((server.address() as AddressInfo).port);
  await dial();
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  server.close();
});

it('passes on, slowly when told to, in order', async () => {
  proxy.slow(40);
  const begun = performance.now();
  for (const letter of 'abc') client.write(letter);
  await expect.poll(() => answered).toBe('ABC');
  expect(performance.now() - begun).toBeGreaterThan(75);
});

it('holds what comes while it is frozen, and lets it go afterwards', async () => {
  proxy.freeze();
  client.write('late');
  await pause(100);
  expect(asked).toBe('');
  proxy.thaw();
  await expect.poll(() => answered).toBe('LATE');
});

it('one-way: the server hears, who asked hears nothing', async () => {
  proxy.freeze('down');
  client.write('hello');
  await expect.poll(() => asked).toBe('hello');
  await pause(50);
  expect(answered).toBe('');
  proxy.thaw();
  await expect.poll(() => answered).toBe('HELLO');
});

it('resets what is open and takes new connections', async () => {
  proxy.reset();
  await expect.poll(() => ended).toBe('ECONNRESET');
  await dial();
  client.write('again');
  await expect.poll(() => answered).toBe('AGAIN');
});

it('half open: the client goes on believing until the line is healed', async () => {
  client.write('a');
  await expect.poll(() => answered).toBe('A');
  proxy.halfOpen();
  client.write('b');
  await pause(100);
  expect([asked, ended]).toEqual(['a', '']);
  proxy.heal();
  await expect.poll(() => ended).not.toBe('');
});

it('cut: nobody gets through until it is healed', async () => {
  proxy.cut();
  await expect.poll(() => ended).not.toBe('');
  await dial();
  await expect.poll(() => ended).not.toBe('');
  proxy.heal();
  await dial();
  client.write('back');
  await expect.poll(() => answered).toBe('BACK');
});
