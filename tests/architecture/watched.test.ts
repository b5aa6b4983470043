// Dashboard and alert rules speak of metrics that exist, every alert has its page, and promtool finds nothing to say against them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isInstalled } from '../harness/installed.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROMETHEUS = join(ROOT, 'infra/prometheus');
const RUNBOOKS = join(ROOT, 'infra/runbooks');

const rules = readFileSync(join(PROMETHEUS, 'alert-rules.yml'), 'utf8');
const dashboard = readFileSync(join(ROOT, 'infra/grafana/dashboard.json'), 'utf8');
const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map((match) => match[1]!);
const pages = readdirSync(RUNBOOKS).sort();

/** The names that code registers. A histogram is three series. */
function registered(): Set<string> {
  const code = ['metrics', 'metrics-gauges'].map((file) => readFileSync(join(ROOT, `packages/runtime/src/${file}.ts`), 'utf8')).join('\n');
  const names = new Set([...code.matchAll(/'(laba_[a-z0-9_]+)'/g)].map((match) => match[1]!));
  const histograms = [...code.matchAll(/#histogram\(\s*'(\w+)'/g)].map((match) => match[1]!);
  return new Set([...names, ...histograms.flatMap((name) => [`${name}_bucket`, `${name}_sum`, `${name}_count`])]);
}

const namesIn = (text: string) => new Set(text.match(/\blaba_[a-z0-9_]+/g));
/** A rule without a test would be asserted by nobody. */
const tested = new Set([...readFileSync(join(PROMETHEUS, 'alert-rules.test.yml'), 'utf8').matchAll(/alertname: (\w+)/g)].map((match) => match[1]!));

test('every metric of the dashboard and of the rules exists in code, and every metric is shown', () => {
  const known = registered();
  for (const name of [...namesIn(dashboard), ...namesIn(rules)]) expect(known).toContain(name);
  const shown = [...namesIn(dashboard)].map((name) => name.replace(/_(bucket|sum|count)$/, ''));
  for (const name of known) expect(shown).toContain(name.replace(/_(bucket|sum|count)$/, ''));
});

test('every alert has its page, and every page its alert', () => {
  const named = [...rules.matchAll(/runbook: infra\/runbooks\/([a-z-]+\.md)/g)].map((match) => match[1]!);
  expect(named.toSorted()).toEqual(pages);
  expect(named).toHaveLength(alerts.length);
  for (const page of pages) {
    const text = readFileSync(join(RUNBOOKS, page), 'utf8');
    expect(alerts).toContain(/^# (\w+)/.exec(text)![1]);
    expect(text, page).toMatch(/怎么办/);
    expect(text, page).toMatch(/What to do/);
  }
});

test('the dashboard is one that Grafana reads', () => {
  const { panels, uid } = JSON.parse(dashboard) as { uid: string; panels: { id: number; title: string; targets: { expr: string }[] }[] };
  expect(uid).toBe('laba');
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { title, targets } of panels) expect(targets.length, title).toBeGreaterThan(0);
});

describe.skipIf(!isInstalled('promtool', 'prometheus'))('promtool', () => {
  const promtool = (...args: string[]) => execFileSync('promtool', args, { cwd: PROMETHEUS, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  test('reads the configuration and the rules', () => {
    expect(promtool('check', 'config', 'prometheus.yml')).toContain('is valid prometheus config file');
    expect(promtool('check', 'rules', 'alert-rules.yml')).toContain(`${alerts.length} rules found`);
  });

  test('finds each rule quiet below its threshold and loud above it', () => {
    expect([...tested].sort()).toEqual(alerts.toSorted());
    expect(promtool('test', 'rules', 'alert-rules.test.yml')).toContain('SUCCESS');
  });

  test('reads every expression of the dashboard', () => {
    const exprs = [...dashboard.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map((match) => JSON.parse(match[1]!) as string);
    expect(exprs.length).toBeGreaterThan(15);
    // As recording rules: promtool has no other word for a bare expression.
    const rule = (expr: string, i: number) => ({ record: `panel:${i}`, expr });
    const folder = mkdtempSync(join(tmpdir(), 'laba-panels-'));
    writeFileSync(join(folder, 'panels.yml'), JSON.stringify({ groups: [{ name: 'panels', rules: exprs.map(rule) }] }));
    expect(promtool('check', 'rules', join(folder, 'panels.yml'))).toContain(`${exprs.length} rules found`);
    rmSync(folder, { recursive: true });
  });
});
