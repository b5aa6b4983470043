// What systemd is told: that the process is ready, that it lives, that it goes; and nothing where nobody listens.
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FakeClock } from '@laba/runtime/fake-clock';
import { silentLog } from '@laba/runtime/log';
import { tellSystemd } from './tell-systemd.ts';

function listener() {
  const dir = mkdtempSync(join(tmpdir(), 'laba-systemd-'));
  const command = join(dir, 'systemd-notify');
  writeFileSync(command, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${dir}/told\n`);
  chmodSync(command, 0o755);
  return { command, told: () => (existsSync(join(dir, 'told')) ? readFileSync(join(dir, 'told'), 'utf8').trim().split('\n') : []) };
}

it('is told at once that it is ready, three times per watchdog time that it lives, and that it stops', async () => {
  const { command, told } = listener();
  const clock = new FakeClock();
  const systemd = tellSystemd({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '60000000' }, clock, silentLog, command);
  expect(told()).toEqual([]);
  systemd.ready();
  await expect.poll(told).toEqual(['/run/x --ready']);
  await clock.advance(20_000);
  await expect.poll(told).toEqual(['/run/x --ready', '/run/x WATCHDOG=1']);
  await clock.advance(20_000);
  await expect.poll(() => told().length).toBe(3);
  systemd.stop();
  await expect.poll(() => told().at(-1)).toBe('/run/x STOPPING=1');
  await clock.advance(60_000);
  expect(told()).toHaveLength(4);
});

it('without a watchdog time hears only that it is ready', async () => {
  const { command, told } = listener();
  const clock = new FakeClock();
  tellSystemd({ NOTIFY_SOCKET: '/run/x' }, clock, silentLog, command).ready();
  await expect.poll(told).toEqual(['/run/x --ready']);
  expect(clock.waiting).toBe(0);
});

it('nobody listens, or its program is missing: the house goes on', () => {
  const { command, told } = listener();
  const clock = new FakeClock();
  const alone = tellSystemd({}, clock, silentLog, command);
  alone.ready();
  alone.stop();
  expect([told(), clock.waiting]).toEqual([[], 0]);
  tellSystemd({ NOTIFY_SOCKET: '/run/x' }, clock, silentLog, '/nowhere/systemd-notify').ready();
});
