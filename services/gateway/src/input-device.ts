// A push button behind the kernel's input layer: /dev/input/eventN, read as it is, without a library.
import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { Clock } from '@laba/runtime/clock';
import type { Contact } from './press-rule.ts';

/** `struct input_event` of a 64-bit kernel, little-endian on x86-64 and arm64: two 8-byte times, type, code, value. */
const EVENT_BYTES = 24;
const AT = { type: 16, code: 18, value: 20 };
const SYNC = 0;
const SYNC_DROPPED = 3;
const KEY = 1;
/** A read that would wait comes back at once: 50 of them a second cost nothing, and no thread of the pool hangs in a device. */
const LOOK_MS = 20;
const EVENTS_PER_LOOK = 64;

/** What one event says of the button; `key` undefined: any key is the button. Undefined: nothing, also a key that repeats because it is held. */
export function contactOf(event: Buffer, key: number | undefined): Contact | undefined {
  const [type, code, value] = [event.readUInt16LE(AT.type), event.readUInt16LE(AT.code), event.readInt32LE(AT.value)];
  // The kernel had more than it could keep: whatever was held may have been let go since.
  if (type === SYNC && code === SYNC_DROPPED) return 'up';
  if (type !== KEY || (key !== undefined && code !== key)) return undefined;
  return value === 1 ? 'down' : value === 0 ? 'up' : undefined;
}

/**
 * Reads until it is stopped or the device is gone, which is told once. A button that was down before says nothing until it is let go.
 * @throws when it cannot be opened
 */
export function readInputDevice(
  path: string,
  key: number | undefined,
  clock: Clock,
  onContact: (contact: Contact) => void,
  onGone: (error: unknown) => void,
): () => void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(EVENT_BYTES * EVENTS_PER_LOOK);
  let cancel = () => {};
  const close = () => {
    cancel();
    closeSync(fd);
  };
  const look = () => {
    cancel = clock.after(LOOK_MS, look);
    try {
      for (const event of eventsIn(buffer, readNow(fd, buffer))) {
        const contact = contactOf(event, key);
        if (contact !== undefined) onContact(contact);
      }
    } catch (error) {
      close();
      onGone(error);
    }
  };
  cancel = clock.after(0, look);
  return close;
}

// The kernel hands out whole events only.
function eventsIn(buffer: Buffer, bytes: number): Buffer[] {
  return Array.from({ length: Math.floor(bytes / EVENT_BYTES) }, (_, i) => buffer.subarray(i * EVENT_BYTES, (i + 1) * EVENT_BYTES));
}

function readNow(fd: number, buffer: Buffer): number {
  try {
    return readSync(fd, buffer, 0, buffer.length, null);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}
