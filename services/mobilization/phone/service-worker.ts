// The phone page: where the county speaks https, the page opens without a line as it was last seen, and a message wakes the phone.

/** The little of a service worker that is used here; the page's own types know nothing of it. */
interface Worker {
  addEventListener(type: 'install' | 'activate', listener: (event: Extending) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
  addEventListener(type: 'push', listener: (event: Extending & { data: { json(): unknown } | null }) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: Extending & { notification: Notification }) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void>; matchAll(of: { type: 'window' }): Promise<readonly { url: string }[]>; openWindow(url: string): Promise<unknown> };
  registration: ServiceWorkerRegistration;
}
interface Extending {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

const worker = self as unknown as Worker;
const STORE = 'laba-phone';
const FILES = ['/phone/phone.js', '/phone/phone.css'];
/** A line that gives nothing for so long is as good as none. */
const PATIENCE_MS = 6_000;

worker.addEventListener('install', (event) =>
  event.waitUntil(
    caches
      .open(STORE)
      .then((store) => store.addAll(FILES))
      .then(() => worker.skipWaiting()),
  ),
);
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim().then(keepOpenPages)));

/** The page that brought this worker came before it: without this it would not open again when the line is lost after the first look. */
async function keepOpenPages(): Promise<void> {
  const store = await caches.open(STORE);
  const pages = await worker.clients.matchAll({ type: 'window' });
  await store.addAll(pages.map(({ url }) => url));
}

// What the county says now goes first; the states and answers behind the page are never taken from the store.
worker.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  if (method === 'GET' && (mode === 'navigate' || FILES.indexOf(new URL(url).pathname) >= 0)) event.respondWith(fresh(event.request));
});

async function fresh(request: Request): Promise<Response> {
  const store = await caches.open(STORE);
  const known = store.match(request, { ignoreSearch: true });
  const asked = fetch(request).then(async (response) => {
    // A revoked link takes the page with it.
    if (response.ok) await store.put(request, response.clone());
    else if (response.status === 404) await store.delete(request);
    return response;
  });
  const waited = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS));
  return (await Promise.race([asked.catch(() => undefined), waited])) ?? (await known) ?? asked;
}

worker.addEventListener('push', (event) => {
  const { title, text, link } = (event.data?.json() ?? {}) as { title?: string; text?: string; link?: string };
  event.waitUntil(worker.registration.showNotification(title ?? '喇叭 Laba', { body: text ?? '', data: link, requireInteraction: true }));
});
worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const link: unknown = event.notification.data;
  if (typeof link === 'string') event.waitUntil(worker.clients.openWindow(link));
});
