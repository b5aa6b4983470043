// The archive for the small boxes of most villages, arm64, on a machine that is none: by qemu. It is slow, so one county is begun, and no more.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@laba/host/cli/client';
import { isInstalled } from '../harness/installed.ts';
import { freshArchive, Unpacked, type Started } from './unpacked.ts';

/** Debian's C library for arm64, from libc6-arm64-cross and libstdc++6-arm64-cross. */
const C_LIBRARY = '/usr/aarch64-linux-gnu';
const QEMU = ['/usr/bin/qemu-aarch64', '-L', C_LIBRARY];
const isHere = isInstalled('qemu-aarch64', 'qemu') && existsSync(join(C_LIBRARY, 'lib/libstdc++.so.6'));
const CHANNELS = {
  sms: { kind: 'smpp', host: '127.0.0.1', port: 1, systemId: 'laba', source: '10690000' },
  push: { subject: 'mailto:duty@county.example' },
  email: { host: 'mail.example', from: 'laba@county.example' },
};
const PASSWORD = 'a long night by the river';

describe.skipIf(!isHere)('the arm64 archive under qemu (needs qemu-user, libc6-arm64-cross, libstdc++6-arm64-cross)', () => {
  let made: Awaited<ReturnType<typeof freshArchive>>;
  let village: Unpacked;
  let house: Started | undefined;
  beforeAll(async () => {
    made = await freshArchive('arm64');
    village = await Unpacked.from(made.file, (folder) => [...QEMU, join(folder, 'bin/node'), join(folder, 'lib/main.js')]);
  });
  afterAll(async () => {
    await house?.stop();
    village.remove();
    made.remove();
  });

  const node = (...args: string[]) => [...QEMU.slice(1), join(village.folder, 'bin/node'), ...args];

  it('is arm64 to the last addon', () => {
    expect(execFileSync(QEMU[0]!, node('-p', 'process.arch'), { env: {}, encoding: 'utf8' }).trim()).toBe('arm64');
    const elfs = execFileSync('find', [village.folder, '-name', '*.node', '-o', '-name', '*.so.*', '-o', '-path', '*/bin/node'], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(elfs.length).toBe(5);
    // The machine's number in an ELF head: 183 is AArch64.
    const machines = elfs.map((file) => execFileSync('od', ['-An', '-tu2', '-j18', '-N2', file], { encoding: 'utf8' }).trim());
    expect(machines).toEqual(elfs.map(() => '183'));
  });

  it('begins a county: the database is made and migrated; the house answers; its first officer sets a password and signs in', async () => {
    expect(await village.laba(['--version'])).toMatch(/^laba \d/);
    const begun = await village.laba(['init', '--divisions', join(village.folder, 'infra/divisions/533324.csv'), '--county', '533324']);
    const [, path] = /(\/first\/[\w-]+)/.exec(begun)!;
    // What speaks with a provider is loaded only where there is one.
    const channels = join(village.folder, 'channels.json');
    writeFileSync(channels, JSON.stringify(CHANNELS));
    house = await village.start(['start'], 'ready in', { LABA_CHANNELS: channels });
    expect(await (await fetch(`${village.url}/livez`)).json()).toEqual({ alive: true });
    const body = new URLSearchParams({ password: PASSWORD, again: PASSWORD });
    expect((await fetch(village.url + path!, { method: 'POST', body })).status).toBe(200);
    const client = new Client(village.url);
    await client.signIn('admin', PASSWORD);
    expect((await client.get<{ nodes: unknown[] }>('/api/v1/grid?depth=3')).nodes.length).toBeGreaterThan(30);
    expect(await house.stop()).toBe(0);
    house = undefined;
  });

  it('draws a photo', async () => {
    const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#336699' } })
      .png()
      .toBuffer();
    const drawn = execFileSync(QEMU[0]!, node(join(village.folder, 'lib/draw-photo.js')), { env: {}, input: picture });
    expect(drawn.subarray(0, 24).toString()).toBe('{"width":40,"height":30}');
  });
});
