// The house's one HTTP application: the routes of the services that this process plays, and whose each of them is.
import { SERVICES, type Config, type ServiceName } from '@laba/runtime/config';
import { createApp, type App, type HttpDeps } from '@laba/runtime/http';
import type { Service } from '@laba/runtime/service';
import { asyncApiRoute } from './asyncapi-route.ts';
import type { OwnedRoute } from './cluster/proxy-conf.ts';
import { reachable } from './reachable.ts';

/** `played`: whose routes are served here; `all`: whom the API's description speaks of, wherever they are served. */
export async function openApp(http: HttpDeps, played: readonly Service[], all: readonly Service[]): Promise<{ app: App; routes: OwnedRoute[] }> {
  const whole = played.length === all.length;
  const app = await createApp(whole ? http : { ...http, document: once(() => describeAll(http, all)) });
  const routes: OwnedRoute[] = [];
  let owner: ServiceName | null = null;
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) routes.push({ method, url: route.url, service: owner });
  });
  asyncApiRoute(app);
  for (const service of played) {
    owner = SERVICES.find((name) => name === service.name) ?? null;
    service.routes?.(app);
    // A room's own plugin is opened here, while it is known whose it is.
    await app.after();
  }
  return { app, routes };
}

async function describeAll(http: HttpDeps, all: readonly Service[]): Promise<unknown> {
  const app = await createApp(http);
  for (const service of all) service.routes?.(app);
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

export async function listen(app: App, config: Config): Promise<void> {
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw new Error(`Port ${config.port} is busy: stop the other program or set LABA_PORT.`);
    if (code === 'EACCES') throw new Error(`No right to listen on port ${config.port}: choose one above 1023 with LABA_PORT.`);
    throw error;
  }
}

/** `http://host:port`, after `listen`. */
export function addressOf(app: App, config: Config): string {
  const address = app.server.address();
  const port = address !== null && typeof address === 'object' ? address.port : config.port;
  return config.publicUrl ?? `http://${reachable(config.host)}:${port}`;
}
