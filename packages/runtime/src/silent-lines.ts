// Lines that were opened ahead and say nothing, as browsers open them: a server that closes would wait a minute for their first word.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** From now on keeps which lines have never asked for anything; the answer ends those that still have not. */
export function watchSilentLines(server: Server): () => void {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return () => {
    for (const socket of silent) socket.destroy();
  };
}
