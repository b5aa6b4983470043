// The terminal as the README tells of it: a first alert by hand in the demo county, and a real county from its first minute.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '@laba/host/free-port';
import { begin, laba, type Running } from '../harness/terminal.ts';
import { whereItIsNoon } from '../harness/time-of-day.ts';

const DASUO = '53332410120501';
const DIVISIONS = join(import.meta.dirname, '../../infra/divisions/1507.csv');
const PASSWORD = 'a long word of no use elsewhere';

let dir: string;
let env: Record<string, string>;
let running: Running;

const run = (...args: string[]) => laba(env, ...args);
const firstWord = (text: string) => text.split(/\s/)[0]!;

async function envFor(folder: string): Promise<Record<string, string>> {
  const ports = { LABA_PORT: String(await freePort('127.0.0.1')), LABA_MQTT_PORT: String(await freePort('127.0.0.1')) };
  return { LABA_DATA: folder, ...ports, LABA_LOG_LEVEL: 'error', LABA_UTC_OFFSET_MINUTES: whereItIsNoon() };
}

async function start(): Promise<void> {
  running = begin(env, 'start');
  await vi.waitFor(() => expect(running.said()).toContain('is ready'), { timeout: 60_000 });
}

async function end(): Promise<void> {
  running.child.kill('SIGTERM');
  await running.ended;
  rmSync(dir, { recursive: true, force: true });
}

describe('the demo county', () => {
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-terminal-'));
    env = await envFor(dir);
    await start();
  });
  afterAll(end);

  it('reports, drafts, forecasts, raises, watches and ends, in lines that a person reads', async () => {
    const report = await run('report', 'new', '--at', DASUO, '--hazard', 'debris-flow', '--text', 'A roar from the gully');
    expect(report.out).toMatch(/^\S{36} {2}number \S+ {2}new\nnext: laba report verify/);
    expect((await run('report', 'verify', firstWord(report.out), '--result', 'true')).out).toContain('泥石流 debris flow');
    const draft = await run(
      'alert',
      'draft',
      '--template',
      'debris-flow-move-now',
      '--area',
      DASUO,
      '--mode',
      'drill',
      '--kind',
      'order',
      '--order',
      'move-now',
    );
    expect(draft.out).toMatch(/演练 drill {2}draft {2}order move-now[^]*You may raise this now\nnext: laba alert forecast/);
    const id = firstWord(draft.out);
    expect((await run('alert', 'forecast', id)).out).toMatch(/speakers {4}1 of 1 online[^]*members {5}11 called[^]*households {2}65, 199 persons/);
    expect((await run('alert', 'raise', id)).out).toContain('drill  raised');
    await expect
      .poll(async () => (await run('alert', 'ladders', id)).out, { timeout: 60_000 })
      .toMatch(/villages {2}1: 0 answered, 0 moving .*\n.*asked {2}answer due by/);
    await expect.poll(async () => (await run('alert', 'coverage', id)).out, { timeout: 60_000 }).toMatch(/speakers {2}1: 1 playing\nmembers {3}11: 11 waiting/);
    expect((await run('alert', 'timeline', id)).out).toMatch(/The alert was raised[^]*playing \(repeat 1\)/);
    expect((await run('alert', 'end', id, '--checked-by', '演示监测员')).out).toContain('drill  ended');
    expect((await run('alert', 'list')).out).toContain(`${id}  演练 drill  ended`);
    expect(JSON.parse((await run('alert', 'show', id, '--json')).out)).toMatchObject({ id, state: 'ended', slopeCheckedBy: '演示监测员' });
    const refused = await run('alert', 'raise', id);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/^laba: .*\(transition-refused\)\n$/);
  });

  it('a second house on the same folder is refused in one line, also on other ports', async () => {
    const second = await laba({ ...(await envFor(dir)) }, 'start');
    expect(second).toMatchObject({ code: 1, out: '' });
    expect(second.err).toBe(`laba: A Laba already runs on ${dir}: use that one, stop it, or name another folder with LABA_DATA.\n`);
  });

  it('what it writes is for its own user only', () => {
    const open = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => (statSync(join(dir, name)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
  });

  it('another folder than that of the county which answers is said so', async () => {
    const other = mkdtempSync(join(tmpdir(), 'laba-terminal-other-'));
    writeFileSync(join(other, 'house.json'), JSON.stringify({ county: '533324', demo: true, ready: true }));
    writeFileSync(join(other, 'demo-logins.json'), JSON.stringify({ logins: [{ username: 'duty1', password: 'of another house' }] }));
    expect((await laba({ ...env, LABA_DATA: other }, 'alert', 'list')).err).toMatch(/is not the one of .*LABA_DATA/);
    rmSync(other, { recursive: true });
  });
});

