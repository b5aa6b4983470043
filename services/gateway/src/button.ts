// A push button of the box, whatever it hangs on: an input device, or a program that says so. It comes back when it was pulled out.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Clock } from '@laba/runtime/clock';
import type { Log } from '@laba/runtime/log';
import { readInputDevice } from './input-device.ts';
import { PressRule, type Contact, type PressSetting } from './press-rule.ts';

/**
 * `command` runs in a shell, again whenever it ends. Its lines `down` and `up` are the contact; the line `press` is a press that it has
 * judged itself. Nothing else means anything: neither a complaint nor a pipe that dies with success must move a village.
 */
export type ButtonSource = { device: string; key?: number | undefined } | { command: string };

export interface ButtonDeps {
  clock: Clock;
  /** Elapsed ms that no step of the wall clock changes. */
  monotonicMs: () => number;
  log: Log;
}

/** A button that is gone is looked for again so often. */
const AGAIN_MS = 1_000;
const SAID_CHARS = 200;
const WORDS = new Map<string, Contact>([
  ['down', 'down'],
  ['up', 'up'],
  ['press', 'whole'],
]);

/** Calls `onPress` each time somebody pressed and meant it. Returns how to stop. */
export function watchButton(source: ButtonSource, press: PressSetting, deps: ButtonDeps, onPress: () => void): () => void {
  const rule = new PressRule(press);
  let cancel = () => {};
  const look = () => {
    if (rule.isHeld(deps.monotonicMs())) onPress();
    wait();
  };
  const wait = () => {
    cancel();
    const { lookAtMs } = rule;
    if (lookAtMs !== undefined) cancel = deps.clock.after(Math.max(0, lookAtMs - deps.monotonicMs()), look);
  };
  const stop = watchContacts(source, deps, (contact) => {
    if (rule.take(contact, deps.monotonicMs())) onPress();
    wait();
  });
  return () => {
    cancel();
    stop();
  };
}

/** Every closing and opening of the contact as it comes. A button that is gone was let go. Returns how to stop. */
export function watchContacts(source: ButtonSource, { clock, log }: ButtonDeps, onContact: (contact: Contact) => void): () => void {
  let stopped = false;
  let close = () => {};
  let broken = false;
  const gone = (error: unknown) => {
    close = () => {};
    if (stopped) return;
    if (!broken) log.error({ source, error: String(error).slice(0, SAID_CHARS) }, 'a button cannot be read; it is looked for again');
    broken = true;
    onContact('up');
    close = clock.after(AGAIN_MS, open);
  };
  const heard = (contact: Contact) => {
    broken = false;
    if (!stopped) onContact(contact);
  };
  const open = () => {
    try {
      close = 'device' in source ? readInputDevice(source.device, source.key, clock, heard, gone) : runCommand(source.command, heard, gone);
    } catch (error) {
      gone(error);
    }
  };
  open();
  return () => {
    stopped = true;
    close();
  };
}

// In a group of its own, so that what the shell started goes with it.
function runCommand(command: string, onContact: (contact: Contact) => void, onGone: (error: unknown) => void): () => void {
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const contact = WORDS.get(line.trim());
    if (contact !== undefined) onContact(contact);
  });
  // Whichever comes: an error without a process, or its end.
  const over = new Promise<Error>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code, signal) => resolve(new Error(`its command ended with ${code ?? signal}`)));
  });
  void over.then(onGone);
  return () => {
    if (child.pid !== undefined) killGroup(child.pid);
  };
}

/** A process with all that it started. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
