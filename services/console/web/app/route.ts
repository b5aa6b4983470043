// Which screen stands: the part of the address after `#`, so that a screen can be linked to and reloaded.
import { useSyncExternalStore } from 'react';

export interface Route {
  screen: string;
  rest: string[];
}

function watch(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

const hash = () => location.hash;

/** `#/alert/ID/list` is `{screen: 'alert', rest: ['ID', 'list']}`. */
export function useRoute(): Route {
  const [screen = '', ...rest] = useSyncExternalStore(watch, hash).replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  return { screen, rest };
}

export function hrefOf(screen: string, ...rest: string[]): string {
  return `#/${[screen, ...rest].map(encodeURIComponent).join('/')}`;
}