describe('a real county', () => {
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-terminal-real-'));
    env = await envFor(join(dir, 'county'));
  });
  afterAll(end);

  const groups = (text: string) => {
    writeFileSync(join(dir, 'groups.csv'), text);
    return join(dir, 'groups.csv');
  };

  it('a county that the file does not hold leaves nothing behind that a start would take for the demo', async () => {
    expect(await run('init', '--divisions', DIVISIONS, '--county', '999999')).toMatchObject({ code: 1, out: '' });
    expect(readdirSync(env['LABA_DATA']!)).toEqual([]);
  });

  it('begins with a link for its first officer, who sets a password once; before that a new link can be had', async () => {
    const first = await run('init', '--divisions', DIVISIONS, '--county', '150702');
    const again = await run('init', '--divisions', DIVISIONS, '--county', '150702');
    expect([first.code, again.code]).toEqual([0, 0]);
    await start();
    expect(running.said()).not.toContain('demo');
    const [old, link] = [first, again].map(({ out }) => /http\S+/.exec(out)![0]);
    const set = (to: string) =>
      fetch(to, { method: 'POST', body: new URLSearchParams({ password: PASSWORD, again: PASSWORD }) }).then((response) => response.status);
    expect([await set(old!), await set(link!), await set(link!)]).toEqual([404, 200, 404]);
    expect((await run('report', 'list')).err).toMatch(/^laba: Say who you are: set LABA_USER and LABA_PASSWORD/);
    Object.assign(env, { LABA_USER: 'admin', LABA_PASSWORD: PASSWORD });
    expect(await run('report', 'list')).toMatchObject({ code: 0, out: 'no reports\n' });
  });

  it('imports its groups: faulty rows are named, also when only checking, and nothing is written', async () => {
    const header = 'code,name,parent_code,party_branch,languages\n';
    const faulty = groups(`${header}15070200100101,一组,150702001999,,\n`);
    for (const more of [[], ['--dry-run']]) {
      const said = await run('import', 'groups', faulty, ...more);
      expect(said).toMatchObject({ code: 1, out: '' });
      expect(said.err).toMatch(/^row 2, parent_code: no grid node has the code 150702001999/);
    }
    const good = groups(`${header}15070200100101,一组,150702001001,,\n15070200100102,二组,150702001001,,\n`);
    expect((await run('import', 'groups', good, '--dry-run')).out).toBe(
      `${good}: 2 rows, 2 new, 0 changed, 0 known already; only checked, nothing was written\n`,
    );
    expect((await run('import', 'groups', good)).out).toBe(`${good}: 2 rows, 2 new, 0 changed, 0 known already\n`);
  });

  it('enrols a gateway on this machine, one at a time in its folder', async () => {
    const box = begin(env, 'gateway', 'try');
    await expect.poll(() => box.said(), { timeout: 60_000 }).toMatch(/Claim code[^]*Enrolled and confirmed[^]*runs; player: wav/);
    expect((await run('gateway', 'try')).err).toMatch(/^laba: A gateway already runs on /);
    await expect
      .poll(
        async () =>
          (
            await run(
              'alert',
              'forecast',
              '--area',
              '150702',
              '--template',
              'debris-flow-move-now',
              '--mode',
              'drill',
              '--kind',
              'order',
              '--order',
              'move-now',
            )
          ).out,
        { timeout: 60_000 },
      )
      .toContain('1 of 1 online');
    box.child.kill('SIGINT');
    expect(await box.ended).toBe(0);
  });
});
