// Somebody speaks at the box itself: over everything else while he does, heard and measured, and the order goes on after.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { OWN_VOICES } from '@laba/domain/gateway-protocol';
import { makeIds } from '@laba/domain/ids';
import { LIMITS } from '@laba/domain/limits';
import { systemClock } from '@laba/runtime/clock';
import { silentLog } from '@laba/runtime/log';
import { SqliteDatabase } from '@laba/storage/sqlite';
import { captureFrom, sirenOver } from './captures.ts';
import { createGateway } from './gateway.ts';
import type { Capture } from './own-voice.ts';
import { wail } from './siren.ts';
import { SPOOL } from './spool-tables.ts';
import { Line, Village } from './village.test-kit.ts';
import { decodeWav } from '@laba/runtime/wav';
import { WavPlayer } from './wav-player.ts';

const order = { kind: 'order', level: null, order: 'move-now' } as const;

/** A microphone in the test's hands. */
function microphone() {
  const pcm = new PassThrough();
  const { promise, resolve } = Promise.withResolvers<string>();
  let stopped = false;
  const capture: Capture = { pcm, broken: promise, stop: () => void (stopped = true) };
  return { capture, says: (bytes = 3_200) => pcm.write(Buffer.alloc(bytes)), breaks: resolve, isStopped: () => stopped };
}

/** An order that sounds on two poles. */
async function sounding(): Promise<Village> {
  const v = await new Village({ speakers: 2 }).start();
  await v.hears(v.wire(order));
  expect(v.starts()).toHaveLength(2);
  return v;
}
const own = (v: Village) => v.told.filter(({ alertId }) => alertId === OWN_VOICES.microphone || alertId === OWN_VOICES.alarm);

