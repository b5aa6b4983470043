// A button that is really pressed: a device file with the kernel's own bytes in it, and programs that report.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '@laba/runtime/clock';
import { silentLog } from '@laba/runtime/log';
import { watchButton, watchContacts, type ButtonSource } from './button.ts';
import { contactOf } from './input-device.ts';
import type { Contact, PressSetting } from './press-rule.ts';

const KEY = 1;
const POWER_KEY = 116;

/** `struct input_event` as the kernel writes it. */
function event(type: number, code: number, value: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeBigInt64LE(1_782_878_400n, 0);
  bytes.writeBigInt64LE(123_456n, 8);
  bytes.writeUInt16LE(type, 16);
  bytes.writeUInt16LE(code, 18);
  bytes.writeInt32LE(value, 20);
  return bytes;
}
const SYNC = event(0, 0, 0);

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const deps = { clock: systemClock, monotonicMs: () => performance.now(), log: silentLog };
const folder = () => mkdtempSync(join(tmpdir(), 'laba-button-'));

function presses(source: ButtonSource, press: PressSetting = { by: 'hold', holdMs: 200 }): { count: number } {
  const seen = { count: 0 };
  stops.push(watchButton(source, press, deps, () => seen.count++));
  return seen;
}

function contacts(source: ButtonSource): Contact[] {
  const seen: Contact[] = [];
  stops.push(watchContacts(source, deps, (contact) => seen.push(contact)));
  return seen;
}

/** A pipe under a name, which gives whole writes as the kernel's device does. */
function device(): { path: string; write: (...events: Buffer[]) => void } {
  const path = join(folder(), 'event0');
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  stops.push(() => closeSync(fd));
  return { path, write: (...events) => writeSync(fd, Buffer.concat(events)) };
}

it('is pressed when its key was held, whatever else the device says', async () => {
  const { path, write } = device();
  const seen = presses({ device: path, key: POWER_KEY });
  // Another key, a movement, and the marks between events.
  write(event(KEY, 30, 1), SYNC, event(2, 0, 5), SYNC);
  write(event(KEY, POWER_KEY, 1), SYNC, event(KEY, POWER_KEY, 2), SYNC);
  await expect.poll(() => seen.count).toBe(1);
  write(event(KEY, POWER_KEY, 2), event(KEY, POWER_KEY, 2), event(KEY, POWER_KEY, 0), SYNC);
  expect(seen.count).toBe(1);
});

it('reads what the kernel means, and nothing else', () => {
  expect([event(KEY, 5, 1), event(KEY, 5, 0), event(KEY, 5, 2), event(2, 5, 1), SYNC, event(0, 3, 0)].map((one) => contactOf(one, undefined))).toEqual([
    'down',
    'up',
    undefined,
    undefined,
    undefined,
    'up',
  ]);
  expect(contactOf(event(KEY, 5, 1), 6)).toBeUndefined();
});

it('that cannot be read any more was let go', async () => {
  // A folder opens as a device does, and every read of it fails as that of a device that was pulled out.
  const seen = contacts({ device: folder() });
  await expect.poll(() => seen).toEqual(['up']);
});

it('a device that comes later is found', async () => {
  const path = join(folder(), 'event1');
  const seen = contacts({ device: path });
  await expect.poll(() => seen).toEqual(['up']);
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  await expect.poll(() => (writeSync(fd, event(KEY, 1, 1)), seen.includes('down')), { timeout: 10_000, interval: 200 }).toBe(true);
  closeSync(fd);
});

it('a program’s lines are the contact', async () => {
  const seen = contacts({ command: 'echo down; echo up; exec sleep 60' });
  await expect.poll(() => seen).toEqual(['down', 'up']);
});

it('a program that waits for one press, says so and ends is started again', async () => {
  const dir = folder();
  const seen = presses({ command: `echo x >> ${dir}/runs; while [ ! -e ${dir}/pressed ]; do sleep 0.05; done; rm ${dir}/pressed; echo press` });
  writeFileSync(join(dir, 'pressed'), '');
  await expect.poll(() => seen.count).toBe(1);
  const runs = () => readFileSync(join(dir, 'runs'), 'utf8').length / 2;
  await expect.poll(runs, { timeout: 10_000 }).toBe(2);
});

it('a program that complains, fails, or ends with success has pressed nothing', async () => {
  const dir = folder();
  const commands = [`echo x >> ${dir}/0; exit 3`, `echo x >> ${dir}/1`, `echo x >> ${dir}/2; echo "no such chip"; echo pressed; echo PRESS`];
  const seen = commands.map((command) => presses({ command }));
  const runs = (name: number) => (existsSync(join(dir, `${name}`)) ? readFileSync(join(dir, `${name}`), 'utf8').length / 2 : 0);
  await expect.poll(() => Math.min(runs(0), runs(1), runs(2)), { timeout: 15_000 }).toBeGreaterThanOrEqual(2);
  expect(seen.map(({ count }) => count)).toEqual([0, 0, 0]);
});

it('when stopped takes along what its program started', async () => {
  const dir = folder();
  const stop = watchContacts({ command: `sleep 300 & echo $! > ${dir}/pid; wait` }, deps, () => {});
  const pid = () => Number(existsSync(join(dir, 'pid')) ? readFileSync(join(dir, 'pid'), 'utf8') : 0);
  await expect.poll(pid).toBeGreaterThan(0);
  stop();
  const state = () => {
    try {
      return readFileSync(`/proc/${pid()}/stat`, 'utf8').split(' ')[2];
    } catch {
      return 'gone';
    }
  };
  await expect.poll(() => ['gone', 'Z'].includes(state()!)).toBe(true);
});
