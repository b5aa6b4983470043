// The server's clock, so that ages are right on a machine whose own clock is not; and a tick each second for what shows an age.
import { Store, useStore } from './store.ts';

const TICK_MS = 1_000;
let skewMs = 0;
const second = new Store(Date.now());

setInterval(() => second.set(Date.now()), TICK_MS);

export function learnTime(serverMs: number): void {
  skewMs = serverMs - Date.now();
}

/** What this machine's clock calls `localMs`, by the server's. */
export const serverTimeOf = (localMs: number): number => localMs + skewMs;

export const serverNow = (): number => Date.now() + skewMs;

/** The server's time in ms, told anew each second. */
export function useServerNow(): number {
  useStore(second);
  return serverNow();
}

/** This machine's own time in ms, told anew each second. */
export function useDeskNow(): number {
  return useStore(second);
}
