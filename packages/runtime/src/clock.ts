// Time as a port: all waiting goes through it, so that tests move time.

/** Nobody has told this house the time since it was switched on, or only an officer has. */
export interface ClockDoubt {
  state: 'unknown' | 'by-hand';
  /** ms: when it last knew the time. What was decided up to then waits while the time is unknown. */
  sinceMs: number;
}

export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Undefined: the time is known. */
  readonly doubt?: ClockDoubt | undefined;
  /** Calls once after `ms`; returns how to cancel. */
  after(ms: number, callback: () => void): () => void;
  sleep(ms: number): Promise<void>;
}

const LONGEST_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
  sleep: (ms) => new Promise((resolve) => systemClock.after(ms, resolve)),
};

/** ms: what was decided up to then does not sound until somebody has told the time; 0 while it is known. */
export function waitsUpToMs({ doubt }: Clock): number {
  return doubt?.state === 'unknown' ? doubt.sinceMs : 0;
}

/** Calls again and again, `ms` after the last call ended; a failing call is told to `onError` and does not end the series. */
export function every(clock: Clock, ms: number, callback: () => Promise<void> | void, onError: (error: unknown) => void): () => void {
  let stopped = false;
  let cancel = () => {};
  const round = async () => {
    try {
      await callback();
    } catch (error) {
      onError(error);
    }
    if (!stopped) cancel = clock.after(ms, () => void round());
  };
  cancel = clock.after(ms, () => void round());
  return () => {
    stopped = true;
    cancel();
  };
}
