// What Prometheus is told during a real alert: known names, few series, nobody's name; and only to who may ask.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isInstalled } from '../harness/installed.ts';
import { MOVE_NOW } from '../harness/officer.ts';
import { DASUO } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Label names, and how many values each may take in any house; a route is one of the house's own. */
const LABELS: Readonly<Record<string, number>> = {
  version: 1,
  profile: 1,
  node: 1,
  route: 150,
  method: 8,
  status: 30,
  consumer: 60,
  outcome: 4,
  kind: 6,
  direction: 3,
  code: 80,
  state: 12,
  mode: 3,
  engine: 3,
  proof: 4,
  le: 24,
};

function samplesOf(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line)!;
      return { name, labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!])), value: Number(value) };
    });
}

describe('the metrics during a real alert', () => {
  let town: Town;
  let text: string;
  let samples: Sample[];
  const value = (name: string, labels: Record<string, string> = {}) =>
    samples.find((one) => one.name === name && Object.entries(labels).every(([label, is]) => one.labels[label] === is))?.value;

  beforeAll(async () => {
    town = await openTown();
    await town.site('across-1').loseLine();
    const cadre = await town.officer('cadre1');
    await cadre.orders({ at: [DASUO] });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await town.clock.pass('2 min');
    await fetch(`${town.house.url()}/no/such/place/${Math.random()}`);
    text = await (await fetch(`${town.house.url()}/metrics`)).text();
    samples = samplesOf(text);
  });
  afterAll(() => town.close());

  test('tell what happened', () => {
    expect(value('laba_alerts_in_force', { mode: 'live' })).toBe(1);
    expect(samples.filter((one) => one.name === 'laba_deliveries').reduce((sum, one) => sum + one.value, 0)).toBe(1);
    expect(value('laba_gateways', { state: 'online' })).toBe(3);
    expect(value('laba_gateways', { state: 'silent' })).toBe(1);
    expect(value('laba_jobs_total', { consumer: 'dispatch.announce', outcome: 'done' })).toBeGreaterThan(0);
    expect(value('laba_mqtt_messages_total', { kind: 'report', direction: 'in' })).toBeGreaterThan(0);
    expect(value('laba_mqtt_messages_total', { kind: 'cmd', direction: 'out' })).toBeGreaterThan(0);
    expect(value('laba_http_requests_total', { route: '/api/v1/sessions', method: 'POST', status: '200' })).toBeGreaterThan(0);
    expect(value('laba_http_requests_total', { route: 'none', status: '404' })).toBe(1);
    expect(value('laba_commit_duration_seconds_count')).toBeGreaterThan(10);
    expect(value('laba_commit_callers_count')).toBeGreaterThan(10);
    expect(value('laba_outbox_age_seconds')).toBeLessThan(60);
    expect(value('laba_queue_jobs', { state: 'failed' })).toBe(0);
    expect(value('laba_watchdog_age_seconds')).toBeLessThan(60);
    expect(value('laba_proof_age_seconds', { proof: 'ladders' })).toBeLessThan(60);
    expect(value('laba_event_loop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(value('laba_process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(value('laba_engine_up', { engine: 'database' })).toBe(1);
    expect(value('laba_build_info', { profile: town.house.deps.config.profile })).toBe(1);
  });

  test('have few series: names of ours, labels with few values, no ids and no people', () => {
    expect(samples.filter((one) => !one.name.startsWith('laba_'))).toEqual([]);
    const values = new Map<string, Set<string>>();
    for (const { labels } of samples)
      for (const [label, is] of Object.entries(labels)) {
        expect(Object.keys(LABELS)).toContain(label);
        values.set(label, (values.get(label) ?? new Set()).add(is));
      }
    for (const [label, seen] of values) expect(seen.size, label).toBeLessThanOrEqual(LABELS[label]!);
    expect(samples.length).toBeLessThan(1_500);
    const words = [...values.values()].flatMap((seen) => [...seen]).join('\n');
    expect(words).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|\d{6}|[^ -~\n]|演示|打所|cadre1|dasuo/);
  });

  test('pass promtool', ({ skip }) => {
    skip(!isInstalled('promtool', 'prometheus'), 'promtool is not installed');
    expect(() => execFileSync('promtool', ['check', 'metrics'], { input: text, stdio: ['pipe', 'pipe', 'pipe'], encoding: 'utf8' })).not.toThrow();
  });

  test('are for this machine, or for who has the token', async () => {
    const ask = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
      town.house.app.inject({ url: '/metrics', headers, remoteAddress }).then(({ statusCode }) => statusCode);
    expect(await ask({})).toBe(200);
    expect(await ask({}, '10.0.0.7')).toBe(401);
    expect(await ask({ 'x-forwarded-for': '10.0.0.7' })).toBe(401);
    expect(await ask({ authorization: 'Bearer guessed' }, '10.0.0.7')).toBe(401);
  });
});
