// A server that closes waits for every line: for those that have not asked yet, as browsers open them ahead, and for those that were answered and are kept.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** What of an application closes. */
interface Closing {
  server: Server;
  addHook(name: 'preClose', hook: () => Promise<void>): unknown;
}

/** When the application closes, both kinds of lines end; whoever is being answered is answered. */
export function leaveNobodyWaiting(app: Closing): void {
  const silent = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  app.server.on('request', ({ socket }) => silent.delete(socket));
  app.addHook('preClose', async () => {
    app.server.keepAliveTimeout = 1;
    for (const socket of silent) socket.destroy();
  });
}
