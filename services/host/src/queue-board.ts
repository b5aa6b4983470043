// The queues as bull-board shows them, for the county's administrator: to look at, never to change. Loaded only where it is asked for.
import type { BullmqQueue } from '@laba/messaging/bullmq-queue';
import type { App } from '@laba/runtime/http';
import { problemOf } from '@laba/runtime/problem';

const PATH = '/admin/queues';

/** Serves the board under /admin/queues, behind a session whose role may `system.manage`. */
export function queueBoard(app: App, queues: BullmqQueue['boards']): void {
  void app.register(async (scope) => {
    // bull-board's routes do not know our word for who has access.
    scope.decorate('accessOfAll', 'system.manage');
    scope.addHook('onSend', async (_request, reply, payload) => (isPage(reply.getHeader('content-type')) ? withoutInlineStyles(String(payload)) : payload));
    const [{ createBullBoard }, { BullMQAdapter }, { FastifyAdapter }] = await Promise.all([
      import('@bull-board/api'),
      import('@bull-board/api/bullMQAdapter'),
      import('@bull-board/fastify'),
    ]);
    const server = new FastifyAdapter();
    server.setBasePath(PATH);
    createBullBoard({
      queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
      serverAdapter: server,
      options: { uiConfig: { boardTitle: 'Laba', hideRedisDetails: true } },
    });
    // Its own would turn a refusal into an error of ours.
    server.setErrorHandler((error) => {
      const { status, body } = problemOf(error);
      return { status: status as 404, body };
    });
    await scope.register(server.registerPlugin(), { prefix: PATH });
  });
}

const isPage = (type: unknown) => typeof type === 'string' && type.startsWith('text/html');

// Our content policy allows neither styles inside a page nor fonts of another company; both are only ornament there.
function withoutInlineStyles(page: string): string {
  return page
    .replace(/<link href="https:[^>]*>/g, '')
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/ style="[^"]*"/g, '');
}