describe('the microphone', () => {
  it('silences the order on every speaker while it is open, and the order goes on at once after', async () => {
    const v = await sounding();
    const mike = microphone();
    const speaking = v.gateway.speak('microphone', () => mike.capture)!;
    await v.clock.settle();
    // Nothing was said yet: the order is not silenced by a microphone that may be dead.
    expect(v.player.starts.map(({ outcome }) => outcome)).toEqual([undefined, undefined]);
    mike.says();
    await v.clock.settle();
    expect(v.player.starts.map(({ outcome }) => outcome)).toEqual(['cut', 'cut']);
    expect(v.player.spoken.map(({ speakerId, bytes }) => [speakerId, bytes])).toEqual([
      ['pole-1', 3_200],
      ['pole-2', 3_200],
    ]);
    for (let second = 0; second < 100; second++) {
      mike.says();
      await v.advance(1_000);
    }
    expect(v.player.starts).toHaveLength(2);
    const beganMs = v.clock.now();
    const over = speaking.stop();
    await v.clock.settle();
    await over;
    await v.clock.settle();
    expect(v.player.starts.slice(2).map(({ atMs }) => atMs)).toEqual([beganMs, beganMs]);
    expect(mike.isStopped()).toBe(true);
    expect(v.player.spoken.every(({ over }) => over)).toBe(true);
  });

  it('is proven from when to when it was open, on each speaker, and no words are kept', async () => {
    const v = await sounding();
    const mike = microphone();
    const speaking = v.gateway.speak('microphone', () => mike.capture)!;
    mike.says();
    await v.advance(2_500);
    void speaking.stop();
    await v.clock.settle();
    const from = own(v)[0]!.startTime!;
    expect(own(v)).toMatchObject(
      ['pole-1', 'pole-2'].map((speakerId) => ({ speakerId, alertId: 'own-voice:microphone', state: 'played', startTime: from, repeat: 0 })),
    );
    expect(Date.parse(own(v)[0]!.endTime!) - Date.parse(from)).toBe(2_500);
  });

  it('what comes while somebody speaks waits until he has spoken', async () => {
    const v = await new Village().start();
    const mike = microphone();
    const speaking = v.gateway.speak('microphone', () => mike.capture)!;
    mike.says();
    await v.clock.settle();
    await v.hears(v.wire(order));
    await v.advance(2_000);
    expect(v.player.starts).toEqual([]);
    void speaking.stop();
    await v.clock.settle();
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });

  it.each<[string, (mike: ReturnType<typeof microphone>) => void, string]>([
    ['that is dead', (mike) => mike.breaks('no such device'), 'no such device'],
    ['that says nothing', () => {}, 'no sound came'],
  ])('%s silences nothing, and is told', async (_, happens, reason) => {
    const v = await sounding();
    const mike = microphone();
    v.gateway.speak('microphone', () => mike.capture);
    happens(mike);
    await v.advance(4_000);
    expect(v.player.starts.map(({ outcome }) => outcome)).toEqual([undefined, undefined]);
    expect(own(v)).toMatchObject([
      { speakerId: 'pole-1', state: 'failed', reason },
      { speakerId: 'pole-2', state: 'failed', reason },
    ]);
    expect(own(v)[0]).not.toHaveProperty('startTime');
  });

  it('that falls silent in the middle gives the speakers back', async () => {
    const v = await sounding();
    const mike = microphone();
    v.gateway.speak('microphone', () => mike.capture);
    mike.says();
    await v.advance(4_000);
    expect(v.player.starts).toHaveLength(4);
    expect(own(v)[0]).toMatchObject({ state: 'played', reason: 'no sound came' });
  });

  it('whose button sticks has the speakers for five minutes, no longer', async () => {
    const v = await sounding();
    const mike = microphone();
    v.gateway.speak('microphone', () => mike.capture);
    for (let second = 0; second < LIMITS.ownVoiceMs / 1_000 + 5; second++) {
      mike.says();
      await v.advance(1_000);
    }
    expect(v.player.starts.length).toBeGreaterThan(2);
    expect(mike.isStopped()).toBe(true);
  });

  it('is one person’s at a time, and goes over the alarm', async () => {
    const v = await sounding();
    v.gateway.speak('alarm', () => sirenOver(v.clock));
    await v.advance(1_000);
    expect(v.gateway.speak('alarm', () => sirenOver(v.clock))).toBeUndefined();
    const mike = microphone();
    const speaking = v.gateway.speak('microphone', () => mike.capture);
    expect(v.gateway.speak('microphone', () => microphone().capture)).toBeUndefined();
    mike.says();
    await v.advance(1_000);
    expect(v.player.spoken.map(({ over }) => over)).toEqual([true, true, false, false]);
    expect(new Set(v.player.starts.map(({ outcome }) => outcome))).toEqual(new Set(['cut']));
    void speaking!.stop();
    await v.clock.settle();
    expect(own(v).map(({ alertId }) => alertId)).toEqual([OWN_VOICES.alarm, OWN_VOICES.alarm, OWN_VOICES.microphone, OWN_VOICES.microphone]);
  });

  it('works on a box that does not know the time, and ends with the box', async () => {
    const v = await new Village({ clockKnown: false, startMs: 0, answers: false }).start();
    const mike = microphone();
    v.gateway.speak('microphone', () => mike.capture);
    mike.says();
    await v.clock.settle();
    expect(v.player.spoken).toMatchObject([{ over: false }]);
    await v.gateway.stop();
    expect(v.player.spoken).toMatchObject([{ over: true }]);
    expect(mike.isStopped()).toBe(true);
  });
});

/** How much of the sound is a tone of this pitch, 0 to 1 (Goertzel). */
function shareOf(hz: number, samples: Int16Array): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / 16_000);
  let [one, two, energy] = [0, 0, 0];
  for (const sample of samples) {
    [one, two] = [sample + turn * one - two, one];
    energy += sample * sample;
  }
  return (one * one + two * two - turn * one * two) / ((energy * samples.length) / 2);
}

