// The phone page begins: the script takes over the plain page that was delivered, which stays as it is where this does not run.
import { render } from 'preact';
import type { PhoneState } from '@laba/domain/phone-page';
import { openOutbox } from './outbox.ts';
import { PhonePage } from './page.tsx';
import { startWorker } from './wake.tsx';

async function begin(): Promise<void> {
  const first = JSON.parse(document.getElementById('state')?.textContent ?? 'null') as PhoneState | null;
  const plain = document.querySelector('main');
  if (first === null || plain === null) return;
  const outbox = await openOutbox(first.callId);
  const page = document.createElement('div');
  page.id = 'page';
  render(<PhonePage base={location.pathname.replace(/\/$/, '')} first={first} outbox={outbox} />, page);
  document.querySelector('.drill')?.remove();
  plain.replaceWith(page);
}

void begin();
startWorker()?.catch(() => {});
