// Somebody speaks at the box itself, or its alarm goes: over everything else on every speaker, for as long as it is held, and proven.
import { PassThrough, type Readable } from 'node:stream';
import { OWN_VOICES, type OwnVoice } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import type { Box } from './box.ts';
import type { SpeakerPlays, Spoken } from './play.ts';
import type { StoredReport } from './spool-tables.ts';

/** 16 kHz, mono, signed 16 bits, little-endian, as it is spoken. `stop` ends the stream. */
export interface Capture {
  pcm: Readable;
  /** Resolves with the reason when it ended by itself. */
  broken: Promise<string>;
  stop(): void;
}

/** A microphone that says nothing for so long does not keep the order silent. */
const SILENT_MS = 3_000;
/** What is left in the devices is heard to its end for no longer than this. */
const DRAIN_MS = 2_000;
const REASON_CHARS = 120;

export interface Speaking {
  /** Lets go: what sounded before goes on. Resolves when it was written down. */
  stop(): Promise<void>;
  readonly over: Promise<void>;
}

/** `after`: what was spoken before has left the speakers. */
export function speakAtBox(box: Box, speakers: readonly SpeakerPlays[], voice: OwnVoice, capture: Capture, after: Promise<void>): Speaking {
  const session = new Session(box, speakers, voice, capture, after);
  return { stop: () => session.stop(), over: session.over };
}

class Session {
  readonly over: Promise<void>;
  readonly #box: Box;
  readonly #speakers: readonly SpeakerPlays[];
  readonly #voice: OwnVoice;
  readonly #capture: Capture;
  readonly #end = Promise.withResolvers<string | undefined>();
  #cancelSilence = () => {};

  constructor(box: Box, speakers: readonly SpeakerPlays[], voice: OwnVoice, capture: Capture, after: Promise<void>) {
    this.#box = box;
    this.#speakers = speakers;
    this.#voice = voice;
    this.#capture = capture;
    this.over = this.#run(after).catch((error: unknown) =>
      box.log.error({ voice, error: String(error) }, 'what was spoken at the box could not be written down'),
    );
  }

  async stop(): Promise<void> {
    this.#end.resolve(undefined);
    await this.over;
  }

  async #run(after: Promise<void>): Promise<void> {
    const { clock } = this.#box.clock;
    const cancelLongest = clock.after(LIMITS.ownVoiceMs, () => this.#end.resolve(undefined));
    this.#listenForSilence();
    const sinks = this.#speakers.map(() => new PassThrough({ highWaterMark: LIMITS.ownVoiceUnheardBytes }));
    const began = this.#fanOut(sinks);
    void this.#capture.broken.then((reason) => this.#end.resolve(reason));
    const reason = await Promise.race([began, this.#end.promise]);
    await after;
    const spoken = reason === 'began' ? await this.#speakUntilOver(sinks) : this.#speakers.map(({ id }) => silent(id, reason));
    cancelLongest();
    this.#cancelSilence();
    this.#capture.stop();
    await this.#writeDown(spoken);
  }

  // Whoever is behind misses some; nobody holds the others up.
  #fanOut(sinks: readonly PassThrough[]): Promise<'began'> {
    return new Promise((resolve) => {
      this.#capture.pcm.on('data', (chunk: Buffer) => {
        this.#listenForSilence();
        for (const sink of sinks) if (!sink.writableEnded && sink.writableLength + chunk.length <= LIMITS.ownVoiceUnheardBytes) sink.write(chunk);
        resolve('began');
      });
    });
  }

  // The order falls silent when there is something to be heard, not before.
  async #speakUntilOver(sinks: readonly PassThrough[]): Promise<Spoken[]> {
    await Promise.all(this.#speakers.map((speaker) => speaker.hold()));
    const abort = new AbortController();
    const order = { voiceId: this.#box.ids(), voice: this.#voice };
    const speaking = Promise.all(this.#speakers.map((speaker, i) => speaker.speak(sinks[i]!, order, abort.signal)));
    const reason = await this.#end.promise;
    for (const sink of sinks) sink.end();
    const cancel = this.#box.clock.clock.after(DRAIN_MS, () => abort.abort('shutdown'));
    const spoken = await speaking;
    cancel();
    for (const speaker of this.#speakers) speaker.letGo();
    return reason === undefined ? spoken : spoken.map((one) => ({ failure: reason, ...one }));
  }

  #listenForSilence(): void {
    this.#cancelSilence();
    this.#cancelSilence = this.#box.clock.clock.after(SILENT_MS, () => this.#end.resolve('no sound came'));
  }

  async #writeDown(spoken: readonly Spoken[]): Promise<void> {
    const commandId = this.#box.ids();
    await this.#box.journal.write(spoken.map((one) => reportOf(commandId, this.#voice, one)));
  }
}

function silent(speakerId: string, reason: string | undefined): Spoken {
  return { speakerId, startMs: undefined, endMs: undefined, failure: reason ?? 'let go before anything was heard' };
}

// Proven is that the line to this speaker was open from one time to another, not what was said.
function reportOf(commandId: string, voice: OwnVoice, { speakerId, startMs, endMs, failure }: Spoken): StoredReport {
  return {
    commandId,
    alertId: OWN_VOICES[voice],
    revision: 0,
    purpose: 'alert',
    speakerId,
    state: startMs === undefined && failure !== undefined ? 'failed' : 'played',
    repeat: 0,
    ...(startMs === undefined ? {} : { startTime: new Date(startMs).toISOString() }),
    ...(endMs === undefined ? {} : { endTime: new Date(endMs).toISOString() }),
    ...(failure === undefined ? {} : { reason: failure.slice(0, REASON_CHARS) }),
  };
}
