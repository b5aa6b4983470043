// The things that make the sound, each honest about when it began and how it ended.
import { chmodSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '@laba/runtime/clock';
import { FakeClock } from '@laba/runtime/fake-clock';
import { AplayPlayer } from './aplay-player.ts';
import { sha256Of } from './audio-cache.ts';
import { withDeadSpeakers } from './dead-player.ts';
import type { PlayOrder } from './player.ts';
import { playerOf } from './players.ts';
import { chime } from './siren.ts';
import { durationMs, encodeWav } from '@laba/runtime/wav';
import { WavPlayer } from './wav-player.ts';

const order = (repeat: number, speakerId = 'p'): PlayOrder => ({ speakerId, alertId: 'a', revision: 1, purpose: 'alert', repeat, mode: 'live' });

function sound() {
  const path = join(mkdtempSync(join(tmpdir(), 'laba-sound-')), 's.wav');
  const wav = encodeWav(chime());
  writeFileSync(path, wav);
  return { path, sha256: sha256Of(wav), durationMs: durationMs(chime()) };
}

describe('the player that writes WAV', () => {
  it('takes the real time, keeps each sound once and a line per play', async () => {
    const clock = new FakeClock();
    const dir = join(mkdtempSync(join(tmpdir(), 'laba-wav-')), 'sounds');
    const player = new WavPlayer(dir, clock);
    const one = sound();
    let started = 0;
    let ended = false;
    const playing = player.play(one, order(1), new AbortController().signal, () => started++).then(() => (ended = true));
    await expect.poll(() => started).toBe(1);
    await clock.advance(one.durationMs - 1);
    expect(ended).toBe(false);
    await clock.advance(1);
    await playing;
    const abort = new AbortController();
    const cut = player.play(one, order(2), abort.signal, () => started++);
    await expect.poll(() => started).toBe(2);
    await clock.advance(300);
    abort.abort();
    await expect(cut).rejects.toThrow();
    const all = readFileSync(join(dir, 'play-log.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(all.map((line) => [line['event'], line['repeat']])).toEqual([
      ['started', 1],
      ['ended', 1],
      ['started', 2],
      ['ended', 2],
    ]);
    const lines = all.filter((line) => line['event'] === 'ended');
    expect(lines).toMatchObject([
      {
        speakerId: 'p',
        alertId: 'a',
        revision: 1,
        purpose: 'alert',
        repeat: 1,
        mode: 'live',
        wav: `${one.sha256}.wav`,
        durationMs: one.durationMs,
        outcome: 'played',
      },
      { repeat: 2, outcome: 'stopped' },
    ]);
    expect(Date.parse(lines[1]!['endedAt'] as string) - Date.parse(lines[1]!['startedAt'] as string)).toBe(300);
    expect(readdirSync(dir).sort()).toEqual([`${one.sha256}.wav`, 'play-log.jsonl'].sort());
  });

  it('told to stop before it began does not begin', async () => {
    const player = new WavPlayer(mkdtempSync(join(tmpdir(), 'laba-wav-')), new FakeClock());
    let started = 0;
    await expect(player.play(sound(), order(1), AbortSignal.abort(), () => started++)).rejects.toThrow();
    expect(started).toBe(0);
  });
});

describe('the player behind ALSA', () => {
  function fakeAplay(script: string): string {
    const path = join(mkdtempSync(join(tmpdir(), 'laba-aplay-')), 'aplay');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  it('has begun when the device took the sound, not before', async () => {
    const player = new AplayPlayer('default', systemClock, fakeAplay('echo "Playing WAVE \'$3\' : Signed 16 bit" >&2'));
    let started = 0;
    await player.play(sound(), order(1), new AbortController().signal, () => started++);
    expect(started).toBe(1);
    expect(await player.probe()).toEqual({ ok: true });
  });

  it('fails with the words of aplay, and has then not begun', async () => {
    const player = new AplayPlayer('hw:9', systemClock, fakeAplay('echo "aplay: main:831: audio open error: No such device" >&2; exit 1'));
    let started = 0;
    await expect(player.play(sound(), order(1), new AbortController().signal, () => started++)).rejects.toThrow('audio open error: No such device');
    expect(started).toBe(0);
    expect(await player.probe()).toEqual({ ok: false, reason: 'aplay: main:831: audio open error: No such device' });
  });

  it('is killed when told to stop', async () => {
    const player = new AplayPlayer('default', systemClock, fakeAplay('echo "Playing WAVE" >&2; exec sleep 30'));
    const abort = new AbortController();
    const beganMs = Date.now();
    await expect(player.play(sound(), order(1), abort.signal, () => abort.abort('ended'))).rejects.toThrow();
    expect(Date.now() - beganMs).toBeLessThan(5_000);
  });

  it('does not wait for its own probe, which holds the device', async () => {
    const player = new AplayPlayer('default', systemClock, fakeAplay('case "$*" in *zero*) exec sleep 30;; esac; echo "Playing WAVE" >&2'));
    const probing = player.probe();
    const beganMs = Date.now();
    await player.play(sound(), order(1), new AbortController().signal, () => {});
    expect(Date.now() - beganMs).toBeLessThan(5_000);
    expect(await probing).toMatchObject({ ok: false });
  });

  it('that is not installed says so', async () => {
    const player = new AplayPlayer('default', systemClock, '/nowhere/aplay');
    await expect(player.play(sound(), order(1), new AbortController().signal, () => {})).rejects.toThrow('ENOENT');
    expect(await player.probe()).toMatchObject({ ok: false });
  });
});

it('dead speakers are dead and the others are not', async () => {
  const player = withDeadSpeakers(new WavPlayer(mkdtempSync(join(tmpdir(), 'laba-wav-')), new FakeClock()), new Set(['dead']));
  await expect(player.play(sound(), order(1, 'dead'), new AbortController().signal, () => {})).rejects.toThrow('no sound device');
  expect([await player.probe('dead'), await player.probe('p')]).toEqual([{ ok: false, reason: 'no sound device' }, { ok: true }]);
});

it('a player nobody knows is refused by name', () => {
  expect(() => playerOf('gramophone', 'x', systemClock)).toThrow("No player is called 'gramophone'");
});
