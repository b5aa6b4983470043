// The phone page: a browser that can be woken by a message may be asked for it; only over https, and only when he wants it.
import { useEffect, useState } from 'preact/hooks';
import { WORDS, type Language } from './words.ts';

/** Keeps the page for when there is no line. Undefined where the browser or a plain http address allows none. */
export function startWorker(): Promise<ServiceWorkerRegistration> | undefined {
  if (!isSecureContext || !navigator.serviceWorker) return undefined;
  return navigator.serviceWorker.register('/phone/service-worker.js', { scope: '/m/' });
}

export function WakeMe({ base, language }: { base: string; language: Language }) {
  const [key, setKey] = useState<string>();
  const [isOn, setOn] = useState(false);
  useEffect(() => {
    const canBeAsked = isSecureContext && 'PushManager' in window && typeof Notification !== 'undefined' && Notification.permission !== 'denied';
    if (canBeAsked) void findKey().then(setKey);
  }, []);
  if (key === undefined) return null;
  if (isOn) return <p class="hint">✓ {WORDS.woken[language]}</p>;
  const ask = (): void =>
    void subscribe(base, key).then(
      () => setOn(true),
      () => setKey(undefined),
    );
  return (
    <button type="button" class="listen" onClick={ask}>
      {WORDS.wakeMe[language]}
    </button>
  );
}

/** Undefined: this county wakes no browsers. */
async function findKey(): Promise<string | undefined> {
  const response = await fetch('/api/v1/push-key').catch(() => undefined);
  if (!response?.ok) return undefined;
  return ((await response.json()) as { publicKey: string | null }).publicKey ?? undefined;
}

async function subscribe(base: string, key: string): Promise<void> {
  const registration = await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  const response = await fetch(`${base}/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint, keys: { p256dh: keys?.['p256dh'], auth: keys?.['auth'] } }),
  });
  if (!response.ok) throw new Error(String(response.status));
}
