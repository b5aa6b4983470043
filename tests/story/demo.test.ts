// What a newcomer sees: `laba demo` on real processes, 211 gateways, real sound files; the figures it prints are held to their promise.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { level, readWav, unsteadiness } from '../harness/wav-measure.ts';

const MAIN = fileURLToPath(import.meta.resolve('@laba/host/main'));

interface Outcome {
  code: number;
  out: string;
  err: string;
}

interface DasuoJson {
  scenario: string;
  alertId: string;
  raiseToFirstPlayingMs: number;
  raiseToAllReceivedMs: number;
  speakers: Record<string, number>;
  repeats: number;
  members: Record<string, number>;
  ladder: Record<string, number>;
  sections: { needed: number; have: number; commander: string | null };
  tasks: { total: number; byStatus: Record<string, number> };
  households: { total: number; accounted: number; byStatus: Record<string, number> };
  wav: string[];
  timeline: { atMs: number; event: string; who: string }[];
}

interface CountyJson {
  speakers: Record<string, number>;
  raiseToPlayingMs: { p50: number; p99: number; target: number; met: boolean };
  cancelToSilentMs: { p50: number; p99: number };
  faults: { off: string[]; deadPlayers: string[]; forecastNamed: string[]; liveNamed: string[]; namedWithinMs: number };
}

interface AloneJson {
  agree: boolean;
  lost: number;
  doubled: number;
  late: number;
  bytesUp: number;
  mergeBytesUp: number;
  households: Record<string, number>;
  persons: Record<string, number>;
  timeline: { event: string }[];
  expectations: { name: string; held: boolean; saw: unknown }[];
}

describe('laba demo', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'laba-demo-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const laba = (...args: string[]): Promise<Outcome> =>
    new Promise((resolve) => {
      const env = { ...process.env, LABA_DATA: dir, LABA_PORT: '0', LABA_MQTT_PORT: '0' };
      execFile(process.execPath, [MAIN, ...args], { env, maxBuffer: 64 * 1_048_576 }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
      );
    });

  it('dasuo: from the telephone to the all-clear; siren and then speech are in the sound', async () => {
    const { code, out, err } = await laba('demo', 'dasuo', '--json');
    expect(err).not.toContain('laba:');
    const result = JSON.parse(out) as DasuoJson;
    expect(code).toBe(0);
    expect(result).toMatchObject({ scenario: 'dasuo', speakers: { total: 1, received: 1, playing: 1, played: 1, stopped: 1, refused: 0, failed: 0 } });
    expect(result.repeats).toBeGreaterThanOrEqual(2);
    expect(result.members).toMatchObject({ coming: 0, onTheWay: 0, cannot: 2 });
    expect(result.sections.have).toBe(result.sections.needed);
    expect(result.sections).toMatchObject({ pairsOverdue: 0, commander: expect.stringContaining('演示') as string });
    expect(result.ladder).toMatchObject({ total: 1, persons: 199, overdue: 0 });
    expect(result.tasks).toMatchObject({ open: 0, byStatus: { 'signed-off': result.tasks.total } });
    expect(result).toMatchObject({ households: { total: 65, accounted: 65 }, persons: { total: 199, found: 0, accounted: 199, byStatus: { unreached: 0 } } });
    expect(result.households.byStatus).toEqual({ moved: 63, away: 1, relocated: 1 });
    expect(result.timeline.map((line) => line.event)).toEqual(
      expect.arrayContaining([
        'rollcall.frozen',
        'rollcall.completed',
        'alert.raised',
        'audience.frozen',
        'command.published',
        'delivery.received',
        'delivery.playing',
        'alert.quietened',
        'alert.ended',
      ]),
    );
    const sounds = result.wav.map(readWav).sort((a, b) => b.seconds - a.seconds);
    const order = sounds[0]!;
    expect(order).toMatchObject({ sampleRate: 16_000, channels: 1, bits: 16 });
    expect(level(order, 0.5, 4.5)).toBeGreaterThan(0.2);
    expect(level(order, 6, order.seconds)).toBeGreaterThan(0.03);
    expect(unsteadiness(order, 0.5, 4.5)).toBeLessThan(0.3);
    expect(unsteadiness(order, 6, order.seconds)).toBeGreaterThan(0.4);
    expect(sounds.at(-1)!.seconds).toBeLessThan(order.seconds);
  });

  it('county --with-faults: every sound pole plays, what is broken is named before and after, one person silences all', async () => {
    const { out, err } = await laba('demo', 'county', '--with-faults', '--json');
    expect(err).not.toContain('laba:');
    const result = JSON.parse(out) as CountyJson;
    expect(result.speakers).toMatchObject({ total: 211, playing: 194 });
    expect(result.faults.off).toHaveLength(12);
    expect(result.faults.deadPlayers).toHaveLength(5);
    expect(result.faults.forecastNamed).toEqual([...result.faults.off, ...result.faults.deadPlayers].sort());
    expect(result.faults.liveNamed).toHaveLength(17);
    expect(result.faults.namedWithinMs).toBeLessThanOrEqual(90_000);
    console.log(
      `raise to playing, 194 poles: p50 ${result.raiseToPlayingMs.p50} ms, p99 ${result.raiseToPlayingMs.p99} ms; cancel to silent p99 ${result.cancelToSilentMs.p99} ms`,
    );
  });

  it('alone: the line is cut, the village goes on by itself, and both databases hold the same when it is back', async () => {
    const { code, out, err } = await laba('demo', 'alone', '--json');
    expect(err).not.toContain('laba:');
    const result = JSON.parse(out) as AloneJson;
    expect(result.expectations.filter(({ held }) => !held)).toEqual([]);
    expect(code).toBe(0);
    expect(result).toMatchObject({ agree: true, lost: 0, doubled: 0, late: 0, joined: 3 });
    expect(result.households).toMatchObject({ total: 65, accounted: 65 });
    expect(result.persons).toMatchObject({ total: 199, accounted: 199 });
    // The line was cut all night: what passed it came before and after.
    expect(result.bytesUp).toBeGreaterThan(result.mergeBytesUp);
    expect(result.mergeBytesUp).toBeGreaterThan(0);
    const [raised, playing, ended] = ['alert.raised', 'delivery.playing', 'alert.ended'].map((type) =>
      result.timeline.findIndex(({ event }) => event === type),
    );
    expect([raised, playing, ended].every((at) => at! >= 0) && raised! < playing! && playing! < ended!).toBe(true);
  }, 480_000);
});
