// Under systemd: that this process is ready, and again and again that its event loop goes round; a unit with `WatchdogSec` kills one that stands still.
// Node has no datagram sockets of the UNIX kind, and the libraries that bring one are built on each machine: systemd's own small program is asked.
import { spawn } from 'node:child_process';
import { every, type Clock } from '@laba/runtime/clock';
import type { Log } from '@laba/runtime/log';

/** Three words per watchdog time: two may be lost. */
const WORDS_PER_TIME = 3;

export interface Systemd {
  /** It serves now. */
  ready(): void;
  stop(): void;
}

/** Does nothing where nobody listens: `NOTIFY_SOCKET` is not set. `command`: as `systemd-notify`. */
export function tellSystemd(env: NodeJS.ProcessEnv, clock: Clock, log: Log, command = 'systemd-notify'): Systemd {
  const { NOTIFY_SOCKET, WATCHDOG_USEC } = env;
  if (NOTIFY_SOCKET === undefined || NOTIFY_SOCKET === '') return { ready: () => {}, stop: () => {} };
  const say = (...words: string[]) => {
    const child = spawn(command, words, { env, stdio: 'ignore' });
    child.once('error', (error) => log.warn({ error: error.message }, 'systemd could not be told'));
  };
  const watchdogMs = Number(WATCHDOG_USEC) / 1000;
  let stop = () => {};
  return {
    ready: () => {
      say('--ready');
      if (watchdogMs > 0)
        stop = every(
          clock,
          watchdogMs / WORDS_PER_TIME,
          () => say('WATCHDOG=1'),
          () => {},
        );
    },
    stop: () => {
      stop();
      say('STOPPING=1');
    },
  };
}
