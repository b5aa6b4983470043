// Who is signed in. A session that ends in the middle of something is asked for again over the screen, and what waited for it goes on.
import type { Officer } from '@laba/domain/officer';
import { Store } from '../app/store.ts';

export interface SignedIn {
  officer: Officer;
  csrfToken: string;
}

/** `over`: the officer is still on his screen, and must sign in again. */
export type Standing = { is: 'unknown' | 'out' } | ({ is: 'in' | 'over' } & SignedIn);

export const session = new Store<Standing>({ is: 'unknown' });

let waiting: ((isBack: boolean) => void)[] = [];

/** Somebody else's screen is not shown to whoever signs in next: the page begins anew. */
export function signedIn(given: SignedIn): void {
  const before = session.value;
  if ((before.is === 'in' || before.is === 'over') && before.officer.id !== given.officer.id) {
    location.reload();
    return;
  }
  session.set({ is: 'in', ...given });
  settle(true);
}

export function signedOut(): void {
  session.set({ is: 'out' });
  settle(false);
}

/** Resolves when the same officer is back: true; false when he signed out instead. */
export function backAgain(): Promise<boolean> {
  const { value } = session;
  if (value.is !== 'in' && value.is !== 'over') return Promise.resolve(false);
  if (value.is === 'in') session.set({ ...value, is: 'over' });
  return new Promise((resolve) => waiting.push(resolve));
}

function settle(isBack: boolean): void {
  const told = waiting;
  waiting = [];
  for (const tell of told) tell(isBack);
}