/** A program that gives a tone as a microphone does, in real time. */
const TONE = `${process.execPath} -e "
  let n = 0;
  setInterval(() => {
    const b = Buffer.alloc(1600);
    for (let i = 0; i < 800; i++, n++) b.writeInt16LE(Math.round(12000 * Math.sin(2 * Math.PI * 1000 * n / 16000)), i * 2);
    process.stdout.write(b);
  }, 50);
"`;

async function realBox() {
  const dir = mkdtempSync(join(tmpdir(), 'laba-voice-'));
  const { identity } = new Village({ speakers: 2 });
  const spool = SqliteDatabase.open(':memory:', SPOOL);
  const line = new Line();
  const gateway = createGateway({
    identity,
    spool,
    player: new WavPlayer(dir, systemClock),
    voice: new Village().voice,
    clock: systemClock,
    ids: makeIds(() => Date.now(), randomBytes),
    log: silentLog,
    software: 'test',
    connect: () => line,
  });
  await gateway.start();
  line.up(true);
  return { dir, gateway, line, close: async () => (await gateway.stop(), await spool.close()) };
}

const wavs = (dir: string) => readdirSync(dir).filter((name) => name.endsWith('.wav'));

describe('what is really heard', () => {
  it('is the tone that went into the microphone’s program, on every speaker, and the program is gone after', async () => {
    const { dir, gateway, line, close } = await realBox();
    const speaking = gateway.speak('microphone', () => captureFrom({ command: `echo $$ > ${dir}/pid; exec ${TONE}` }))!;
    const log = () => (readdirSync(dir).includes('play-log.jsonl') ? readFileSync(join(dir, 'play-log.jsonl'), 'utf8').trim().split('\n') : []);
    await expect.poll(() => log().length, { timeout: 10_000 }).toBe(2);
    await systemClock.sleep(600);
    await speaking.stop();
    expect(wavs(dir)).toHaveLength(2);
    for (const name of wavs(dir)) {
      const { samples } = decodeWav(readFileSync(join(dir, name)));
      expect(samples.length).toBeGreaterThan(16_000 / 4);
      expect(shareOf(1_000, samples)).toBeGreaterThan(0.95);
      expect(shareOf(1_400, samples)).toBeLessThan(0.05);
    }
    const [started, ended] = [log()[0]!, log().at(-1)!].map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(started).toMatchObject({ event: 'started', voice: 'microphone' });
    expect(ended).toMatchObject({ event: 'ended', outcome: 'played' });
    await expect.poll(() => line.reports.filter(({ alertId }) => alertId === OWN_VOICES.microphone).map(({ state }) => state)).toEqual(['played', 'played']);
    const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    await expect.poll(() => alive(pid)).toBe(false);
    await close();
  });

  it('of the alarm is the siren', async () => {
    const { dir, gateway, close } = await realBox();
    const speaking = gateway.speak('alarm', () => sirenOver(systemClock))!;
    await systemClock.sleep(900);
    await speaking.stop();
    const { samples } = decodeWav(readFileSync(join(dir, wavs(dir)[0]!)));
    expect(samples.length).toBeGreaterThan(8_000);
    expect(samples).toEqual(wail().subarray(0, samples.length));
    await close();
  });

  it('of a program that cannot run is nothing, and that is told with its own words', async () => {
    const { dir, gateway, line, close } = await realBox();
    const speaking = gateway.speak('microphone', () => captureFrom({ command: 'echo "arecord: main: audio open error: No such device" >&2; exit 1' }))!;
    await speaking.over;
    expect(wavs(dir)).toEqual([]);
    await expect
      .poll(() => line.reports.map(({ state, reason }) => [state, reason]))
      .toEqual([
        ['failed', 'arecord: main: audio open error: No such device'],
        ['failed', 'arecord: main: audio open error: No such device'],
      ]);
    await close();
  });
});

function alive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2] !== 'Z';
  } catch {
    return false;
  }
}
