// What hangs on a box: the words of its settings, speakers with sound cards of their own, and the button that opens the microphone.
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { systemClock } from '@laba/runtime/clock';
import { silentLog } from '@laba/runtime/log';
import { AplayPlayer } from './aplay-player.ts';
import { hardwareFrom } from './hardware.ts';
import { writeIdentity } from './identity-file.ts';
import { playerPerSpeaker } from './players.ts';
import { runGateway } from './service.ts';
import { Village } from './village.test-kit.ts';
import { WavPlayer } from './wav-player.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'laba-box-'));

function program(script: string): string {
  const path = join(folder(), 'aplay');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('settings', () => {
  it('are read as a person types them', () => {
    expect(hardwareFrom({})).toEqual({ devices: {} });
    expect(
      hardwareFrom({
        device: 'default',
        speaker: ['pole-1=hw:1,0', 'pole-2=plug:front=left'],
        button: '/dev/input/by-path/gpio#28',
        press: 'hold:2.5',
        microphone: 'hw:2',
        talk: 'command:gpiomon --x | sed s/a/b/',
      }),
    ).toEqual({
      device: 'default',
      devices: { 'pole-1': 'hw:1,0', 'pole-2': 'plug:front=left' },
      button: { source: { device: '/dev/input/by-path/gpio', key: 28 }, press: { by: 'hold', holdMs: 2_500 } },
      microphone: { device: 'hw:2' },
      talkButton: { command: 'gpiomon --x | sed s/a/b/' },
    });
    expect(hardwareFrom({ button: 'command:x', press: 'twice', microphone: 'command:y' })).toMatchObject({
      button: { source: { command: 'x' }, press: { by: 'twice' } },
      microphone: { command: 'y' },
    });
    expect(hardwareFrom({ button: '/dev/input/event3' }).button).toEqual({ source: { device: '/dev/input/event3' }, press: { by: 'hold', holdMs: 1_000 } });
  });

  it.each<[Parameters<typeof hardwareFrom>[0], string]>([
    [{ speaker: ['pole-1'] }, '--speaker pole-1: should be SPEAKER=DEVICE'],
    [{ speaker: ['=hw:1'] }, '--speaker =hw:1'],
    [{ speaker: ['pole-1='] }, '--speaker pole-1='],
    [{ button: 'event3' }, '--button event3: should be an input device'],
    [{ button: 'command:' }, '--button command:'],
    [{ button: '/dev/input/event3#x' }, '--button /dev/input/event3#x'],
    [{ button: '/dev/input/event3', press: 'hold:0.1' }, '--press hold:0.1: should be twice, hold, or hold:SECONDS from 0.2 to 10.'],
    [{ button: '/dev/input/event3', press: 'hold:11' }, '--press hold:11'],
    [{ button: '/dev/input/event3', press: 'softly' }, '--press softly'],
    [{ press: 'twice' }, 'name the button with --button'],
    [{ talk: '/dev/input/event3' }, 'name that with --microphone'],
    [{ talk: 'x', microphone: 'hw:0' }, '--talk x: should be'],
  ])('that mean nothing are refused: %j', (words, message) => {
    expect(() => hardwareFrom(words)).toThrow(message);
  });
});

describe('speakers with sound cards of their own', () => {
  it('one dead card is one dead speaker: it is reported, the others sound', async () => {
    const dead = new AplayPlayer('hw:9', systemClock, program('echo "aplay: main:831: audio open error: No such device" >&2; exit 1'));
    const rest = new WavPlayer(folder(), systemClock);
    const player = playerPerSpeaker(rest, new Map([['pole-2', dead]]));
    expect(player.name).toBe('wav aplay:hw:9');
    expect(await player.probe('pole-1')).toEqual({ ok: true });
    expect(await player.probe('pole-2')).toMatchObject({ ok: false });
    const order = { voiceId: 'v', voice: 'microphone' } as const;
    const speaks = (speakerId: string) => {
      const pcm = new PassThrough();
      pcm.end(Buffer.alloc(3_200));
      return player.speak(pcm, { ...order, speakerId }, new AbortController().signal, () => {});
    };
    await speaks('pole-1');
    await expect(speaks('pole-2')).rejects.toThrow('No such device');
  });

  it('what is spoken goes into the device as it is spoken, and ends with it', async () => {
    const dir = folder();
    const player = new AplayPlayer(
      'hw:1',
      systemClock,
      program(`echo "$@" > ${dir}/args; echo "Playing raw data 'stdin' : Signed 16 bit" >&2; cat > ${dir}/heard`),
    );
    const pcm = new PassThrough();
    let started = 0;
    const over = player.speak(pcm, { speakerId: 'p', voiceId: 'v', voice: 'microphone' }, new AbortController().signal, () => started++);
    pcm.write(Buffer.alloc(3_200, 1));
    await expect.poll(() => (existsSync(join(dir, 'heard')) ? readFileSync(join(dir, 'heard')).length : 0)).toBe(3_200);
    pcm.end(Buffer.alloc(1_600, 2));
    await over;
    expect(started).toBe(1);
    expect(readFileSync(join(dir, 'heard')).length).toBe(4_800);
    expect(readFileSync(join(dir, 'args'), 'utf8')).toBe('-D hw:1 -t raw -f S16_LE -r 16000 -c 1 --buffer-time=200000 -\n');
  });
});

/** A box with a folder and an identity of its own, and no county that answers. */
function enrolled(): string {
  const dir = folder();
  writeIdentity(dir, { ...new Village({ speakers: 2 }).identity, mqttUrl: 'mqtt://127.0.0.1:9' }, 'none');
  return dir;
}

const logOf = (dir: string) => {
  const file = join(dir, 'sounds', 'play-log.jsonl');
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : [];
};

describe('a box', () => {
  it('without a house and without a line has an alarm behind its button', async () => {
    const dir = enrolled();
    const hardware = hardwareFrom({ button: 'command:echo press; exec sleep 60' });
    // Its line is waited for by no button: what waits for long never comes here.
    const clock = { ...systemClock, after: (ms: number, then: () => void) => (ms < 8_000 ? systemClock.after(ms, then) : () => {}) };
    const box = await runGateway({ dir, hardware, log: silentLog, clock });
    await expect.poll(() => logOf(dir).filter(({ event }) => event === 'started')).toMatchObject([{ voice: 'alarm' }, { voice: 'alarm' }]);
    await box.stop();
    expect(logOf(dir).filter(({ event }) => event === 'ended')).toHaveLength(2);
  });

  it('tells whoever raises orders of each press, with an id of its own', async () => {
    const dir = enrolled();
    const pressed: string[] = [];
    const hardware = hardwareFrom({ button: 'command:echo down; exec sleep 60', press: 'hold:0.3' });
    const box = await runGateway({ dir, hardware, log: silentLog, onPress: (pressId) => pressed.push(pressId) });
    await expect.poll(() => pressed).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    await box.stop();
    expect(logOf(dir)).toEqual([]);
  });

  it('opens its microphone while the talk button is held, and no longer', async () => {
    const dir = enrolled();
    const noise = `head -c 16000 /dev/urandom; exec sleep 60`;
    const talk = `command:echo down; while [ ! -e ${dir}/let-go ]; do sleep 0.05; done; echo up; exec sleep 60`;
    const box = await runGateway({ dir, hardware: hardwareFrom({ microphone: `command:${noise}`, talk }), log: silentLog });
    await expect.poll(() => logOf(dir).length).toBe(2);
    expect(box.talk()).toBeUndefined();
    writeFileSync(join(dir, 'let-go'), '');
    await expect
      .poll(() => logOf(dir).filter(({ event }) => event === 'ended'))
      .toMatchObject([
        { voice: 'microphone', durationMs: 500 },
        { voice: 'microphone', durationMs: 500 },
      ]);
    await box.stop();
  });

  it('that is told of a speaker that it does not have says so and does not run', async () => {
    await expect(runGateway({ dir: enrolled(), hardware: hardwareFrom({ speaker: ['pole-9=hw:1'] }), log: silentLog })).rejects.toThrow(
      'This gateway has no speaker pole-9; it has pole-1, pole-2.',
    );
  });
});
