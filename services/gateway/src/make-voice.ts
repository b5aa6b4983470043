// The voice of a box: recorded clip, else the box's own Chinese voice, else the tone alone. One per process, shared by its gateways.
import { join } from 'node:path';
import type { AlertText } from '@laba/domain/alert';
import { BULLETIN_MOST_SECONDS, BULLETIN_PREFIX, withoutBulletinWord } from '@laba/domain/bulletin';
import type { SignedCommand } from '@laba/domain/gateway-protocol';
import type { Ids } from '@laba/domain/ids';
import type { Clock } from '@laba/runtime/clock';
import type { Log } from '@laba/runtime/log';
import { AudioCache, sha256Of } from './audio-cache.ts';
import { Clips, type FetchClip } from './clips.ts';
import { compose, openingOf, type Opening } from './sound.ts';
import { speechFrom, type Speak } from './speech.ts';
import { NoRecording, type Sound, type Voice } from './voice.ts';
import { durationMs, encodeWav } from '@laba/runtime/wav';

const REMEMBERED = 64;
/** A sound that lacks a clip it should have is made again after so long, beside the old one. */
const RETRY_MS = 60_000;

export interface VoiceDeps {
  cacheDir: string;
  fetchClip: FetchClip;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** The box's own voice; espeak-ng when not given. */
  speak?: Speak;
}

interface Made {
  sound: Promise<Sound>;
  /** Set when a clip could not be had. */
  againAtMs: number | undefined;
}

const isChinese = (text: AlertText) => /^zh(-|$)/i.test(text.language);

/** With its chime, the words before it and the pauses. */
const LONGEST_BULLETIN_MS = BULLETIN_MOST_SECONDS * 1_000 + 15_000;

/** Everybody hears first, by the box's own voice, that it is a routine broadcast; then its words, or what was recorded. */
function asBulletin(written: readonly AlertText[]): AlertText[] {
  const first: AlertText = { language: 'zh-CN', title: '', text: BULLETIN_PREFIX.zh };
  return [first, ...written.map((text) => (text.clipSha256 === undefined ? { ...text, text: withoutBulletinWord(text.text) } : text))];
}

type Spoken = { samples: Int16Array; by: 'clip' | 'voice'; clipLost: boolean } | { missing: string; clipLost: boolean };

export function makeVoice(deps: VoiceDeps): Voice {
  return new BoxVoice(deps);
}

class BoxVoice implements Voice {
  readonly #deps: VoiceDeps;
  readonly #sounds: AudioCache;
  readonly #clips: Clips;
  readonly #speak: Speak;
  readonly #made = new Map<string, Made>();

  constructor(deps: VoiceDeps) {
    this.#deps = deps;
    this.#sounds = new AudioCache(join(deps.cacheDir, 'sounds'), deps.ids);
    this.#clips = new Clips(new AudioCache(join(deps.cacheDir, 'clips'), deps.ids), deps.fetchClip);
    this.#speak = deps.speak ?? speechFrom(new AudioCache(join(deps.cacheDir, 'speech'), deps.ids), deps.ids, deps.clock);
  }

  soundFor(command: SignedCommand): Promise<Sound> {
    const opening = openingOf(command);
    const { texts, volume } = command.body;
    const key = sha256Of(Buffer.from(JSON.stringify([opening, volume, texts.map((text) => [text.language, text.text, text.clipSha256])])));
    const made = this.#made.get(key);
    if (made === undefined) return this.#make(key, opening, texts, volume);
    if (made.againAtMs !== undefined && this.#deps.clock.now() >= made.againAtMs) this.#refresh(made, opening, texts, volume);
    return made.sound;
  }

  #make(key: string, opening: Opening, texts: readonly AlertText[], volume: number): Promise<Sound> {
    const building = this.#build(opening, texts, volume);
    const made: Made = { sound: building.then((built) => built.sound), againAtMs: undefined };
    this.#made.set(key, made);
    if (this.#made.size > REMEMBERED) this.#made.delete(this.#made.keys().next().value!);
    building.then(
      (built) => this.#noteLoss(made, built.clipLost),
      () => this.#made.delete(key),
    );
    return made.sound;
  }

  // The old sound goes on being played until a better one is there: nobody waits for a download.
  #refresh(made: Made, opening: Opening, texts: readonly AlertText[], volume: number): void {
    made.againAtMs = undefined;
    this.#build(opening, texts, volume).then(
      (built) => {
        made.sound = Promise.resolve(built.sound);
        this.#noteLoss(made, built.clipLost);
      },
      () => this.#noteLoss(made, true),
    );
  }

  #noteLoss(made: Made, clipLost: boolean): void {
    made.againAtMs = clipLost ? this.#deps.clock.now() + RETRY_MS : undefined;
  }

  // The people's own language first, then Mandarin; on paper the Chinese words stand first.
  async #build(opening: Opening, written: readonly AlertText[], volume: number): Promise<{ sound: Sound; clipLost: boolean }> {
    const texts = opening === 'bulletin' ? asBulletin(written) : written.toSorted((a, b) => Number(isChinese(a)) - Number(isChinese(b)));
    const said = await Promise.all(texts.map((text) => this.#say(text)));
    const words = said.flatMap((one) => ('samples' in one ? [one.samples] : []));
    const clipLost = said.some((one) => one.clipLost);
    if (opening === 'bulletin' && clipLost) throw new NoRecording();
    const samples = compose(opening, words, volume);
    if (opening === 'bulletin' && durationMs(samples) > LONGEST_BULLETIN_MS) throw new Error('bulletin too long');
    const wav = encodeWav(samples);
    const sha256 = sha256Of(wav);
    const path = await this.#sounds.write(sha256, wav);
    const spoken = said.flatMap((one, i) => ('samples' in one ? [{ language: texts[i]!.language, by: one.by }] : []));
    const missing = said.flatMap((one) => ('missing' in one ? [one.missing] : []));
    const sound = { sha256, path, durationMs: durationMs(samples), hasSiren: opening === 'siren', spoken, missing };
    return { sound, clipLost };
  }

  async #say(text: AlertText): Promise<Spoken> {
    const chinese = isChinese(text);
    let clipLost = false;
    try {
      if (text.clipSha256 !== undefined) return { samples: await this.#clips.load(text.clipSha256), by: 'clip', clipLost };
    } catch (error) {
      clipLost = true;
      this.#deps.log.warn({ clip: text.clipSha256, error: String(error) }, 'a clip could not be had');
    }
    if (!chinese) return { missing: `no-voice:${text.language}`, clipLost };
    try {
      return { samples: await this.#speak(text.text), by: 'voice', clipLost };
    } catch (error) {
      this.#deps.log.error({ error: String(error) }, 'the voice did not speak');
      return { missing: 'no-voice', clipLost };
    }
  }
}
