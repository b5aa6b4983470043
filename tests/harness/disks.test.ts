// The faults are real faults: a write meets a full disk, a copy of a running disk has what was synced and not what was only written.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LoopDisk, mayMount, SmallDisk } from './disks.ts';
import { FakeTime } from './fake-time.ts';
import { isInstalled } from './installed.ts';
import { straced, type Injection } from './strace.ts';

it.skipIf(!mayMount('tmpfs'))('a small disk is full when it is filled, and has room again (needs the right to mount)', () => {
  const disk = SmallDisk.mount(1);
  try {
    disk.fill();
    expect(() => writeFileSync(join(disk.dir, 'one'), Buffer.alloc(8_192))).toThrow('ENOSPC');
    disk.free();
    writeFileSync(join(disk.dir, 'one'), Buffer.alloc(8_192));
  } finally {
    disk.discard();
  }
});

it.skipIf(!mayMount('loop'))('a power cut keeps what was synced and loses what was only written (needs the right to mount)', () => {
  const disk = LoopDisk.make(16);
  try {
    const file = openSync(join(disk.dir, 'log'), 'w');
    writeSync(file, 'synced');
    fdatasyncSync(file);
    writeSync(file, ' and only written');
    const after = disk.cut().powerOn();
    expect(readFileSync(join(disk.dir, 'log'), 'utf8')).toBe('synced and only written');
    expect(readFileSync(join(after.dir, 'log'), 'utf8')).toBe('synced');
    closeSync(file);
  } finally {
    disk.discard();
  }
});

const SYNCS = `const fs = require('node:fs');
  const file = fs.openSync(process.argv[1], 'w');
  for (let n = 1; n <= 5; n++) { try { fs.writeSync(file, String(n)); fs.fdatasyncSync(file); } catch (error) { fs.writeSync(file, error.code); } }`;

async function syncs(injection: Injection): Promise<{ signal: string | null; text: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'laba-strace-'));
  const [command = '', ...rest] = straced(injection);
  const child = spawn(command, [...rest, process.execPath, '-e', SYNCS, join(dir, 'file')], { stdio: 'ignore' });
  const signal = await new Promise<string | null>((resolve) => child.once('exit', (_code, why) => resolve(why)));
  const text = existsSync(join(dir, 'file')) ? readFileSync(join(dir, 'file'), 'utf8') : '';
  rmSync(dir, { recursive: true });
  return { signal, text };
}

it.skipIf(!isInstalled('strace', 'strace'))('a process dies at its third sync, or is told twice that the disk is full (needs strace)', async () => {
  expect(await syncs({ killAtSync: 3 })).toEqual({ signal: 'SIGKILL', text: '123' });
  expect(await syncs({ noSpaceFromSync: 2, calls: 2 })).toEqual({ signal: null, text: '12ENOSPC3ENOSPC45' });
});

it.skipIf(!isInstalled('faketime', 'faketime'))('a wall clock jumps while a process runs, its elapsed time does not (needs faketime)', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'laba-time-'));
  const time = new FakeTime(join(dir, 'offset'));
  const child = spawn(process.execPath, ['-e', 'setInterval(() => console.log(Date.now(), performance.now()), 20)'], { env: { ...process.env, ...time.env } });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const last = () => (said.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  await expect.poll(() => said.length, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(Math.abs(last()[0]! - Date.now())).toBeLessThan(60_000);
  time.jumpTo('+3h');
  // The clock is looked at once a second.
  await expect.poll(() => last()[0]! - Date.now(), { timeout: 60_000 }).toBeGreaterThan(10_000_000);
  expect(last()[1]).toBeLessThan(60_000);
  child.kill();
  rmSync(dir, { recursive: true });
});
