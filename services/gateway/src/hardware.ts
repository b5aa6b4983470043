// What hangs on one box: what sounds, what is pressed, what is spoken into, what feeds it. One object, for the command and for the village's house.
import { LIMITS } from '@laba/domain/limits';
import type { ButtonSource } from './button.ts';
import type { MicrophoneSource } from './captures.ts';
import { DEFAULT_PRESS, type PressSetting } from './press-rule.ts';

export interface BoxHardware {
  /** ALSA device of every speaker that has none of its own; without one, sounds are written as WAV files in real time. */
  device?: string | undefined;
  /** ALSA device by speaker id: its own sound card or line out. */
  devices?: Readonly<Record<string, string>>;
  /** Raises the order. */
  button?: { source: ButtonSource; press: PressSetting } | undefined;
  microphone?: MicrophoneSource | undefined;
  /** While it is held, what is said into the microphone is heard. */
  talkButton?: ButtonSource | undefined;
  /** Where the kernel tells of mains and batteries, when it is not /sys/class/power_supply. */
  powerDir?: string | undefined;
}

/** The words of the settings, each as a person types it. */
export interface HardwareWords {
  device?: string | undefined;
  /** `SPEAKER=DEVICE`, each. */
  speaker?: readonly string[] | undefined;
  button?: string | undefined;
  press?: string | undefined;
  microphone?: string | undefined;
  talk?: string | undefined;
}

const COMMAND = 'command:';

/** @throws an error of one line that names the setting and what it should be */
export function hardwareFrom(words: HardwareWords): BoxHardware {
  if (words.press !== undefined && words.button === undefined) throw new Error('--press says how a button is meant: name the button with --button.');
  if (words.talk !== undefined && words.microphone === undefined) throw new Error('--talk is the button of a microphone: name that with --microphone.');
  return {
    device: words.device,
    devices: Object.fromEntries((words.speaker ?? []).map(speakerFrom)),
    button: words.button === undefined ? undefined : { source: buttonFrom('--button', words.button), press: pressFrom(words.press) },
    microphone: words.microphone === undefined ? undefined : microphoneFrom(words.microphone),
    talkButton: words.talk === undefined ? undefined : buttonFrom('--talk', words.talk),
  };
}

function speakerFrom(word: string): [string, string] {
  const at = word.indexOf('=');
  if (at < 1 || at === word.length - 1) throw new Error(`--speaker ${word}: should be SPEAKER=DEVICE, an id of this gateway and an ALSA device.`);
  return [word.slice(0, at), word.slice(at + 1)];
}

/** `/dev/input/event3`, `/dev/input/event3#28` (one key of it), or `command:…`. */
function buttonFrom(option: string, word: string): ButtonSource {
  const command = commandIn(word);
  if (command !== undefined) return { command };
  const [, device, key] = /^(\/[^#]+)(?:#(\d{1,3}))?$/.exec(word) ?? [];
  if (device === undefined)
    throw new Error(`${option} ${word}: should be an input device such as /dev/input/event3 or /dev/input/event3#28, or command:PROGRAM.`);
  return { device, ...(key === undefined ? {} : { key: Number(key) }) };
}

function microphoneFrom(word: string): MicrophoneSource {
  const command = commandIn(word);
  return command === undefined ? { device: word } : { command };
}

/** `twice`, `hold`, or `hold:SECONDS`. */
function pressFrom(word: string | undefined): PressSetting {
  if (word === undefined || word === 'hold') return DEFAULT_PRESS;
  if (word === 'twice') return { by: 'twice' };
  const holdMs = Number(/^hold:(\d+(?:\.\d+)?)$/.exec(word)?.[1]) * 1000;
  const { buttonHoldLeastMs, buttonHoldMostMs } = LIMITS;
  if (!(holdMs >= buttonHoldLeastMs && holdMs <= buttonHoldMostMs))
    throw new Error(`--press ${word}: should be twice, hold, or hold:SECONDS from ${buttonHoldLeastMs / 1000} to ${buttonHoldMostMs / 1000}.`);
  return { by: 'hold', holdMs };
}

function commandIn(word: string): string | undefined {
  return word.startsWith(COMMAND) && word.length > COMMAND.length ? word.slice(COMMAND.length) : undefined;
}
