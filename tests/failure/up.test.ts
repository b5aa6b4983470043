// `laba up --clustered` as its operator meets it: one command, the Dasuo night through the one origin, copies that die, and nothing left behind.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freeLocalPort } from '@laba/engines/server-process';
import { SERVICES } from '@laba/runtime/config';
import { hasEveryEngine } from '../harness/installed-engines.ts';
import { isInstalled } from '../harness/installed.ts';
import { begin, laba, type Running } from '../harness/terminal.ts';

const has = hasEveryEngine() && isInstalled('nginx', 'nginx');
const DIVISIONS = fileURLToPath(new URL('../../infra/divisions/533324.csv', import.meta.url));
const WAIT = { timeout: 170_000, interval: 200 };

interface Process {
  pid: number;
  parent: number;
  /** SERVICES of a process of the house. */
  service: string | undefined;
}

describe.skipIf(!has)('laba up --clustered', () => {
  const dir = mkdtempSync(join(tmpdir(), 'laba-up-'));
  const env: Record<string, string> = { LABA_DATA: join(dir, 'county'), LABA_LOG_LEVEL: 'warn' };
  let up: Running;
  let url: string;

  beforeAll(async () => {
    // The engines that root starts have users of their own, who walk through here.
    chmodSync(dir, 0o711);
    Object.assign(env, { LABA_PORT: String(await freeLocalPort()), LABA_MQTT_PORT: String(await freeLocalPort()) });
    url = `http://127.0.0.1:${env['LABA_PORT']}`;
    up = begin(env, 'up', '--clustered');
  });
  afterAll(async () => {
    up.child.kill('SIGKILL');
    await up.ended;
    rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  });

  const answers = () => fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then((response) => response.status);

  it('tells where the page is and how to sign in', async () => {
    await expect.poll(() => up.child.exitCode ?? up.said(), WAIT).toSatisfy((said) => typeof said === 'number' || said.includes('is ready'));
    expect(up.said()).toContain('is ready');
    expect(up.said()).toContain(`${url}/`);
    // Told after the addresses, and read as it comes.
    await expect.poll(() => up.said(), WAIT).toMatch(/cadre1\s+\S{12}/);
    expect(await answers()).toBe(200);
    expect(serving(up)).toEqual(SERVICES.flatMap((service) => [service, service]).toSorted());
  });

  it('the Dasuo night holds all that it promises, though a copy of each service is killed while the speaker sounds', async () => {
    const night = begin(env, 'demo', 'dasuo', '--json');
    await expect.poll(() => night.said(), WAIT).toContain('move now');
    for (const service of SERVICES) {
      const victim = processesOf(up).find((one) => one.service === service);
      process.kill(victim!.pid, 'SIGKILL');
      expect(await answers()).toBe(200);
    }
    expect(await night.ended, night.said()).toBe(0);
    await expect.poll(() => serving(up), WAIT).toEqual(SERVICES.flatMap((service) => [service, service]).toSorted());
    for (const service of SERVICES) expect(up.said()).toMatch(new RegExp(`${service}-\\d ended \\(SIGKILL\\) and is started again`));
    await expect.poll(answers, WAIT).toBe(200);
  });

  it('told to stop, it stops everything that it started', async () => {
    const all = processesOf(up);
    expect(all.length).toBeGreaterThanOrEqual(SERVICES.length * 2 + 4);
    up.child.kill('SIGTERM');
    expect(await up.ended).toBe(0);
    expect(up.said()).toContain('SIGTERM, stopping');
    expect(all.filter(({ pid }) => stat(pid) !== undefined)).toEqual([]);
  });
});

describe.skipIf(!has)('a county of one’s own', () => {
  const dir = mkdtempSync(join(tmpdir(), 'laba-own-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }));

  it('is begun before the first up, and its first officer comes in by the link', async () => {
    chmodSync(dir, 0o711);
    const env = { LABA_DATA: join(dir, 'county'), LABA_PORT: String(await freeLocalPort()), LABA_LOG_LEVEL: 'warn' };
    const made = await laba(env, 'init', '--clustered', '--divisions', DIVISIONS, '--county', '533324');
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toContain('./laba up --clustered');
    const up = begin(env, 'up', '--clustered');
    try {
      await expect.poll(() => up.child.exitCode ?? up.said(), WAIT).toSatisfy((said) => typeof said === 'number' || said.includes('is ready'));
      expect(up.said()).toContain('county 533324');
      expect(up.said()).not.toMatch(/demo|演示/);
      const link = /https?:\S+\/first\/\S+/.exec(made.out)![0];
      const page = await fetch(link);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('password')]);
      expect((await laba(env, 'init', '--divisions', DIVISIONS, '--county', '533324')).code).toBe(1);
    } finally {
      up.child.kill('SIGTERM');
      await up.ended;
    }
    expect(await laba(env, 'init', '--divisions', DIVISIONS, '--county', '533324')).toMatchObject({ code: 0, out: expect.stringContaining('/first/') });
  });
});

const serving = (up: Running) =>
  processesOf(up)
    .flatMap(({ service }) => service ?? [])
    .toSorted();

/** All that descends from it. */
function processesOf({ child }: Running): Process[] {
  const every = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (stat(Number(name)) ?? []) : []));
  const below = (pid: number): Process[] => every.filter(({ parent }) => parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  return below(child.pid!);
}

function stat(pid: number): Process | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return undefined;
    const service = /(?:^|\0)SERVICES=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
    return { pid, parent: Number(parent), service };
  } catch {
    return undefined;
  }
}
