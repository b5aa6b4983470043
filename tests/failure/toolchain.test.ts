// `npm start` killed outright, or told to stop in the middle: only npm's shell hears of it, and nothing may stay behind all the same.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const TOOLCHAIN = join(import.meta.dirname, '../../infra/toolchain');
const sha256 = (...texts: string[]) => texts.reduce((hash, text) => hash.update(text), createHash('sha256')).digest('hex');

const MODULE = '{"type": "module"}';

let root: string;
let npm: ChildProcess | undefined;

// A repository whose house is a program that says it runs and takes its time to stop; installed, as the stamps say.
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'laba-toolchain-'));
  for (const folder of ['infra/toolchain', 'services/host/src', 'packages', '.tools', 'node_modules', 'data'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const name of ['laba.mjs', 'pages.mjs', 'package.json', 'package-lock.json']) copyFileSync(join(TOOLCHAIN, name), join(root, 'infra/toolchain', name));
  for (const name of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml']) writeFileSync(join(root, name), MODULE);
  writeFileSync(
    join(root, 'services/host/src/main.ts'),
    `import { writeFileSync } from 'node:fs';
    const heard: string[] = [];
    const stop = (why: string) => { heard.push(why); writeFileSync('data/heard', heard.join(' ')); setTimeout(() => process.exit(0), 1_200); };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
    process.on('disconnect', () => stop('alone'));
    console.log('runs');
    setInterval(() => {}, 1_000);`,
  );
  const read = (name: string) => readFileSync(join(root, name), 'utf8');
  writeFileSync(join(root, '.tools/stamp'), sha256(read('infra/toolchain/package.json'), read('infra/toolchain/package-lock.json')));
  writeFileSync(join(root, 'node_modules/.laba-stamp'), sha256(MODULE, MODULE, MODULE));
});

afterEach(() => {
  for (const pid of processes()) process.kill(pid, 'SIGKILL');
  npm?.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** Whatever works in the folder. */
function processes(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && pid !== process.pid && readlinkSync(`/proc/${pid}/cwd`).startsWith(root);
      } catch {
        return false;
      }
    });
}

// Stands for npm: a process that runs the script by a shell of its own.
async function npmStart(): Promise<ChildProcess> {
  const asNpm = `require('node:child_process').spawn('sh', ['-c', 'node infra/toolchain/laba.mjs start; true'], { stdio: 'inherit' })`;
  const started = spawn(process.execPath, ['-e', asNpm], {
    cwd: root,
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  npm = started;
  await new Promise<void>((resolve) => started.stdout!.on('data', (chunk: Buffer) => (chunk.toString().includes('runs') ? resolve() : undefined)));
  return started;
}

const heard = () => readFileSync(join(root, 'data/heard'), 'utf8');

it('npm killed outright: the house is told once, in good order, and all of them go', async () => {
  const started = await npmStart();
  expect(processes().length).toBeGreaterThanOrEqual(4);
  started.kill('SIGKILL');
  await expect.poll(processes, { timeout: 60_000 }).toEqual([]);
  expect(heard()).toBe('SIGTERM');
});

it('the toolchain killed outright: the house hears that it is alone', async () => {
  await npmStart();
  const toolchain = execFileSync('pgrep', ['-f', '^node infra/toolchain/laba.mjs start'], { encoding: 'utf8' }).trim().split('\n').map(Number);
  for (const pid of toolchain) if (processes().includes(pid)) process.kill(pid, 'SIGKILL');
  await expect.poll(processes, { timeout: 60_000 }).toEqual([]);
  expect(heard()).toBe('alone');
});

it('the shell of npm told to stop: the house is told', async () => {
  const started = await npmStart();
  const shell = Number(execFileSync('pgrep', ['-P', String(started.pid)], { encoding: 'utf8' }).trim());
  process.kill(shell, 'SIGTERM');
  await expect.poll(processes, { timeout: 60_000 }).toEqual([]);
  expect(heard()).toBe('SIGTERM');
});
