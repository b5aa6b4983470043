// The county burns and comes back out of a backup that is older than its loudspeakers: nothing over sounds, nothing is doubled, nothing is hidden.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '@laba/host/cli/client';
import { hasEveryEngine } from '../harness/installed-engines.ts';
import { checkI3, type HistoryPlay } from '../harness/invariants.ts';
import { ALL_CLEAR, MOVE_NOW } from '../harness/officer.ts';
import { VILLAGE } from '../harness/small-county.ts';
import { RealTown, type PlayLogLine } from '../harness/real-town.ts';
import { laba } from '../harness/terminal.ts';

const order = {
  mode: 'live',
  kind: 'order',
  order: 'move-now',
  eventCode: '11D00',
  areaCodes: [VILLAGE],
  durationMinutes: 60,
  intervalSeconds: 1,
  texts: [{ language: 'zh-CN', title: '转移', text: MOVE_NOW }],
  endTexts: [{ language: 'zh-CN', title: '解除', text: ALL_CLEAR }],
  cancelTexts: [],
};

const startsOf = (log: readonly PlayLogLine[]): HistoryPlay[] =>
  log
    .filter((line) => line.event === 'started')
    .map((line) => ({
      speakerId: line.speakerId,
      alertId: line.alertId,
      revision: line.revision,
      purpose: line.purpose === 'alert' ? 'alert' : 'all-clear',
      repeat: line.repeat,
      mode: 'live',
      startedAtMs: Date.parse(line.startedAt),
      hasSiren: true,
      words: '',
    }));

interface Told {
  id: string;
  state: string;
  revision: number;
}
interface TimelineEvent {
  type: string;
  data: Record<string, unknown>;
}

type Env = Record<string, string>;

/** Where a house keeps everything, and an empty place for its successor. */
interface Machines {
  old: Env;
  /** Made when the old one is gone; no server of the new one remembers anything. */
  fresh(): Env;
}

function machinesOf(town: RealTown): Machines {
  const again = join(town.dir, 'again');
  if (town.profile === 'embedded') return { old: { LABA_DATA: town.dataDir }, fresh: () => ({ LABA_DATA: again }) };
  const { databaseUrl = '', redisUrl = '', brokerUrl = '', publicBrokerUrl = '' } = town.config;
  const engines = { LABA_PROFILE: 'clustered', LABA_REDIS_URL: redisUrl, LABA_BROKER_URL: brokerUrl, LABA_PUBLIC_BROKER_URL: publicBrokerUrl };
  const another = new URL(databaseUrl);
  another.pathname = '/again';
  return {
    old: { ...engines, LABA_DATA: town.dataDir, LABA_DATABASE_URL: databaseUrl },
    fresh() {
      execFileSync('psql', ['--quiet', databaseUrl, '--command', 'CREATE DATABASE again']);
      execFileSync('redis-cli', ['-u', redisUrl, '--no-auth-warning', 'FLUSHALL'], { stdio: 'pipe' });
      return { ...engines, LABA_DATA: again, LABA_DATABASE_URL: another.href };
    },
  };
}

const PROFILES = hasEveryEngine() ? (['embedded', 'clustered'] as const) : (['embedded'] as const);

