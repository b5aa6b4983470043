// The program as its operator meets it: start, stop, a busy port, a folder without right; nothing is left behind.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '@laba/host/free-port';

const MAIN = fileURLToPath(import.meta.resolve('@laba/host/main'));

describe('laba start', () => {
  let dir: string;
  let blocker: Server | undefined;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'laba-start-'));
  });
  afterEach(async () => {
    for (const pid of processesOf(dir)) process.kill(pid, 'SIGKILL');
    await new Promise<void>((resolve) => (blocker === undefined ? resolve() : blocker.close(() => resolve())));
    blocker = undefined;
    rmSync(dir, { recursive: true, force: true });
  });

  // The fleet's processes carry the data folder in their arguments.
  const processesOf = (mark: string): number[] => {
    try {
      return execFileSync('pgrep', ['-f', mark], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map(Number)
        .filter((pid) => pid !== process.pid);
    } catch {
      return [];
    }
  };

  const start = async (env: Record<string, string> = {}): Promise<{ child: ChildProcess; said: () => string; ended: Promise<number | null> }> => {
    const ports = { LABA_PORT: String(await freePort('127.0.0.1')), LABA_MQTT_PORT: String(await freePort('127.0.0.1')) };
    const child = spawn(process.execPath, [MAIN, 'start'], {
      env: { ...process.env, ...ports, LABA_DATA: dir, LABA_LOG_LEVEL: 'error', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { child, said: () => text, ended: new Promise((resolve) => child.once('exit', (code) => resolve(code))) };
  };

  it.each(['SIGTERM', 'SIGINT'] as const)('is ready with 211 gateways, tells the logins once, and %s leaves no process behind', async (signal) => {
    const first = await start();
    await expect.poll(() => first.said(), { timeout: 60_000 }).toContain('is ready');
    expect(first.said()).toContain('212 connections');
    expect(first.said()).toMatch(/cadre1\s+\S{12}/);
    expect(processesOf(dir).length).toBeGreaterThanOrEqual(2);
    first.child.kill(signal);
    expect(await first.ended).toBe(0);
    await expect.poll(() => processesOf(dir), { timeout: 60_000 }).toEqual([]);
    const second = await start();
    await expect.poll(() => second.said(), { timeout: 60_000 }).toContain('is ready');
    expect(second.said()).not.toMatch(/cadre1\s+\S{12}/);
    second.child.kill(signal);
    await second.ended;
  });

  it('killed outright, its gateways notice and go', async () => {
    const { child, said } = await start();
    await expect.poll(said, { timeout: 60_000 }).toContain('is ready');
    child.kill('SIGKILL');
    await expect.poll(() => processesOf(dir), { timeout: 60_000 }).toEqual([]);
  });

  it('killed while it makes its tables and its county, however far it was, the next start is ready', async () => {
    const size = () => statSync(join(dir, 'laba.db-wal'), { throwIfNoEntry: false })?.size ?? 0;
    const sizes: number[] = [];
    for (const bytes of [0, 1, 200_000, 600_000]) {
      const { child, ended } = await start();
      while (child.exitCode === null && (bytes === 0 ? !existsSync(join(dir, 'in-use.lock')) : size() < bytes))
        await new Promise((resolve) => setTimeout(resolve, 2));
      sizes.push(size());
      child.kill('SIGKILL');
      expect(await ended).toBe(null);
    }
    expect(sizes.at(-1)).toBeGreaterThan(200_000);
    const { child, said, ended } = await start();
    await expect.poll(said, { timeout: 60_000 }).toContain('212 connections');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it.each(['LABA_PORT', 'LABA_MQTT_PORT'])('a busy %s is one line that says what to do', async (name) => {
    blocker = createServer();
    const port = await new Promise<number>((resolve) => blocker!.listen(0, '127.0.0.1', () => resolve((blocker!.address() as { port: number }).port)));
    const { said, ended } = await start({ [name]: String(port) });
    expect(await ended).toBe(1);
    const lines = said().trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`port ${port} is busy: .*${name}`, 'i'));
    expect(processesOf(dir)).toEqual([]);
  });

  it('a data folder that cannot be made is one line that says what to do', async () => {
    writeFileSync(join(dir, 'file'), '');
    const { said, ended } = await start({ LABA_DATA: join(dir, 'file', 'data') });
    expect(await ended).toBe(1);
    expect(said().trim().split('\n')).toEqual([expect.stringMatching(/Cannot write to .*LABA_DATA/)]);
  });

  it('a wrong setting is one line that names it', async () => {
    const { said, ended } = await start({ LABA_PORT: 'eighty' });
    expect(await ended).toBe(1);
    expect(said().trim()).toMatch(/^laba: LABA_PORT: /);
  });
});
