// The archive of this machine's processor: the same bytes each time, whole, and enough for a village with nothing else on its machine.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { CLIPS } from '@laba/alerting/clip-index';
import { Client } from '@laba/host/cli/client';
import type { DemoFile } from '@laba/host/demo/demo-file';
import type { Arch } from '../../infra/archive/addons.ts';
import { enrolBelow } from './edge-house.ts';
import { freshArchive, Unpacked, type Started } from './unpacked.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');
const picture = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#336699' } })
    .png()
    .toBuffer();
const made: Awaited<ReturnType<typeof freshArchive>>[] = [];

describe('the archive of this machine', () => {
  let village: Unpacked;
  let house: Started | undefined;
  beforeAll(async () => {
    made.push(...(await Promise.all([freshArchive(process.arch as Arch), freshArchive(process.arch as Arch)])));
    village = await Unpacked.from(made[0]!.file);
  });
  afterAll(async () => {
    await house?.stop();
    village.remove();
    for (const one of made) one.remove();
  });

  const files = () => readdirSync(village.folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(village.folder, name)).isFile());
  const demo = () => JSON.parse(readFileSync(join(village.data, 'demo-logins.json'), 'utf8')) as DemoFile;
  const text = (name: string) => readFileSync(join(village.folder, name), 'utf8');
  const sumsHold = () => run('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: village.folder });

  it('made twice is the same bytes, below 80 MB', () => {
    expect(made[0]!.sha256).toBe(made[1]!.sha256);
    expect(made[0]!.bytes).toBeLessThan(80_000_000);
    expect(readFileSync(`${made[0]!.file}.sha256`, 'utf8')).toMatch(new RegExp(`^${made[0]!.sha256}  laba-[\\d.]+-linux-${process.arch}\\.tar\\.gz\\n$`));
  });

  it('names the sum of every file in it, and a file changed on the way is found', async () => {
    await sumsHold();
    const named = text('SHA256SUMS')
      .trim()
      .split('\n')
      .map((line) => line.slice(66));
    expect(named.toSorted()).toEqual(
      files()
        .filter((name) => name !== 'SHA256SUMS')
        .toSorted(),
    );
    const clip = join(village.folder, 'services/alerting/clips', `${CLIPS[0]!.sha256}.wav`);
    const whole = readFileSync(clip);
    writeFileSync(clip, whole.subarray(0, -1));
    await expect(sumsHold()).rejects.toMatchObject({ stdout: expect.stringContaining(`${CLIPS[0]!.sha256}.wav: `) });
    writeFileSync(clip, whole);
  });

  it('tells of no folder of the machine that made it, holds nobody’s data, and says whose programs it carries', () => {
    const ours = files().filter((name) => !name.startsWith('bin/') && !/\.(wav|node)$|\.so[.\d]*$/.test(name));
    expect(ours.filter((name) => [ROOT, homedir() === '/' ? ROOT : `${homedir()}/`].some((path) => text(name).includes(path)))).toEqual([]);
    expect(files().filter((name) => name.startsWith('data/') || /\.(db|key)$/.test(name))).toEqual([]);
    const others = text('LICENSES-OF-OTHERS.txt');
    for (const name of ['fastify', 'drizzle-orm', 'aedes', 'better-sqlite3', '@node-rs/argon2', 'sharp', `@img/sharp-libvips-linux-${process.arch}`]) {
      expect(others).toContain(`\n${name} `);
    }
  });

  it('starts with nothing around it: no PATH, no home', async () => {
    expect(await village.laba(['--version'])).toMatch(/^laba \d+\.\d+\.\d+\n$/);
    expect(await village.laba(['help'])).toContain('laba start');
    house = await village.start(['start'], 'ready in');
    expect(await (await fetch(`${village.url}/livez`)).json()).toEqual({ alive: true });
    const paths = [
      '/',
      '/assets/app.js',
      '/assets/app.css',
      '/phone/phone.js',
      '/phone/phone.css',
      '/phone/service-worker.js',
      `/audio/${CLIPS[0]!.sha256}.wav`,
    ];
    const answers = await Promise.all(paths.map(async (path) => [path, (await fetch(village.url + path)).status]));
    expect(answers).toEqual(paths.map((path) => [path, 200]));
  });

  it('a cadre signs in, a gateway is claimed and runs, and the county is backed up', async () => {
    const { logins } = demo();
    const admin = logins.find((login) => login.role === 'admin') ?? logins[0]!;
    const client = new Client(village.url);
    await client.signIn(admin.username, admin.password);
    expect((await client.get<{ nodes: unknown[] }>('/api/v1/grid?depth=3')).nodes.length).toBeGreaterThan(30);
    const box = join(village.data, 'box');
    await (await village.start(['gateway', 'try', '--dir', box], 'runs; player')).stop();
    const gateway = await village.start(['gateway', 'run', '--dir', box], 'runs; player');
    expect(await gateway.stop()).toBe(0);
    const backup = join(village.data, 'county.tar');
    expect(await village.laba(['backup', '--to', backup])).toContain('County 533324');
    expect(statSync(backup).size).toBeGreaterThan(100_000);
    rmSync(backup);
  });

  it('a village’s own house is enrolled below it, is told its ground, and has its loudspeakers again at the next start', async () => {
    const below = await village.another('village');
    await enrolBelow(village, below, demo().dasuo.villageCode);
    const own = await below.start(['start'], 'ready in');
    expect(await (await fetch(`${below.url}/livez`)).json()).toEqual({ alive: true });
    expect(await own.stop()).toBe(0);
  });

  it('prints the tags of a village group, each with its code', async () => {
    const { logins, dasuo } = demo();
    const { username, password } = logins.find((login) => login.username === 'cadre1')!;
    const signIn = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password }) };
    const [cookie] = (await fetch(`${village.url}/api/v1/sessions`, signIn)).headers.getSetCookie().map((line) => line.split(';')[0]!);
    const sheet = await fetch(`${village.url}/api/v1/rollcall/tags?group=${dasuo.groupCode}`, { headers: { cookie: cookie! } });
    expect(await sheet.text()).toContain('<svg');
  });

  it('says that the clustered profile is not in it', async () => {
    const elsewhere = { LABA_DATA: join(village.data, 'elsewhere') };
    const engines = { LABA_DATABASE_URL: 'postgres://a:b@127.0.0.1/c', LABA_REDIS_URL: 'redis://127.0.0.1', LABA_BROKER_URL: 'mqtt://127.0.0.1' };
    const refusal = { code: 1, stderr: expect.stringContaining('laba: This archive runs the house of one machine.') };
    await expect(village.laba(['up', '--clustered'], elsewhere)).rejects.toMatchObject(refusal);
    await expect(
      village.laba(['init', '--divisions', join(village.folder, 'infra/divisions/533324.csv'), '--county', '533324'], {
        ...elsewhere,
        ...engines,
        LABA_PROFILE: 'clustered',
      }),
    ).rejects.toMatchObject(refusal);
  });

  it('draws a photo anew in a process of its own', async () => {
    const child = run(join(village.folder, 'bin/node'), [join(village.folder, 'lib/draw-photo.js')], { env: {}, encoding: 'buffer' });
    child.child.stdin!.end(await picture());
    expect((await child).stdout.subarray(0, 24).toString()).toBe('{"width":40,"height":30}');
  });
});