describe.each(PROFILES)('a county restored from a backup: %s', (profile) => {
  let town: RealTown;
  beforeEach(async () => {
    town = await new RealTown({ profile }).layOut();
  });
  afterEach(() => town.close());

  const raise = async (client: Client) => {
    const { id } = await client.post<{ id: string }>('/api/v1/alerts', order);
    await client.post(`/api/v1/alerts/${id}/raise`);
    return id;
  };
  const sounds = (name: string, alertId: string, patience = 60_000) =>
    town.until(`${name} sounds ${alertId}`, () => startsOf(town.playLog(name)).some((play) => play.alertId === alertId && play.purpose === 'alert'), patience);
  const countOf = (name: string, alertId: string) => startsOf(town.playLog(name)).filter((play) => play.alertId === alertId && play.purpose === 'alert').length;
  const alertOf = (client: Client, id: string) => client.get<Told>(`/api/v1/alerts/${id}`);
  const timelineOf = async (client: Client, id: string) => (await client.get<{ events: TimelineEvent[] }>(`/api/v1/alerts/${id}/timeline?after=0`)).events;
  const degradedNow = async () => ((await (await fetch(`${town.url}/readyz`)).json()) as { degraded: string[] }).degraded.join('\n');

  it('older than its gateways: what was cancelled or ended stays silent everywhere, what sounds is found again and can be ended, a new alert sounds', async () => {
    const machines = machinesOf(town);
    const host = await town.startHost({ env: machines.old });
    const knowing = await town.startGateways('room', ['dasuo-1']);
    const officer = await town.officer('cadre1');
    const [cancelled, ended] = [await raise(officer), await raise(officer)];
    await sounds('room', cancelled);
    await sounds('room', ended);
    const file = join(town.dir, 'county.laba');
    const made = await laba(machines.old, 'backup', '--to', file);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);

    await officer.post(`/api/v1/alerts/${cancelled}/cancel`, { reason: '误报' });
    await officer.post(`/api/v1/alerts/${ended}/end`, { checkedBy: '演示监测员' });
    const unknown = await raise(officer);
    await sounds('room', unknown);
    await town.until('both are over at the gateway', async () => {
      const over = await Promise.all([cancelled, ended].map((id) => timelineOf(officer, id)));
      return over.every((events) => events.some((event) => event.type === 'delivery.stopped'));
    });
    const [silentA, silentB] = [countOf('room', cancelled), countOf('room', ended)];
    await town.kill(host);

    // The machine is another one: of the old folder only the key that was kept apart is left.
    const fresh = machines.fresh();
    expect(await laba(fresh, 'restore', file)).toMatchObject({ code: 1, err: expect.stringMatching(/--secret FILE/) });
    const restored = await laba(fresh, 'restore', file, '--secret', join(town.dataDir, 'secret.key'));
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(restored.out).toMatch(/2 alerts were active/);
    const soundedWithoutCounty = countOf('room', unknown);

    await town.startHost({ env: fresh });
    // A room that never heard of the end must not be told to play it by the restored county.
    await town.startGateways('late', ['upper-1']);
    const again = await town.officer('cadre1');
    await town.until('the unknown alert is found again', async () => (await alertOf(again, unknown).catch(() => undefined))?.state === 'raised');
    await town.until('the officer sees it', async () => /3 alerts are held[\s\S]*know .*over/.test(await degradedNow()));
    expect((await timelineOf(again, cancelled)).filter((event) => event.type === 'alert.over-elsewhere')).toHaveLength(1);
    await town.until('who sounded goes on', () => countOf('room', unknown) > soundedWithoutCounty);
    await town.until('its reports reach the restored county', async () =>
      (await timelineOf(again, unknown)).some((event) => event.type === 'delivery.playing'),
    );
    await town.until('no report waits any more', async () => (await waiting(again)) === 0);

    expect(countOf('late', cancelled) + countOf('late', ended) + countOf('late', unknown)).toBe(0);
    for (const id of [cancelled, unknown]) await again.post(`/api/v1/alerts/${id}/cancel`, { reason: '误报' });
    await again.post(`/api/v1/alerts/${ended}/end`, { checkedBy: '演示监测员' });
    await town.until('nothing is held', async () => !/restore:/.test(await degradedNow()));
    await town.until('the found alert falls silent', async () => (await timelineOf(again, unknown)).some((event) => event.type === 'delivery.stopped'));
    const anew = await raise(again);
    await sounds('room', anew);

    expect([countOf('room', cancelled), countOf('room', ended)]).toEqual([silentA, silentB]);
    expect(checkI3({ plays: startsOf(town.playLog('room')) })).toEqual([]);
    const seqs = (await timelineOf(again, anew)).filter((event) => event.type === 'command.published').map((event) => Number(event.data['seq']));
    expect(Math.min(...seqs)).toBeGreaterThan(1_000_000);
    await town.kill(knowing);
  });

  const waiting = async (client: Client) => {
    const { gateways } = await client.get<{ gateways: { online: boolean | null; reportsWaiting: number | null }[] }>('/api/v1/gateways');
    return gateways.filter((one) => one.online).reduce((sum, one) => sum + (one.reportsWaiting ?? 0), 0);
  };
});
